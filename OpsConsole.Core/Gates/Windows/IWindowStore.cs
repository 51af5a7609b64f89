using OpsConsole.Core.Audit;

namespace OpsConsole.Core.Gates.Windows;

/// <summary>Where deploy windows and freezes are kept.</summary>
public interface IWindowStore
{
    /// <summary>Those that were not ended by hand, by name.</summary>
    Task<IReadOnlyList<DeployWindow>> ListAsync(CancellationToken cancellationToken);

    Task<DeployWindow?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Adds one with its audit line.</summary>
    Task AddAsync(DeployWindow window, AuditEntry audit, CancellationToken cancellationToken);

    /// <summary>Saves that one was ended, with its audit line. False when someone else changed it first.</summary>
    Task<bool> SaveAsync(DeployWindow window, AuditEntry audit, CancellationToken cancellationToken);
}
