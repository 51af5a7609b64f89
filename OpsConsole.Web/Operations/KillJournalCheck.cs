using Microsoft.Extensions.Diagnostics.HealthChecks;
using OpsConsole.Core.Actions.Kill;

namespace OpsConsole.Web.Operations;

/// <summary>Degraded while kills that were confirmed may not be in force: the console works, and a person has to look.</summary>
internal sealed class KillJournalCheck(IKillJournal journal) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        !journal.IsRead ? HealthCheckResult.Degraded("was not read yet: kills that it holds are not in force")
        : journal.Damaged.Count > 0 ? HealthCheckResult.Degraded("has damaged lines of confirmed kills: see the page of switches")
        : HealthCheckResult.Healthy("was read"));
}
