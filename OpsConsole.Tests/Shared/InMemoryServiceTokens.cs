using OpsConsole.Core.Access.Tokens;
using OpsConsole.Core.Audit;

namespace OpsConsole.Tests.Shared;

/// <summary>Service tokens in memory, with their lines.</summary>
public sealed class InMemoryServiceTokens : IServiceTokenStore
{
    public List<ServiceToken> Tokens { get; } = [];

    public List<AuditEntry> Lines { get; } = [];

    /// <summary>Whether the record cannot be reached.</summary>
    public bool Away { get; set; }

    public Task<bool> AddAsync(ServiceToken value, AuditEntry audit, CancellationToken cancellationToken)
    {
        Reach();
        if (Tokens.Exists(t => t.Id == value.Id))
        {
            return Task.FromResult(false);
        }

        Tokens.Add(value);
        Lines.Add(audit);
        return Task.FromResult(true);
    }

    public Task<IReadOnlyList<ServiceToken>> ListAsync(bool shortLived, int take, CancellationToken cancellationToken) => Where(t => t.IsShortLived == shortLived);

    public Task<IReadOnlyList<ServiceToken>> CountingAsync(CancellationToken cancellationToken) => Where(t => t.RevokedAt is null);

    public Task<IReadOnlyList<ServiceToken>> ChangedSinceAsync(DateTimeOffset since, CancellationToken cancellationToken) => Where(t => t.CreatedAt >= since || t.RevokedAt >= since);

    public Task<ServiceToken?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        Reach();
        return Task.FromResult(Tokens.Find(t => t.Id == id));
    }

    public Task<bool> RevokeAsync(Guid id, string by, DateTimeOffset at, AuditEntry audit, CancellationToken cancellationToken)
    {
        Reach();
        if (Tokens.Find(t => t.Id == id) is not { RevokedAt: null })
        {
            return Task.FromResult(false);
        }

        foreach (var token in Tokens.Where(t => (t.Id == id || t.IssuedFrom == id) && t.RevokedAt is null))
        {
            token.Revoke(by, at);
        }

        Lines.Add(audit);
        return Task.FromResult(true);
    }

    public Task NoteUseAsync(IReadOnlyDictionary<Guid, DateTimeOffset> lastUsed, CancellationToken cancellationToken)
    {
        Reach();
        foreach (var (id, at) in lastUsed)
        {
            Tokens.Find(t => t.Id == id)?.Used(at);
        }

        return Task.CompletedTask;
    }

    public Task ForgetAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        Reach();
        Tokens.RemoveAll(t => t.IsShortLived && t.ExpiresAt < before);
        return Task.CompletedTask;
    }

    private Task<IReadOnlyList<ServiceToken>> Where(Predicate<ServiceToken> which)
    {
        Reach();
        return Task.FromResult<IReadOnlyList<ServiceToken>>(Tokens.FindAll(which));
    }

    private void Reach()
    {
        if (Away)
        {
            throw new RecordUnavailableException("away");
        }
    }
}
