using OpsConsole.Core.Access;
using OpsConsole.Core.Board;
using OpsConsole.Core.Gates;

namespace OpsConsole.Core.Actions.Gate;

/// <summary>Everything a rule looks at. Rules are pure: the same context always gets the same answer.</summary>
public sealed record ActionContext
{
    public required Operator By { get; init; }

    /// <summary>What was asked, or null for a preview, which has no reason, confirmation or seen version to check yet.</summary>
    public ActionCommand? Command { get; init; }

    /// <summary>The release acted on; null for an action on a switch.</summary>
    public ReleaseState? Release { get; init; }

    /// <summary>What the board shows of the release now; null when it is not on the board.</summary>
    public ReleaseSnapshot? Snapshot { get; init; }

    /// <summary>What the release's target can do; null when no such target is connected.</summary>
    public TargetCapabilities? Target { get; init; }

    /// <summary>The action in flight for the same release or switch, if there is one.</summary>
    public ActionSummary? InFlight { get; init; }

    /// <summary>The switch acted on, or the one bound to the release.</summary>
    public SwitchSummary? Switch { get; init; }

    /// <summary>How that switch stands in the one environment that the command is about; null when it is about everywhere.</summary>
    public SwitchSummary? SwitchIn { get; init; }

    /// <summary>Version of a later release of the same service on the same target and environment, if there is one.</summary>
    public string? ReplacedBy { get; init; }

    /// <summary>What policy, evidence and place add to the gates that always hold; read anew for a command, from the board for a preview.</summary>
    public PolicyGateResults Policy { get; init; } = PolicyGateResults.None;

    /// <summary>True when enough people have agreed and it is to be carried out: every gate must pass then, where asking only needs those that do not pass by waiting.</summary>
    public bool IsApproved { get; init; }

    public required DateTimeOffset Now { get; init; }
}
