namespace OpsConsole.Core.Gates.Evidence;

/// <summary>Stages and kinds as addresses, policies and the record write them.</summary>
public static class EvidenceCodes
{
    private static readonly Dictionary<string, PipelineStage> Stages = new(StringComparer.Ordinal)
    {
        ["lint"] = PipelineStage.LintAndFormat,
        ["types"] = PipelineStage.TypeChecks,
        ["unit"] = PipelineStage.Unit,
        ["integration"] = PipelineStage.Integration,
        ["contract"] = PipelineStage.Contract,
        ["migration"] = PipelineStage.Migration,
        ["security"] = PipelineStage.SecurityScan,
        ["performance"] = PipelineStage.PerformanceSmoke,
        ["signing"] = PipelineStage.ArtifactSigning,
        ["infrastructure"] = PipelineStage.InfrastructurePlan,
        ["coverage"] = PipelineStage.Coverage,
    };

    private static readonly Dictionary<string, EvidenceKind> Kinds = new(StringComparer.Ordinal)
    {
        ["junit"] = EvidenceKind.Junit,
        ["sarif"] = EvidenceKind.Sarif,
        ["terraform"] = EvidenceKind.Terraform,
        ["migration"] = EvidenceKind.Migration,
        ["coverage"] = EvidenceKind.Coverage,
        ["performance"] = EvidenceKind.Performance,
        ["in-toto"] = EvidenceKind.InToto,
        ["signature"] = EvidenceKind.Signature,
        ["result"] = EvidenceKind.Result,
    };

    /// <summary>Codes of all stages, in the order of a pipeline.</summary>
    public static IReadOnlyCollection<string> OfStages => Stages.Keys;

    /// <summary>Codes of all kinds.</summary>
    public static IReadOnlyCollection<string> OfKinds => Kinds.Keys;

    /// <summary>The stage's code, for example <c>unit</c>.</summary>
    public static string Code(this PipelineStage stage) => Stages.First(s => s.Value == stage).Key;

    /// <summary>The kind's code, for example <c>in-toto</c>.</summary>
    public static string Code(this EvidenceKind kind) => Kinds.First(k => k.Value == kind).Key;

    /// <summary>The stage of a code, or null.</summary>
    public static PipelineStage? FindStage(string? code) => code is not null && Stages.TryGetValue(code, out var stage) ? stage : null;

    /// <summary>The kind of a code, or null.</summary>
    public static EvidenceKind? FindKind(string? code) => code is not null && Kinds.TryGetValue(code, out var kind) ? kind : null;
}
