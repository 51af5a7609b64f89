using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using OpsConsole.Core.Board;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Slos;

namespace OpsConsole.Tests.Benchmarks;

/// <summary>A thousand objectives with eight windows each: what a sample costs, what judging all of them takes, and what they keep in memory.</summary>
internal static class SloBenchmark
{
    private const int Rounds = 20;
    private static readonly SignalKey Signal = new("checkout_success_rate");

    public static Task<int> RunAsync(string[] args)
    {
        var count = args.Length > 1 && args[0] == "--slos" ? int.Parse(args[1], NumberStyles.None, CultureInfo.InvariantCulture) : 1000;
        Line($"{count} objectives over 30 days, 4 pairs of windows each, 2 versions each, 30 days of history; {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}");
        var clock = new Clock();
        var book = new SloBook(clock);
        var empty = Used();
        Fill(book, clock, count);
        var full = Used();
        Line($"memory:     {(full - empty) / 1048576.0:0} MB in use for them ({(full - empty) / 1024.0 / count:0.0} kB each); process {Environment.WorkingSet / 1048576.0:0} MB resident");

        var samples = Samples(count);
        Record("book:      ", samples, clock, (in SignalSample s) => book.Record(s));
        var sink = new SampleFanOut(new ReleaseBoard(clock), book);
        Record("fan-out:   ", samples, clock, (in SignalSample s) => sink.Record(s));
        var other = new SloBook(clock);
        Record("unmatched: ", samples, clock, (in SignalSample s) => other.Record(s));
        Judge(book, count);
        Take(book);
        return Task.FromResult(0);
    }

    /// <summary>As a restart fills the book: hours of the whole period, five minutes of the last three days.</summary>
    private static void Fill(SloBook book, Clock clock, int count)
    {
        var watch = Stopwatch.GetTimestamp();
        var now = clock.GetUtcNow();
        for (var i = 0; i < count; i++)
        {
            var name = $"slo-{i:0000}";
            book.Set(Slo(name), Windows(name, now, 3600, 30 * 24, "").Concat(Windows(name, now, 300, 3 * 288, "")).Concat(Windows(name, now, 3600, 30 * 24, "1.9.0")).Concat(Windows(name, now, 3600, 48, "2.0.0")), []);
        }

        Line($"filled:     {Stopwatch.GetElapsedTime(watch).TotalMilliseconds:0} ms to take over what was kept (without reading it from a database)");
    }

    private static IEnumerable<SloWindow> Windows(string name, DateTimeOffset now, int width, int buckets, string version)
    {
        var last = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds() / width * width);
        for (var i = buckets - 1; i >= 0; i--)
        {
            yield return new SloWindow { Slo = name, Version = version, WidthSeconds = width, Start = last.AddSeconds(-(double)i * width), Good = width - 1, Total = width, CoveredSeconds = width };
        }
    }

    private static void Record(string what, SignalSample[] samples, Clock clock, Sink record)
    {
        const int PerSample = 200;
        long allocated = 0, spent = 0;
        for (var round = 0; round < PerSample; round++)
        {
            clock.Advance(TimeSpan.FromMilliseconds(100));
            var at = clock.GetUtcNow();
            for (var i = 0; i < samples.Length; i++)
            {
                samples[i] = samples[i] with { At = at };
            }

            var (before, from) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
            foreach (ref readonly var sample in samples.AsSpan())
            {
                record(sample);
            }

            if (round > 20)
            {
                spent += Stopwatch.GetTimestamp() - from;
                allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            }
        }

        var counted = (double)samples.Length * (PerSample - 21);
        Line($"{what} {spent * 1e9 / Stopwatch.Frequency / counted:0} ns and {allocated / counted:0.###} bytes a sample ({counted:N0} samples)");
    }

    private static void Judge(SloBook book, int count)
    {
        book.Refresh();
        var times = new double[Rounds];
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Rounds; i++)
        {
            var from = Stopwatch.GetTimestamp();
            book.Refresh();
            times[i] = Stopwatch.GetElapsedTime(from).TotalMilliseconds;
        }

        Array.Sort(times);
        Line($"judged:     all {count} in {times[Rounds / 2]:0.0} ms (median of {Rounds}; fastest {times[0]:0.0}, slowest {times[^1]:0.0}), {(GC.GetAllocatedBytesForCurrentThread() - before) / 1048576.0 / Rounds:0.0} MB allocated each time");
    }

    private static void Take(SloBook book)
    {
        var from = Stopwatch.GetTimestamp();
        var changed = book.TakeChanged();
        Line($"to write:   {changed.Count:N0} changed buckets found in {Stopwatch.GetElapsedTime(from).TotalMilliseconds:0.0} ms");
    }

    private static SignalSample[] Samples(int count) =>
        [.. Enumerable.Range(0, count).SelectMany(i => new[] { "1.9.0", "2.0.0" }.Select(v => new SignalSample(new($"service-{i:0000}", "gateway", "production", v, Signal), default, 99.7, 50)))];

    private static Slo Slo(string name) => new()
    {
        Name = name,
        Title = "Checkouts that go through",
        Service = "service-" + name[4..],
        Environment = "production",
        Owner = "commerce",
        Signal = Signal,
        Share = SliShare.Good,
        ObjectivePercent = 99.9m,
        Period = TimeSpan.FromDays(30),
        Why = "Every one of them is an order that was not placed.",
    };

    private static long Used()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static void Line(string text) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{text}"));

    private delegate void Sink(in SignalSample sample);

    private sealed class Clock : TimeProvider
    {
        private DateTimeOffset _now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => _now;

        public void Advance(TimeSpan by) => _now += by;
    }
}
