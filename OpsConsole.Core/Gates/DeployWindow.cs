namespace OpsConsole.Core.Gates;

/// <summary>What a window says.</summary>
public enum DeployWindowKind
{
    /// <summary>Promotions are allowed only inside windows of this kind, where any is defined for the place.</summary>
    Allow,

    /// <summary>No promotion inside it.</summary>
    Freeze,
}

/// <summary>A time in which releases may, or may not, be promoted. Stopping is possible at any time.</summary>
public sealed class DeployWindow
{
    /// <summary>UUID version 7.</summary>
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public required DeployWindowKind Kind { get; init; }

    /// <summary>Null: every service.</summary>
    public string? Service { get; init; }

    /// <summary>Null: every target.</summary>
    public string? Target { get; init; }

    /// <summary>Null: every environment.</summary>
    public string? Environment { get; init; }

    /// <summary>Days of the week on which it begins, Monday first, as a mask (1 Monday … 64 Sunday); 0: it does not recur and lies between <see cref="From"/> and <see cref="To"/>.</summary>
    public int Days { get; init; }

    /// <summary>Local time at which it begins on those days.</summary>
    public TimeSpan StartsAt { get; init; }

    /// <summary>How long it lasts on each of them, at most 24 h.</summary>
    public TimeSpan Lasts { get; init; }

    /// <summary>IANA name of the time zone of <see cref="StartsAt"/>, for example <c>Europe/Berlin</c>.</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <summary>Begin of a window that does not recur, or first time that a recurring one holds.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>End likewise.</summary>
    public DateTimeOffset? To { get; init; }

    public required string Reason { get; init; }

    public required string CreatedBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was ended by hand.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    public string? EndedBy { get; private set; }

    /// <summary>Grows with every change.</summary>
    public int Revision { get; private set; }

    public void End(string by, DateTimeOffset at)
    {
        (EndedBy, EndedAt) = (by, at);
        Revision++;
    }
}
