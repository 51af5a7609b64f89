using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace OpsConsole.Tests.Benchmarks;

/// <summary>How many bulk evaluations of a hundred flags a second the console answers over loopback, in full and with 304, and how long they take; on demand the same of unleash-server, in the same run.</summary>
internal static class FlagsBenchmark
{
    private const double Aim = 5_000;

    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    public static async Task<int> RunAsync(string[] args)
    {
        using var limit = new CancellationTokenSource(Limit);
        return await MeasureAsync(BenchmarkOptions.Number(args, "--seconds", 10), BenchmarkOptions.Number(args, "--connections", 16), args.Contains("--with-unleash")).WaitAsync(limit.Token);
    }

    private static async Task<int> MeasureAsync(int seconds, int connections, bool unleash)
    {
        Line($"bulk evaluation of {FlagsBenchmarkServer.Flags} flags, {connections} connections, each asks again as soon as it is answered, {seconds} s each");
        Line($"{Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, load average {File.ReadAllText("/proc/loadavg").Split(' ')[0]} before; clients run on the same machine");
        var met = await ConsoleAsync(seconds, connections);
        if (unleash)
        {
            await UnleashAsync(seconds, connections);
        }

        Line($"aim: {Aim:N0} a second with 304: {(met >= Aim ? "met" : "missed")}");
        return met >= Aim ? 0 : 1;
    }

    /// <summary>Returns answers a second with 304.</summary>
    private static async Task<double> ConsoleAsync(int seconds, int connections)
    {
        await using var server = ServerProcess.Start([], FlagsBenchmarkServer.Command);
        var ready = await server.MessageAsync<FlagsServerReady>();
        var address = new Uri(ready.Address);
        var asked = new Asked("console", address, server.CpuSeconds, server.ResidentMegabytes, seconds, connections);
        await asked.Async("on for everyone", unchanged: false, FlagsQuestion.Console(address, ready.Plain));
        var rate = await asked.Async("on for everyone", unchanged: true, FlagsQuestion.Console(address, ready.Plain));
        await asked.Async("targeted", unchanged: false, FlagsQuestion.Console(address, ready.Targeted));
        await asked.Async("targeted", unchanged: true, FlagsQuestion.Console(address, ready.Targeted));
        return rate;
    }

    private static async Task UnleashAsync(int seconds, int connections)
    {
        await using var server = await UnleashServer.StartAsync();
        await server.FillAsync(FlagsBenchmarkServer.Flags);
        var asked = new Asked("unleash", server.Address, server.CpuSeconds, server.ResidentMegabytes, seconds, connections);
        foreach (var (name, environment) in ((string, string)[])[("on for everyone", UnleashServer.Plain), ("targeted", UnleashServer.Targeted)])
        {
            var question = FlagsQuestion.Unleash(server.Address, UnleashServer.TokenOf(environment));
            await asked.Async(name, unchanged: false, question);
            await asked.Async(name, unchanged: true, question);
        }
    }

    private static void Line(string text) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{text}"));

    /// <summary>One server under load, as seen from outside.</summary>
    private sealed record Asked(string Name, Uri Server, Func<double> Cpu, Func<double> Resident, int Seconds, int Connections)
    {
        /// <summary>Prints one line. Returns answers a second.</summary>
        public async Task<double> Async(string flags, bool unchanged, Func<string, string?, byte[]> question)
        {
            await using var load = await FlagsLoad.StartAsync(Server, question, unchanged, Connections);
            await Task.Delay(Warm);
            load.Measure(true);
            var (cpu, start) = (Cpu(), Stopwatch.GetTimestamp());
            await Task.Delay(TimeSpan.FromSeconds(Seconds));
            load.Measure(false);
            var took = Stopwatch.GetElapsedTime(start).TotalSeconds;
            var cores = (Cpu() - cpu) / took;
            await load.StopAsync();
            var latency = load.Latency();
            var rate = latency.Count / took;
            Line($"{Name + ", " + flags + (unchanged ? ", 304:" : ", 200:"),-31} {rate,7:N0} a second, p50 {latency.Quantile(0.5):0.0} ms, p99 {latency.Quantile(0.99):0.0} ms, {load.AnswerBytes:N0} bytes each, server {cores * 100:0} % of a core, {Resident():0} MB resident");
            return rate;
        }
    }
}
