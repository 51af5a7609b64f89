using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Targets;
using OpsConsole.Core.Targets.AwsEcs;

namespace OpsConsole.Tests.Contracts.Targets;

public sealed class EcsTargetTests : TargetContract
{
    /// <summary>More revisions than are looked through.</summary>
    private const int Many = 120;

    private EcsApi _api = null!;
    private string _new = null!;
    private string _before = null!;

    private protected override DeliveryTargetKind Kind => EcsKind.Value;

    /// <summary>A rolling update holds no share.</summary>
    private protected override double FirstShare => 100;

    private protected override double NextShare => 100;

    private protected override IReadOnlyDictionary<string, string> Services => new Dictionary<string, string> { [Service] = EcsApi.Service };

    [Fact]
    public async Task Tasks_that_are_replaced_are_counted_while_it_goes_on()
    {
        _api.IsSlow = true;
        await ApplyAsync(Change(100));
        await SeenAsync();

        var seen = await SeenAsync();

        Assert.Equal(25, seen.ExposurePercent);
        Assert.Equal("1 of 4 tasks run shop:2, and 3 others still run; ECS deployment in progress.", seen.Underway);
        Assert.Equal(100, (await SeenAtTheEndAsync()).ExposurePercent);
    }

    [Theory]
    [InlineData(25, false)]
    [InlineData(100, true)]
    public async Task A_share_and_a_halt_are_refused_without_asking(double share, bool halted)
    {
        var refused = await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(share, halted)));

        Assert.Contains(halted ? "Roll back" : "Ask for 100 %", refused.Message, StringComparison.Ordinal);
        Assert.Empty(_api.Requests);
    }

    [Fact]
    public async Task What_the_circuit_breaker_took_back_is_seen()
    {
        (_api.IsSlow, _api.RollsBack) = (true, true);
        await ApplyAsync(Change(100));
        await SeenAsync();
        _api.Trip();

        var seen = await SeenAsync();
        Assert.Contains("rolling back", seen.Underway, StringComparison.Ordinal);
        Assert.Equal(0, (await SeenAtTheEndAsync()).ExposurePercent);
    }

    [Fact]
    public async Task What_the_circuit_breaker_ended_says_why_and_is_forced_when_it_is_asked_for_again()
    {
        _api.IsSlow = true;
        await ApplyAsync(Change(100));
        await SeenAsync();
        _api.Trip();

        var seen = await SeenAsync();
        Assert.Null(seen.Underway);
        Assert.Equal("ECS gave up replacing the tasks: ECS deployment circuit breaker: tasks failed to start.", seen.Stuck);

        await ApplyAsync(Change(100));

        Assert.Equal([false, true], _api.Updates.Select(u => (bool)u["forceNewDeployment"]!));
    }

    [Fact]
    public async Task A_roll_back_in_the_midst_of_an_update_names_the_version_before()
    {
        _api.IsSlow = true;
        await ApplyAsync(Change(100));
        await SeenAsync();

        await ApplyAsync(Change(0));

        Assert.Equal([_new, _before], _api.Updates.Select(u => (string)u["taskDefinition"]!));
        Assert.Equal(0, (await SeenAtTheEndAsync()).ExposurePercent);
    }

    [Fact]
    public async Task What_no_task_runs_yet_is_coming_until_it_is_taken_back()
    {
        _api.IsSlow = true;
        await ApplyAsync(Change(100));
        var seen = await SeenAsync();
        Assert.Equal((0d, true), (seen.ExposurePercent, seen.IsComing));

        await ApplyAsync(Change(0));

        Assert.False((await SeenAsync()).IsComing);
    }

    [Fact]
    public async Task A_roll_back_of_what_does_not_run_leaves_alone_what_does()
    {
        _api.Run(_api.Register("2.16.0"));

        await ApplyAsync(Change(0));

        Assert.Equal(0, _api.Changes);
    }

    [Fact]
    public async Task A_version_can_be_named_by_its_revision()
    {
        await ApplyAsync(Change(100) with { Version = "shop:2" });

        Assert.Equal(100, (await SeenAsync()).ExposurePercent);
    }

    [Fact]
    public async Task A_roll_back_goes_to_what_still_runs_however_many_revisions_came_since()
    {
        _api.IsSlow = true;
        await ApplyAsync(Change(100));
        await SeenAsync();
        _api.RegisterMore(Many);

        await ApplyAsync(Change(0));

        Assert.Equal([_new, _before], _api.Updates.Select(u => (string)u["taskDefinition"]!));
        Assert.Equal(0, (await SeenAtTheEndAsync()).ExposurePercent);
    }

    [Fact]
    public async Task A_roll_back_goes_to_what_was_seen_to_run_however_many_revisions_came_since()
    {
        await SeenAsync();
        await ApplyAsync(Change(100));
        _api.RegisterMore(Many);

        await ApplyAsync(Change(0));

        Assert.Equal(_before, (string?)_api.Updates[^1]["taskDefinition"]);
    }

    [Fact]
    public async Task A_roll_back_passes_over_what_was_deregistered_since()
    {
        await SeenAsync();
        await ApplyAsync(Change(100));
        _api.Deregister(_before);
        var again = _api.Register(Before);

        await ApplyAsync(Change(0));

        Assert.Equal(again, (string?)_api.Updates[^1]["taskDefinition"]);
    }

    [Theory]
    [InlineData("shop:1")]
    [InlineData("arn:aws:ecs:eu-central-1:123456789012:task-definition/shop:1")]
    public async Task A_version_that_names_its_revision_needs_no_list(string version)
    {
        _api.RegisterMore(Many);
        await ApplyAsync(Change(100) with { Version = "shop:2" });

        await ApplyAsync(Change(0) with { Version = "shop:2", PreviousVersion = version });

        Assert.Equal([_new, _before], _api.Updates.Select(u => (string)u["taskDefinition"]!));
        Assert.DoesNotContain(_api.Requests, r => r.EndsWith("/ListTaskDefinitions", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("shop:999")]
    [InlineData("till:1")]
    public async Task A_revision_that_is_not_there_or_of_another_family_is_refused(string version)
    {
        await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(100) with { Version = version }));

        Assert.Equal(0, _api.Changes);
    }

    [Fact]
    public async Task A_tag_is_looked_for_on_the_pages_of_the_newest_hundred_revisions()
    {
        _api.RegisterMore(98);

        await ApplyAsync(Change(100));
        Assert.Equal(_new, (string?)_api.Updates[^1]["taskDefinition"]);

        _api.RegisterMore(1);
        await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(100) with { Version = "3.0.0" }));
        Assert.Equal(5, _api.Requests.Skip(_api.Requests.ToList().FindLastIndex(r => r.EndsWith("/DescribeServices", StringComparison.Ordinal))).Count(r => r.EndsWith("/ListTaskDefinitions", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_is_let_out_is_the_newest_revision_with_its_tag()
    {
        await ApplyAsync(Change(100));
        await ApplyAsync(Change(0));
        var corrected = _api.Register(New);

        await ApplyAsync(Change(100));

        Assert.Equal(corrected, (string?)_api.Updates[^1]["taskDefinition"]);
    }

    [Fact]
    public async Task A_version_without_its_tag_is_refused_with_how_to_set_it()
    {
        _api.Register(null);

        var refused = await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(100) with { Version = "3.0.0" }));

        Assert.Contains("--tags key=version,value=3.0.0", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_has_what_no_task_runs()
    {
        await ApplyAsync(Change(100));
        _api.StopAll();

        var seen = await SeenAsync();

        Assert.Equal((0.0, "No task of this service runs."), (seen.ExposurePercent, seen.Besides));
    }

    [Theory]
    [InlineData("CANARY", "ACTIVE")]
    [InlineData("ROLLING", "DRAINING")]
    public async Task A_service_that_is_not_deployed_by_rolling_update_is_neither_changed_nor_read(string strategy, string status)
    {
        (_api.Strategy, _api.Status) = (strategy, status);

        await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(100)));
        await Assert.ThrowsAsync<TargetUnreachableException>(SeenAsync);
        Assert.Equal(0, _api.Changes);
    }

    [Fact]
    public async Task Asked_too_often_is_said_by_400_here_and_asked_again()
    {
        _api.Throttle(1);

        await ApplyAsync(Change(100));

        Assert.Equal(1, _api.Changes);
    }

    [Fact]
    public async Task Why_it_is_refused_is_told_in_the_words_of_aws()
    {
        var stranger = Connect(WrongSettings(_api.Address), TimeProvider.System);

        var refused = await Assert.ThrowsAsync<TargetUnreachableException>(() => stranger.ObserveAsync(Service, Production, New, TestContext.Current.CancellationToken));

        Assert.Contains("signature we calculated does not match", refused.Message, StringComparison.Ordinal);
        Assert.Contains("(InvalidSignatureException)", refused.Message, StringComparison.Ordinal);
    }

    private protected override ApiServer Serve()
    {
        _api = new EcsApi(Secret);
        (_before, _new) = (_api.Register(Before), _api.Register(New));
        _api.Run(_before);
        return _api;
    }

    private protected override IReadOnlyDictionary<string, string> Settings(Uri address) => Told(address, Secret);

    private protected override IReadOnlyDictionary<string, string> WrongSettings(Uri address) => Told(address, Secret + "-of-another");

    private static Dictionary<string, string> Told(Uri address, string secret) => new()
    {
        ["Api"] = address.ToString(), ["Region"] = AwsSignatureCheck.Region, ["AccessKey"] = AwsSignatureCheck.AccessKey, ["SecretKey"] = secret, ["Cluster"] = EcsApi.Cluster,
    };
}
