using OpsConsole.Core.Audit;

namespace OpsConsole.Core.Switches;

/// <summary>A flag kept on the server that services and installed apps read, so that what it guards can be turned off without a release.</summary>
public sealed class KillSwitch
{
    /// <summary>The flag key that clients ask for.</summary>
    public required string Key { get; init; }

    public required string Owner { get; init; }

    /// <summary>What killing it turns off, for people: "personal recommendations in the shop".</summary>
    public required string TurnsOff { get; init; }

    /// <summary>True while it is killed: every evaluation answers false.</summary>
    public bool Killed { get; private set; }

    /// <summary>When it was last killed or restored; when it was made, if never.</summary>
    public required DateTimeOffset ChangedAt { get; set; }

    /// <summary>Who did.</summary>
    public string? ChangedBy { get; private set; }

    public string? Reason { get; private set; }

    /// <summary>When it was put away: it is not served any more, and clients use the default in their code. Null while it is served.</summary>
    public DateTimeOffset? ArchivedAt { get; private set; }

    public string? ArchivedBy { get; private set; }

    /// <summary>Grows with every change.</summary>
    public int Revision { get; private set; }

    public void Kill(string by, string reason, DateTimeOffset at) => Set(true, by, reason, at);

    public void Restore(string by, string reason, DateTimeOffset at) => Set(false, by, reason, at);

    /// <summary>Puts it away, or (<paramref name="by"/> null) takes it out again.</summary>
    public void Archive(string? by, DateTimeOffset at)
    {
        (ArchivedAt, ArchivedBy) = (by is null ? null : at, by);
        Revision++;
    }

    private void Set(bool killed, string by, string reason, DateTimeOffset at)
    {
        Killed = killed;
        ChangedBy = by;
        Reason = reason;
        ChangedAt = at;
        Revision++;
    }
}

/// <summary>Where switches are kept.</summary>
public interface ISwitchStore
{
    Task<IReadOnlyList<KillSwitch>> ListAsync(CancellationToken cancellationToken);

    /// <summary>What differs about switches in single environments, of all of them or of one.</summary>
    Task<IReadOnlyList<SwitchEnvironment>> EnvironmentsAsync(string? key, CancellationToken cancellationToken);

    Task<KillSwitch?> FindAsync(string key, CancellationToken cancellationToken);

    /// <summary>Adds a switch unless one of that key is there. False when it was.</summary>
    Task<bool> AddAsync(KillSwitch value, CancellationToken cancellationToken);

    /// <summary>Adds a switch with its audit line. False, and nothing written, when one of that key is there.</summary>
    Task<bool> AddAsync(KillSwitch value, AuditEntry audit, CancellationToken cancellationToken);

    /// <summary>Saves that a switch was put away or taken out again, with its audit line. False, and nothing written, when it was changed since it was read.</summary>
    Task<bool> SaveArchivedAsync(KillSwitch value, AuditEntry audit, CancellationToken cancellationToken);

    /// <summary>Saves the targeting of a switch in one environment, with its audit line; adds the place where it is new. False, and nothing written, when it was changed or made since it was read.</summary>
    Task<bool> SaveTargetingAsync(SwitchEnvironment place, AuditEntry audit, CancellationToken cancellationToken);
}
