using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Gates;

namespace OpsConsole.Core.Actions.Approve;

/// <summary>The action does not wait for approval.</summary>
public sealed record NotWaitingRefusal(ActionPhase Phase) : Refusal
{
    public override string Sentence => Phase switch
    {
        ActionPhase.Approved => "Enough people have approved this promotion already; it is carried out as soon as every gate passes.",
        ActionPhase.Executing or ActionPhase.Unconfirmed or ActionPhase.Confirmed or ActionPhase.Failed => "This promotion has been carried out already; halt or roll back to stop it.",
        ActionPhase.Rejected => "This promotion was rejected already; ask for it anew.",
        ActionPhase.Expired => "This request for approval has expired; ask for the promotion anew.",
        ActionPhase.Withdrawn => "This request for approval was withdrawn.",
        ActionPhase.PreEmpted => "A stopping action took the place of this promotion.",
        _ => "This promotion does not wait for approval.",
    };
}

/// <summary>The policy wants other roles.</summary>
public sealed record PolicyRoleRefusal(Role Role, IReadOnlyList<string> Wanted) : Refusal, IRoleRefusal
{
    public override string Sentence => $"The policy of this release counts approvals of {string.Join(" or ", Wanted)}, and you act as {Role.Title()}.";
}

/// <summary>A service token speaks for nobody.</summary>
public sealed record ServiceCannotApproveRefusal : Refusal
{
    public override string Sentence => "A service token cannot approve; a person has to look at the evidence.";
}

/// <summary>Nobody approves a change of their own.</summary>
public sealed record AuthorCannotApproveRefusal(string Author) : Refusal
{
    public override string Sentence => $"The change is by {Author}, and nobody approves a change of their own; ask someone else.";
}

/// <summary>Nobody approves what they asked for.</summary>
public sealed record RequesterCannotApproveRefusal(string Requester) : Refusal
{
    public override string Sentence => $"The promotion was asked for by {Requester}, and nobody approves what they asked for; ask someone else.";
}

/// <summary>One word each on the same evidence.</summary>
public sealed record AlreadySpokenRefusal(Approval Word) : Refusal
{
    public override string Sentence => $"This was {(Word.Approved ? "approved" : "rejected")} by {Word.By} at {Wording.Clock(Word.At)} already, on the same evidence; halt the release to stop it.";
}

/// <summary>The person looked at what does not hold any more.</summary>
public sealed record EvidenceChangedRefusal(string? Seen) : Refusal
{
    public override string Sentence => string.IsNullOrEmpty(Seen)
        ? "The approval does not say on which evidence it is given; send the seal that the list of approvals shows."
        : "The evidence has changed since you looked; look at it again, then decide.";
}

/// <summary>Only who asked, or who may approve, takes a request back.</summary>
public sealed record NotYoursToWithdrawRefusal(string Requester) : Refusal, IRoleRefusal
{
    public override string Sentence =>
        $"The promotion was asked for by {Requester}; only {Requester}, a release manager, an admin, or someone whose approval its policy counts can withdraw it.";
}
