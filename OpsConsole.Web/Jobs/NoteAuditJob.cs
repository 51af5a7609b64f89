using OpsConsole.Core.Audit;
using OpsConsole.Core.Storage;
using Quartz;

namespace OpsConsole.Web.Jobs;

/// <summary>Notes the end of the audit's chain outside the database every few minutes: what was noted cannot be removed unseen any more.</summary>
[DisallowConcurrentExecution]
internal sealed class NoteAuditJob(AuditVerifier verifier, StorageReady storage, ILogger<NoteAuditJob> log) : ConsoleJob(log)
{
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    /// <summary>When it first runs: soon, so that what was written before a start is noted, however often the console is started.</summary>
    public static readonly TimeSpan FirstAfter = TimeSpan.FromSeconds(15);

    protected override async Task RunAsync(string name, CancellationToken cancellationToken)
    {
        // A database that is made or migrated takes longer than that; it is no fault, and the first note comes right after.
        await storage.WaitAsync(cancellationToken);
        try
        {
            await verifier.NoteAsync(cancellationToken);
        }
        catch (Exception e) when (e is RecordUnavailableException or IOException or UnauthorizedAccessException or TimeoutException)
        {
            Log.LogWarning(e, "The end of the audit's chain could not be noted: {Reason} Next attempt in {Interval}.", e.Message, Interval);
        }
    }
}
