namespace OpsConsole.Core.Gates;

/// <summary>Names of the gates that a policy, the evidence and the place of a release add to those that always hold.</summary>
public static class GateNames
{
    /// <summary>Begin of the name of every evidence gate; the code of the stage follows.</summary>
    public const string EvidencePrefix = "evidence: ";

    public const string Policy = "policy";
    public const string Migration = "migration";
    public const string ArtifactRejected = "artifact rejected";
    public const string DeployWindow = "deploy window";
    public const string Freeze = "freeze";
    public const string ChangeSize = "change size";
    public const string SyntheticChecks = "synthetic checks";
    public const string ErrorBudget = "error budget";
    public const string NoCriticalAlerts = "no critical alerts";
    public const string BusinessMetrics = "business metrics";
    public const string Analysis = "analysis";
    public const string WayBack = "way back";
    public const string Triggers = "triggers";
    public const string Checks = "checks";

    /// <summary>Name of the gate of a pipeline stage, for example <c>evidence: unit</c>.</summary>
    public static string Evidence(string stage) => EvidencePrefix + stage;
}
