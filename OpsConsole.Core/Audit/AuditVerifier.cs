namespace OpsConsole.Core.Audit;

/// <summary>Notes of the chain's end that are kept outside the database, where who changes the database does not reach.</summary>
public interface IAuditNotes
{
    /// <summary>All notes.</summary>
    /// <exception cref="InvalidDataException">A note cannot be read: it is not what the console wrote.</exception>
    Task<IReadOnlyList<AuditNote>> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Adds a note, on disk when it returns.</summary>
    Task AddAsync(AuditNote note, CancellationToken cancellationToken);
}

/// <summary>Verifies the whole audit, one run at a time, and keeps the last report.</summary>
public sealed class AuditVerifier(IAuditChainStore chain, IAuditNotes notes, TimeProvider time) : IDisposable
{
    private const int Page = 1_000;

    private readonly SemaphoreSlim _one = new(1);
    private AuditReport? _last;

    /// <summary>The last report of this process; null before the first.</summary>
    public AuditReport? Last => Volatile.Read(ref _last);

    /// <summary>Follows the chain to its end.</summary>
    /// <exception cref="RecordUnavailableException">The database is away; nothing is known of the chain.</exception>
    public async Task<AuditReport> VerifyAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var at = time.GetUtcNow();

            // Notes first: an end that is noted while the links are read is beyond the head that was read.
            var (noted, damaged) = await NotesAsync(cancellationToken).ConfigureAwait(false);
            var head = await chain.HeadAsync(cancellationToken).ConfigureAwait(false);
            var verification = new AuditVerification(head, noted);
            while (verification.IsOpen && await chain.ReadAsync(verification.Place, Page, cancellationToken).ConfigureAwait(false) is { Count: > 0 } links)
            {
                foreach (var link in links)
                {
                    verification.Take(link);
                }
            }

            var report = verification.End(await chain.UnlinkedAsync(AuditVerification.MostFaults, cancellationToken).ConfigureAwait(false), at);
            report = damaged is null ? report : report with { Faults = [.. report.Faults, damaged] };
            Volatile.Write(ref _last, report);
            return report;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Notes the chain's end where it has moved on since the last note.</summary>
    public async Task NoteAsync(CancellationToken cancellationToken)
    {
        var head = await chain.HeadAsync(cancellationToken).ConfigureAwait(false);
        var (noted, _) = await NotesAsync(cancellationToken).ConfigureAwait(false);
        if (head.Sequence > 0 && (noted.Count == 0 || noted[^1].Sequence != head.Sequence || noted[^1].Hash != head.Hash))
        {
            await notes.AddAsync(new AuditNote(head.Sequence, head.Hash, time.GetUtcNow()), cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<(IReadOnlyList<AuditNote> Notes, AuditFault? Damaged)> NotesAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await notes.ReadAsync(cancellationToken).ConfigureAwait(false), null);
        }
        catch (InvalidDataException e)
        {
            return ([], new AuditFault(AuditFaultKind.NoteDiffers, null, $"The console's notes of the chain's end cannot be read: {e.Message}"));
        }
    }
}
