using OpsConsole.Core.Access;
using OpsConsole.Core.Board;

namespace OpsConsole.Core.Actions.Gate;

/// <summary>Checks that several rules share. Each yields nothing when all is well; what belongs to a command yields nothing in a preview.</summary>
internal static class CommandChecks
{
    public static IEnumerable<Refusal> Permitted(ActionContext context, ActionVerb verb)
    {
        var permission = verb.Permission();
        if (!PermissionTable.Allows(context.By.Role, permission))
        {
            yield return new NotPermittedRefusal(verb, context.By.Role) { SeenFrom = context.By.SeenFrom };
        }
        else if (context.By.Scope is { } scope ? !scope.Holds(permission) : context.By.Role == Role.Service)
        {
            yield return new NotInScopeRefusal(context.By.Scope?.WhyNot(permission, verb.Phrase()) ?? $"may not {verb.Phrase()}: it has no scope");
        }
        else if (context.By.UnconfirmedSince is { } since && !PermissionTable.HoldsUnconfirmed(permission))
        {
            yield return new RolesUnconfirmedRefusal(since);
        }
    }

    public static IEnumerable<Refusal> NothingInFlight(ActionContext context, ActionVerb verb)
    {
        if (context.InFlight is { } action && !verb.PreEmpts(action.Verb))
        {
            yield return new AlreadyInFlightRefusal(verb, action);
        }
    }

    public static IEnumerable<Refusal> TargetCan(ActionContext context, ActionVerb verb)
    {
        if (context.Target is not { } target)
        {
            yield return new TargetNotConnectedRefusal(context.Release!.Target);
        }
        else if (!target.Verbs.Contains(verb))
        {
            yield return new TargetCannotRefusal(verb, target.Title, target.Instead.GetValueOrDefault(verb));
        }
    }

    public static IEnumerable<Refusal> Reason(ActionContext context)
    {
        if (context.Command is not { } command)
        {
            yield break;
        }

        var length = command.Reason?.Trim().Length ?? 0;
        if (length < ActionCommand.MinReasonLength)
        {
            yield return new ReasonTooShortRefusal(length);
        }
        else if (length > ActionCommand.MaxReasonLength)
        {
            yield return new ReasonTooLongRefusal(length);
        }
    }

    public static IEnumerable<Refusal> Confirmed(ActionContext context, string expected)
    {
        if (context.Command is { } command && !string.Equals(command.Confirmation?.Trim(), expected, StringComparison.Ordinal))
        {
            yield return new WrongConfirmationRefusal(expected, command.Confirmation);
        }
    }

    /// <summary>The decision was made on what still holds. Without a snapshot only its absence can be found. What stops may leave it out: whoever cannot read the board now still stops.</summary>
    public static IEnumerable<Refusal> Seen(ActionContext context)
    {
        if (context.Command is not { } command)
        {
            yield break;
        }

        if (command.SeenVersion is not { } seen)
        {
            if (!command.Verb.IsStopping())
            {
                yield return new MissingSeenVersionRefusal();
            }
        }
        else if (context.Snapshot is { } snapshot)
        {
            if (seen > snapshot.SnapshotVersion)
            {
                yield return new UnknownSeenVersionRefusal(seen, snapshot.SnapshotVersion);
            }
            else if (DecidedOn(command.Verb, snapshot) is var changed && seen < changed)
            {
                yield return new StaleSeenVersionRefusal(seen, changed);
            }
        }
    }

    /// <summary>Going on is decided on the verdict too. Taking exposure back is not: while a release fails, its verdict comes and goes with the data, and that must not hold up whoever stops it.</summary>
    private static long DecidedOn(ActionVerb verb, ReleaseSnapshot snapshot) => verb.IsStopping() ? snapshot.StateVersion : snapshot.DecisionVersion;

    /// <summary>There is a snapshot, and it is of the release as recorded.</summary>
    public static IEnumerable<Refusal> OnBoard(ActionContext context)
    {
        if (context.Snapshot is not { } snapshot)
        {
            yield return new NotOnBoardRefusal();
        }
        else if (snapshot.Revision != context.Release!.Revision)
        {
            yield return new BoardBehindRefusal();
        }
    }
}
