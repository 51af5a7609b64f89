using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Recovery;

/// <summary>When a release may be fixed forward: when someone has or had it, it is not growing, and nothing is under way on it.</summary>
public static class FixForwardRule
{
    /// <summary>Every reason against registering a release that fixes this one; empty when it is allowed.</summary>
    public static IReadOnlyList<Refusal> Judge(ReleaseState release, ActionSummary? inFlight)
    {
        ArgumentNullException.ThrowIfNull(release);
        Refusal? phase = release switch
        {
            { Phase: ReleasePhase.Superseded } => new SupersededRefusal(),
            { Phase: not ReleasePhase.RolledBack, IsUnexposed: true } => new NothingToFixRefusal(),
            { Phase: ReleasePhase.RollingOut } => new StillGrowingRefusal(),
            _ => null,
        };
        return phase is not null ? [phase] : inFlight is not null ? [new ActedOnRefusal(inFlight)] : [];
    }
}

/// <summary>A later release took over already.</summary>
public sealed record SupersededRefusal : Refusal
{
    public override string Sentence => "A later release took over already; fix that one.";
}

/// <summary>Nobody has the release.</summary>
public sealed record NothingToFixRefusal : Refusal
{
    public override string Sentence => "Nobody has this release yet; roll it back, which ends it, and register the corrected version.";
}

/// <summary>The release is on its way to more people.</summary>
public sealed record StillGrowingRefusal : Refusal
{
    public override string Sentence => "The release is rolling out; halt it or roll it back before a corrected version takes its place.";
}

/// <summary>An action on the release has not ended.</summary>
public sealed record ActedOnRefusal(ActionSummary Action) : Refusal
{
    public override string Sentence => $"{Action.Verb.Noun()} by {Action.RequestedBy} at {Wording.Clock(Action.RequestedAt)} has not ended; register the corrected version when it has.";
}
