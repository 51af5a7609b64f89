using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Core.Actions.Kill;

/// <summary>When a switch may be killed: always. Needs neither telemetry nor a seen version.</summary>
public static class KillRule
{
    /// <summary>Every reason against the kill; empty when it is allowed.</summary>
    public static IReadOnlyList<Refusal> Judge(ActionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return
        [
            .. CommandChecks.Permitted(context, ActionVerb.Kill),
            .. State(context),
            .. CommandChecks.Reason(context),
        ];
    }

    private static IEnumerable<Refusal> State(ActionContext context)
    {
        if (context.Switch is not { } value)
        {
            yield return new NoSwitchRefusal();
        }
        else if (value.ArchivedAt is { } archivedAt)
        {
            yield return new ArchivedSwitchRefusal(value.Key, archivedAt);
        }
        else if (value is { Killed: true, Environment: null } && context.InFlight?.Verb != ActionVerb.Restore)
        {
            // Everywhere is also there.
            yield return new AlreadyKilledRefusal(value.Key, value.ChangedAt);
        }
        else if (context.SwitchIn is { Killed: true } there && context.InFlight?.Verb != ActionVerb.Restore)
        {
            yield return new AlreadyKilledRefusal(value.Key, there.ChangedAt, there.Environment);
        }
    }
}
