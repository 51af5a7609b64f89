using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace OpsConsole.Tests.Benchmarks;

/// <summary>How the board does under load: from a sample being recorded to its arrival at hub clients and at open boards, and what that costs the server.</summary>
internal static class BoardBenchmark
{
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(8);

    /// <summary>Whatever hangs, the benchmark ends; the processes it started end with it, because their input does.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    public static async Task<int> RunAsync(string[] args)
    {
        using var limit = new CancellationTokenSource(Limit);
        return await RunAsync(args, BenchmarkOptions.Parse(args)).WaitAsync(limit.Token);
    }

    private static async Task<int> RunAsync(string[] args, BenchmarkOptions options)
    {
        Line($"{options.Releases} releases x 8 signals, one sample a second each ({options.Releases * 8} samples/s, and baselines every 5 s), {(options.Spread ? "each at a time of its own" : "a release's eight together")}");
        Line($"{Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}; clients run on the same machine");
        var server = ServerProcess.Start(args);
        try
        {
            var ready = await server.MessageAsync<BoardServerReady>();
            await Task.Delay(Warm);
            var alone = await MeasureAsync(server, () => Task.Delay(TimeSpan.FromSeconds(5)));
            Line($"server alone under load:  {Core(alone.Cores)}, {alone.Megabytes:0} MB resident");
            Line($"joining {options.Clients} hub clients ...");
            await using var hub = options.Clients > 0 ? await HubLoad.JoinAsync(new Uri(ready.Address), ServerProcess.Token, options.Clients) : null;
            if (hub is not null)
            {
                await Task.Delay(Warm);
                hub.Measure(true);
                var use = await MeasureAsync(server, () => Task.Delay(TimeSpan.FromSeconds(options.Seconds)));
                hub.Measure(false);
                Hub(options, hub, use);
            }

            if (options.Boards > 0)
            {
                await BoardsAsync(options, server, ready, hub);
            }

            var totals = await server.EndAsync();
            Line($"recording:                {totals.Recorded:N0} samples, {(double)totals.Allocated / totals.Recorded:0.###} bytes allocated a sample");
            return 0;
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    private static async Task BoardsAsync(BenchmarkOptions options, ServerProcess server, BoardServerReady ready, HubLoad? hub)
    {
        var empty = await server.MemoryAsync(collect: true);
        var before = server.ResidentMegabytes();
        Line($"opening {options.Boards} boards ...");
        using var boards = await CircuitLoad.StartAsync(ready, options.Boards, options.Seconds);
        await boards.MeasuringAsync();
        var begun = await server.MemoryAsync(collect: false);
        CircuitTotals? totals = null;
        var use = await MeasureAsync(server, async () => totals = await boards.TotalsAsync());
        var full = await server.MemoryAsync(collect: true);
        var collected = server.ResidentMegabytes();
        Line($"{totals!.Circuits} open boards{(hub is null ? "" : $" beside {options.Clients} hub clients")}:");
        Line($"  recorded -> received:   p50 {totals.P50:0} ms, p99 {totals.P99:0} ms ({totals.Samples:N0} arrivals)");
        Line($"  server:                 {Core(use.Cores)}, {use.Megabytes:0} MB resident, {(use.Megabytes - before) / totals.Circuits:0.00} MB a board");
        Line($"  render batches:         {totals.BatchesPerSecond:0.0} a second and board, {totals.KilobytesPerBatch:0.0} kB each, {totals.Errors} errors");
        Line($"  in use on the heap:     {(full.Live - empty.Live) / 1048576.0 / totals.Circuits:0.00} MB a board; resident after a full collection {(collected - before) / totals.Circuits:0.00} MB a board");
        Line($"  collector:              {(full.Allocated - begun.Allocated) / 1048576.0 / totals.Seconds:0} MB allocated a second, {full.Collections - begun.Collections} collections ({full.FullCollections - begun.FullCollections} full), paused {(full.PausedMilliseconds - begun.PausedMilliseconds) / totals.Seconds / 10:0.0} % of the time");
        Line($"  the boards themselves:  {Core(totals.ClientCores)}");
    }

    private static void Hub(BenchmarkOptions options, HubLoad hub, (double Cores, double Megabytes) use)
    {
        var latency = hub.Latency();
        Line($"{options.Clients} hub clients:");
        Line($"  recorded -> received:   p50 {latency.Quantile(0.5):0} ms, p99 {latency.Quantile(0.99):0} ms ({latency.Count:N0} arrivals)");
        Line($"  server:                 {Core(use.Cores)}, {use.Megabytes:0} MB resident");
        Line($"  messages:               {(double)hub.Messages / options.Seconds / options.Clients:0.0} a second and client, {hub.Bytes / 1024.0 / hub.Messages:0.0} kB each");
    }

    private static async Task<(double Cores, double Megabytes)> MeasureAsync(ServerProcess server, Func<Task> during)
    {
        var (cpu, start) = (server.CpuSeconds(), Stopwatch.GetTimestamp());
        await during();
        return ((server.CpuSeconds() - cpu) / Stopwatch.GetElapsedTime(start).TotalSeconds, server.ResidentMegabytes());
    }

    private static string Core(double cores) => $"{cores * 100:0} % of a core";

    private static void Line(string text) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{text}"));
}
