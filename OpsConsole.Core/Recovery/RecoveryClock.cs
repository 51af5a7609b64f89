namespace OpsConsole.Core.Recovery;

/// <summary>How a recovery ended.</summary>
public enum RecoveryEnding
{
    /// <summary>A move was made, and the signals were back inside their limits for their hold time.</summary>
    Verified,

    /// <summary>The signals came back without a move.</summary>
    ByItself,

    /// <summary>The release ended another way before it was verified.</summary>
    Left,
}

/// <summary>The clock of one recovery: from the first bad sample to signals back inside their limits. Every time is taken from data, none is typed in; each is set once, and never before the one it follows, however clocks jump.</summary>
public sealed class RecoveryClock
{
    /// <summary>UUID version 7.</summary>
    public required Guid Id { get; init; }

    public required Guid ReleaseId { get; init; }

    public required string Service { get; init; }

    public required string Target { get; init; }

    public required string Environment { get; init; }

    public required string Version { get; init; }

    public required FaultKind Fault { get; init; }

    /// <summary>Name of the signal that broke first, for people.</summary>
    public required string Signal { get; init; }

    /// <summary>Time of the first bad sample.</summary>
    public required DateTimeOffset OnsetAt { get; init; }

    /// <summary>When the console's verdict failed, or a trigger fired.</summary>
    public required DateTimeOffset DetectedAt { get; init; }

    /// <summary>When a person first took note of it.</summary>
    public DateTimeOffset? AcknowledgedAt { get; private set; }

    public string? AcknowledgedBy { get; private set; }

    /// <summary>When the first move was asked of the gate.</summary>
    public DateTimeOffset? DecidedAt { get; private set; }

    public RecoveryMove? Move { get; private set; }

    public Guid? ActionId { get; private set; }

    /// <summary>When the target was asked.</summary>
    public DateTimeOffset? AppliedAt { get; private set; }

    /// <summary>When the target was read back in the state asked for.</summary>
    public DateTimeOffset? ConfirmedAt { get; private set; }

    /// <summary>When the signals had been back inside their limits for their hold time.</summary>
    public DateTimeOffset? VerifiedAt { get; private set; }

    /// <summary>The release that fixes forward, once one is registered as that.</summary>
    public Guid? SuccessorId { get; private set; }

    public RecoveryEnding? Ending { get; private set; }

    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>How many were hurt so far, and who still has the bad version, as JSON (<see cref="Exposure"/>).</summary>
    public string ExposureJson { get; private set; } = "{}";

    /// <summary>Grows with every change.</summary>
    public int Revision { get; private set; }

    public void Acknowledge(string by, DateTimeOffset at)
    {
        if (AcknowledgedAt is null && Ending is null)
        {
            (AcknowledgedAt, AcknowledgedBy) = (Later(at, DetectedAt), by);
            Revision++;
        }
    }

    /// <summary>A move was asked for. A later, stronger one (a roll back after a halt) takes its place; the time of the first decision stays.</summary>
    public void Decide(RecoveryMove move, Guid? actionId, DateTimeOffset at)
    {
        DecidedAt ??= Later(at, DetectedAt);
        if (Move != move || ActionId != actionId)
        {
            (Move, ActionId, AppliedAt, ConfirmedAt) = (move, actionId, null, null);
            Revision++;
        }
    }

    /// <summary>What was done was undone: there is no move any more. That something was decided, and when, stays.</summary>
    public void Withdraw()
    {
        if (Move is not null && Ending is null)
        {
            (Move, ActionId, AppliedAt, ConfirmedAt) = (null, null, null, null);
            Revision++;
        }
    }

    public void Apply(DateTimeOffset at)
    {
        if (AppliedAt is null)
        {
            AppliedAt = Later(at, DecidedAt ?? DetectedAt);
            Revision++;
        }
    }

    public void Confirm(DateTimeOffset at)
    {
        if (ConfirmedAt is null)
        {
            ConfirmedAt = Later(at, AppliedAt ?? DecidedAt ?? DetectedAt);
            Revision++;
        }
    }

    public void FixForward(Guid successor)
    {
        if (SuccessorId != successor)
        {
            SuccessorId = successor;
            Revision++;
        }
    }

    public void End(RecoveryEnding ending, DateTimeOffset at)
    {
        if (Ending is null)
        {
            EndedAt = Later(at, ConfirmedAt ?? AppliedAt ?? DecidedAt ?? DetectedAt);
            VerifiedAt = ending == RecoveryEnding.Verified ? EndedAt : null;
            Ending = ending;
            Revision++;
        }
    }

    public void Measure(string exposureJson)
    {
        if (ExposureJson != exposureJson)
        {
            ExposureJson = exposureJson;
            Revision++;
        }
    }

    /// <summary>The same in another object, unknown to any store.</summary>
    internal RecoveryClock Copy() => (RecoveryClock)MemberwiseClone();

    /// <summary>Becomes what a copy of it has become meanwhile.</summary>
    internal void Become(RecoveryClock later)
    {
        (AcknowledgedAt, AcknowledgedBy, DecidedAt, Move, ActionId) = (later.AcknowledgedAt, later.AcknowledgedBy, later.DecidedAt, later.Move, later.ActionId);
        (AppliedAt, ConfirmedAt, VerifiedAt, SuccessorId) = (later.AppliedAt, later.ConfirmedAt, later.VerifiedAt, later.SuccessorId);
        (Ending, EndedAt, ExposureJson, Revision) = (later.Ending, later.EndedAt, later.ExposureJson, later.Revision);
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}

/// <summary>Where clocks are kept.</summary>
public interface IRecoveryStore
{
    /// <summary>Adds the clock, or saves it where its stored revision is the one it was read at. False when someone else was quicker.</summary>
    Task<bool> SaveAsync(RecoveryClock clock, CancellationToken cancellationToken);

    /// <summary>Those that run.</summary>
    Task<IReadOnlyList<RecoveryClock>> RunningAsync(CancellationToken cancellationToken);

    /// <summary>Of one release, newest first.</summary>
    Task<IReadOnlyList<RecoveryClock>> ForReleaseAsync(Guid releaseId, CancellationToken cancellationToken);

    /// <summary>The latest of all, newest first. At most 500.</summary>
    Task<IReadOnlyList<RecoveryClock>> LatestAsync(int take, CancellationToken cancellationToken);
}
