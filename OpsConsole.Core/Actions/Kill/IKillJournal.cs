namespace OpsConsole.Core.Actions.Kill;

/// <summary>A kill that was taken while the record was away.</summary>
/// <param name="Id">Of the action that it becomes on record; UUID version 7.</param>
/// <param name="Key">The switch.</param>
/// <param name="Environment">The one environment; null: everywhere.</param>
/// <param name="By">Who asked.</param>
/// <param name="Role">The role that allowed it.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When it was taken and put in force.</param>
public sealed record JournalledKill(Guid Id, string Key, string? Environment, string By, string Role, string Reason, DateTimeOffset At);

/// <summary>A kill that was confirmed to someone and whose line is damaged.</summary>
/// <param name="Key">The switch that the line still names, which is held off; null where it cannot be read, so that the kill is not in force.</param>
/// <param name="Environment">The one environment; null: everywhere, or not known.</param>
public sealed record DamagedKill(string? Key, string? Environment);

/// <summary>The journal cannot keep anything now.</summary>
public sealed class JournalUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Keeps kills where they outlive the process, until they are on record.</summary>
public interface IKillJournal
{
    /// <summary>Kills that are kept and not on record yet, oldest first.</summary>
    IReadOnlyList<JournalledKill> Waiting { get; }

    /// <summary>False until what an earlier run left was read: kills that it confirmed may not be in force.</summary>
    bool IsRead { get; }

    /// <summary>Confirmed kills whose lines are damaged, as they were read; a person has to see to them.</summary>
    IReadOnlyList<DamagedKill> Damaged { get; }

    /// <summary>Reads what an earlier run left, unless it was read already. What cannot be understood is kept aside and logged. It never throws; where <see cref="IsRead"/> stays false it is to be called again.</summary>
    Task OpenAsync(CancellationToken cancellationToken);

    /// <summary>Keeps a kill: it is on disk when this returns.</summary>
    /// <exception cref="JournalUnavailableException">It could not be kept; the message says why.</exception>
    Task KeepAsync(JournalledKill kill, CancellationToken cancellationToken);

    /// <summary>Drops a kill that is on record now.</summary>
    Task DropAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Completes when a kill waits.</summary>
    Task WaitAsync(CancellationToken cancellationToken);
}
