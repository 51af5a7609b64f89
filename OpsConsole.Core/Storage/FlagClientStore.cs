using Microsoft.EntityFrameworkCore;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Switches;

namespace OpsConsole.Core.Storage;

/// <summary>Tokens of flag clients in the database.</summary>
public sealed class FlagClientStore(RecordDatabase database) : IFlagClientStore
{
    /// <inheritdoc/>
    public Task AddAsync(FlagClient value, AuditEntry audit, CancellationToken cancellationToken) =>
        database.SaveWithLinesAsync(value, isNew: true, [], audit, [], cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<FlagClient>> ListAsync(CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<FlagClient>>(
        RecordDatabase.Live,
        async (context, token) => await Newest(context).ToListAsync(token),
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<FlagClient>> CountingAsync(CancellationToken cancellationToken) => ListAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<FlagClient>> ChangedSinceAsync(DateTimeOffset since, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<FlagClient>>(
        RecordDatabase.Live,
        async (context, token) => await ChangedSince(context, since).ToListAsync(token),
        cancellationToken);

    /// <inheritdoc/>
    public Task<FlagClient?> FindAsync(Guid id, CancellationToken cancellationToken) => database.ReadAsync(
        RecordDatabase.Live,
        (context, token) => context.FlagClients.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id, token),
        cancellationToken);

    /// <inheritdoc/>
    public Task<bool> RevokeAsync(Guid id, string by, DateTimeOffset at, AuditEntry audit, CancellationToken cancellationToken) => database.ChangeWithLineAsync(
        audit,
        async (context, token) => await InForce(context, id).ExecuteUpdateAsync(set => set.SetProperty(c => c.RevokedAt, at).SetProperty(c => c.RevokedBy, by), token) > 0,
        cancellationToken);

    /// <inheritdoc/>
    public Task NoteUseAsync(IReadOnlyDictionary<Guid, DateTimeOffset> lastUsed, CancellationToken cancellationToken) => database.ChangeAsync(
        async (context, token) =>
        {
            foreach (var (id, at) in lastUsed)
            {
                await UsedBefore(context, id, at).ExecuteUpdateAsync(set => set.SetProperty(c => c.LastUsedAt, at), token);
            }
        },
        cancellationToken);

    internal static IQueryable<FlagClient> Newest(OpsConsoleDbContext context) => context.FlagClients.AsNoTracking().OrderByDescending(c => c.CreatedAt).ThenByDescending(c => c.Id);

    internal static IQueryable<FlagClient> ChangedSince(OpsConsoleDbContext context, DateTimeOffset since) =>
        context.FlagClients.AsNoTracking().Where(c => c.CreatedAt >= since || c.RevokedAt >= since);

    internal static IQueryable<FlagClient> InForce(OpsConsoleDbContext context, Guid id) => context.FlagClients.Where(c => c.Id == id && c.RevokedAt == null);

    internal static IQueryable<FlagClient> UsedBefore(OpsConsoleDbContext context, Guid id, DateTimeOffset at) =>
        context.FlagClients.Where(c => c.Id == id && (c.LastUsedAt == null || c.LastUsedAt < at));
}
