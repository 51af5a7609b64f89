using OpsConsole.Core.Audit;
using OpsConsole.Core.Switches;

namespace OpsConsole.Tests.Shared;

/// <summary>Flag clients in memory, with their lines.</summary>
public sealed class InMemoryFlagClients : IFlagClientStore
{
    public List<FlagClient> Clients { get; } = [];

    public List<AuditEntry> Lines { get; } = [];

    /// <summary>Whether the record cannot be reached.</summary>
    public bool Away { get; set; }

    /// <summary>How often it was tried in vain.</summary>
    public int Refused { get; private set; }

    public Task AddAsync(FlagClient value, AuditEntry audit, CancellationToken cancellationToken)
    {
        Reach();
        Clients.Add(value);
        Lines.Add(audit);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<FlagClient>> ListAsync(CancellationToken cancellationToken)
    {
        Reach();
        return Task.FromResult<IReadOnlyList<FlagClient>>([.. Clients]);
    }

    public Task<IReadOnlyList<FlagClient>> CountingAsync(CancellationToken cancellationToken) => ListAsync(cancellationToken);

    public Task<IReadOnlyList<FlagClient>> ChangedSinceAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        Reach();
        return Task.FromResult<IReadOnlyList<FlagClient>>([.. Clients.Where(c => c.CreatedAt >= since || c.RevokedAt >= since)]);
    }

    public Task<FlagClient?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        Reach();
        return Task.FromResult(Clients.Find(c => c.Id == id));
    }

    public Task<bool> RevokeAsync(Guid id, string by, DateTimeOffset at, AuditEntry audit, CancellationToken cancellationToken)
    {
        Reach();
        if (Clients.Find(c => c.Id == id) is not { RevokedAt: null } client)
        {
            return Task.FromResult(false);
        }

        client.Revoke(by, at);
        Lines.Add(audit);
        return Task.FromResult(true);
    }

    public Task NoteUseAsync(IReadOnlyDictionary<Guid, DateTimeOffset> lastUsed, CancellationToken cancellationToken)
    {
        Reach();
        foreach (var (id, at) in lastUsed)
        {
            Clients.Find(c => c.Id == id)?.Used(at);
        }

        return Task.CompletedTask;
    }

    private void Reach()
    {
        if (Away)
        {
            Refused++;
            throw new RecordUnavailableException("away");
        }
    }
}
