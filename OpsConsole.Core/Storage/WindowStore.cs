using Microsoft.EntityFrameworkCore;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Gates.Windows;

namespace OpsConsole.Core.Storage;

/// <summary>Deploy windows and freezes in the database.</summary>
public sealed class WindowStore(RecordDatabase database) : IWindowStore
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<DeployWindow>> ListAsync(CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<DeployWindow>>(
        RecordDatabase.Live,
        async (context, token) => await NotEnded(context).ToListAsync(token),
        cancellationToken);

    /// <inheritdoc/>
    public Task<DeployWindow?> FindAsync(Guid id, CancellationToken cancellationToken) => database.ReadAsync(
        RecordDatabase.Live, (context, token) => context.DeployWindows.AsNoTracking().SingleOrDefaultAsync(w => w.Id == id, token), cancellationToken);

    /// <inheritdoc/>
    public Task AddAsync(DeployWindow window, AuditEntry audit, CancellationToken cancellationToken) =>
        database.SaveWithLinesAsync(window, isNew: true, [], audit, [], cancellationToken);

    /// <inheritdoc/>
    public Task<bool> SaveAsync(DeployWindow window, AuditEntry audit, CancellationToken cancellationToken) =>
        database.SaveWithLinesAsync(window, isNew: false, [nameof(DeployWindow.EndedAt), nameof(DeployWindow.EndedBy)], audit, [], cancellationToken);

    internal static IQueryable<DeployWindow> NotEnded(OpsConsoleDbContext context) => context.DeployWindows.AsNoTracking()
        .Where(w => w.EndedAt == null).OrderBy(w => w.Name).ThenBy(w => w.Id);
}
