using OpsConsole.Core.Actions.Promote;

namespace OpsConsole.Core.Gates;

/// <summary>Which gates a person may let pass on record, and why the others cannot be: the one place.</summary>
public static class WaivableGates
{
    private static readonly HashSet<string> Waivable = new(StringComparer.Ordinal)
    {
        GateNames.Migration, GateNames.DeployWindow, GateNames.Freeze, GateNames.ChangeSize, GateNames.SyntheticChecks, GateNames.ErrorBudget,
        GateNames.NoCriticalAlerts, GateNames.BusinessMetrics, GateNames.Analysis, GateNames.WayBack, GateNames.Checks,
    };

    private static readonly HashSet<string> OfStage = new(StringComparer.Ordinal)
    {
        GateNames.SyntheticChecks, GateNames.ErrorBudget, GateNames.NoCriticalAlerts, GateNames.BusinessMetrics, GateNames.Analysis, GateNames.Checks,
    };

    private static readonly Dictionary<string, string> Never = new(StringComparer.Ordinal)
    {
        [GateNames.ArtifactRejected] = "a rejected artifact stays refused until an admin lifts the rejection on record",
        [GateNames.Policy] = "a policy that cannot be read holds the release to nothing that is known",
        [GateNames.Triggers] = "a trigger that fired, or that nobody can judge, means that the release may do harm",
        [PromotionGates.FreshData] = "without fresh data nobody knows how the release is",
        [PromotionGates.VerdictPass] = "more people must not get what is not shown to be healthy",
        [PromotionGates.NoHalt] = "a halt is ended by resuming the release",
        [PromotionGates.NoKill] = "a kill is ended by restoring the switch",
        [PromotionGates.StageHold] = "the hold time is over by itself",
        [PromotionGates.SampleCount] = "traffic brings the observations that are missing",
    };

    /// <summary>True when a waiver of this gate holds.</summary>
    public static bool Includes(string gate) =>
        gate is not null && (Waivable.Contains(gate) || (gate.StartsWith(GateNames.EvidencePrefix, StringComparison.Ordinal) && gate.Length > GateNames.EvidencePrefix.Length));

    /// <summary>True for a gate on what is measured in the present stage: a waiver of it ends with the stage.</summary>
    public static bool IsOfStage(string gate) => OfStage.Contains(gate);

    /// <summary>Why a gate cannot be waived, as the end of a sentence; null where it can.</summary>
    public static string? WhyNot(string gate) => Includes(gate) ? null : Never.GetValueOrDefault(gate ?? "", "there is no such gate");
}
