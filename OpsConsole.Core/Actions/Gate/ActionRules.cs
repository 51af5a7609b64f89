using OpsConsole.Core.Actions.Halt;
using OpsConsole.Core.Actions.Kill;
using OpsConsole.Core.Actions.Promote;
using OpsConsole.Core.Actions.Resume;
using OpsConsole.Core.Actions.Rollback;

namespace OpsConsole.Core.Actions.Gate;

/// <summary>From a verb to its rule.</summary>
public static class ActionRules
{
    /// <summary>Every reason against the action; empty when it is allowed.</summary>
    public static IReadOnlyList<Refusal> Judge(ActionVerb verb, ActionContext context) => verb switch
    {
        ActionVerb.Promote => PromoteRule.Judge(context),
        ActionVerb.Halt => HaltRule.Judge(context),
        ActionVerb.Resume => ResumeRule.Judge(context),
        ActionVerb.Rollback => RollbackRule.Judge(context),
        ActionVerb.Kill => KillRule.Judge(context),
        ActionVerb.Restore => RestoreRule.Judge(context),
        _ => throw new ArgumentOutOfRangeException(nameof(verb), verb, "Unknown verb."),
    };
}
