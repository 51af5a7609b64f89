using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OpsConsole.Core.Board;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Sources.Prometheus;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Jobs;

namespace OpsConsole.Tests.Web.Jobs;

public sealed class FollowedSourcesTests
{
    private static readonly SourceBinding Shape = new()
    {
        Key = "shop", Kind = PrometheusSource.KindName, Service = "shop", Target = "gateway", Environment = "production", Version = SourceBinding.EveryVersion,
        Address = new Uri("http://prometheus.test"), Rules = [new() { Signal = new("http_5xx_rate"), Kind = SignalRuleKind.Query, Numerator = "x{v=\"$version\"}" }],
    };

    private readonly FakeTime _time = new(Sample.Noon);
    private readonly Schedule _schedule = new();

    [Fact]
    public async Task Both_versions_of_a_release_are_read_and_no_release_elsewhere()
    {
        var board = new ReleaseBoard(_time);
        await using var following = await FollowAsync(board);
        Assert.Empty(_schedule.List());

        board.Track(Sample.Release());
        board.Track(Sample.Release(environment: "staging", version: "3.0.0"));
        board.BuildDue();
        _time.Advance(FollowedSources.Look);

        await Eventually.TrueAsync(() => _schedule.List().Count == 2);
        Assert.Equal(["2.14.3", "2.15.0"], _schedule.List().Select(s => s.Binding.Version).Order());
        Assert.All(_schedule.List(), s => Assert.Contains($"\"{s.Binding.Version}\"", s.Binding.Rules[0].Numerator, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_version_that_no_release_has_any_more_is_read_for_ten_minutes()
    {
        var board = new ReleaseBoard(_time);
        var release = Sample.Release();
        board.Track(release);
        board.BuildDue();
        await using var following = await FollowAsync(board);
        await Eventually.TrueAsync(() => _schedule.List().Count == 2);

        board.Untrack(release.Id);
        board.Track(Sample.Release(version: "3.0.0"));
        board.BuildDue();
        _time.Advance(FollowedSources.Kept - FollowedSources.Look);

        // The new version is read, so the board was looked at; what was there before still is.
        await Eventually.TrueAsync(() => Versions().Contains("3.0.0"));
        Assert.Contains("2.15.0", Versions());

        _time.Advance(3 * FollowedSources.Look);
        await Eventually.TrueAsync(() => !Versions().Contains("2.15.0"));
        Assert.Contains("3.0.0", Versions());

        List<string> Versions() => [.. _schedule.List().Select(s => s.Binding.Version)];
    }

    [Fact]
    public async Task What_the_catalogue_adds_changes_and_takes_away_is_followed_at_the_next_look()
    {
        var board = new ReleaseBoard(_time);
        board.Track(Sample.Release());
        board.BuildDue();
        var options = new SourceOptions();
        await using var following = await FollowAsync(board, options);
        Assert.Empty(_schedule.List());

        options.FromCatalog = [Shape];
        _time.Advance(FollowedSources.Look);
        await Eventually.TrueAsync(() => _schedule.List().Count == 2);

        options.FromCatalog = [Shape with { Address = new Uri("http://other.test") }];
        _time.Advance(FollowedSources.Look);
        await Eventually.TrueAsync(() => _schedule.List().All(s => s.Binding.Address!.Host == "other.test"));

        options.FromCatalog = [];
        _time.Advance(FollowedSources.Look);
        await Eventually.TrueAsync(() => _schedule.List().Count == 0);
    }

    private async Task<Following> FollowAsync(ReleaseBoard board, SourceOptions? given = null)
    {
        var options = given ?? new SourceOptions { Bindings = [Shape, Shape with { Key = "fixed", Version = "1.0.0" }] };
        var following = new FollowedSources(Options.Create(options), _schedule, board, _time, NullLogger<FollowedSources>.Instance);
        await following.StartAsync(TestContext.Current.CancellationToken);
        return new Following(following);
    }

    private sealed class Following(FollowedSources sources) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await sources.StopAsync(CancellationToken.None);
            sources.Dispose();
        }
    }

    private sealed class Schedule : ISourceSchedule
    {
        private readonly Dictionary<string, SourceBinding> _bindings = [];

        public Task AddAsync(SourceBinding binding, CancellationToken cancellationToken)
        {
            lock (_bindings)
            {
                _bindings[binding.Key] = binding;
            }

            return Task.CompletedTask;
        }

        public Task RemoveAsync(string key, CancellationToken cancellationToken)
        {
            lock (_bindings)
            {
                _bindings.Remove(key);
            }

            return Task.CompletedTask;
        }

        public IReadOnlyList<SourceStatus> List()
        {
            lock (_bindings)
            {
                return [.. _bindings.Values.Select(b => new SourceStatus(b, null, null, 0))];
            }
        }
    }
}
