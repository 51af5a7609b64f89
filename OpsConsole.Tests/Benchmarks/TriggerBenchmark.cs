using System.Diagnostics;
using System.Globalization;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Policies.Triggers;
using OpsConsole.Core.Signals;

namespace OpsConsole.Tests.Benchmarks;

/// <summary>Advances 10,000 triggers by one sample each, again and again: what a round takes and allocates.</summary>
internal static class TriggerBenchmark
{
    private const int Triggers = 10_000;
    private const int Rounds = 1_000;
    private static readonly TimeSpan Aim = TimeSpan.FromMilliseconds(10);

    public static async Task<int> RunAsync(string[] args)
    {
        var clocks = Enumerable.Range(0, Triggers).Select(i => new TriggerClock(new Trigger
        {
            Text = $"signal_{i} > 1% for 5m",
            Signal = $"signal_{i}",
            Measure = TriggerMeasure.Value,
            Comparison = TriggerComparison.Above,
            Threshold = 1,
            Unit = SignalUnit.Percent,
            For = TimeSpan.FromSeconds(i % 300),
            RecoverFor = TimeSpan.FromSeconds(i % 60),
        })).ToArray();
        var start = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        Round(clocks, start, -500, 500);
        var took = new double[Rounds];
        GC.Collect();
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < Rounds; round++)
        {
            var began = Stopwatch.GetTimestamp();
            Round(clocks, start, round, 1);
            took[round] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        }

        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Array.Sort(took);
        var p99 = took[Rounds * 99 / 100];
        await Console.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{Triggers:N0} triggers advanced by one sample each, {Rounds:N0} times: p50 {took[Rounds / 2]:0.00} ms, p99 {p99:0.00} ms, longest {took[^1]:0.00} ms; {allocated / (double)(Rounds * (long)Triggers):0.##} bytes a sample. Fired {clocks.Sum(c => c.Firings):N0} times."));
        return p99 <= Aim.TotalMilliseconds && allocated == 0 ? 0 : 1;
    }

    /// <summary>Every trigger is breached, inside and without data in turn, each at its own pace.</summary>
    private static void Round(TriggerClock[] clocks, DateTimeOffset start, int first, int rounds)
    {
        for (var round = first; round < first + rounds; round++)
        {
            var at = start.AddSeconds(round);
            for (var i = 0; i < clocks.Length; i++)
            {
                var turn = (uint)(round + (i * 7)) % 500;
                clocks[i].Advance(turn < 350 ? 4.2 : turn < 400 ? null : 0.1, at);
            }
        }
    }
}
