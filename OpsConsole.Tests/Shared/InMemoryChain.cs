using OpsConsole.Core.Audit;

namespace OpsConsole.Tests.Shared;

/// <summary>A chain over an audit, and notes of its end, in memory. Lines are appended as they are.</summary>
public sealed class InMemoryChain : IAuditChainStore, IAuditNotes
{
    public List<ChainedLine> Lines { get; } = [];

    public List<AuditNote> Notes { get; } = [];

    /// <summary>True: every call fails as it does while the database is away.</summary>
    public bool Away { get; set; }

    public void Append(AuditEntry line)
    {
        var key = Guid.CreateVersion7();
        var (sequence, before) = Lines is [.., var last] ? (last.Link.Sequence + 1, last.Link.Hash) : (1, AuditChain.Genesis);
        Lines.Add(new ChainedLine(new AuditLink { Sequence = sequence, LineKey = key, Hash = AuditChain.Next(before, sequence, key, line) }, line));
    }

    public AuditHead Head() => Lines is [.., var last] ? new AuditHead { Sequence = last.Link.Sequence, Hash = last.Link.Hash } : new AuditHead();

    public Task<IReadOnlyList<ChainedLine>> ReadAsync(long after, int take, CancellationToken cancellationToken) =>
        Asked<IReadOnlyList<ChainedLine>>([.. Lines.Where(l => l.Link.Sequence > after).Take(take)]);

    public Task<AuditHead> HeadAsync(CancellationToken cancellationToken) => Asked(Head());

    public Task<IReadOnlyList<long>> UnlinkedAsync(int take, CancellationToken cancellationToken) => Asked<IReadOnlyList<long>>([]);

    Task<IReadOnlyList<AuditNote>> IAuditNotes.ReadAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<AuditNote>>([.. Notes]);

    public Task AddAsync(AuditNote note, CancellationToken cancellationToken)
    {
        Notes.Add(note);
        return Task.CompletedTask;
    }

    private Task<T> Asked<T>(T answer) => Away ? Task.FromException<T>(new RecordUnavailableException("The database is away.")) : Task.FromResult(answer);
}
