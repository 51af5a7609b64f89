using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace OpsConsole.Tests.Benchmarks;

/// <summary>The console under load, as seen from outside: a process with processor time and memory of its own.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    /// <summary>Token that the console accepts.</summary>
    public const string Token = "board-benchmark-token-0123456789";

    private const double TicksPerSecond = 100;

    private readonly Process _process;
    private readonly string _data;

    private ServerProcess(Process process, string data)
    {
        _process = process;
        _data = data;
    }

    public static ServerProcess Start(string[] options, string command = BoardBenchmarkServer.Command)
    {
        var data = Directory.CreateTempSubdirectory("opsconsole-bench-").FullName;
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment =
            {
                ["OpsConsole__Playground"] = "false",
                ["OpsConsole__DataFolder"] = data,
                ["OpsConsole__BootstrapToken"] = Token,
                ["Logging__LogLevel__Default"] = "Warning",
                ["DOTNET_gcServer"] = "0",

                // What is measured is the console, not its limit for one token.
                ["Flags__RequestsPerSecond"] = "1000000",
                ["Flags__Burst"] = "1000000",
            },
        };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet")
        {
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "OpsConsole.Tests.dll"));
        }

        foreach (var argument in options.Prepend(command))
        {
            start.ArgumentList.Add(argument);
        }

        return new ServerProcess(Process.Start(start)!, data);
    }

    /// <summary>Processor seconds used so far.</summary>
    public double CpuSeconds() => CpuSeconds(_process);

    /// <summary>Processor seconds that a process has used so far.</summary>
    public static double CpuSeconds(Process process)
    {
        var fields = File.ReadAllText($"/proc/{process.Id}/stat").Split(") ")[1].Split(' ');
        return (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    /// <summary>Resident memory in megabytes.</summary>
    public double ResidentMegabytes() => ResidentMegabytes(_process);

    /// <summary>Resident memory of a process in megabytes.</summary>
    public static double ResidentMegabytes(Process process) =>
        double.Parse(File.ReadLines($"/proc/{process.Id}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal))[6..^2], CultureInfo.InvariantCulture) / 1024;

    /// <summary>Waits for a message of the server; anything else it prints is passed on.</summary>
    public async Task<T> MessageAsync<T>()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith('@'))
            {
                return JsonSerializer.Deserialize<T>(line[1..])!;
            }

            if (!line.Contains("info: ", StringComparison.Ordinal) && !line.StartsWith("      ", StringComparison.Ordinal))
            {
                Console.WriteLine("  server: " + line);
            }
        }

        throw new InvalidOperationException("The server ended before it was measured.");
    }

    /// <summary>Sends a line and waits for what the server says to it.</summary>
    public async Task<T> AskAsync<T>(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        return await MessageAsync<T>();
    }

    /// <summary>Asks for the state of memory.</summary>
    /// <param name="collect">Whether everything that is not in use is collected first.</param>
    public async Task<BoardServerMemory> MemoryAsync(bool collect)
    {
        await _process.StandardInput.WriteLineAsync(collect ? BoardBenchmarkServer.Live : "");
        return await MessageAsync<BoardServerMemory>();
    }

    /// <summary>Ends the load and returns what was recorded.</summary>
    public Task<BoardServerTotals> EndAsync()
    {
        _process.StandardInput.Close();
        return MessageAsync<BoardServerTotals>();
    }

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
        Directory.Delete(_data, recursive: true);
    }
}
