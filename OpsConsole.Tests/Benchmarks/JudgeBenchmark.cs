using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using OpsConsole.Core.Policies.Judging;

namespace OpsConsole.Tests.Benchmarks;

/// <summary>How long the judge takes over twenty metrics, and that ten times the points take about ten times as long.</summary>
internal static class JudgeBenchmark
{
    private const int Metrics = 20;
    private const int Seed = 20260301;

    public static Task<int> RunAsync(string[] args)
    {
        var runs = BenchmarkOptions.Number(args, "--runs", 200);
        Line($"{Metrics} metrics, judged {runs} times each size; {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}");
        var small = Measure("1,440 points a side", 1_440, runs);
        var large = Measure("14,400 points a side", 14_400, Math.Max(runs / 10, 10));
        Line($"ten times the points:     {large / small:0.0} times the median");
        return Task.FromResult(0);
    }

    private static double Measure(string name, int points, int runs)
    {
        var metrics = Inputs(points);
        for (var i = 0; i < Math.Max(runs / 10, 5); i++)
        {
            Judge(metrics);
        }

        var times = new double[runs];
        var before = GC.GetAllocatedBytesForCurrentThread();
        var labels = "";
        for (var i = 0; i < runs; i++)
        {
            var start = Stopwatch.GetTimestamp();
            var report = Judge(metrics);
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            labels = string.Join(", ", report.Metrics.GroupBy(m => m.Label).Select(g => $"{g.Count()} {g.Key}"));
        }

        var allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / runs;
        Array.Sort(times);
        Line($"{name + ":",-25} median {times[runs / 2]:0.0} ms, p99 {times[Math.Min(runs - 1, (int)(runs * 0.99))]:0.0} ms, {allocated / 1024:N0} KiB allocated a run ({labels})");
        return times[runs / 2];
    }

    private static JudgeReport Judge((MetricRules Rules, double[] Canary, double[] Baseline)[] metrics)
    {
        var results = new List<MetricResult>(metrics.Length);
        foreach (var (rules, canary, baseline) in metrics)
        {
            results.Add(MetricJudge.Judge(rules, canary, baseline));
        }

        return CanaryJudge.Report(results, new Dictionary<string, double>(), ScoreThresholds.Default);
    }

    /// <summary>Latencies, rounded latencies with ties, rare errors among zeros, and percentages, each alike on both sides or worse on one.</summary>
    private static (MetricRules Rules, double[] Canary, double[] Baseline)[] Inputs(int points)
    {
        var random = new Random(Seed);
        return [.. Enumerable.Range(0, Metrics).Select(i =>
        {
            var worse = i % 5 == 0 ? 1.2 : 1;
            double[] Side(double factor) => [.. Enumerable.Range(0, points).Select(_ => (i % 4) switch
            {
                0 => 200 * factor * Math.Exp(Normal(random) / 4),
                1 => Math.Round(200 * factor * Math.Exp(Normal(random) / 4)),
                2 => random.NextDouble() < 0.9 ? 0 : factor * random.NextDouble(),
                _ => Math.Min(100, 99 + (Normal(random) / 3)) / factor,
            })];
            return (new MetricRules { Name = "m" + i }, Side(worse), Side(1));
        })];
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static void Line(string text) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{text}"));
}
