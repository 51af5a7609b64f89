using System.Threading.Channels;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;

namespace OpsConsole.Web.Live;

/// <summary>Writes a change of verdict into the release's timeline once it has stayed for five seconds, so that a verdict that flickers does not fill it. Off the live path, by a bounded queue.</summary>
public sealed class VerdictJournal(ReleaseBoard board, IReleaseStore store, LiveMetrics metrics, TimeProvider time, ILogger<VerdictJournal> log) : BackgroundService
{
    /// <summary>How long a verdict must stay before it is written.</summary>
    public static readonly TimeSpan Dwell = TimeSpan.FromSeconds(5);

    private const int Capacity = 500;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WriteLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    private readonly Dictionary<Guid, Verdict> _known = [];

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var queue = Channel.CreateBounded<ReleaseEvent>(
            new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            _ => metrics.EventLost());
        return Task.WhenAll(WatchAsync(queue.Writer, stoppingToken), WriteAsync(queue.Reader, stoppingToken));
    }

    private async Task WatchAsync(ChannelWriter<ReleaseEvent> queue, CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Look, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var releases = board.Current.Releases;
            foreach (var release in releases)
            {
                if (Changed(release) is { } entry)
                {
                    queue.TryWrite(entry);
                }
            }

            if (_known.Count > releases.Length * 2)
            {
                var there = releases.Select(r => r.Id).ToHashSet();
                foreach (var gone in _known.Keys.Where(id => !there.Contains(id)).ToList())
                {
                    _known.Remove(gone);
                }
            }
        }
    }

    /// <summary>The event of a changed verdict; null when it did not change, has not stayed yet, or is no news: the first one seen, or that of a rollout that is over, whose end is an event of its own.</summary>
    private ReleaseEvent? Changed(ReleaseSnapshot release)
    {
        if (release.IsSettled || !_known.TryGetValue(release.Id, out var known))
        {
            _known[release.Id] = release.Verdict;
            return null;
        }

        if (known == release.Verdict || time.GetUtcNow() - release.VerdictSince < Dwell)
        {
            return null;
        }

        _known[release.Id] = release.Verdict;
        return new ReleaseEvent
        {
            ReleaseId = release.Id,
            Kind = ReleaseEventKind.VerdictChanged,
            At = release.VerdictSince,
            Text = $"{Word(known)} to {Word(release.Verdict)}: {release.Reason}",
            ExposurePercent = release.ExposurePercent,
        };
    }

    private async Task WriteAsync(ChannelReader<ReleaseEvent> queue, CancellationToken stoppingToken)
    {
        await foreach (var entry in queue.ReadAllAsync(stoppingToken))
        {
            var pause = FirstPause;
            while (!await TryWriteAsync(entry, stoppingToken))
            {
                await Task.Delay(pause, time, stoppingToken);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    /// <summary>True when there is no more to do about the entry: it is written, or will never be.</summary>
    private async Task<bool> TryWriteAsync(ReleaseEvent entry, CancellationToken stoppingToken)
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        try
        {
            await store.AppendEventAsync(entry, giveUp.Token).WaitAsync(WriteLimit, time, stoppingToken);
            return true;
        }
        catch (Exception exception) when (exception is RecordUnavailableException or TimeoutException)
        {
            await giveUp.CancelAsync();
            return false;
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            metrics.EventLost();
            log.LogError(exception, "A change of verdict of release {Release} could not be written to its timeline.", entry.ReleaseId);
            return true;
        }
    }

    private static string Word(Verdict verdict) => verdict switch
    {
        Verdict.Pass => "pass",
        Verdict.Running => "running",
        Verdict.Inconclusive => "inconclusive",
        Verdict.Error => "error",
        _ => "fail",
    };
}
