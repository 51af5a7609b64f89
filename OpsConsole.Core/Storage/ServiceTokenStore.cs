using Microsoft.EntityFrameworkCore;
using OpsConsole.Core.Access.Tokens;
using OpsConsole.Core.Audit;

namespace OpsConsole.Core.Storage;

/// <summary>Service tokens in the database.</summary>
public sealed class ServiceTokenStore(RecordDatabase database, TimeProvider time) : IServiceTokenStore
{
    /// <inheritdoc/>
    public async Task<bool> AddAsync(ServiceToken value, AuditEntry audit, CancellationToken cancellationToken)
    {
        try
        {
            await database.SaveWithLinesAsync(value, isNew: true, [], audit, [], cancellationToken);
            return true;
        }
        catch (DbUpdateException e) when (DatabaseErrors.IsDuplicate(e))
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ServiceToken>> ListAsync(bool shortLived, int take, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<ServiceToken>>(
        RecordDatabase.Live,
        async (context, token) => await Newest(context, shortLived, take).ToListAsync(token),
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ServiceToken>> CountingAsync(CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<ServiceToken>>(
        RecordDatabase.Live,
        async (context, token) => await Counting(context, time.GetUtcNow()).ToListAsync(token),
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ServiceToken>> ChangedSinceAsync(DateTimeOffset since, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<ServiceToken>>(
        RecordDatabase.Live,
        async (context, token) => await ChangedSince(context, since, time.GetUtcNow()).ToListAsync(token),
        cancellationToken);

    /// <inheritdoc/>
    public Task<ServiceToken?> FindAsync(Guid id, CancellationToken cancellationToken) => database.ReadAsync(
        RecordDatabase.Live,
        (context, token) => context.ServiceTokens.AsNoTracking().SingleOrDefaultAsync(t => t.Id == id, token),
        cancellationToken);

    /// <inheritdoc/>
    public Task<bool> RevokeAsync(Guid id, string by, DateTimeOffset at, AuditEntry audit, CancellationToken cancellationToken) => database.ChangeWithLineAsync(
        audit,
        async (context, token) =>
        {
            if (await InForce(context, id).ExecuteUpdateAsync(set => set.SetProperty(t => t.RevokedAt, at).SetProperty(t => t.RevokedBy, by), token) == 0)
            {
                return false;
            }

            await IssuedFrom(context, id).ExecuteUpdateAsync(set => set.SetProperty(t => t.RevokedAt, at).SetProperty(t => t.RevokedBy, by), token);
            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task NoteUseAsync(IReadOnlyDictionary<Guid, DateTimeOffset> lastUsed, CancellationToken cancellationToken) => database.ChangeAsync(
        async (context, token) =>
        {
            foreach (var (id, at) in lastUsed)
            {
                await UsedBefore(context, id, at).ExecuteUpdateAsync(set => set.SetProperty(t => t.LastUsedAt, at), token);
            }
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task ForgetAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        database.ChangeAsync((context, token) => OverBefore(context, before).ExecuteDeleteAsync(token), cancellationToken);

    internal static IQueryable<ServiceToken> Newest(OpsConsoleDbContext context, bool shortLived, int take) =>
        context.ServiceTokens.AsNoTracking().Where(t => t.IsShortLived == shortLived).OrderByDescending(t => t.CreatedAt).ThenByDescending(t => t.Id).Take(take);

    /// <remarks>One that was issued while the token it comes from was being revoked may have no end of its own on record: it ends with that.</remarks>
    internal static IQueryable<ServiceToken> Counting(OpsConsoleDbContext context, DateTimeOffset now) =>
        context.ServiceTokens.AsNoTracking().Where(t => t.ExpiresAt > now && t.RevokedAt == null && !context.ServiceTokens.Any(f => f.Id == t.IssuedFrom && f.RevokedAt != null));

    internal static IQueryable<ServiceToken> ChangedSince(OpsConsoleDbContext context, DateTimeOffset since, DateTimeOffset now) =>
        context.ServiceTokens.AsNoTracking().Where(t => t.ExpiresAt > now && (t.RevokedAt >= since || (t.CreatedAt >= since && !context.ServiceTokens.Any(f => f.Id == t.IssuedFrom && f.RevokedAt != null))));

    internal static IQueryable<ServiceToken> InForce(OpsConsoleDbContext context, Guid id) => context.ServiceTokens.Where(t => t.Id == id && t.RevokedAt == null);

    internal static IQueryable<ServiceToken> IssuedFrom(OpsConsoleDbContext context, Guid id) => context.ServiceTokens.Where(t => t.IssuedFrom == id && t.RevokedAt == null);

    internal static IQueryable<ServiceToken> UsedBefore(OpsConsoleDbContext context, Guid id, DateTimeOffset at) =>
        context.ServiceTokens.Where(t => t.Id == id && (t.LastUsedAt == null || t.LastUsedAt < at));

    internal static IQueryable<ServiceToken> OverBefore(OpsConsoleDbContext context, DateTimeOffset before) => context.ServiceTokens.Where(t => t.IsShortLived && t.ExpiresAt < before);
}
