using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Core.Actions.Kill;

/// <summary>When a killed switch may be turned on again. Restoring everywhere leaves what is killed in single environments; restoring one environment does not undo a kill everywhere.</summary>
public static class RestoreRule
{
    /// <summary>Every reason against restoring; empty when it is allowed.</summary>
    public static IReadOnlyList<Refusal> Judge(ActionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return
        [
            .. CommandChecks.Permitted(context, ActionVerb.Restore),
            .. State(context),
            .. context.InFlight is { Verb: ActionVerb.Kill or ActionVerb.Restore } ? CommandChecks.NothingInFlight(context, ActionVerb.Restore) : [],
            .. CommandChecks.Reason(context),
        ];
    }

    private static IEnumerable<Refusal> State(ActionContext context)
    {
        if (context.Switch is not { } value)
        {
            yield return new NoSwitchRefusal();
        }
        else if (context.SwitchIn is { } there)
        {
            if (value.Killed)
            {
                yield return new KilledEverywhereRefusal(value.Key, there.Environment!, value.ChangedAt);
            }
            else if (!there.Killed)
            {
                yield return new NotKilledRefusal(value.Key, there.Environment);
            }
        }
        else if (!value.Killed)
        {
            yield return new NotKilledRefusal(value.Key);
        }
    }
}
