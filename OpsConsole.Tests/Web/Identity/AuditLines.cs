using OpsConsole.Core.Audit;
using OpsConsole.Core.Releases;

namespace OpsConsole.Tests.Web.Identity;

/// <summary>The record of sign-ins, in memory.</summary>
internal sealed class AuditLines : IAuditStore
{
    private readonly List<AuditEntry> _entries = [];

    public IReadOnlyList<AuditEntry> Entries
    {
        get
        {
            lock (_entries)
            {
                return [.. _entries];
            }
        }
    }

    public Task AppendAsync(AuditEntry entry, CancellationToken cancellationToken)
    {
        lock (_entries)
        {
            _entries.Add(entry);
        }

        return Task.CompletedTask;
    }

    public Task<Page<AuditEntry>> PageAsync(AuditQuery query, CancellationToken cancellationToken) => Task.FromResult(new Page<AuditEntry>(Entries, Entries.Count));
}
