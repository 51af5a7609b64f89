using OpsConsole.Core.Access;
using OpsConsole.Core.Board;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Actions.Gate;

/// <summary>Marks a refusal that says the wish is already fulfilled: the gate answers a command with the action that did it.</summary>
public interface IAlreadyInForce;

/// <summary>The role does not have the permission.</summary>
public sealed record NotPermittedRefusal(ActionVerb Verb, Role? Role) : Refusal
{
    /// <inheritdoc cref="Operator.SeenFrom"/>
    public string? SeenFrom { get; init; }

    public override string Sentence => Role is { } role
        ? RoleTitles.MayNot(role, SeenFrom, Verb.Phrase(), Verb.Permission())
        : $"You are signed out, or your access was withdrawn; sign in again, or ask someone who is {RoleTitles.Join(PermissionTable.PeopleWith(Verb.Permission()))}.";
}

/// <summary>The scope of a service token does not hold it here.</summary>
/// <param name="Why">Why not, to follow "This token".</param>
public sealed record NotInScopeRefusal(string Why) : Refusal, IRoleRefusal
{
    public override string Sentence => $"This token {Why}; ask for a token that holds it.";
}

/// <summary>The sign-in service could not be asked whether the role still holds.</summary>
public sealed record RolesUnconfirmedRefusal(DateTimeOffset Since) : Refusal, IRoleRefusal
{
    public override string Sentence => OperatorRights.Unconfirmed(Since);
}

/// <summary>The release is not in a phase in which the verb makes sense.</summary>
public sealed record WrongPhaseRefusal(ActionVerb Verb, ReleasePhase Phase) : Refusal
{
    public override string Sentence => Phase switch
    {
        ReleasePhase.Registered => $"Nobody has this release yet, so there is nothing to {Verb.Phrase()}; promote it to its first stage.",
        ReleasePhase.RollingOut => $"The release is rolling out, so there is nothing to {Verb.Phrase()}.",
        ReleasePhase.Halted => $"The release is halted; resume it before you {Verb.Phrase()} it.",
        ReleasePhase.Watching => $"The release is at 100 % and being watched, so there is nothing to {Verb.Phrase()}.",
        ReleasePhase.Done => $"The release is done, so there is nothing to {Verb.Phrase()}; roll it back or register a later one.",
        ReleasePhase.RolledBack => $"The release was rolled back, so there is nothing to {Verb.Phrase()}; register a corrected version.",
        ReleasePhase.Superseded => $"A later release took over, so there is nothing to {Verb.Phrase()}; act on the later one.",
        _ => $"The release is in an unknown phase, so it cannot {Verb.Phrase()}.",
    };
}

/// <summary>Another action on the same release or switch is under way.</summary>
public sealed record AlreadyInFlightRefusal(ActionVerb Verb, ActionSummary Action) : Refusal
{
    public override string Sentence => Action.Phase.IsWaiting()
        ? $"{Action.Verb.Noun()} by {Action.RequestedBy} at {Wording.Clock(Action.RequestedAt)} {Waits}. Withdraw it, or halt or roll back, which take its place."
        : Action.Phase == ActionPhase.Unconfirmed
        ? $"{Action.Verb.Noun()} by {Action.RequestedBy} at {Wording.Clock(Action.RequestedAt)} is not confirmed by the target yet; the console goes on asking. {Instead}"
        : $"{Action.Verb.Noun()} by {Action.RequestedBy} at {Wording.Clock(Action.RequestedAt)} is under way. {Instead}";

    private string Waits => Action switch
    {
        { Phase: not ActionPhase.Approved } => "waits for approval",
        { HangsOn: not null } => "is approved, and this console does not go on with it: it hangs on people of whom it knows nothing",
        _ => "waits approved for its gates",
    };

    private string Instead => Action.Verb switch
    {
        ActionVerb.Rollback => "It takes everyone off this version, which does more; wait for it.",
        ActionVerb.Promote or ActionVerb.Resume => "Wait for it, or halt or roll back, which take its place.",
        ActionVerb.Halt => "Wait for it, or roll back, which takes its place.",
        ActionVerb.Restore => "Wait for it, or kill, which takes its place.",
        _ => "Wait for it.",
    };
}

/// <summary>Nothing in the console can reach the release's target.</summary>
public sealed record TargetNotConnectedRefusal(string Target) : Refusal
{
    public override string Sentence => $"The target {Target} is not connected to this console; act on the target itself, or ask an admin to connect it.";
}

/// <summary>The target has no such verb.</summary>
public sealed record TargetCannotRefusal(ActionVerb Verb, string Title, string? Instead) : Refusal
{
    public override string Sentence => $"{char.ToUpperInvariant(Title[0])}{Title[1..]} cannot {Verb.Phrase()}. {Instead ?? "Halt the release, kill its switch and fix forward."}";
}

/// <summary>The release is not on the live board, so there is no evidence to decide on.</summary>
public sealed record NotOnBoardRefusal : Refusal
{
    public override string Sentence => "The release is not on the live board yet, so there is no evidence to decide on; wait a few seconds and look again.";
}

/// <summary>The board shows an older state of the release than the record.</summary>
public sealed record BoardBehindRefusal : Refusal
{
    public override string Sentence => "The release has just changed and the board is catching up, so its evidence is of an earlier state; look again in a second.";
}

/// <summary>Others changed the release again and again while it was judged.</summary>
public sealed record ContendedRefusal : Refusal
{
    public override string Sentence => "The release or switch was changed by others several times while this was judged; look again, then ask again.";
}
