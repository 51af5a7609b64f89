using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Benchmarks;

/// <summary>What the open boards saw.</summary>
/// <param name="Circuits">Boards that were open.</param>
/// <param name="Seconds">Time measured.</param>
/// <param name="Samples">Latency samples seen to arrive.</param>
/// <param name="ClientCores">Processor that the boards' own side used, in cores.</param>
/// <param name="P50">Median from recorded to received, in milliseconds.</param>
/// <param name="P99">99th percentile of the same.</param>
/// <param name="BatchesPerSecond">Render batches a second and board.</param>
/// <param name="KilobytesPerBatch">Mean size of a render batch.</param>
/// <param name="Errors">Errors that circuits reported.</param>
internal sealed record CircuitTotals(int Circuits, double Seconds, long Samples, double ClientCores, double P50, double P99, double BatchesPerSecond, double KilobytesPerBatch, int Errors);

/// <summary>Open boards without a browser: the circuits that <c>circuit-load.cjs</c> holds.</summary>
internal sealed class CircuitLoad : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly Process _node;

    private CircuitLoad(Process node) => _node = node;

    private static string Folder => Path.Combine(Repository.Root, "OpsConsole.Tests", "Benchmarks");

    /// <summary>Restores the client packages where they are not there, and starts to open the boards.</summary>
    public static async Task<CircuitLoad> StartAsync(BoardServerReady server, int boards, int seconds)
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules")))
        {
            using var npm = Process.Start(new ProcessStartInfo("npm", "ci --ignore-scripts --no-audit --no-fund --loglevel=error") { WorkingDirectory = Folder })!;
            await npm.WaitForExitAsync();
            if (npm.ExitCode != 0)
            {
                throw new InvalidOperationException("npm ci failed in " + Folder);
            }
        }

        var start = new ProcessStartInfo("node") { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardInput = true };
        foreach (var argument in new[]
                 {
                     "circuit-load.cjs", server.Address, boards.ToString(CultureInfo.InvariantCulture), seconds.ToString(CultureInfo.InvariantCulture),
                     server.Origin.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture), BoardLoad.CountBase.ToString(CultureInfo.InvariantCulture),
                 })
        {
            start.ArgumentList.Add(argument);
        }

        return new CircuitLoad(Process.Start(start)!);
    }

    /// <summary>Waits until all boards are open and the measured time begins.</summary>
    public async Task MeasuringAsync() => await LineAsync("measuring");

    /// <summary>Waits for the end of the measured time.</summary>
    public async Task<CircuitTotals> TotalsAsync() => JsonSerializer.Deserialize<CircuitTotals>((await LineAsync("totals "))["totals ".Length..], Json)!;

    public void Dispose()
    {
        if (!_node.HasExited)
        {
            _node.Kill();
        }

        _node.Dispose();
    }

    private async Task<string> LineAsync(string beginning)
    {
        while (await _node.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(beginning, StringComparison.Ordinal))
            {
                return line;
            }

            Console.WriteLine("  boards: " + line);
        }

        throw new InvalidOperationException("The boards ended before they were measured.");
    }
}
