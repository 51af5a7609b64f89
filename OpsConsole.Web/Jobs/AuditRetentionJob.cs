using OpsConsole.Core.Audit;
using Quartz;

namespace OpsConsole.Web.Jobs;

/// <summary>Gives up lines of the audit once a day, where a time is set.</summary>
[DisallowConcurrentExecution]
internal sealed class AuditRetentionJob(AuditRetention retention, ILogger<AuditRetentionJob> log) : ConsoleJob(log)
{
    public static readonly TimeSpan Interval = TimeSpan.FromDays(1);

    public static readonly TimeSpan FirstAfter = TimeSpan.FromMinutes(20);

    protected override async Task RunAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            if (await retention.RunAsync(cancellationToken) is > 0 and var gone)
            {
                Log.LogInformation("Lines of the audit were given up after their time: {Lines}.", gone);
            }
        }
        catch (Exception e) when (e is RecordUnavailableException or InvalidDataException or IOException or UnauthorizedAccessException or TimeoutException)
        {
            Log.LogWarning(e, "No lines of the audit were given up: {Reason}", e.Message);
        }
    }
}
