namespace OpsConsole.Core.Gates.Evidence;

/// <summary>What a delivery pipeline checks: nine stages, and two further kinds of evidence.</summary>
public enum PipelineStage
{
    /// <summary>Style and obvious correctness issues.</summary>
    LintAndFormat,

    /// <summary>Unsafe contracts before runtime.</summary>
    TypeChecks,

    /// <summary>Local business logic.</summary>
    Unit,

    /// <summary>Services, databases and interfaces together.</summary>
    Integration,

    /// <summary>What consumers of an interface rely on.</summary>
    Contract,

    /// <summary>Destructive or incompatible changes of the database.</summary>
    Migration,

    /// <summary>Vulnerable dependencies, unsafe images, secrets.</summary>
    SecurityScan,

    /// <summary>Regressions of latency or size.</summary>
    PerformanceSmoke,

    /// <summary>Provenance: who built this, from what.</summary>
    ArtifactSigning,

    /// <summary>What infrastructure would be changed.</summary>
    InfrastructurePlan,

    /// <summary>How much of the code the tests reach.</summary>
    Coverage,
}
