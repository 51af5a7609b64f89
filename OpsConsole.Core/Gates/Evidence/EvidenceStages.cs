namespace OpsConsole.Core.Gates.Evidence;

/// <summary>When bad evidence of a stage keeps a release from moving.</summary>
public enum StageBlocking
{
    /// <summary>Whatever is not a pass.</summary>
    Always,

    /// <summary>Failures of tests on a critical path; every failure where no critical paths are named.</summary>
    OnCriticalPaths,

    /// <summary>Findings of critical severity, and scans that did not work.</summary>
    AtCriticalSeverity,

    /// <summary>Hard budgets that are passed, and measurements that are missing.</summary>
    OnHardBudgets,

    /// <summary>Shown, and stops nothing.</summary>
    Never,
}

/// <summary>The part of a summary that decides whether a bad outcome blocks.</summary>
/// <param name="Critical">Findings of critical severity.</param>
/// <param name="HardBudgetsOver">Hard budgets that were passed.</param>
/// <param name="CriticalPathFailures">Failed tests on a critical path; null where nothing says which tests are.</param>
/// <param name="FlakyExcused">True when a waiver or a quarantine entry that is in force names every flaky test.</param>
public sealed record StageDetail(long Critical, long HardBudgetsOver, long? CriticalPathFailures, bool FlakyExcused)
{
    /// <summary>What a document says, with a quarantine held against its flaky tests.</summary>
    public static StageDetail Of(EvidenceDetail detail, IReadOnlyList<QuarantineEntry> quarantine, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(detail);
        return new(
            detail.Count(EvidenceCount.Critical),
            detail.Count(EvidenceCount.HardBudgetsOver),
            detail.Counts.TryGetValue(EvidenceCount.CriticalPathFailures, out var failures) ? failures : null,
            Quarantine.Covers(detail, quarantine, now));
    }
}

/// <summary>Which stages block, and at what.</summary>
public static class EvidenceStages
{
    /// <summary>Every stage in the order of a pipeline.</summary>
    public static IReadOnlyList<PipelineStage> All { get; } = Enum.GetValues<PipelineStage>();

    /// <summary>When a stage blocks by default.</summary>
    public static StageBlocking Blocking(PipelineStage stage) => stage switch
    {
        PipelineStage.LintAndFormat => StageBlocking.Always,
        PipelineStage.TypeChecks => StageBlocking.Always,
        PipelineStage.Unit => StageBlocking.Always,
        PipelineStage.Integration => StageBlocking.OnCriticalPaths,
        PipelineStage.Contract => StageBlocking.Always,
        PipelineStage.Migration => StageBlocking.Always,
        PipelineStage.SecurityScan => StageBlocking.AtCriticalSeverity,
        PipelineStage.PerformanceSmoke => StageBlocking.OnHardBudgets,
        PipelineStage.ArtifactSigning => StageBlocking.Always,
        PipelineStage.InfrastructurePlan => StageBlocking.Always,
        PipelineStage.Coverage => StageBlocking.Never,
        _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, "Unknown stage."),
    };

    /// <summary>True when evidence of this outcome keeps the release from moving. What is not known blocks wherever a failure would.</summary>
    public static bool Blocks(PipelineStage stage, EvidenceOutcome outcome, StageDetail detail)
    {
        ArgumentNullException.ThrowIfNull(detail);
        return (Blocking(stage), outcome) switch
        {
            (StageBlocking.Never, _) => false,
            (_, EvidenceOutcome.Passed or EvidenceOutcome.PassedWithWarnings) => false,
            (_, EvidenceOutcome.Flaky) => !detail.FlakyExcused,
            (_, EvidenceOutcome.Error or EvidenceOutcome.Inconclusive) => true,
            (StageBlocking.AtCriticalSeverity, EvidenceOutcome.Failed) => detail.Critical > 0,
            (StageBlocking.OnHardBudgets, EvidenceOutcome.Failed) => detail.HardBudgetsOver > 0,
            (StageBlocking.OnCriticalPaths, EvidenceOutcome.Failed) => detail.CriticalPathFailures is not 0,
            _ => true,
        };
    }

    /// <summary>The nine stages and the two further kinds as people read them.</summary>
    public static string Title(this PipelineStage stage) => stage switch
    {
        PipelineStage.LintAndFormat => "Lint and format",
        PipelineStage.TypeChecks => "Type checks",
        PipelineStage.Unit => "Unit tests",
        PipelineStage.Integration => "Integration tests",
        PipelineStage.Contract => "Contract tests",
        PipelineStage.Migration => "Migration checks",
        PipelineStage.SecurityScan => "Security scan",
        PipelineStage.PerformanceSmoke => "Performance smoke",
        PipelineStage.ArtifactSigning => "Artifact signing",
        PipelineStage.InfrastructurePlan => "Infrastructure plan",
        PipelineStage.Coverage => "Coverage",
        _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, "Unknown stage."),
    };

    /// <summary>When a stage blocks, as the end of "this stage …".</summary>
    public static string Title(this StageBlocking blocking) => blocking switch
    {
        StageBlocking.Always => "blocks",
        StageBlocking.OnCriticalPaths => "blocks on critical paths",
        StageBlocking.AtCriticalSeverity => "blocks at critical severity",
        StageBlocking.OnHardBudgets => "blocks on hard budgets",
        StageBlocking.Never => "does not block",
        _ => throw new ArgumentOutOfRangeException(nameof(blocking), blocking, "Unknown rule."),
    };

    /// <summary>Whether a kind of evidence can speak for a stage: nobody's word is a signature, and coverage is no test.</summary>
    public static bool Takes(PipelineStage stage, EvidenceKind kind) => kind switch
    {
        EvidenceKind.Junit or EvidenceKind.Result => stage is not (PipelineStage.ArtifactSigning or PipelineStage.Coverage),
        EvidenceKind.Sarif => stage is PipelineStage.LintAndFormat or PipelineStage.TypeChecks or PipelineStage.SecurityScan or PipelineStage.Contract or PipelineStage.Migration,
        EvidenceKind.InToto => stage is not PipelineStage.Coverage,
        _ => Of(kind) == stage,
    };

    /// <summary>The stage that a kind of evidence belongs to by itself; null where the pipeline has to say.</summary>
    public static PipelineStage? Of(EvidenceKind kind) => kind switch
    {
        EvidenceKind.Sarif => PipelineStage.SecurityScan,
        EvidenceKind.Terraform => PipelineStage.InfrastructurePlan,
        EvidenceKind.Migration => PipelineStage.Migration,
        EvidenceKind.Coverage => PipelineStage.Coverage,
        EvidenceKind.Performance => PipelineStage.PerformanceSmoke,
        EvidenceKind.Signature => PipelineStage.ArtifactSigning,
        _ => null,
    };
}
