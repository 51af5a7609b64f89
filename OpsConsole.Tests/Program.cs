using OpsConsole.Tests.Benchmarks;
using OpsConsole.Tests.Crashes;

namespace OpsConsole.Tests;

/// <summary>Starts a benchmark with <c>bench board</c>, a console to be killed with <c>crash-host</c>, and the tests with anything else.</summary>
internal static class TestProgram
{
    private static readonly Dictionary<string, Func<string[], Task<int>>> Benches = new(StringComparer.Ordinal)
    {
        ["audit"] = AuditBenchmark.RunAsync,
        ["board"] = BoardBenchmark.RunAsync,
        ["flags"] = FlagsBenchmark.RunAsync,
        ["judge"] = JudgeBenchmark.RunAsync,
        ["propagation"] = PropagationBenchmark.RunAsync,
        ["slo"] = SloBenchmark.RunAsync,
        ["triggers"] = TriggerBenchmark.RunAsync,
    };

    private static Task<int> Main(string[] args) => args switch
    {
        ["bench", var name, .. var options] when Benches.TryGetValue(name, out var bench) => bench(options),
        [BoardBenchmarkServer.Command, .. var options] => BoardBenchmarkServer.RunAsync(options),
        [FlagsBenchmarkServer.Command, ..] => FlagsBenchmarkServer.RunAsync(),
        [PropagationBenchmarkServer.Command, ..] => PropagationBenchmarkServer.RunAsync(),
        [CrashHost.Command, ..] => CrashHost.RunAsync(),
        ["bench", ..] => UnknownAsync(),
        _ when args.Contains("--server") || args.Contains("--internal-msbuild-node") =>
            Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
        _ => Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args),
    };

    private static async Task<int> UnknownAsync()
    {
        await Console.Error.WriteLineAsync($"Benchmarks: {string.Join(", ", Benches.Keys)}. For example: dotnet run -c Release --project OpsConsole.Tests -- bench board [--seconds 30] [--releases 200] [--clients 100] [--boards 100] [--spread]");
        return 2;
    }
}
