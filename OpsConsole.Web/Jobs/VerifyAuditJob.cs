using OpsConsole.Core.Audit;
using Quartz;

namespace OpsConsole.Web.Jobs;

/// <summary>Verifies the whole audit once a day, and says loudly what is wrong with it.</summary>
[DisallowConcurrentExecution]
internal sealed class VerifyAuditJob(AuditVerifier verifier, ILogger<VerifyAuditJob> log) : ConsoleJob(log)
{
    public static readonly TimeSpan Interval = TimeSpan.FromDays(1);

    /// <summary>When it first runs, so that a start is not slowed down by it.</summary>
    public static readonly TimeSpan FirstAfter = TimeSpan.FromMinutes(10);

    protected override async Task RunAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var report = await verifier.VerifyAsync(cancellationToken);
            foreach (var fault in report.Faults)
            {
                Log.LogCritical("The audit is not intact: {Fault}", fault.Sentence);
            }

            if (report.Intact)
            {
                Log.LogInformation("The audit is intact: {Lines} lines, ending with {Head}.", report.Lines, report.Head);
            }
        }
        catch (RecordUnavailableException e)
        {
            Log.LogWarning(e, "The audit could not be verified: {Reason}", e.Message);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Log.LogCritical(e, "The audit could not be verified, which may come from someone who changed it: {Reason}", e.Message);
        }
    }
}
