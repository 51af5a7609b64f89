using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Web.Components.Actions;

/// <summary>Reasons that are often right, so that nobody has to type at night. They are only put into the field, where they can be changed.</summary>
public static class ReasonPicks
{
    /// <summary>Picks for a verb; the first is what the console itself sees, where it sees something.</summary>
    public static IReadOnlyList<string> For(ActionVerb verb, string? observed)
    {
        string[] usual = verb switch
        {
            ActionVerb.Promote => ["Gates pass, nothing unusual seen", "Agreed with the owner"],
            ActionVerb.Halt => ["Looking into it before it grows", "Users report a problem"],
            ActionVerb.Resume => ["Cause found outside this release", "False alarm, checked with the owner"],
            ActionVerb.Rollback => ["Users report a problem", "Rollback drill"],
            ActionVerb.Kill => ["This feature is the cause", "Kill switch drill"],
            ActionVerb.Restore => ["Fixed and checked", "Not the cause"],
            _ => [],
        };
        return observed is { Length: >= ActionCommand.MinReasonLength and <= ActionCommand.MaxReasonLength } && verb.IsStopping() ? [observed, .. usual] : usual;
    }
}
