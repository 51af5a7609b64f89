using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Core.Recovery;

/// <summary>Whether a move can be made: asked of the rules that the gate asks.</summary>
public static class MoveRules
{
    /// <summary>The action that a move is; null for watching, which is none, and for fixing forward, which is a registration.</summary>
    public static ActionVerb? Verb(this RecoveryMove move) => move switch
    {
        RecoveryMove.Rollback => ActionVerb.Rollback,
        RecoveryMove.Halt => ActionVerb.Halt,
        RecoveryMove.Kill => ActionVerb.Kill,
        RecoveryMove.Resume => ActionVerb.Resume,
        RecoveryMove.Complete => ActionVerb.Promote,
        _ => null,
    };

    /// <summary>Every reason against the move; empty when it is possible.</summary>
    public static IReadOnlyList<Refusal> Judge(RecoveryMove move, ActionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return move.Verb() is { } verb ? ActionRules.Judge(verb, context)
            : move == RecoveryMove.FixForward ? FixForwardRule.Judge(context.Release!, context.InFlight)
            : [];
    }
}
