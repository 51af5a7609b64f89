using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Web.Startup;

namespace OpsConsole.Web.Operations;

/// <summary>Ends a console that is asked to stop in order: it is no longer ready, begins nothing new, finishes the actions it has in hand, and leaves to the next start or to another console what does not end in time.</summary>
internal sealed class OrderlyStop(
    GateClosing closing, ActionQueue queue, ActionExecutor executor, IOptions<ConsoleOptions> options, TimeProvider time, ILogger<OrderlyStop> log) : IHostedLifecycleService, IHealthCheck
{
    /// <summary>How long a caller is told to wait before it asks again.</summary>
    public const int RetryAfterSeconds = 5;

    /// <summary>Time that the rest of the console has for stopping once its actions have ended.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    private int Open => executor.Running + queue.Waiting;

    /// <summary>Before anything is stopped: the console still answers meanwhile.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        closing.Close();
        var (begun, stop) = (time.GetUtcNow(), options.Value.Stop);
        if (Open > 0)
        {
            log.LogInformation("Stopping: {Count} actions are under way and have {Seconds} s to end", Open, stop.Grace.TotalSeconds);
        }

        while (!cancellationToken.IsCancellationRequested && Lasting() is var lasting && (lasting < stop.Pause || (Open > 0 && lasting < stop.Grace)))
        {
            await Task.Delay(Step, time, CancellationToken.None);
        }

        closing.Left = Open;
        if (Open > 0)
        {
            log.LogWarning("Stopping: {Count} actions did not end in {Seconds} s; they stay on record as executing, and another console or the next start takes them up", Open, stop.Grace.TotalSeconds);
        }

        TimeSpan Lasting() => time.GetUtcNow() - begun;
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(closing.IsClosed ? HealthCheckResult.Unhealthy("is stopping") : HealthCheckResult.Healthy("runs"));

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>Sends those away who would open a live connection to a console that is stopping: their browsers ask again, and find another console or the next start of this one.</summary>
internal static class LiveWhileStopping
{
    public static void UseNoNewConnectionsWhileStopping(this WebApplication app)
    {
        var closing = app.Services.GetRequiredService<GateClosing>();
        app.Use((context, next) =>
        {
            if (!closing.IsClosed || !OwnOrigin.IsLive(context.Request.Path))
            {
                return next(context);
            }

            context.Response.Headers.RetryAfter = $"{OrderlyStop.RetryAfterSeconds}";
            return Results.Problem(
                statusCode: StatusCodes.Status503ServiceUnavailable, title: "Stopping", detail: "This console is stopping. Connect again in a few seconds.").ExecuteAsync(context);
        });
    }
}
