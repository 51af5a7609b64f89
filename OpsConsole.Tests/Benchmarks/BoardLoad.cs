using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;

namespace OpsConsole.Tests.Benchmarks;

/// <summary>Records samples as sources would: every signal of every release once a second, and its baseline every five. Each sample is stamped with the time of its recording.</summary>
internal sealed class BoardLoad(ReleaseBoard board, TimeProvider time, int releases, bool spread)
{
    /// <summary>A latency sample's count is this plus the milliseconds from the load's origin to its recording, so that the text of a page tells when what it shows was recorded.</summary>
    public const long CountBase = 1_000_000;

    private static readonly SignalDefinition[] Definitions =
        [.. new[] { "http_5xx_rate", "p99_latency", "crash_free_users", "checkout_success_rate", "p95_latency", "p50_latency", "queue_depth", "request_rate" }.Select(k => KnownSignals.Find(k)!)];

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(5);

    private readonly Random _random = new(1);

    /// <summary>Where counts begin.</summary>
    public DateTimeOffset Origin { get; } = time.GetUtcNow();

    public long Recorded { get; private set; }

    /// <summary>Bytes that the recording thread allocated while recording.</summary>
    public long Allocated { get; private set; }

    public IReadOnlyList<Release> Releases { get; } = [.. Enumerable.Range(0, releases).Select(i => Make(i, time.GetUtcNow()))];

    /// <summary>Records on the calling thread until told to stop.</summary>
    public void Run(CancellationToken stop)
    {
        var samples = Schedule();
        var start = time.GetTimestamp();
        for (long second = 0; !stop.IsCancellationRequested; second++)
        {
            foreach (var (offset, address, kind) in samples)
            {
                var wait = TimeSpan.FromSeconds(second) + offset - time.GetElapsedTime(start);
                while (wait > TimeSpan.Zero && !stop.IsCancellationRequested)
                {
                    stop.WaitHandle.WaitOne(wait < Step ? wait : Step);
                    wait = TimeSpan.FromSeconds(second) + offset - time.GetElapsedTime(start);
                }

                if (kind != Side.Baseline || second % 5 == 0)
                {
                    Record(address, kind);
                }
            }
        }
    }

    private void Record(in SignalAddress address, Side side)
    {
        var now = time.GetUtcNow();
        var percent = address.Signal.Value.EndsWith("_rate", StringComparison.Ordinal) || address.Signal.Value.StartsWith("crash", StringComparison.Ordinal);
        var noise = _random.NextDouble();
        var value = address.Signal.Value switch
        {
            "http_5xx_rate" => side == Side.Failing ? 4 + noise : 0.3 * noise,
            "crash_free_users" => 99.5 + (noise / 10),
            _ when percent => 97 + noise,
            _ => 200 + (100 * noise),
        };
        var sample = new SignalSample(address, now, value, CountBase + (long)(now - Origin).TotalMilliseconds);
        var before = GC.GetAllocatedBytesForCurrentThread();
        board.Record(sample);
        Allocated += GC.GetAllocatedBytesForCurrentThread() - before;
        Recorded++;
    }

    /// <summary>Every sample of one second with its place in it.</summary>
    private List<(TimeSpan Offset, SignalAddress Address, Side Side)> Schedule()
    {
        var second = TimeSpan.FromSeconds(1);
        var list = new List<(TimeSpan, SignalAddress, Side)>();
        for (var r = 0; r < Releases.Count; r++)
        {
            var release = Releases[r];
            for (var s = 0; s < Definitions.Length; s++)
            {
                var offset = spread ? second * (((s * Releases.Count) + r) / (double)(Releases.Count * Definitions.Length)) : second * (r / (double)Releases.Count);
                var address = new SignalAddress(release.Service, release.Target, release.Environment, release.Version, Definitions[s].Key);
                list.Add((offset, address, r % 20 == 0 ? Side.Failing : Side.Canary));
                list.Add((offset, address with { Version = release.PreviousVersion! }, Side.Baseline));
            }
        }

        return [.. list.OrderBy(x => x.Item1)];
    }

    private static Release Make(int number, DateTimeOffset now)
    {
        var release = new Release
        {
            Id = Guid.CreateVersion7(),
            Service = $"service-{number:000}",
            Target = "gateway",
            Environment = "production",
            Version = "2.0.0",
            PreviousVersion = "1.9.0",
            Artifact = new Artifact($"sha256:{number:x64}", $"{number:x40}", null, null),
            Owner = $"team-{number % 12}",
            Stages = [new Stage(5, TimeSpan.FromMinutes(10)), new Stage(25, TimeSpan.FromMinutes(20)), new Stage(100, TimeSpan.Zero)],
            Signals = Definitions,
            RegisteredAt = now,
        };
        release.EnterNextStage(now);
        return release;
    }

    private enum Side
    {
        Canary,
        Failing,
        Baseline,
    }
}
