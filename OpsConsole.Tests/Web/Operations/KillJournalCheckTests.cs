using Microsoft.Extensions.Diagnostics.HealthChecks;
using OpsConsole.Core.Actions.Kill;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Operations;

namespace OpsConsole.Tests.Web.Operations;

public sealed class KillJournalCheckTests
{
    [Theory]
    [InlineData(true, 0, HealthStatus.Healthy)]
    [InlineData(false, 0, HealthStatus.Degraded)]
    [InlineData(true, 1, HealthStatus.Degraded)]
    public async Task Readiness_says_when_confirmed_kills_may_not_be_in_force(bool read, int damaged, HealthStatus status)
    {
        var journal = new InMemoryJournal { IsRead = read, Damaged = [.. Enumerable.Repeat(new DamagedKill(null, null), damaged)] };

        var result = await new KillJournalCheck(journal).CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken);

        Assert.Equal(status, result.Status);
    }
}
