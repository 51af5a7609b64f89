using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using OpsConsole.Core.Storage;
using OpsConsole.Core.Storage.EmbeddedPostgres;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Benchmarks;

/// <summary>What a line of the audit costs: appends a second on the embedded PostgreSQL, one after the other and side by side. The chain takes one at a time.</summary>
internal static class AuditBenchmark
{
    private const int WarmUp = 200;

    public static async Task<int> RunAsync(string[] args)
    {
        var seconds = args is ["--seconds", var text] ? int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) : 10;
        var folder = Directory.CreateTempSubdirectory("opsconsole-bench-").FullName;
        try
        {
            Line($"{Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}; load average {LoadAverage()}");
            await using var server = await EmbeddedPostgresServer.StartAsync(folder, null, NullLogger.Instance, TimeProvider.System, CancellationToken.None);
            var contexts = new OpsConsoleDbContextFactory();
            contexts.Connect(DatabaseProvider.Embedded, new NpgsqlConnectionStringBuilder(server.ConnectionString) { MaxPoolSize = 32 }.ConnectionString);
            await new SchemaMigration(contexts, NullLogger<SchemaMigration>.Instance).ApplyAsync(CancellationToken.None);
            var ready = new StorageReady();
            ready.Set();
            var audit = new AuditStore(new RecordDatabase(contexts, ready, TimeProvider.System));
            for (var i = 0; i < WarmUp; i++)
            {
                await audit.AppendAsync(Sample.Audit(), CancellationToken.None);
            }

            foreach (var sideBySide in new[] { 1, 16 })
            {
                await MeasureAsync(audit, sideBySide, TimeSpan.FromSeconds(seconds));
            }

            NpgsqlConnection.ClearAllPools();
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task MeasureAsync(AuditStore audit, int sideBySide, TimeSpan time)
    {
        var begun = Stopwatch.GetTimestamp();
        var times = await Task.WhenAll(Enumerable.Range(0, sideBySide).Select(_ => Task.Run(async () =>
        {
            List<double> own = [];
            while (Stopwatch.GetElapsedTime(begun) < time)
            {
                var from = Stopwatch.GetTimestamp();
                await audit.AppendAsync(Sample.Audit(), CancellationToken.None);
                own.Add(Stopwatch.GetElapsedTime(from).TotalMilliseconds);
            }

            return own;
        })));
        var took = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        double[] all = [.. times.SelectMany(t => t).Order()];
        Line($"{sideBySide,2} side by side: {all.Length / took:0} lines a second; one takes p50 {At(all, 0.5):0.0} ms, p99 {At(all, 0.99):0.0} ms, longest {all[^1]:0.0} ms ({all.Length} lines)");
    }

    private static double At(double[] ordered, double share) => ordered[(int)Math.Min(ordered.Length - 1, share * ordered.Length)];

    private static string LoadAverage() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";

    private static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
