using OpsConsole.Core.Slos;
using OpsConsole.Core.Storage;

namespace OpsConsole.Web.Slos;

/// <summary>Reads the objectives at start, judges them every 15 s, writes what was counted every minute, and deletes what is out of use every hour. When the record is slow or away, judging goes on and writing is made up for.</summary>
public sealed class SloRecorder(SloBook book, SloRegister register, RecentChanges changes, AlertJournal journal, StorageReady storage, TimeProvider time, ILogger<SloRecorder> log) : BackgroundService
{
    /// <summary>Time between two judgements.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    /// <summary>Time between two writes: the most of what was counted that a crash can take.</summary>
    public static readonly TimeSpan WriteInterval = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan TrimInterval = TimeSpan.FromHours(1);
    private static readonly TimeSpan LoadLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan WriteLimit = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan ExplainLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LastLimit = TimeSpan.FromSeconds(4);

    private readonly List<SloAlert> _unexplained = [];
    private readonly List<SloAlert> _untold = [];
    private bool _failing;

    /// <summary>Writes once more what was counted since the last write.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TryAsync(register.WriteAsync, LastLimit, cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await storage.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(Interval, time);
        while (!await TryAsync(register.LoadAsync, LoadLimit, stoppingToken))
        {
            await timer.WaitForNextTickAsync(stoppingToken);
        }

        log.LogInformation("{Count} service-level objectives are followed.", book.Slos.Count);

        // Judging must not wait for the record, so what writes has a loop of its own.
        await Task.WhenAll(JudgeAsync(timer, stoppingToken), WriteAsync(stoppingToken));
    }

    private async Task JudgeAsync(PeriodicTimer timer, CancellationToken stoppingToken)
    {
        var failing = false;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                book.Refresh();
                failing = false;
            }
            catch (Exception exception)
            {
                if (!failing)
                {
                    log.LogError(exception, "The objectives could not be judged; it is tried again every {Interval}.", Interval);
                }

                failing = true;
            }
        }
    }

    private async Task WriteAsync(CancellationToken stoppingToken)
    {
        var (writtenAt, trimmedAt) = (time.GetTimestamp(), 0L);
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await TryAsync(FollowAlertsAsync, ExplainLimit, stoppingToken);
            if (time.GetElapsedTime(writtenAt) >= WriteInterval)
            {
                writtenAt = time.GetTimestamp();
                await TryAsync(register.WriteAsync, WriteLimit, stoppingToken);
            }

            if (trimmedAt == 0 || time.GetElapsedTime(trimmedAt) >= TrimInterval)
            {
                trimmedAt = time.GetTimestamp();
                await TryAsync(register.TrimAsync, WriteLimit, stoppingToken);
            }
        }
    }

    /// <summary>Writes alerts that fired or resolved, also into the timelines of the service's releases, and adds to those that fire what changed recently.</summary>
    private async Task FollowAlertsAsync(CancellationToken cancellationToken)
    {
        var changed = book.TakeAlerts();
        foreach (var alert in changed.Where(a => a.IsFiring))
        {
            log.LogWarning("Objective {Slo}: {Severity} alert. {What}", alert.Slo, alert.Severity, alert.Detail.What);
        }

        _untold.AddRange(changed);
        _unexplained.AddRange(changed.Where(a => a.IsFiring));
        await register.SaveAlertsAsync(changed, cancellationToken);
        while (_untold.Count > 0)
        {
            if (book.Find(_untold[0].Slo)?.Slo is { } slo)
            {
                await journal.WriteAsync(_untold[0], slo, cancellationToken);
            }

            _untold.RemoveAt(0);
        }

        while (_unexplained.Count > 0)
        {
            var alert = _unexplained[0];
            if (book.Find(alert.Slo)?.Slo is { } slo && book.Explain(alert, await changes.OfAsync(slo.Service, slo.Environment, cancellationToken)) is { } explained)
            {
                await register.SaveAlertsAsync([explained], cancellationToken);
            }

            _unexplained.RemoveAt(0);
        }
    }

    private async Task<bool> TryAsync(Func<CancellationToken, Task> work, TimeSpan limit, CancellationToken stoppingToken)
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        try
        {
            await work(giveUp.Token).WaitAsync(limit, time, stoppingToken);
            _failing = false;
            return true;
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            await giveUp.CancelAsync();
            if (!_failing)
            {
                log.LogWarning(exception, "The record of the objectives cannot be used now: {Reason} Judging goes on, and what was counted is written when it can be.", exception.Message);
            }

            _failing = true;
            return false;
        }
    }
}
