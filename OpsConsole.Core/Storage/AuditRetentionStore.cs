using Microsoft.EntityFrameworkCore;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Storage.Mappings;

namespace OpsConsole.Core.Storage;

/// <summary>Gives up lines of the audit through the one way that the database leaves open.</summary>
public sealed class AuditRetentionStore(RecordDatabase database) : IAuditRetentionStore
{
    /// <inheritdoc/>
    public Task<AuditRetentionState> StateAsync(CancellationToken cancellationToken) => database.ReadAsync(
        RecordDatabase.Browsing,
        async (context, token) =>
        {
            var end = await AuditChaining.Head(context).AsNoTracking().SingleAsync(token);
            var oldest = await Oldest(context).Select(l => (long?)l.Sequence).FirstOrDefaultAsync(token);
            var said = await GivenUp(context).FirstOrDefaultAsync(token);
            return new AuditRetentionState(end.Sequence, oldest, said is null ? 0 : GivenUpLine.UpTo(said) ?? 0);
        },
        cancellationToken);

    /// <inheritdoc/>
    /// <remarks>Made again after a broken connection it gives up the next ones, which is as good.</remarks>
    public Task<int> GiveUpAsync(long upTo, DateTimeOffset before, int most, CancellationToken cancellationToken) =>
        database.ReadAsync(RecordDatabase.Browsing, (context, token) => context.GiveUpAsync(upTo, before.ToUniversalTime(), most, token), cancellationToken);

    internal static IQueryable<AuditLink> Oldest(OpsConsoleDbContext context) =>
        from line in context.Audit.AsNoTracking()
        join link in context.AuditLinks.AsNoTracking() on EF.Property<Guid>(line, AppendKey.Name) equals link.LineKey
        orderby line.Id
        select link;

    internal static IQueryable<AuditEntry> GivenUp(OpsConsoleDbContext context) =>
        context.Audit.AsNoTracking().Where(a => a.Event == GivenUpLine.Event).OrderByDescending(a => a.Id);
}
