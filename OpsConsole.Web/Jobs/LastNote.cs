using OpsConsole.Core.Audit;

namespace OpsConsole.Web.Jobs;

/// <summary>Notes the end of the audit's chain once more when the console stops, after all that writes and before the database.</summary>
internal sealed class LastNote(AuditVerifier verifier, TimeProvider time, ILogger<LastNote> log) : IHostedService
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var limit = new CancellationTokenSource(Limit, time);
            await verifier.NoteAsync(limit.Token);
        }
        catch (Exception e) when (e is RecordUnavailableException or IOException or UnauthorizedAccessException or TimeoutException or OperationCanceledException or ObjectDisposedException)
        {
            // A host that is disposed without having been stopped has closed its notes already.
            log.LogWarning("The end of the audit's chain could not be noted at the stop: {Reason}", e.Message);
        }
    }
}
