using System.Globalization;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Policies.Judging;

/// <summary>Has the judge compare the recorded points of a release with those of the version before it.</summary>
public static class StageAnalysis
{
    /// <summary>Most time that is compared, unless the points that are needed take longer.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(4);

    /// <summary>From when points are compared: the begin of the present stage, and the first exposure while the stage is too young to have the points that are needed, or where nobody has the previous version any more.</summary>
    public static DateTimeOffset WindowFrom(Release release, AnalysisPolicy policy, DateTimeOffset stageEnteredAt, double exposurePercent, DateTimeOffset firstExposedAt, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(release);
        ArgumentNullException.ThrowIfNull(policy);
        var needed = TimeNeeded(release, policy);
        var young = now - stageEnteredAt < needed;
        var from = young || exposurePercent >= 100 ? firstExposedAt : stageEnteredAt;
        var longest = needed < Longest ? Longest : needed < CanaryAnalysis.LongestSpan ? needed : CanaryAnalysis.LongestSpan;
        return from > now - longest ? from : now - longest;
    }

    /// <summary>Time in which every signal of an analysis has its independent points, if none is missing.</summary>
    private static TimeSpan TimeNeeded(Release release, AnalysisPolicy policy)
    {
        IEnumerable<TimeSpan> each = policy.Metrics.Count > 0
            ? from metric in policy.Metrics
              let definition = SignalNames.Resolve(metric.Signal, release.Signals)
              where definition is not null
              select (metric.MinimumPoints ?? policy.MinimumPoints) * PointSpacing.Of(definition).Interval
            : CanaryAnalysis.Comparable(release.Signals).Select(d => policy.MinimumPoints * PointSpacing.Of(d).Interval);
        return each.DefaultIfEmpty(policy.MinimumPoints * PointSpacing.Step).Max();
    }

    /// <summary>Judges.</summary>
    /// <param name="release">Whose signals.</param>
    /// <param name="policy">What is compared, and from which score it passes.</param>
    /// <param name="points">Recorded points; those outside the window are not looked at.</param>
    /// <param name="from">Begin of the window.</param>
    /// <param name="now">Its end.</param>
    /// <param name="isAskedFor">Whether the release's policy asks for it.</param>
    public static StageReport Judge(Release release, AnalysisPolicy policy, IEnumerable<SignalPoint> points, DateTimeOffset from, DateTimeOffset now, bool isAskedFor)
    {
        ArgumentNullException.ThrowIfNull(release);
        ArgumentNullException.ThrowIfNull(policy);
        var report = CanaryAnalysis.Judge(release, policy, from, now.AddTicks(TimeSpan.TicksPerMicrosecond), points);
        var judged = report.Judged;
        List<AnalysedMetric> metrics = [.. report.Signals.Select(s => Show(s, release.Phase.IsLive()))];
        var wait = metrics.Max(m => m.SecondsToEnough);
        return new()
        {
            At = now, StageIndex = release.StageIndex, From = from, Until = now, Verdict = judged.Verdict, Score = judged.Score, Reason = judged.Verdict == CanaryVerdict.Inconclusive && wait is { } left ? $"{judged.Reason} {Wait(now.AddSeconds(left))}" : judged.Reason, Pass = policy.Pass, Marginal = policy.Marginal,
            MinimumPoints = policy.MinimumPoints, IsAskedFor = isAskedFor, Groups = judged.Groups, Metrics = metrics, SecondsToEnough = wait,
        };
    }

    /// <summary>A time of the clock, which is as true when the sentence is read as when it was written.</summary>
    private static string Wait(DateTimeOffset at) => string.Create(CultureInfo.InvariantCulture, $"Enough independent points are there at {at.UtcDateTime:HH:mm:ss} UTC at the earliest.");

    /// <summary>How long the side with fewer points takes to have enough, if none is missing from now on; null where there are enough, or none come any more.</summary>
    private static double? SecondsToEnough(AnalysedSignal signal, bool isLive)
    {
        var missing = signal.Result.Rules.MinimumPoints - Math.Min(signal.Result.Canary.Measured, signal.Result.Baseline.Measured);
        return isLive && signal is { Result.Label: MetricLabel.Nodata, Spacing: { } spacing } && missing > 0 ? missing * spacing.Interval.TotalSeconds : null;
    }

    private static AnalysedMetric Show(AnalysedSignal signal, bool isLive)
    {
        var result = signal.Result;
        return new()
        {
            Signal = signal.Definition?.Key.Value ?? signal.Name,
            Title = signal.Definition?.Title ?? signal.Name,
            Unit = result.Rules.Unit,
            Group = result.Rules.Group,
            Label = result.Label,
            IsCritical = result.Rules.Critical,
            FailedCritically = result.Critical,
            Reason = result.Reason,
            Lower = Finite(result.Shift?.Lower),
            Upper = Finite(result.Shift?.Upper),
            Estimate = Finite(result.Shift?.Estimate),
            Tolerated = Finite(result.Shift is { } shift ? result.Rules.Tolerated(shift) : null),
            Ratio = Finite(result.Ratio),
            CanaryPoints = result.Canary.Measured,
            BaselinePoints = result.Baseline.Measured,
            Outliers = result.Canary.Outliers + result.Baseline.Outliers,
            PointIntervalSeconds = signal.Spacing?.Interval.TotalSeconds,
            IsIntervalPresumed = signal.Spacing is { IsPresumed: true },
            SecondsToEnough = SecondsToEnough(signal, isLive),
            Spread = MetricSpread.Of(result.Canary, result.Baseline),
        };
    }

    private static double? Finite(double? value) => value is { } v && double.IsFinite(v) ? v : null;
}
