using OpsConsole.Core.Policies.Judging;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Policies;

/// <summary>How a version replaces the one before it.</summary>
public enum RolloutStrategy
{
    Recreate,
    Rolling,
    BlueGreen,
    Canary,

    /// <summary>Deployed everywhere at once; a flag decides who sees it.</summary>
    FeatureFlag,

    /// <summary>An app store's own phases or user fraction.</summary>
    StorePhased,
}

/// <summary>Who gives the last go.</summary>
public enum DeliveryMode
{
    /// <summary>A person clicks every promotion.</summary>
    Delivery,

    /// <summary>The console promotes by itself once every gate passes.</summary>
    Deployment,
}

/// <summary>What the console does by itself when a trigger fires.</summary>
public enum TriggerReaction
{
    /// <summary>Says so, and waits for a person.</summary>
    Recommend,

    Halt,

    /// <summary>Rolls back; halts where that is not possible, and says why.</summary>
    Rollback,
}

/// <summary>A release policy: how a release may move. The model of the text that people write; see docs/policies.md.</summary>
public sealed record ReleasePolicy
{
    /// <summary>The checklist of one release (<c>release:</c>).</summary>
    public ReleaseChecklist? Release { get; init; }

    /// <summary>Stages and what they are held to (<c>canary:</c>).</summary>
    public CanaryPolicy? Canary { get; init; }

    /// <summary>Who moves it (<c>delivery:</c>).</summary>
    public DeliverySettings Delivery { get; init; } = new();

    /// <summary>The statistical judge (<c>analysis:</c>); null: not asked.</summary>
    public AnalysisPolicy? Analysis { get; init; }

    /// <summary>True where a promotion waits for the analysis to pass; else it is for information.</summary>
    public bool AnalysisHolds => Analysis is not null && Canary?.PromoteIf.Contains(PromoteCondition.AnalysisPasses) == true;

    /// <summary>Evidence that pipelines must have posted (<c>evidence:</c>).</summary>
    public EvidencePolicy Evidence { get; init; } = new();

    /// <summary>Who must agree to a promotion (<c>approvals:</c>).</summary>
    public ApprovalPolicy Approvals { get; init; } = new();

    /// <summary>Every trigger once, those of the checklist first; the text is the name of a trigger.</summary>
    public IEnumerable<Trigger> Triggers => (Release?.RollbackTriggers ?? []).Concat(Canary?.AutoRollbackIf ?? []).DistinctBy(static t => t.Text);
}

/// <summary>The rollback-first checklist of one release.</summary>
public sealed record ReleaseChecklist
{
    /// <summary>As written, for example <c>web-api:2026.05.12-8f3a91c</c>.</summary>
    public string? Artifact { get; init; }

    public string? PreviousArtifact { get; init; }

    public MigrationClass? DatabaseMigration { get; init; }

    /// <summary>Key of the flag or kill switch that turns off what the release adds.</summary>
    public string? FeatureFlag { get; init; }

    public RolloutStrategy? Strategy { get; init; }

    /// <summary>Above 0, at most 100.</summary>
    public double? InitialExposurePercent { get; init; }

    public IReadOnlyList<Trigger> RollbackTriggers { get; init; } = [];

    /// <summary>What a person would run to go back. Shown, never executed: the console goes back through the target's adapter.</summary>
    public string? RollbackCommand { get; init; }
}

/// <summary>Stages, what stops a release in them, and what lets it go on.</summary>
public sealed record CanaryPolicy
{
    /// <summary>Lowest exposure first, the last one 100 %; empty where the text names none.</summary>
    public IReadOnlyList<Stage> Stages { get; init; } = [];

    /// <summary>How long the release is watched at 100 %; null where the text does not say (<c>continuous</c> included).</summary>
    public TimeSpan? WatchTime { get; init; }

    public IReadOnlyList<Trigger> AutoRollbackIf { get; init; } = [];

    public IReadOnlyList<PromoteCondition> PromoteIf { get; init; } = [];

    public IReadOnlyList<PolicyCheck> Checks { get; init; } = [];
}

/// <summary>What must hold before a promotion, beside the gates that always hold.</summary>
public enum PromoteCondition
{
    /// <summary>Every synthetic check of the release passes on fresh data; without one it is inconclusive.</summary>
    SyntheticChecksPass,

    /// <summary>No objective of the service has used up its error budget or burns it at an alerting rate; without one it is inconclusive.</summary>
    ErrorBudgetHealthy,

    /// <summary>No paging alert of the service is firing.</summary>
    NoCriticalAlerts,

    /// <summary>Every business signal passes on fresh data; without one it is inconclusive.</summary>
    BusinessMetricsStable,

    /// <summary>The judge's score reaches the pass threshold.</summary>
    AnalysisPasses,
}

/// <summary>A measurement taken again and again while a stage is verified, with limits on how often it may go wrong.</summary>
public sealed record PolicyCheck
{
    /// <summary>1 to 64 characters, unique in the policy.</summary>
    public required string Name { get; init; }

