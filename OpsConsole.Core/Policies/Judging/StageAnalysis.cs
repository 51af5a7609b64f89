using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Policies.Judging;

/// <summary>Has the judge compare the recorded points of a release with those of the version before it.</summary>
public static class StageAnalysis
{
    /// <summary>Time between two recorded points.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromSeconds(10);

    /// <summary>Most time that is compared.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(4);

    /// <summary>From when points are compared: the begin of the present stage, and the first exposure while the stage is too young to have the points that are needed, or where nobody has the previous version any more.</summary>
    public static DateTimeOffset WindowFrom(AnalysisPolicy policy, DateTimeOffset stageEnteredAt, double exposurePercent, DateTimeOffset firstExposedAt, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var needed = Math.Max(policy.MinimumPoints, policy.Metrics.Max(static m => m.MinimumPoints) ?? 0);
        var young = now - stageEnteredAt < needed * Step;
        var from = young || exposurePercent >= 100 ? firstExposedAt : stageEnteredAt;
        return from > now - Longest ? from : now - Longest;
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
        return new()
        {
            At = now, StageIndex = release.StageIndex, From = from, Until = now, Verdict = judged.Verdict, Score = judged.Score, Reason = judged.Reason, Pass = policy.Pass, Marginal = policy.Marginal,
            MinimumPoints = policy.MinimumPoints, IsAskedFor = isAskedFor, Groups = judged.Groups, Metrics = [.. report.Signals.Select(Show)],
        };
    }

    private static AnalysedMetric Show(AnalysedSignal signal)
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
            Tolerated = Finite(result.Shift is { } shift ? result.Rules.Tolerance * Math.Abs(shift.Estimate) : null),
            Ratio = Finite(result.Ratio),
            CanaryPoints = result.Canary.Measured,
            BaselinePoints = result.Baseline.Measured,
            Outliers = result.Canary.Outliers + result.Baseline.Outliers,
            Spread = MetricSpread.Of(result.Canary, result.Baseline),
        };
    }

    private static double? Finite(double? value) => value is { } v && double.IsFinite(v) ? v : null;
}
