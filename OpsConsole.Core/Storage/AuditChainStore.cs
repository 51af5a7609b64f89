using Microsoft.EntityFrameworkCore;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Storage.Mappings;

namespace OpsConsole.Core.Storage;

/// <summary>The chain over the audit in the database.</summary>
public sealed class AuditChainStore(RecordDatabase database) : IAuditChainStore
{
    private const int MostRead = 2_000;

    /// <inheritdoc/>
    public Task<IReadOnlyList<ChainedLine>> ReadAsync(long after, int take, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<ChainedLine>>(
        RecordDatabase.Browsing,
        async (context, token) => (await Links(context, after, Math.Clamp(take, 1, MostRead)).ToListAsync(token)).ConvertAll(l => new ChainedLine(l.Link, l.Line)),
        cancellationToken);

    /// <inheritdoc/>
    public Task<AuditHead> HeadAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(RecordDatabase.Browsing, (context, token) => AuditChaining.Head(context).AsNoTracking().SingleAsync(token), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<long>> UnlinkedAsync(int take, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<long>>(
        RecordDatabase.Browsing,
        async (context, token) => await Unlinked(context).OrderBy(a => a.Id).Select(a => a.Id).Take(take).ToListAsync(token),
        cancellationToken);

    internal static IQueryable<LinkRow> Links(OpsConsoleDbContext context, long after, int take) =>
        from link in context.AuditLinks.AsNoTracking().Where(l => l.Sequence > after).OrderBy(l => l.Sequence).Take(take)
        join line in context.Audit.AsNoTracking() on link.LineKey equals EF.Property<Guid>(line, AppendKey.Name) into lines
        from line in lines.DefaultIfEmpty()
        orderby link.Sequence
        select new LinkRow { Link = link, Line = line };

    internal static IQueryable<AuditEntry> Unlinked(OpsConsoleDbContext context) =>
        context.Audit.AsNoTracking().Where(a => !context.AuditLinks.Any(l => l.LineKey == EF.Property<Guid>(a, AppendKey.Name)));

    internal sealed class LinkRow
    {
        public required AuditLink Link { get; init; }

        public AuditEntry? Line { get; init; }
    }
}
