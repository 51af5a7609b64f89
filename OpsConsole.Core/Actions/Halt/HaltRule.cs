using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Actions.Halt;

/// <summary>When growth may be stopped: always, while there is a release that could grow. Needs neither telemetry nor a seen version.</summary>
public static class HaltRule
{
    /// <summary>Every reason against the halt; empty when it is allowed.</summary>
    public static IReadOnlyList<Refusal> Judge(ActionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var release = context.Release ?? throw new ArgumentException("A halt is judged on a release.", nameof(context));
        return
        [
            .. CommandChecks.Permitted(context, ActionVerb.Halt),
            .. Phase(context, release),
            .. CommandChecks.NothingInFlight(context, ActionVerb.Halt),
            .. CommandChecks.TargetCan(context, ActionVerb.Halt),
            .. Full(context, release),
            .. CommandChecks.Reason(context),
        ];
    }

    private static IEnumerable<Refusal> Phase(ActionContext context, ReleaseState release)
    {
        if (!release.Phase.IsLive())
        {
            yield return new WrongPhaseRefusal(ActionVerb.Halt, release.Phase);
        }
        else if (release.Phase == ReleasePhase.Halted && context.InFlight?.Verb != ActionVerb.Resume)
        {
            yield return new AlreadyHaltedRefusal();
        }
    }

    private static IEnumerable<Refusal> Full(ActionContext context, ReleaseState release)
    {
        if (context.Target is { HaltsAtFull: false } target && release.Phase == ReleasePhase.Watching)
        {
            yield return new CannotHaltFullRefusal(target.Title);
        }
    }
}
