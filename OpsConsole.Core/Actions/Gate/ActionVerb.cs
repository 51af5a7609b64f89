using OpsConsole.Core.Access;

namespace OpsConsole.Core.Actions.Gate;

/// <summary>What can be asked of the gate.</summary>
public enum ActionVerb
{
    Promote,
    Halt,
    Resume,
    Rollback,
    Kill,
    Restore,
}

/// <summary>How far an action has come.</summary>
public enum ActionPhase
{
    Requested,
    AwaitingApproval,
    Approved,

    /// <summary>The target has been or is being asked; what it did is not known yet.</summary>
    Executing,

    /// <summary>Read back from the target: it is so.</summary>
    Confirmed,

    /// <summary>The target said no, or the effect was read back as not there.</summary>
    Failed,

    /// <summary>The target did not answer in time, so whether it happened is not known. The console goes on asking.</summary>
    Unconfirmed,

    Refused,
    Rejected,
    Expired,
    Withdrawn,

    /// <summary>A stopping action took its place before it was done.</summary>
    PreEmpted,
}

/// <summary>Facts about verbs and phases that several rules share.</summary>
public static class ActionFacts
{
    /// <summary>True for what takes exposure away or stops it growing; such an action needs no telemetry and pre-empts a promotion.</summary>
    public static bool IsStopping(this ActionVerb verb) => verb is ActionVerb.Halt or ActionVerb.Rollback or ActionVerb.Kill;

    /// <summary>True while the action holds its release's single place in flight.</summary>
    public static bool IsInFlight(this ActionPhase phase) => phase <= ActionPhase.Executing || phase == ActionPhase.Unconfirmed;

    /// <summary>True while the action waits for people or for its gates, and nothing was asked of its target.</summary>
    public static bool IsWaiting(this ActionPhase phase) => phase is ActionPhase.Requested or ActionPhase.AwaitingApproval or ActionPhase.Approved;

    /// <summary>True when an action of this verb takes the place of one in flight: what stops more never waits for what stops less or grows.</summary>
    public static bool PreEmpts(this ActionVerb verb, ActionVerb inFlight) => verb switch
    {
        ActionVerb.Halt => inFlight is ActionVerb.Promote or ActionVerb.Resume,
        ActionVerb.Rollback => inFlight is ActionVerb.Promote or ActionVerb.Resume or ActionVerb.Halt,
        ActionVerb.Kill => inFlight is ActionVerb.Restore,
        _ => false,
    };

    /// <summary>The permission that a verb needs.</summary>
    public static Permission Permission(this ActionVerb verb) => verb switch
    {
        ActionVerb.Promote => Access.Permission.ReleasesPromote,
        ActionVerb.Halt => Access.Permission.ReleasesHalt,
        ActionVerb.Resume => Access.Permission.ReleasesResume,
        ActionVerb.Rollback => Access.Permission.ReleasesRollback,
        ActionVerb.Kill => Access.Permission.SwitchesKill,
        ActionVerb.Restore => Access.Permission.SwitchesRestore,
        _ => throw new ArgumentOutOfRangeException(nameof(verb), verb, "Unknown verb."),
    };

    /// <summary>The verb in the middle of a sentence: "roll back".</summary>
    public static string Phrase(this ActionVerb verb) => verb switch
    {
        ActionVerb.Kill => "throw the kill switch",
        ActionVerb.Restore => "restore the switch",
        _ => verb.Label().ToLowerInvariant(),
    };

    /// <summary>The verb as a noun at the beginning of a sentence: "The roll back".</summary>
    public static string Noun(this ActionVerb verb) => verb switch
    {
        ActionVerb.Promote => "The promotion",
        ActionVerb.Halt => "The halt",
        ActionVerb.Resume => "The resumption",
        ActionVerb.Rollback => "The roll back",
        ActionVerb.Kill => "The kill",
        ActionVerb.Restore => "The restore",
        _ => throw new ArgumentOutOfRangeException(nameof(verb), verb, "Unknown verb."),
    };

    /// <summary>The verb as the record and addresses write it: "rollback".</summary>
    public static string Code(this ActionVerb verb) => verb.ToString().ToLowerInvariant();

    /// <summary>The verb as a button carries it.</summary>
    public static string Label(this ActionVerb verb) => verb switch
    {
        ActionVerb.Promote => "Promote",
        ActionVerb.Halt => "Halt",
        ActionVerb.Resume => "Resume",
        ActionVerb.Rollback => "Roll back",
        ActionVerb.Kill => "Kill switch",
        ActionVerb.Restore => "Restore",
        _ => throw new ArgumentOutOfRangeException(nameof(verb), verb, "Unknown verb."),
    };
}
