using OpsConsole.Core.Audit;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Releases;

namespace OpsConsole.Tests.Shared;

/// <summary>Evidence in memory, honouring its store's contract; audit lines and events go into the record in memory.</summary>
public sealed class InMemoryEvidence(InMemoryRecord record) : IEvidenceStore
{
    private readonly Lock _lock = new();
    private readonly List<EvidenceItem> _items = [];

    /// <summary>Puts an item there, and nothing on record.</summary>
    public void Put(EvidenceItem item)
    {
        lock (_lock)
        {
            _items.Add(item);
        }
    }

    public async Task<EvidenceItem> AddAsync(EvidenceItem item, AuditEntry audit, ReleaseEvent entry, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!record.Away && _items.Find(e => (e.ReleaseId, e.Stage, e.Source, e.ContentDigest) == (item.ReleaseId, item.Stage, item.Source, item.ContentDigest)) is { } there)
            {
                return there;
            }
        }

        await record.AppendAsync(audit, cancellationToken);
        await record.AppendEventAsync(entry, cancellationToken);
        Put(item);
        return item;
    }

    public Task<IReadOnlyList<EvidenceItem>> ForReleaseAsync(Guid releaseId, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return record.Away
                ? Task.FromException<IReadOnlyList<EvidenceItem>>(new RecordUnavailableException("The database is away."))
                : Task.FromResult<IReadOnlyList<EvidenceItem>>([.. _items.Where(e => e.ReleaseId == releaseId).OrderByDescending(e => e.ReceivedAt).ThenByDescending(e => e.Id)]);
        }
    }
}
