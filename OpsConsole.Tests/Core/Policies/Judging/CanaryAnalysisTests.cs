using OpsConsole.Core.Policies;
using OpsConsole.Core.Policies.Judging;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;
using OpsConsole.Tests.Core.Board;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Policies.Judging;

public sealed class CanaryAnalysisTests
{
    private static readonly DateTimeOffset From = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset To = From + TimeSpan.FromMinutes(30);
    private static readonly SignalKey Errors = new("http_5xx_rate");
    private static readonly SignalKey Checkout = new("checkout_success_rate");

    private static readonly AnalysisPolicy Everything = new();

    private readonly Release _release = Sample.Release();

    [Fact]
    public async Task A_release_is_judged_by_its_history()
    {
        var history = new KeptHistory([.. Series(Errors, 4, 1), .. Series(Checkout, 90, 90)]);

        var report = await new CanaryAnalysis(history).RunAsync(_release, Everything, From, To, CancellationToken.None);

        Assert.Equal([("http_5xx_rate", MetricLabel.High), ("checkout_success_rate", MetricLabel.Pass)], report.Signals.Select(s => (s.Name, s.Result.Label)));
        Assert.Equal(CanaryVerdict.Fail, report.Judged.Verdict);
        Assert.Contains(" pp, tolerance ", report.Signals[0].Result.Reason, StringComparison.Ordinal);
        Assert.Equal(["Errors", "Business"], report.Judged.Groups.Select(g => g.Name));
        Assert.Equal((_release.Id, From), (history.Asked, history.From));
    }

    [Fact]
    public void Both_distributions_are_over_the_same_bins()
    {
        var shapes = Judge(Series(Errors, 4, 1)).Signals[0].Shapes;

        Assert.Equal((60, 60), (shapes.Canary!.Bins.Sum(), shapes.Baseline!.Bins.Sum()));
        Assert.Equal(shapes.Baseline.Least, shapes.From);
        Assert.Equal(shapes.Canary.Largest, shapes.From + (shapes.BinWidth * DistributionPair.BinCount), 1e-9);
        Assert.Equal(0, shapes.Baseline.Bins[^1]);
        Assert.Equal(4, shapes.Canary.Median, 0.2);
        Assert.True(shapes.Canary.Least <= shapes.Canary.FirstQuartile && shapes.Canary.ThirdQuartile <= shapes.Canary.Percentile95);
    }

    [Fact]
    public void Which_way_is_bad_comes_from_the_signal()
    {
        Assert.Equal(MetricLabel.Pass, Judge(Series(Errors, 1, 4)).Signals[0].Result.Label);
        Assert.Equal(MetricLabel.Low, Judge(Series(Checkout, 80, 90)).Signals[1].Result.Label);
        Assert.Equal(MetricLabel.Pass, Judge(Series(Checkout, 95, 90)).Signals[1].Result.Label);
    }

    [Fact]
    public void Points_outside_the_span_and_with_too_few_observations_are_left_out()
    {
        var points = Series(Errors, 1, 1).Select(p => p.Side == SignalSide.Canary && p.At < From.AddSeconds(360) ? p with { Count = 3 } : p)
            .Concat(Series(Errors, 50, 1).Select(p => p with { At = p.At + TimeSpan.FromHours(1) }));

        var errors = Judge([.. points]).Signals[0];

        Assert.Equal((MetricLabel.Nodata, 48, 12), (errors.Result.Label, errors.Result.Canary.Points, errors.Thin));
    }

    [Fact]
    public void A_starved_canary_is_inconclusive_and_a_signal_that_is_not_there_an_error()
    {
        var starved = Judge([.. Series(Errors, 1, 1).Where(p => p.Side == SignalSide.Baseline), .. Series(Checkout, 90, 90)]);
        var nothing = Judge([]);
        var unknown = CanaryAnalysis.Judge(_release, new() { Metrics = [new("no_such_signal")] }, From, To, []);

        Assert.Equal((CanaryVerdict.Inconclusive, CanaryVerdict.Inconclusive, CanaryVerdict.Error), (starved.Judged.Verdict, nothing.Judged.Verdict, unknown.Judged.Verdict));
        Assert.Null(nothing.Signals[0].Shapes.Canary);
        Assert.Equal("Error: the release has no signal 'no_such_signal'.", unknown.Signals[0].Result.Reason);
    }

