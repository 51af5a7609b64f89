using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Storage.Mappings;

namespace OpsConsole.Core.Storage;

/// <summary>Puts every audit line that a context saves into the chain, in the transaction that saves it.</summary>
internal static class AuditChaining
{
    /// <summary>Lines that are put into a new chain in one transaction.</summary>
    private const int Batch = 500;

    /// <summary>Puts lines from before there was a chain into it, some at a time. True when there are none left.</summary>
    public static async Task<bool> BeginAsync(OpsConsoleDbContext context, CancellationToken cancellationToken)
    {
        if (await Head(context).AnyAsync(h => h.Begun, cancellationToken))
        {
            return true;
        }

        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var head = await context.HoldAsync(cancellationToken);
        if (head.Begun)
        {
            return true;
        }

        var lines = await AuditChainStore.Unlinked(context).OrderBy(a => a.Id).Take(Batch)
            .Select(a => new { Key = EF.Property<Guid>(a, AppendKey.Name), Line = a }).ToListAsync(cancellationToken);
        lines.ForEach(l => Link(context, head, l.Key, l.Line));
        head.Begun = lines.Count < Batch;
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return head.Begun;
    }

    /// <summary>The end of the chain, held for this transaction until it ends. Whoever writes other rows in several steps asks for it first, so that nobody waits for them while they wait for it.</summary>
    /// <remarks>The update changes nothing; it is how a row is held on both providers.</remarks>
    public static async Task<AuditHead> HoldAsync(this OpsConsoleDbContext context, CancellationToken cancellationToken)
    {
        if (context.ChangeTracker.Entries<AuditHead>().FirstOrDefault() is { } held)
        {
            return held.Entity;
        }

        await Head(context).ExecuteUpdateAsync(set => set.SetProperty(h => h.Sequence, h => h.Sequence), cancellationToken);
        return await Head(context).SingleAsync(cancellationToken);
    }

    /// <summary>Links the lines to the end of the chain. The head is held, and saved with them.</summary>
    public static async Task LinkAsync(OpsConsoleDbContext context, IReadOnlyList<EntityEntry<AuditEntry>> lines, CancellationToken cancellationToken)
    {
        var head = await context.HoldAsync(cancellationToken);
        foreach (var line in lines)
        {
            Link(context, head, (Guid)line.Property(AppendKey.Name).CurrentValue!, line.Entity);
        }
    }

    /// <summary>Links one line that is, or is about to be, in the audit.</summary>
    public static void Link(OpsConsoleDbContext context, AuditHead head, Guid key, AuditEntry line)
    {
        (head.Sequence, head.Hash) = (head.Sequence + 1, AuditChain.Next(head.Hash, head.Sequence + 1, key, line));
        context.Add(new AuditLink { Sequence = head.Sequence, LineKey = key, Hash = head.Hash });
    }

    internal static IQueryable<AuditHead> Head(OpsConsoleDbContext context) => context.AuditHeads.Where(h => h.Id == AuditHead.Only);
}
