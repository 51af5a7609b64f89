namespace OpsConsole.Core.Gates.Evidence;

/// <summary>What form a piece of evidence comes in.</summary>
public enum EvidenceKind
{
    /// <summary>A JUnit XML test report.</summary>
    Junit,

    /// <summary>Findings of a scanner or linter as SARIF 2.1.0.</summary>
    Sarif,

    /// <summary>A Terraform plan as <c>terraform show -json</c> writes it.</summary>
    Terraform,

    /// <summary>The SQL of a database migration.</summary>
    Migration,

    /// <summary>A Cobertura coverage report.</summary>
    Coverage,

    /// <summary>Measured values against performance budgets.</summary>
    Performance,

    /// <summary>An in-toto statement, alone or in a signed DSSE envelope.</summary>
    InToto,

    /// <summary>A detached signature of the artifact.</summary>
    Signature,

    /// <summary>The plain result of a tool that writes none of the other forms.</summary>
    Result,
}
