using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Actions.Rollback;

/// <summary>When everyone may be given the previous version: while the release is live, and after it is done for as long as nothing came after it. Needs no telemetry.</summary>
/// <remarks>What the migration leaves open is for a person to weigh: neither the console nor a token rolls back on it. Before the first stage nobody has the release: rolling back then ends it in the record, and neither the target, a previous version nor the migration stands in the way. A release that its switch exposes needs no previous version: turning it off leads back to the code that is there.</remarks>
public static class RollbackRule
{
    /// <summary>Every reason against the roll back; empty when it is allowed.</summary>
    public static IReadOnlyList<Refusal> Judge(ActionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var release = context.Release ?? throw new ArgumentException("A roll back is judged on a release.", nameof(context));
        return
        [
            .. CommandChecks.Permitted(context, ActionVerb.Rollback),
            .. Phase(context, release),
            .. WayBack(context, release),
            .. CommandChecks.NothingInFlight(context, ActionVerb.Rollback),
            .. NothingToTakeBack(context, release) ? [] : CommandChecks.TargetCan(context, ActionVerb.Rollback),
            .. CommandChecks.Seen(context),
            .. CommandChecks.Reason(context),
            .. CommandChecks.Confirmed(context, release.Service),
        ];
    }

    private static IEnumerable<Refusal> Phase(ActionContext context, ReleaseState release)
    {
        if (release.Phase is ReleasePhase.RolledBack or ReleasePhase.Superseded)
        {
            yield return new WrongPhaseRefusal(ActionVerb.Rollback, release.Phase);
        }
        else if (release.Phase == ReleasePhase.Done && context.ReplacedBy is { } later)
        {
            yield return new ReplacedRefusal(later);
        }
    }

    /// <summary>A promotion that is being carried out may already have brought the version to someone; without one nobody has it, and ending it needs no target.</summary>
    private static bool NothingToTakeBack(ActionContext context, ReleaseState release) => release.IsUnexposed && context.InFlight?.Phase.IsWaiting() != false;

    private static IEnumerable<Refusal> WayBack(ActionContext context, ReleaseState release)
    {
        if (NothingToTakeBack(context, release))
        {
            yield break;
        }

        if (release.PreviousVersion is null && context.Target is not { ExposesByFlag: true })
        {
            yield return new NoPreviousVersionRefusal();
        }

        if (release.Migration == MigrationClass.Contract)
        {
            yield return new MigrationForbidsRollbackRefusal(release.PreviousVersion, release.SwitchKey);
        }
        else if (release.Doubts != RollbackDoubts.None && context.By.IsService)
        {
            yield return new OnlyAPersonRollsBackRefusal(release.Doubts);
        }
    }
}
