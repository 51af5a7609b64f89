using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Gates;

namespace OpsConsole.Core.Actions.Approve;

/// <summary>Where the words of people are kept. They are added with the action they are about (<see cref="ActionChange.Approvals"/>).</summary>
public interface IApprovalStore
{
    /// <summary>Every word on these actions, oldest first.</summary>
    Task<IReadOnlyList<Approval>> ForActionsAsync(IReadOnlyCollection<Guid> actions, CancellationToken cancellationToken);

    /// <summary>Actions that needed approval and do not wait any more, newest first.</summary>
    Task<IReadOnlyList<ReleaseAction>> DecidedAsync(int take, CancellationToken cancellationToken);
}

/// <summary>One word as a list shows it.</summary>
/// <param name="Word">What was said.</param>
/// <param name="Lapsed">Why it does not count any more, or did not in the end; null while it does, and for a rejection.</param>
public sealed record ShownWord(Approval Word, string? Lapsed)
{
    /// <summary>Why it lapsed, as the end of "which lapsed: …"; null while it counts, and for a rejection.</summary>
    public string? LapsedBecause => Lapsed is null ? null : LapsedWords.Why(Word.By, Lapsed);
}

/// <summary>A promotion that waits, or has waited, for approval, as a person sees it.</summary>
public sealed record ApprovalRequest
{
    public required ReleaseAction Action { get; init; }

    /// <summary>"shop 2.15.0 on gateway, production".</summary>
    public required string Title { get; init; }

    /// <summary>Who made the change, if known.</summary>
    public string? Author { get; init; }

    /// <summary>Seal of the evidence that is shown here: what an approval has to name.</summary>
    public required string Seal { get; init; }

    public required int Needed { get; init; }

    /// <summary>Approvals that count now; once it is decided, that counted in the end.</summary>
    public required int Given { get; init; }

    /// <summary>Why this console does not go on with it although it is approved, in words: it hangs on people who signed in at another one. Null where that is not so.</summary>
    public string? DecidedElsewhere { get; init; }

    public IReadOnlyList<ShownWord> Words { get; init; } = [];

    /// <summary>Every gate of the promotion as it stands; once it is decided, those of its policy as they stood in the end.</summary>
    public IReadOnlyList<GateResult> Gates { get; init; } = [];

    /// <summary>What changes and what speaks for it; null once it is decided.</summary>
    public DecisionBrief? Brief { get; init; }

    /// <summary>Why the reader may not approve; empty where they may.</summary>
    public IReadOnlyList<Refusal> AgainstApproving { get; init; } = [];

    /// <summary>Why the reader may not reject.</summary>
    public IReadOnlyList<Refusal> AgainstRejecting { get; init; } = [];

    /// <summary>Why the reader may not withdraw.</summary>
    public IReadOnlyList<Refusal> AgainstWithdrawing { get; init; } = [];
}

/// <summary>What waits for approval, and deciding on it.</summary>
public interface IApprovals
{
    /// <summary>What waits, those that the reader may decide first, then the oldest.</summary>
    Task<IReadOnlyList<ApprovalRequest>> WaitingAsync(Operator reader, CancellationToken cancellationToken);

    /// <summary>What was decided last, newest first.</summary>
    Task<IReadOnlyList<ApprovalRequest>> DecidedAsync(int take, CancellationToken cancellationToken);

    /// <summary>Takes an approval, a rejection or a withdrawal. Role and evidence are read anew.</summary>
    Task<GateAnswer> SayAsync(ApprovalCommand command, Operator by, CancellationToken cancellationToken);
}
