using OpsConsole.Core.Audit;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Gates.Waivers;

/// <summary>Where waivers are kept.</summary>
public interface IWaiverStore
{
    /// <summary>All of a release, newest first; those that do not hold any more included.</summary>
    Task<IReadOnlyList<Waiver>> ForReleaseAsync(Guid releaseId, CancellationToken cancellationToken);

    Task<Waiver?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Adds one with its audit line and its line in the timeline.</summary>
    Task AddAsync(Waiver waiver, AuditEntry audit, ReleaseEvent entry, CancellationToken cancellationToken);

    /// <summary>Saves that one was taken back, likewise. False when someone else changed it first.</summary>
    Task<bool> SaveAsync(Waiver waiver, AuditEntry audit, ReleaseEvent entry, CancellationToken cancellationToken);
}
