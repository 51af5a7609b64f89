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
    private readonly FollowFaults _faults = new();

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

    [Fact]
    public async Task One_that_cannot_be_made_keeps_no_other_from_being_followed_and_is_told()
    {
        var board = new ReleaseBoard(_time);
        board.Track(Sample.Release());
        board.BuildDue();
        var broken = new[] { Shape with { Key = "a-broken", Kind = "unknown" }, Shape with { Key = "c-breaks" } };
        _schedule.Breaks = "c-breaks";
        var options = new SourceOptions { Bindings = [.. broken, Shape] };
        await using var following = await FollowAsync(board, options);

        await Eventually.TrueAsync(() => _schedule.List().Count >= 2 && _faults.Of("c-breaks").Count == 2);
        Assert.All(_schedule.List(), s => Assert.StartsWith("shop.", s.Binding.Key, StringComparison.Ordinal));
        Assert.Contains("the kind 'unknown' is none of", Assert.Single(_faults.Of("a-broken"), f => f.Version == "2.15.0").Why, StringComparison.Ordinal);
        Assert.StartsWith("The console failed", _faults.Of("c-breaks")[0].Why, StringComparison.Ordinal);
        Assert.Empty(_faults.Of("shop"));

        // What can be made after all is no fault any more.
        _schedule.Breaks = null;
        _time.Advance(FollowedSources.Look);
        await Eventually.TrueAsync(() => _schedule.List().Count >= 4 && _faults.Of("c-breaks").Count == 0);
    }

    [Fact]
    public void The_same_fault_is_new_once()
    {
        Assert.True(_faults.Note("shop", "1", "Why."));
        Assert.False(_faults.Note("shop", "1", "Why."));
        Assert.True(_faults.Note("shop", "1", "Why not."));

        _faults.Keep(new HashSet<(string, string)>());

        Assert.Empty(_faults.Of("shop"));
    }

    private async Task<Following> FollowAsync(ReleaseBoard board, SourceOptions? given = null)
    {
        var options = given ?? new SourceOptions { Bindings = [Shape, Shape with { Key = "fixed", Version = "1.0.0" }] };
        var following = new FollowedSources(Options.Create(options), new SourceCatalog([PrometheusSource.Kind(() => new HttpClient(), _time)]), _schedule, _faults, board, _time, NullLogger<FollowedSources>.Instance);
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

        /// <summary>How the keys begin that cannot be added.</summary>
        public string? Breaks { get; set; }

        public Task AddAsync(SourceBinding binding, CancellationToken cancellationToken)
        {
            if (Breaks is { } start && binding.Key.StartsWith(start, StringComparison.Ordinal))
            {
                throw new InvalidOperationException("It breaks.");
            }

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
