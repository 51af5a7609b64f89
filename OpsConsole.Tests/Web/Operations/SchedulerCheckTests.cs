using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OpsConsole.Web.Operations;
using Quartz;

namespace OpsConsole.Tests.Web.Operations;

public sealed class SchedulerCheckTests
{
    [Fact]
    public async Task A_console_whose_scheduler_does_not_run_is_not_ready()
    {
        await using var services = new ServiceCollection().AddLogging().AddQuartz().BuildServiceProvider();
        var factory = services.GetRequiredService<ISchedulerFactory>();
        var check = new SchedulerCheck(factory);
        Assert.Equal(HealthStatus.Unhealthy, (await check.CheckHealthAsync(new HealthCheckContext())).Status);

        var scheduler = await factory.GetScheduler(TestContext.Current.CancellationToken);
        await scheduler.Start(TestContext.Current.CancellationToken);
        Assert.Equal(HealthStatus.Healthy, (await check.CheckHealthAsync(new HealthCheckContext())).Status);

        await scheduler.Shutdown(false, TestContext.Current.CancellationToken);
        Assert.Equal(HealthStatus.Unhealthy, (await check.CheckHealthAsync(new HealthCheckContext())).Status);
    }
}
