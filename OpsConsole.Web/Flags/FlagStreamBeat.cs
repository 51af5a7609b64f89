namespace OpsConsole.Web.Flags;

/// <summary>The one timer for the heartbeats of all streams.</summary>
internal sealed class FlagStreamBeat(FlagStreams streams, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            streams.Beat();
        }
    }
}
