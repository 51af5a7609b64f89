using OpsConsole.Core.Gates;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Policies.Judging;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;
using OpsConsole.Tests.Core.Policies.Replay;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Policies.Judging;

public sealed class StageAnalysisTests
{
    private const string Errors = "http_5xx_rate";
    private static readonly AnalysisPolicy Policy = new() { Metrics = [new(Errors, Critical: true), new("p95_latency", Group: "speed")], Pass = 90, Marginal = 50 };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>An hour in the first stage, both sides alike in latency, the errors of the new version as given.</summary>
    private static Recorded Measured(double errors)
    {
        var record = new Recorded(Errors, "p95_latency");
        record.Release.EnterNextStage(Recorded.Start);
        record.Moved(0, 5);
        for (var at = 10; at <= 3600; at += 10)
        {
            var wave = at % 70 / 100.0;
            record.Measured(Errors, at, at, errors + wave).Measured(Errors, at, at, 0.2 + wave, side: SignalSide.Baseline)
                .Measured("p95_latency", at, at, 200 + wave).Measured("p95_latency", at, at, 200 + wave, side: SignalSide.Baseline);
        }

        return record;
    }

    private static StageReport Judge(Recorded record, AnalysisPolicy? policy = null) =>
        StageAnalysis.Judge(record.Release, policy ?? Policy, record.Points, Recorded.Start, Recorded.At(3600), isAskedFor: true);

    [Fact]
    public void Sides_that_are_alike_pass_and_one_that_is_worse_fails_with_its_sentence()
    {
        Assert.Equal((CanaryVerdict.Pass, 100.0), (Judge(Measured(0.2)).Verdict, Judge(Measured(0.2)).Score));

        var worse = Judge(Measured(2));
        Assert.Equal((CanaryVerdict.Fail, 0.0), (worse.Verdict, worse.Score));
        var errors = worse.Metrics[0];
        Assert.Equal((MetricLabel.High, true, 120, 120), (errors.Label, errors.FailedCritically, errors.CanaryPoints, errors.BaselinePoints));
        Assert.True(errors.Lower > errors.Tolerated && errors.Estimate > errors.Lower && errors.Upper > errors.Estimate);
        Assert.StartsWith("High", errors.Reason, StringComparison.Ordinal);
        Assert.Equal(MetricLabel.Pass, worse.Metrics[1].Label);
    }

    [Fact]
    public void Lower_is_bad_only_where_higher_is_better()
    {
        var record = new Recorded("checkout_success_rate", Errors).Measured("checkout_success_rate", 10, 3600, 90).Measured("checkout_success_rate", 10, 3600, 97, side: SignalSide.Baseline)
            .Measured(Errors, 10, 3600, 0.1).Measured(Errors, 10, 3600, 3, side: SignalSide.Baseline);

        var report = Judge(record, new AnalysisPolicy());

        Assert.Equal([MetricLabel.Low, MetricLabel.Pass], report.Metrics.Select(m => m.Label));
    }

