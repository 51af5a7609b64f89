namespace OpsConsole.Core.Audit;

/// <summary>A link of the chain with its line, or without where that is not there.</summary>
public sealed record ChainedLine(AuditLink Link, AuditEntry? Line);

/// <summary>Reading the chain over the audit.</summary>
public interface IAuditChainStore
{
    /// <summary>Links after a place, in order.</summary>
    /// <param name="after">Place of the last that was read; 0 for the beginning.</param>
    /// <param name="take">Links wanted, 1 to 2,000.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IReadOnlyList<ChainedLine>> ReadAsync(long after, int take, CancellationToken cancellationToken);

    /// <summary>The end of the chain.</summary>
    Task<AuditHead> HeadAsync(CancellationToken cancellationToken);

    /// <summary>The oldest lines that are in no link, by their ids.</summary>
    /// <param name="take">Ids wanted.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IReadOnlyList<long>> UnlinkedAsync(int take, CancellationToken cancellationToken);
}