    /// <summary>What makes a measurement a success; null: whatever is no failure. Written like a trigger, for example <c>http_5xx_rate &lt; 1%</c>.</summary>
    public Trigger? Success { get; init; }

    /// <summary>What makes it a failure, which wins over success; null: whatever is no success.</summary>
    public Trigger? Failure { get; init; }

    /// <summary>Time between two measurements.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Measurements in one stage after which the check has ended well; 0: as many as the hold time brings.</summary>
    public int Count { get; init; }

    public CheckLimits Limits { get; init; } = new();

    /// <summary>Shown, and has no vote.</summary>
    public bool DryRun { get; init; }
}

/// <summary>How often a check may go wrong before it ends. A limit is passed when the count is greater than it.</summary>
/// <param name="Failure">-1 switches it off.</param>
/// <param name="Inconclusive">Likewise.</param>
/// <param name="ConsecutiveError">Likewise.</param>
/// <param name="ConsecutiveSuccess">Successes in a row that end the check early and well; 0 switches it off.</param>
public sealed record CheckLimits(int Failure = 0, int Inconclusive = 0, int ConsecutiveError = 4, int ConsecutiveSuccess = 0);

/// <summary>Who moves the release.</summary>
public sealed record DeliverySettings
{
    public DeliveryMode Mode { get; init; }

    public TriggerReaction OnTrigger { get; init; } = TriggerReaction.Halt;
}

/// <summary>What the judge looks at.</summary>
public sealed record AnalysisPolicy
{
    public IReadOnlyList<AnalysisMetric> Metrics { get; init; } = [];

    /// <summary>0 to 100.</summary>
    public double Pass { get; init; } = 95;

    /// <summary>0 to <see cref="Pass"/>.</summary>
    public double Marginal { get; init; } = 75;

    /// <summary>Fewest points on each side.</summary>
    public int MinimumPoints { get; init; } = 50;
}

/// <summary>One signal as the judge takes it.</summary>
/// <param name="Signal">As written in the policy.</param>
/// <param name="Critical">When it does not pass, nothing does.</param>
/// <param name="Group">Signals of one group share its weight.</param>
/// <param name="Weight">Of the group, 0 to 100; null: what the others leave.</param>
/// <param name="AllowedIncrease">Effect size, in <see cref="Measure"/>, from which an increase counts, for example a mean ratio of 1.2; null: any.</param>
/// <param name="AllowedDecrease">Effect size down to which a decrease counts; null: any.</param>
/// <param name="CriticalIncrease">Effect size from which an increase of a critical signal is critical; null: any that counts.</param>
/// <param name="CriticalDecrease">Effect size down to which a decrease of a critical signal is critical; null: any that counts.</param>
public sealed record AnalysisMetric(
    string Signal,
    bool Critical = false,
    string Group = "default",
    double? Weight = null,
    double? AllowedIncrease = null,
    double? AllowedDecrease = null,
    double? CriticalIncrease = null,
    double? CriticalDecrease = null)
{
    /// <summary>What the four limits are in.</summary>
    public EffectMeasure Measure { get; init; } = EffectMeasure.MeanRatio;

    /// <summary>Share of the estimated shift that the interval has to clear, 0 to below 1; null: the judge's own.</summary>
    public double? Tolerance { get; init; }

    /// <summary>Confidence of the interval, above 0.5 and below 1; null: the judge's own.</summary>
    public double? Confidence { get; init; }

    /// <summary>Which way is bad; null: the way that is worse for the signal.</summary>
    public WorseWhen? Direction { get; init; }

    /// <summary>What is made of recorded moments at which the signal has no point.</summary>
    public NanStrategy NanStrategy { get; init; } = NanStrategy.Remove;

    /// <summary>What too few points mean; null: inconclusive for a required signal, and left out for one that is only watched.</summary>
    public NoDataMeaning? NoData { get; init; }

    /// <summary>Fewest points on each side; null: those of the analysis.</summary>
    public int? MinimumPoints { get; init; }
}

/// <summary>Evidence that must be there, and good, before the first promotion and every later one.</summary>
public sealed record EvidencePolicy
{
    /// <summary>Codes of the pipeline stages (docs/gates.md), for example <c>unit</c>.</summary>
    public IReadOnlyList<string> Required { get; init; } = [];

    /// <summary>Oldest evidence that counts; null: any age.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>Changed lines above which the release needs a second pair of eyes: one approval more than otherwise. Null: no limit.</summary>
    public int? LargeChangeLines { get; init; }

    /// <summary>Tests known to be flaky: named, quarantined, and not counted.</summary>
    public IReadOnlyList<string> Quarantine { get; init; } = [];
}

/// <summary>Who must agree to a promotion.</summary>
public sealed record ApprovalPolicy
{
    /// <summary>Approvals needed; 0: none.</summary>
    public int Required { get; init; }

    /// <summary>Roles whose approval counts, as codes (<c>release-manager</c>); empty: release managers and admins.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>How long a request waits.</summary>
    public TimeSpan Expires { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Stages that need it, by exposure reached; empty: every promotion.</summary>
    public IReadOnlyList<double> Stages { get; init; } = [];
}