    [Fact]
    public void What_grows_with_traffic_is_not_compared_by_default()
    {
        var release = BoardRig.Release(signals: [.. new[] { "http_5xx_rate", "p99_latency", "request_rate", "queue_depth" }.Select(k => KnownSignals.Find(k)!)]);

        Assert.Equal(["http_5xx_rate", "p99_latency"], CanaryAnalysis.Judge(release, Everything, From, To, []).Signals.Select(s => s.Name));
    }

    [Fact]
    public void A_policy_says_what_is_looked_at_and_how()
    {
        var policy = new AnalysisPolicy
        {
            Metrics =
            [
                new("error_rate", Critical: true, Group: "health", Weight: 80, CriticalIncrease: 10),
                new("checkout_success", Group: "business", AllowedDecrease: 0.8),
            ],
            Pass = 90,
            Marginal = 10,
        };

        var report = CanaryAnalysis.Judge(_release, policy, From, To, [.. Series(Errors, 4, 1), .. Series(Checkout, 81, 90)]);
        var worse = CanaryAnalysis.Judge(_release, policy, From, To, [.. Series(Errors, 11, 1), .. Series(Checkout, 81, 90)]);

        Assert.Equal([("error_rate", MetricLabel.High, false), ("checkout_success", MetricLabel.Pass, false)], report.Signals.Select(s => (s.Name, s.Result.Label, s.Result.Critical)));
        Assert.Equal((20, CanaryVerdict.Marginal), (report.Judged.Score, report.Judged.Verdict));
        Assert.Equal((0, CanaryVerdict.Fail), (worse.Judged.Score, worse.Judged.Verdict));
    }

    [Fact]
    public async Task A_span_is_neither_empty_nor_longer_than_the_history()
    {
        var analysis = new CanaryAnalysis(new KeptHistory([]));

        await Assert.ThrowsAsync<ArgumentException>(() => analysis.RunAsync(_release, Everything, From, From, CancellationToken.None));
        await Assert.ThrowsAsync<ArgumentException>(() => analysis.RunAsync(_release, Everything, From, From.AddHours(49), CancellationToken.None));
    }

    [Fact]
    public void Equal_values_have_one_bin()
    {
        var side = MetricSample.Of([2, 2, 2], NanStrategy.Remove);

        var shapes = DistributionPair.Of(side, side);

        Assert.Equal((2.0, 0.0, 3), (shapes.From, shapes.BinWidth, shapes.Canary!.Bins[0]));
    }

    private AnalysisReport Judge(IEnumerable<SignalPoint> points) =>
        CanaryAnalysis.Judge(_release, Everything, From, To, points);

    private List<SignalPoint> Series(SignalKey signal, double canary, double baseline) =>
    [
        .. Enumerable.Range(0, 60).SelectMany(i => new[] { (SignalSide.Canary, canary), (SignalSide.Baseline, baseline) }
            .Select(s => new SignalPoint(_release.Id, signal, s.Item1, From.AddSeconds(i * 30), s.Item2 * (1 + (Math.Sin(i * 2.399) / 50)), 1000))),
    ];

    private sealed class KeptHistory(List<SignalPoint> points) : ISignalHistoryStore
    {
        public Guid Asked { get; private set; }

        public DateTimeOffset From { get; private set; }

        public Task AppendAsync(IReadOnlyList<SignalPoint> points, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<IReadOnlyList<SignalPoint>> ReadAsync(Guid releaseId, DateTimeOffset from, int perSeries, CancellationToken cancellationToken)
        {
            (Asked, From) = (releaseId, from);
            return Task.FromResult<IReadOnlyList<SignalPoint>>(perSeries >= 17_280 ? points : []);
        }

        public Task<long> TrimAsync(DateTimeOffset olderThan, CancellationToken cancellationToken) => Task.FromResult(0L);
    }
}
