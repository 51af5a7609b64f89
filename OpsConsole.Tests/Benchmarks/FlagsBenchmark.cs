using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace OpsConsole.Tests.Benchmarks;

/// <summary>How many bulk evaluations of a hundred flags a second the console answers over loopback, in full and with 304, and how long they take.</summary>
internal static class FlagsBenchmark
{
    private const double Aim = 5_000;

    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    public static async Task<int> RunAsync(string[] args)
    {
        using var limit = new CancellationTokenSource(Limit);
        return await MeasureAsync(BenchmarkOptions.Number(args, "--seconds", 10), BenchmarkOptions.Number(args, "--connections", 16)).WaitAsync(limit.Token);
    }

    private static async Task<int> MeasureAsync(int seconds, int connections)
    {
        Line($"bulk evaluation of {FlagsBenchmarkServer.Flags} flags, {connections} connections, each asks again as soon as it is answered, {seconds} s each");
        Line($"{Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, load average {File.ReadAllText("/proc/loadavg").Split(' ')[0]} before; clients run on the same machine");
        var server = ServerProcess.Start([], FlagsBenchmarkServer.Command);
        try
        {
            var ready = await server.MessageAsync<FlagsServerReady>();
            await RunAsync("on for everyone, 200", unchanged: false, ready.Plain);
            var met = await RunAsync("on for everyone, 304", unchanged: true, ready.Plain);
            await RunAsync("targeted, 200", unchanged: false, ready.Targeted);
            await RunAsync("targeted, 304", unchanged: true, ready.Targeted);
            Line($"aim: {Aim:N0} a second with 304: {(met >= Aim ? "met" : "missed")}");
            return met >= Aim ? 0 : 1;

            async Task<double> RunAsync(string name, bool unchanged, string token)
            {
                await using var load = await FlagsLoad.StartAsync(new Uri(ready.Address), token, unchanged, connections);
                await Task.Delay(Warm);
                load.Measure(true);
                var (cpu, start) = (server.CpuSeconds(), Stopwatch.GetTimestamp());
                await Task.Delay(TimeSpan.FromSeconds(seconds));
                load.Measure(false);
                var took = Stopwatch.GetElapsedTime(start).TotalSeconds;
                var cores = (server.CpuSeconds() - cpu) / took;
                await load.StopAsync();
                var latency = load.Latency();
                var rate = latency.Count / took;
                Line($"{name + ":",-22} {rate,7:N0} a second, p50 {latency.Quantile(0.5):0.0} ms, p99 {latency.Quantile(0.99):0.0} ms, {load.AnswerBytes:N0} bytes each, console {cores * 100:0} % of a core, {server.ResidentMegabytes():0} MB resident");
                return rate;
            }
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    private static void Line(string text) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{text}"));
}
