using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OpsConsole.Web.Jobs;
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

    [Fact]
    public void A_shared_job_that_nobody_runs_is_told_and_takes_no_console_out_of_service()
    {
        DateTimeOffset now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

        Assert.Equal((HealthStatus.Healthy, "runs"), Of(new("a", TriggerState.Normal, now.AddSeconds(5)), new("b", TriggerState.Blocked, now.AddSeconds(-50))));
        Assert.Equal((HealthStatus.Degraded, "b is due for 3 minutes"), Of(new("a", TriggerState.Normal, now.AddSeconds(5)), new("b", TriggerState.Normal, now.AddMinutes(-3))));
        Assert.Equal(
            (HealthStatus.Degraded, "a is taken off the schedule by an error; b is not on the schedule; c is paused"),
            Of(new("a", TriggerState.Error, now), new("b", TriggerState.None, null), new("c", TriggerState.Paused, now)));

        Assert.Equal(
            (HealthStatus.Degraded, "b is not known: it could not be looked at"),
            Of(new("a", TriggerState.Normal, now.AddSeconds(5)), new("b", TriggerState.None, null) { IsUnseen = true }));

        (HealthStatus, string?) Of(params SharedJobStanding[] jobs) => SharedSchedulerCheck.Of(jobs, now) is var result ? (result.Status, result.Description) : default;
    }

    [Fact]
    public void Shared_jobs_that_nobody_could_look_at_are_told_after_the_first_minute()
    {
        DateTimeOffset now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

        Assert.Equal(HealthStatus.Healthy, SharedSchedulerCheck.Of([], now, now - SharedJobStanding.Patience).Status);
        Assert.Equal(HealthStatus.Degraded, SharedSchedulerCheck.Of([], now, now - SharedJobStanding.Patience - TimeSpan.FromSeconds(1)).Status);
    }
}