    [Fact]
    public void Too_few_points_too_few_observations_or_no_such_signal_never_pass()
    {
        var few = new Recorded(Errors).Measured(Errors, 10, 1200, 0.1).Measured(Errors, 10, 3600, 0.1, side: SignalSide.Baseline);
        var thin = new Recorded(Errors).Measured(Errors, 10, 3600, 0.1, count: 3).Measured(Errors, 10, 3600, 0.1, side: SignalSide.Baseline);
        var only = new AnalysisPolicy { Metrics = [new(Errors)] };

        Assert.Equal((CanaryVerdict.Inconclusive, MetricLabel.Nodata), (Judge(few, only).Verdict, Judge(few, only).Metrics[0].Label));
        Assert.Equal(CanaryVerdict.Inconclusive, Judge(thin, only).Verdict);
        var unknown = Judge(Measured(0.2), new AnalysisPolicy { Metrics = [new(Errors), new("tea_rate")] });
        Assert.Equal(CanaryVerdict.Error, unknown.Verdict);
        Assert.Contains("no signal 'tea_rate'", unknown.Metrics[1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Limits_of_a_metric_decide_from_when_it_counts_and_from_when_it_is_critical()
    {
        AnalysisPolicy With(AnalysisMetric metric) => new() { Metrics = [metric, new("p95_latency")], Pass = 90, Marginal = 50 };
        var record = Measured(2);

        Assert.Equal(MetricLabel.Pass, Judge(record, With(new(Errors, AllowedIncrease: 20))).Metrics[0].Label);
        Assert.Equal(50, Judge(record, With(new(Errors, Critical: true, CriticalIncrease: 50))).Score);
        Assert.Equal(0, Judge(record, With(new(Errors, Critical: true, CriticalIncrease: 2))).Score);
    }

    [Fact]
    public void The_window_is_the_stage_once_it_has_the_points_and_while_the_previous_version_is_used()
    {
        DateTimeOffset From(int entered, double percent, int now) => StageAnalysis.WindowFrom(Measured(1).Release, Policy, Recorded.At(entered), percent, Recorded.Start, Recorded.At(now));

        Assert.Equal(Recorded.Start, From(1000, 50, 3900));
        Assert.Equal(Recorded.At(1000), From(1000, 50, 4000));
        Assert.Equal(Recorded.Start, From(2000, 100, 9000));
        Assert.Equal(Recorded.At(50_000) - StageAnalysis.Longest, From(2000, 50, 50_000));
    }

    [Fact]
    public void Where_independent_points_are_rare_the_window_is_as_long_as_they_take()
    {
        var rare = KnownSignals.Find(Errors)! with { Window = TimeSpan.FromMinutes(10) };
        var plain = new Recorded(Errors).Release;
        var release = new Release
        {
            Id = plain.Id, Service = plain.Service, Target = plain.Target, Environment = plain.Environment, Version = plain.Version, PreviousVersion = plain.PreviousVersion,
            Artifact = plain.Artifact, Owner = plain.Owner, Stages = plain.Stages, Signals = [rare], RegisteredAt = plain.RegisteredAt,
        };

        var from = StageAnalysis.WindowFrom(release, new() { Metrics = [new(Errors)] }, Recorded.Start, 50, Recorded.Start, Recorded.At(100_000));

        Assert.Equal(Recorded.At(100_000) - (50 * TimeSpan.FromMinutes(10)), from);
    }

    [Fact]
    public void While_points_are_too_few_the_report_says_how_long_it_takes_to_have_them()
    {
        var only = new AnalysisPolicy { Metrics = [new(Errors), new("p95_latency")] };
        var young = StageAnalysis.Judge(Measured(0.2).Release, only, Measured(0.2).Points, Recorded.Start, Recorded.At(1190), isAskedFor: true);

        Assert.Equal(CanaryVerdict.Inconclusive, young.Verdict);
        Assert.Equal([(40, 30.0, false, 300.0), (20, 60.0, true, 1800.0)], young.Metrics.Select(m => (m.CanaryPoints, m.PointIntervalSeconds!.Value, m.IsIntervalPresumed, m.SecondsToEnough!.Value)));
        Assert.Equal(1800, young.SecondsToEnough);
        Assert.EndsWith($"Enough independent points are there at {Recorded.At(1190 + 1800).UtcDateTime:HH:mm:ss} UTC at the earliest.", young.Reason, StringComparison.Ordinal);

        var grown = Judge(Measured(0.2), only);
        Assert.Equal((CanaryVerdict.Pass, null), (grown.Verdict, grown.SecondsToEnough));
        var over = Measured(0.2);
        over.Release.RollBack(Recorded.At(1190));
        Assert.Null(StageAnalysis.Judge(over.Release, only, over.Points, Recorded.Start, Recorded.At(1190), isAskedFor: true).SecondsToEnough);
    }

    [Fact]
    public void Both_sides_are_spread_over_one_axis_and_every_value_is_counted()
    {
        var spread = Judge(Measured(2)).Metrics[0].Spread!;

        Assert.Equal((120, 120), (spread.Canary.Sum(), spread.Baseline.Sum()));
        Assert.Equal((0, 0), (spread.Canary[0], spread.Baseline[^1]));
        Assert.True(spread.Low < 0.25 && spread.High > 2.5);

        var flat = MetricSpread.Of(MetricSample.Of([3, 3, 3], NanStrategy.Remove), MetricSample.Of([], NanStrategy.Remove))!;
        Assert.Equal((1.5, 4.5, 3), (flat.Low, flat.High, flat.Canary[MetricSpread.Bins / 2]));
        Assert.Null(MetricSpread.Of(MetricSample.Of([], NanStrategy.Remove), MetricSample.Of([], NanStrategy.Remove)));
    }

    [Fact]
    public void A_report_is_the_same_after_it_was_kept()
    {
        var report = Judge(Measured(2));
        Assert.Equal(report.Write(), StageReport.Read(report.Write()).Write());
        Assert.Contains("\"label\":\"high\"", report.Write(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runs_are_kept_when_they_change_with_a_stage_and_before_they_get_old_but_not_every_minute()
    {
        var world = new World(Measured(0.2));
        Assert.Equal(1, await world.Analyses.RunAsync(Token));
        world.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, await world.Analyses.RunAsync(Token));
        world.Time.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal(1, await world.Analyses.RunAsync(Token));
        Assert.True(world.Time.GetUtcNow() - world.Kept[^2].At < AnalysisRun.FreshFor);

        world.Time.Advance(TimeSpan.FromSeconds(10));
        world.Release.EnterNextStage(world.Time.GetUtcNow());
        world.Record.Put(world.Release);
        Assert.Equal(1, await world.Analyses.RunAsync(Token));
        Assert.Equal([0, 0, 1], world.Kept.Select(r => r.StageIndex));
        Assert.Equal("pass", world.Kept[^1].Verdict);

        world.Release.RollBack(world.Time.GetUtcNow());
        world.Record.Put(world.Release);
        world.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(0, await world.Analyses.RunAsync(Token));
    }

    [Fact]
    public async Task Without_a_policy_that_asks_every_signal_is_shown_and_nothing_is_kept()
    {
        var world = new World(Measured(0.2), asks: false);

        Assert.Equal(0, await world.Analyses.RunAsync(Token));
        var report = await world.Analyses.AnalyseAsync(world.Release.Id, Token);

        Assert.False(report!.IsAskedFor);
        Assert.Equal(2, report.Metrics.Count);
        Assert.Empty(world.Kept);
        Assert.Null(await world.Analyses.LatestAsync(world.Release.Id, Token));
        Assert.Null(await world.Analyses.AnalyseAsync(Guid.NewGuid(), Token));
    }

    private sealed class World : IAnalysisStore, IPolicyReader, ISignalHistoryStore
    {
        private readonly Recorded _recorded;

        public World(Recorded recorded, bool asks = true)
        {
            _recorded = recorded;
            Release = asks ? WithPolicy(recorded.Release) : recorded.Release;
            Record.Put(Release);
            Assert.All(recorded.Events, e => Assert.True(Record.AppendEventAsync(e, Token).IsCompletedSuccessfully));
            Analyses = new StageAnalyses(Record, this, this, this, Time);
        }

        public Release Release { get; }

        public FakeTime Time { get; } = new(Recorded.At(3600));

        public InMemoryRecord Record { get; } = new();

        public StageAnalyses Analyses { get; }

        public List<AnalysisRun> Kept { get; } = [];

        public Task AddAsync(AnalysisRun run, CancellationToken cancellationToken)
        {
            Kept.Add(run);
            return Task.CompletedTask;
        }

        public Task<IReadOnlyList<AnalysisRun>> LatestAsync(Guid releaseId, int take, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<AnalysisRun>>([.. Kept.AsEnumerable().Reverse().Take(take)]);

        public ReleasePolicy Read(PolicySnapshot snapshot) => new() { Analysis = Policy };

        public Task AppendAsync(IReadOnlyList<SignalPoint> points, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<IReadOnlyList<SignalPoint>> ReadAsync(Guid releaseId, DateTimeOffset from, int perSeries, CancellationToken cancellationToken) => Task.FromResult(_recorded.Points);

        public Task<long> TrimAsync(DateTimeOffset olderThan, CancellationToken cancellationToken) => Task.FromResult(0L);

        private static Release WithPolicy(Release plain)
        {
            var release = new Release
            {
                Id = plain.Id, Service = plain.Service, Target = plain.Target, Environment = plain.Environment, Version = plain.Version, PreviousVersion = plain.PreviousVersion,
                Artifact = plain.Artifact, Owner = plain.Owner, Stages = plain.Stages, Signals = plain.Signals, RegisteredAt = plain.RegisteredAt,
                Policy = new PolicySnapshot("web", 1, "d", "analysis:"),
            };
            release.EnterNextStage(Recorded.Start);
            return release;
        }
    }
}
