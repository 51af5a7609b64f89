using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Signals;
using OpsConsole.Tests.Core.Actions.Gate;
using OpsConsole.Tests.Core.Board;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Connections;

namespace OpsConsole.Tests.Web.Connections;

/// <summary>Who may have what tested, and how much at once.</summary>
public sealed class ConnectionTestsTests
{
    private readonly Bound _bound = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_source_in_use_is_tested_and_nothing_of_it_reaches_the_board()
    {
        var release = BoardRig.Release(version: "2.15.0", registeredAt: Bound.Now);
        _bound.Board.Track(release);
        _bound.Read(Bound.Binding());

        var report = Done(await TestAsync());

        Assert.True(report.Passed);
        _bound.Time.Advance(TimeSpan.FromSeconds(1));
        _bound.Board.BuildDue();
        Assert.Null(Assert.Single(_bound.Board.Find(release.Id)!.Signals).AsOf);
    }

    [Fact]
    public async Task One_that_follows_releases_is_tested_for_the_newest_version_under_way()
    {
        _bound.Options.Bindings = [Bound.Binding("shop", version: SourceBinding.EveryVersion)];
        Assert.Contains("name one", Done(await TestAsync("shop")).Sentence, StringComparison.Ordinal);

        _bound.Board.Track(BoardRig.Release(version: "2.15.0", registeredAt: Bound.Now));
        _bound.Board.BuildDue();

        Assert.Equal("2.15.0", Done(await TestAsync("shop")).Version);
        Assert.Equal("3.0.0", Done(await _bound.Tests.SourceAsync("shop", "3.0.0", Given.OnCall, null, Token)).Version);
    }

    [Fact]
    public async Task What_is_not_there_cannot_be_tested()
    {
        Assert.IsType<RecordAnswer<SourceTestReport>.NotFound>(await TestAsync("nothing"));
        Assert.IsType<RecordAnswer<TargetTestReport>.NotFound>(await _bound.Tests.TargetAsync("gateway", "production", "shop", "2.15.0", Given.OnCall, Token));
    }

    [Fact]
    public async Task Whoever_only_looks_tests_nothing()
    {
        _bound.Read(Bound.Binding());
        _bound.Ends = () => throw new InvalidOperationException("It was read.");

        var refused = Assert.IsType<RecordAnswer<SourceTestReport>.Refused>(await _bound.Tests.SourceAsync("shop-2.15.0", null, Given.Viewer, null, Token));

        Assert.Contains("may not test sources and targets", Assert.Single(refused.Refusals).Sentence, StringComparison.Ordinal);
        Assert.IsType<RecordAnswer<TargetTestReport>.Refused>(await _bound.Tests.TargetAsync("gateway", "production", "shop", "2.15.0", Given.Viewer, Token));
    }

    [Fact]
    public async Task A_token_of_another_environment_tests_nothing_there()
    {
        _bound.Read(Bound.Binding());
        var staging = new Operator("ci", Role.Service, true) { Scope = AccessScope.Parse("staging:connections:test") };
        var production = staging with { Scope = AccessScope.Parse("production:connections:test") };

        Assert.IsType<RecordAnswer<SourceTestReport>.Refused>(await _bound.Tests.SourceAsync("shop-2.15.0", null, staging, null, Token));
        Assert.True(Done(await _bound.Tests.SourceAsync("shop-2.15.0", null, production, null, Token)).Passed);
    }

    [Fact]
    public async Task Of_a_source_that_is_not_there_only_who_may_test_everywhere_is_told_so()
    {
        var roles = new EnvironmentRoles(Role.Viewer, [new("staging", Role.OnCall)]);
        var staging = new Operator("mia", roles.Everywhere, IsService: false) { ByEnvironment = roles };

        Assert.IsType<RecordAnswer<SourceTestReport>.Refused>(await _bound.Tests.SourceAsync("nothing", null, staging, null, Token));
        Assert.IsType<RecordAnswer<SourceTestReport>.NotFound>(await _bound.Tests.SourceAsync("nothing", null, Given.OnCall, null, Token));
    }

    [Fact]
    public async Task The_same_source_is_tested_once_at_a_time_and_few_at_once()
    {
        var hold = new TaskCompletionSource<string?>();
        _bound.Ends = () => hold.Task;
        var running = new List<Task<RecordAnswer<SourceTestReport>>>();
        for (var i = 0; i <= TestSlots.Most; i++)
        {
            _bound.Read(Bound.Binding($"shop-{i}"));
            running.Add(TestAsync($"shop-{i}"));
        }

        Assert.IsType<TooManyTestsRefusal>(Assert.Single(Assert.IsType<RecordAnswer<SourceTestReport>.Refused>(await running[^1]).Refusals));
        Assert.IsType<TestUnderWayRefusal>(Assert.Single(Assert.IsType<RecordAnswer<SourceTestReport>.Refused>(await TestAsync("shop-0")).Refusals));

        hold.SetResult(null);
        await Task.WhenAll(running);
        Assert.True(Done(await TestAsync("shop-0")).Passed);
    }

    [Fact]
    public async Task A_target_is_read_where_it_is_connected()
    {
        var target = new FakeTarget("gateway", Given.Gateway, _bound.Time) { State = new TargetObservation(5, false, null, Bound.Now) };
        _bound.Targets.Add(target);

        var report = Assert.IsType<RecordAnswer<TargetTestReport>.Done>(await _bound.Tests.TargetAsync("gateway", "production", "shop", "2.15.0", Given.OnCall, Token)).Value;

        Assert.Equal("2.15.0 of shop has 5 % there.", report.Sentence);
        Assert.Empty(target.Asked);
        Assert.Equal(Bound.Now, Assert.Single(_bound.Reading.All()).Contact!.AnsweredAt);
    }

    private Task<RecordAnswer<SourceTestReport>> TestAsync(string key = "shop-2.15.0") => _bound.Tests.SourceAsync(key, null, Given.OnCall, null, Token);

    private static SourceTestReport Done(RecordAnswer<SourceTestReport> answer) => Assert.IsType<RecordAnswer<SourceTestReport>.Done>(answer).Value;
}
