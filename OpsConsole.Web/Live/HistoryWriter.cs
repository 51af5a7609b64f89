using Microsoft.Extensions.Options;
using OpsConsole.Core.Board;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Storage;

namespace OpsConsole.Web.Live;

/// <summary>How charted history is kept, section <c>History</c>.</summary>
public sealed class HistoryOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "History";

    /// <summary>How long points are kept; 1 hour or more, default 48 hours.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromHours(48);
}

/// <summary>Writes what the board shows into the history, every ten seconds, off the live path: when the database is slow or away, points are lost and counted, and the board does not notice.</summary>
public sealed class HistoryWriter(
    ReleaseBoard board, ISignalHistoryStore store, StorageReady storage, LiveMetrics metrics, IOptions<HistoryOptions> options, TimeProvider time, ILogger<HistoryWriter> log)
    : BackgroundService
{
    /// <summary>Time between two points of a chart.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private const int LargestBatch = 1000;
    private static readonly TimeSpan WriteLimit = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan TrimLimit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan TrimInterval = TimeSpan.FromMinutes(10);

    private bool _failing;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await storage.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(Interval, time);
        DateTimeOffset? trimmedAt = null;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await WriteAsync(stoppingToken);
            if (trimmedAt is null || time.GetUtcNow() - trimmedAt >= TrimInterval)
            {
                trimmedAt = time.GetUtcNow();
                await TryAsync(token => store.TrimAsync(trimmedAt.Value - options.Value.Retention, token), TrimLimit, stoppingToken);
            }
        }
    }

    private async Task WriteAsync(CancellationToken stoppingToken)
    {
        foreach (var batch in Points(board.Current, time.GetUtcNow()).Chunk(LargestBatch))
        {
            if (await TryAsync(token => store.AppendAsync(batch, token), WriteLimit, stoppingToken))
            {
                metrics.PointsWritten(batch.Length);
            }
            else
            {
                metrics.PointsLost(batch.Length);
            }
        }
    }

    /// <summary>One point for each signal and side that has a fresh value: a stale one was written when it was fresh.</summary>
    internal static IEnumerable<SignalPoint> Points(BoardSnapshot board, DateTimeOffset now)
    {
        foreach (var release in board.Releases)
        {
            foreach (var signal in release.Signals)
            {
                if (signal is { Canary: { } canary, Quality: SignalQuality.Fresh })
                {
                    yield return new(release.Id, signal.Definition.Key, SignalSide.Canary, now, canary, signal.Samples);
                }

                if (signal.Baseline is { } baseline)
                {
                    yield return new(release.Id, signal.Definition.Key, SignalSide.Baseline, now, baseline, signal.BaselineSamples);
                }
            }
        }
    }

    private async Task<bool> TryAsync(Func<CancellationToken, Task> write, TimeSpan limit, CancellationToken stoppingToken)
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        try
        {
            await write(giveUp.Token).WaitAsync(limit, time, stoppingToken);
            _failing = false;
            return true;
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            await giveUp.CancelAsync();
            if (!_failing)
            {
                log.LogWarning(exception, "Signal history cannot be written: {Reason} Points are lost until it can be; the board is not affected.", exception.Message);
            }

            _failing = true;
            return false;
        }
    }
}
