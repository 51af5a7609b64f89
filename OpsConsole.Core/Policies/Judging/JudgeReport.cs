namespace OpsConsole.Core.Policies.Judging;

/// <summary>What an analysis as a whole came to.</summary>
public enum CanaryVerdict
{
    /// <summary>The score reaches the pass threshold and nothing is missing that matters.</summary>
    Pass,

    /// <summary>The score lies between the two thresholds.</summary>
    Marginal,

    /// <summary>A critical metric is worse, or the score of what was judged is below the marginal threshold.</summary>
    Fail,

    /// <summary>Too little data to say. It never promotes.</summary>
    Inconclusive,

    /// <summary>A metric could not be judged for an error.</summary>
    Error,
}

/// <summary>From which score an analysis passes.</summary>
/// <param name="Pass">From here on it passes; 0 to 100.</param>
/// <param name="Marginal">From here on it is marginal, below it fails; 0 to <paramref name="Pass"/>.</param>
public sealed record ScoreThresholds(double Pass = 95, double Marginal = 75)
{
    public static readonly ScoreThresholds Default = new();
}

/// <summary>An analysis: every metric, every group, the score, and the verdict with its reason.</summary>
/// <param name="Metrics">In the order in which they were given.</param>
/// <param name="Groups">In the order in which they first appear.</param>
/// <param name="Score">0 to 100.</param>
/// <param name="Verdict">What follows.</param>
/// <param name="Reason">One sentence for people.</param>
public sealed record JudgeReport(
    IReadOnlyList<MetricResult> Metrics, IReadOnlyList<GroupScore> Groups, double Score, CanaryVerdict Verdict, string Reason);
