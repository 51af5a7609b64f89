using System.Collections.Concurrent;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Releases;

namespace OpsConsole.Tests.Shared;

/// <summary>Change sets in memory: the first of a release stays.</summary>
internal sealed class InMemoryChanges : IChangeStore
{
    private readonly ConcurrentDictionary<Guid, ReleaseChanges> _all = [];

    public ConcurrentQueue<AuditEntry> Audit { get; } = [];

    public Task<ReleaseChanges> AddAsync(ReleaseChanges changes, AuditEntry audit, ReleaseEvent entry, CancellationToken cancellationToken)
    {
        if (_all.TryAdd(changes.ReleaseId, changes))
        {
            Audit.Enqueue(audit);
        }

        return Task.FromResult(_all[changes.ReleaseId]);
    }

    public Task<IReadOnlyList<ReleaseChanges>> FindAsync(IReadOnlyCollection<Guid> releases, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ReleaseChanges>>([.. releases.Select(id => _all.GetValueOrDefault(id)).OfType<ReleaseChanges>()]);
}
