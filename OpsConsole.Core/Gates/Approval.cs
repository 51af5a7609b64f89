using OpsConsole.Core.Board;

namespace OpsConsole.Core.Gates;

/// <summary>One person's word on a promotion that waits for approval. It counts only while the evidence is what it was given on.</summary>
public sealed class Approval
{
    /// <summary>UUID version 7.</summary>
    public required Guid Id { get; init; }

    /// <summary>The promotion that it is about.</summary>
    public required Guid ActionId { get; init; }

    public required Guid ReleaseId { get; init; }

    public required string By { get; init; }

    public required string Role { get; init; }

    /// <summary>False: rejected, which ends the request.</summary>
    public required bool Approved { get; init; }

    public string? Comment { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Seal of the evidence that the person saw (<see cref="PolicyGateResults.Seal"/>).</summary>
    public required string Seal { get; init; }
}

/// <summary>A gate that a named person let pass for one release, for a time, with a reason.</summary>
public sealed class Waiver
{
    /// <summary>UUID version 7.</summary>
    public required Guid Id { get; init; }

    public required Guid ReleaseId { get; init; }

    /// <summary>Name of the gate, for example <c>evidence: unit</c>.</summary>
    public required string Gate { get; init; }

    public required string Reason { get; init; }

    public required string By { get; init; }

    public required string Role { get; init; }

    public required DateTimeOffset At { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>How the gate stood when it was given: what fails later was not waived by who waived what was only unknown. Null where that was not recorded yet.</summary>
    public Verdict? GivenOn { get; init; }

    /// <summary>When it was taken back before it expired.</summary>
    public DateTimeOffset? RevokedAt { get; private set; }

    public string? RevokedBy { get; private set; }

    /// <summary>Grows with every change.</summary>
    public int Revision { get; private set; }

    public bool HoldsAt(DateTimeOffset now) => RevokedAt is null && now < ExpiresAt;

    public void Revoke(string by, DateTimeOffset at)
    {
        (RevokedBy, RevokedAt) = (by, at);
        Revision++;
    }
}

/// <summary>An artifact that was rejected: refused on every target until an admin lifts it on record.</summary>
public sealed class RejectedDigest
{
    /// <summary>What gates name as their source that are judged on rejections.</summary>
    public const string Record = "rejected artifacts";

    /// <summary>UUID version 7.</summary>
    public required Guid Id { get; init; }

    public required string Digest { get; init; }

    /// <summary>In words: "shop 2.15.0".</summary>
    public required string Title { get; init; }

    public required string Reason { get; init; }

    public required string By { get; init; }

    public required DateTimeOffset At { get; init; }

    public DateTimeOffset? LiftedAt { get; private set; }

    public string? LiftedBy { get; private set; }

    public string? LiftReason { get; private set; }

    /// <summary>Grows with every change.</summary>
    public int Revision { get; private set; }

    public bool IsInForce => LiftedAt is null;

    public void Lift(string by, string reason, DateTimeOffset at)
    {
        (LiftedBy, LiftReason, LiftedAt) = (by, reason, at);
        Revision++;
    }
}
