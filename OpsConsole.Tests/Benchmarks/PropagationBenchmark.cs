using System.Globalization;
using System.Runtime.InteropServices;

namespace OpsConsole.Tests.Benchmarks;

/// <summary>How long a kill takes to be told to the clients that hold a stream, over loopback, and what a stream costs the console in memory.</summary>
internal static class PropagationBenchmark
{
    private const double AimMs = 1_000;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    public static async Task<int> RunAsync(string[] args)
    {
        using var limit = new CancellationTokenSource(Limit);
        return await MeasureAsync(BenchmarkOptions.Number(args, "--streams", 1_000), BenchmarkOptions.Number(args, "--kills", 100)).WaitAsync(limit.Token);
    }

    private static async Task<int> MeasureAsync(int streams, int kills)
    {
        Line($"{streams:N0} open streams, {FlagsBenchmarkServer.Flags} flags, {kills} kills and restores one after the other; clients run on the same machine");
        Line($"{Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, load average {File.ReadAllText("/proc/loadavg").Split(' ')[0]} before");
        var server = ServerProcess.Start([], PropagationBenchmarkServer.Command);
        try
        {
            var ready = await server.MessageAsync<PropagationServerReady>();
            using (var warm = await StreamLoad.StartAsync(new Uri(ready.Address), ready.Token, 50))
            {
                var told = warm.NextAsync(ask: true);
                await server.AskAsync<PropagationServerKilled>(PropagationBenchmarkServer.Kill);
                await told;
            }

            var (liveBefore, residentBefore) = (await server.AskAsync<long>(PropagationBenchmarkServer.Memory), server.ResidentMegabytes());
            using var load = await StreamLoad.StartAsync(new Uri(ready.Address), ready.Token, streams);
            var (live, resident) = (await server.AskAsync<long>(PropagationBenchmarkServer.Memory), server.ResidentMegabytes());
            Line($"memory per stream: {(live - liveBefore) / 1024.0 / streams:0.0} kB in use, {(resident - residentBefore) * 1024 / streams:0.0} kB resident; console {resident:0} MB resident");

            List<double> each = [], last = [];
            var held = 0.0;
            for (var i = 0; i < kills; i++)
            {
                var telling = load.NextAsync(ask: false);
                var killed = await server.AskAsync<PropagationServerKilled>(PropagationBenchmarkServer.Kill);
                double[] took = [.. (await telling).Select(at => (at - killed.At) * 1_000.0 / System.Diagnostics.Stopwatch.Frequency)];
                each.AddRange(took);
                last.Add(took.Max());
                held = Math.Max(held, killed.TookMs);
                await load.AskAsync();
            }

            each.Sort();
            last.Sort();
            Line($"kill to told: p50 {At(each, 0.5):0.0} ms, p99 {At(each, 0.99):0.0} ms; last client of a kill: p50 {At(last, 0.5):0.0} ms, p99 {At(last, 0.99):0.0} ms, worst {last[^1]:0.0} ms; whoever kills is held up {held:0.0} ms at most");

            var asking = load.NextAsync(ask: true);
            await server.AskAsync<PropagationServerKilled>(PropagationBenchmarkServer.Kill);
            await asking;
            await Task.Delay(TimeSpan.FromSeconds(1));
            var own = await server.AskAsync<PropagationServerMeasured>(PropagationBenchmarkServer.Measured);
            Line($"as the console measures it, each client asking as soon as it is told: {own.Confirmed:N0} of {own.Clients:N0} on the new value, {own.Unconfirmed} unconfirmed, first {own.FirstMs:0.0} ms, p50 {own.MedianMs:0.0} ms, p95 {own.P95Ms:0.0} ms, last {own.LastMs:0.0} ms");
            var met = At(last, 0.99) < AimMs && own.Confirmed >= streams;
            Line($"aim: p99 of the last client under {AimMs:N0} ms: {(met ? "met" : "missed")}");
            return met ? 0 : 1;
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    private static double At(List<double> sorted, double share) => sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Count) - 1)];

    private static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
