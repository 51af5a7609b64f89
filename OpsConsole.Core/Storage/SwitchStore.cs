using Microsoft.EntityFrameworkCore;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Switches;

namespace OpsConsole.Core.Storage;

/// <summary>Kill switches in the database. They are killed and restored by actions only (<see cref="ActionStore"/>).</summary>
public sealed class SwitchStore(RecordDatabase database) : ISwitchStore
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<KillSwitch>> ListAsync(CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<KillSwitch>>(
        RecordDatabase.Live,
        async (context, token) => await All(context).ToListAsync(token),
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<SwitchEnvironment>> EnvironmentsAsync(string? key, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<SwitchEnvironment>>(
        RecordDatabase.Live,
        async (context, token) => await Environments(context, key).ToListAsync(token),
        cancellationToken);

    /// <inheritdoc/>
    public Task<KillSwitch?> FindAsync(string key, CancellationToken cancellationToken) => database.ReadAsync(
        RecordDatabase.Live,
        (context, token) => context.Switches.AsNoTracking().SingleOrDefaultAsync(s => s.Key == key, token),
        cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> AddAsync(KillSwitch value, CancellationToken cancellationToken)
    {
        try
        {
            var added = await database.WriteAsync<object>(
                RecordDatabase.Live,
                async (context, token) =>
                {
                    if (await context.Switches.AnyAsync(s => s.Key == value.Key, token))
                    {
                        return false;
                    }

                    context.Switches.Add(value);
                    await context.SaveChangesAsync(token);
                    ReadRevisions.Note(value);
                    return true;
                },
                (_, _) => Task.FromResult<object?>(null),
                cancellationToken);
            return (bool)added;
        }
        catch (DbUpdateException e) when (DatabaseErrors.IsDuplicate(e))
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public Task<bool> AddAsync(KillSwitch value, AuditEntry audit, CancellationToken cancellationToken) => UnlessThereAsync(value, isNew: true, [], audit, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> SaveArchivedAsync(KillSwitch value, AuditEntry audit, CancellationToken cancellationToken) =>
        database.SaveWithLinesAsync(value, isNew: false, [nameof(KillSwitch.ArchivedAt), nameof(KillSwitch.ArchivedBy)], audit, [], cancellationToken);

    /// <inheritdoc/>
    public Task<bool> SaveTargetingAsync(SwitchEnvironment place, AuditEntry audit, CancellationToken cancellationToken) => UnlessThereAsync(
        place, !ReadRevisions.Knows(place), [nameof(SwitchEnvironment.TargetingJson), nameof(SwitchEnvironment.TargetedAt), nameof(SwitchEnvironment.TargetedBy)], audit, cancellationToken);

    private async Task<bool> UnlessThereAsync(object row, bool isNew, string[] changed, AuditEntry audit, CancellationToken cancellationToken)
    {
        try
        {
            return await database.SaveWithLinesAsync(row, isNew, changed, audit, [], cancellationToken);
        }
        catch (DbUpdateException e) when (DatabaseErrors.IsDuplicate(e))
        {
            return false;
        }
    }

    internal static IQueryable<SwitchEnvironment> Environments(OpsConsoleDbContext context, string? key) =>
        context.SwitchEnvironments.AsNoTracking().Where(s => key == null || s.Key == key).OrderBy(s => s.Key).ThenBy(s => s.Environment);

    internal static IQueryable<KillSwitch> All(OpsConsoleDbContext context) => context.Switches.AsNoTracking().OrderBy(s => s.Key);
}
