using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Crashes;

/// <summary>One run of a console, from its start to the moment it is killed.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Channel<string> _said = Channel.CreateUnbounded<string>();
    private readonly ConcurrentQueue<string> _rest = new();
    private Task? _ended;
    private volatile bool _killed;

    private HostProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>True from the moment it is killed, whether the system has told of it yet or not.</summary>
    public bool HasExited => _killed || _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>Processor time it has taken; zero once it is gone.</summary>
    public TimeSpan Cpu
    {
        get
        {
            try
            {
                return _process.TotalProcessorTime;
            }
            catch (InvalidOperationException)
            {
                return default;
            }
        }
    }

    /// <summary>Completes when it has ended.</summary>
    public Task Ended => _ended ??= _process.WaitForExitAsync();

    /// <summary>What it printed besides what it says.</summary>
    public string Output => string.Join('\n', _rest);

    /// <summary>Starts the tests' assembly with a command, from <see cref="ConsoleImage"/> or else as it was built.</summary>
    public static HostProcess Start(string command, string? assembly, string connectionString, string dataFolder, params (string Name, string Value)[] settings)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [assembly ?? Path.Combine(AppContext.BaseDirectory, "OpsConsole.Tests.dll"), command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Production",
                ["DOTNET_hostBuilder__reloadConfigOnChange"] = "false",
                ["OpsConsole__Playground"] = "false",
                ["OpsConsole__DataFolder"] = dataFolder,
                ["Database__Provider"] = "Postgres",
                ["ConnectionStrings__OpsConsole"] = connectionString,

                // It lives for seconds: nothing is gained by compiling anything better while it does.
                ["DOTNET_TieredPGO"] = "0",
                ["DOTNET_TC_CallCounting"] = "0",
                ["DOTNET_gcConcurrent"] = "0",
            },
        };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        return new HostProcess(Process.Start(start)!);
    }

    /// <summary>The next thing it says; null when it ended first.</summary>
    /// <exception cref="TimeoutException">It said nothing for three minutes.</exception>
    public async Task<string?> NextAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        try
        {
            return await _said.Reader.WaitToReadAsync(limit.Token) ? await _said.Reader.ReadAsync(limit.Token) : null;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The host said nothing for three minutes:\n{Output}");
        }
    }

    public async Task TellAsync(string line)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync(line);
            await _process.StandardInput.FlushAsync();
        }
        catch (IOException)
        {
            // It was killed in between.
        }
    }

    /// <summary>SIGKILL, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        _killed = true;
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM: asks it to stop.</summary>
    public void Terminate()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            _said.Writer.TryComplete();
        }
        else if (line.StartsWith('@'))
        {
            _said.Writer.TryWrite(line[1..]);
        }
        else
        {
            Keep(line);
        }
    }

    private void Keep(string? line)
    {
        if (line is not null && _rest.Count < 500)
        {
            _rest.Enqueue(line);
        }
    }
}
