using Microsoft.EntityFrameworkCore;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Policies.Replay;

namespace OpsConsole.Core.Storage;

/// <summary>The library of policies in the database, as replays read it.</summary>
public sealed class PolicyVersions(RecordDatabase database) : IPolicyVersions
{
    /// <inheritdoc/>
    public Task<PolicyVersion?> FindAsync(string name, int? version, CancellationToken cancellationToken) => database.ReadAsync(
        RecordDatabase.Live,
        (context, token) => Named(context, name, version).FirstOrDefaultAsync(token),
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<PolicyVersionName>> ListAsync(int take, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<PolicyVersionName>>(
        RecordDatabase.Browsing,
        async (context, token) => await Names(context, take).ToListAsync(token),
        cancellationToken);

    internal static IQueryable<PolicyVersion> Named(OpsConsoleDbContext context, string name, int? version) =>
        context.Policies.AsNoTracking().Where(p => p.Name == name && (version == null || p.Version == version)).OrderByDescending(p => p.Version);

    internal static IQueryable<PolicyVersionName> Names(OpsConsoleDbContext context, int take) =>
        context.Policies.AsNoTracking().OrderBy(p => p.Name).ThenByDescending(p => p.Version).Take(take).Select(p => new PolicyVersionName(p.Name, p.Version));
}
