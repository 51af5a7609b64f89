namespace OpsConsole.Core.Slos;

/// <summary>Where objectives, their counted events and their alerts are kept.</summary>
public interface ISloStore
{
    /// <summary>All definitions, by name.</summary>
    Task<IReadOnlyList<Slo>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Adds a definition or replaces the one of that name, and deletes the events counted under it unless <paramref name="keepsCounts"/>; all or nothing. True when it was added.</summary>
    Task<bool> SaveAsync(Slo slo, bool keepsCounts, CancellationToken cancellationToken);

    /// <summary>Deletes a definition and the events counted for it; its alerts stay as history. False when there was none.</summary>
    Task<bool> DeleteAsync(string name, CancellationToken cancellationToken);

    /// <summary>The buckets of one objective, oldest first.</summary>
    Task<IReadOnlyList<SloWindow>> WindowsAsync(string name, CancellationToken cancellationToken);

    /// <summary>Writes buckets as they are: one that is there already is replaced.</summary>
    Task WriteAsync(IReadOnlyList<SloWindow> windows, CancellationToken cancellationToken);

    /// <summary>Deletes the buckets of one objective and width that began before a time.</summary>
    Task<long> TrimAsync(string name, int widthSeconds, DateTimeOffset olderThan, CancellationToken cancellationToken);

    /// <summary>Writes alerts: one that is there already is replaced.</summary>
    Task SaveAsync(IReadOnlyList<SloAlert> alerts, CancellationToken cancellationToken);

    /// <summary>Alerts that have not been resolved.</summary>
    Task<IReadOnlyList<SloAlert>> FiringAsync(CancellationToken cancellationToken);

    /// <summary>The alerts of an objective, newest first.</summary>
    Task<IReadOnlyList<SloAlert>> AlertsAsync(string name, int take, CancellationToken cancellationToken);
}
