using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Actions.Resume;

/// <summary>When a halted release may go on. Resuming exposes nobody new: the hold of the stage starts again, and the next promotion is gated on evidence.</summary>
public static class ResumeRule
{
    /// <summary>Every reason against resuming; empty when it is allowed.</summary>
    public static IReadOnlyList<Refusal> Judge(ActionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var release = context.Release ?? throw new ArgumentException("Resuming is judged on a release.", nameof(context));
        return
        [
            .. CommandChecks.Permitted(context, ActionVerb.Resume),
            .. Phase(release),
            .. release.Phase == ReleasePhase.Halted ? CommandChecks.OnBoard(context) : [],
            .. CommandChecks.NothingInFlight(context, ActionVerb.Resume),
            .. CommandChecks.TargetCan(context, ActionVerb.Resume),
            .. CommandChecks.Seen(context),
            .. CommandChecks.Reason(context),
        ];
    }

    private static IEnumerable<Refusal> Phase(ReleaseState release)
    {
        if (!release.Phase.IsLive())
        {
            yield return new WrongPhaseRefusal(ActionVerb.Resume, release.Phase);
        }
        else if (release.Phase != ReleasePhase.Halted)
        {
            yield return new NotHaltedRefusal();
        }
    }
}
