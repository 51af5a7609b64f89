namespace OpsConsole.Core.Recovery;

/// <summary>What can be done about a bad release.</summary>
public enum RecoveryMove
{
    /// <summary>Nothing is wrong, or nothing that asks for a move.</summary>
    Watch,
    Rollback,
    Halt,
    Kill,
    FixForward,
    Resume,
    Complete,
}

/// <summary>What broke.</summary>
public enum FaultKind
{
    None,

    /// <summary>Cannot be judged: missing, stale or too little.</summary>
    Unknown,

    /// <summary>Seen by a person or a signal outside the four families; users can do what they came for.</summary>
    Cosmetic,
    Latency,
    Business,
    Errors,
    Crash,
}

/// <summary>One move for one release in its present state.</summary>
public sealed record MoveAdvice
{
    public required RecoveryMove Move { get; init; }

    /// <summary>False where it cannot be done now; <see cref="Why"/> says why.</summary>
    public required bool Possible { get; init; }

    /// <summary>One sentence: why it is recommended, possible or not possible.</summary>
    public required string Why { get; init; }

    /// <summary>From this target's own record: "48 ms here (p95 91 ms, n 6, last 3 d ago)", or that it was never measured here.</summary>
    public required string HowLong { get; init; }

    /// <summary>One sentence: who has the bad version afterwards.</summary>
    public required string StaysExposed { get; init; }

    /// <summary>One sentence: what it costs.</summary>
    public required string Cost { get; init; }
}

/// <summary>The playbook's word on one release.</summary>
/// <param name="Fault">What broke.</param>
/// <param name="Recommended">The move to make; always possible, <see cref="RecoveryMove.Watch"/> where nothing is to be done.</param>
/// <param name="Why">One sentence for the board.</param>
/// <param name="NotRollingBack">Why not to roll back, where that is the point; else null.</param>
/// <param name="Moves">All moves: the recommended one, then those that are possible, then the others.</param>
public sealed record PlaybookAdvice(FaultKind Fault, RecoveryMove Recommended, string Why, string? NotRollingBack, IReadOnlyList<MoveAdvice> Moves)
{
    /// <summary>True when the other one reads the same, word for word.</summary>
    public bool SaysTheSameAs(PlaybookAdvice? other) => other is not null
        && (Fault, Recommended, Why, NotRollingBack) == (other.Fault, other.Recommended, other.Why, other.NotRollingBack) && Moves.SequenceEqual(other.Moves);
}
