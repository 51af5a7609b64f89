using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Browser;

/// <summary>The console as people run it: a process of its own, with its own data folder and port, that can be killed and started again.</summary>
public sealed class ConsoleProcess : IAsyncDisposable
{
    /// <summary>Admin token that the console is started with.</summary>
    public const string Token = "browser-test-token-0123456789abcdef";

    private readonly ConcurrentQueue<string> _output = new();
    private readonly bool _playground;
    private Process? _process;

    /// <param name="playground">Whether the sample estate runs.</param>
    /// <param name="certificate">What an https console shows, as the settings name it; without one it is http.</param>
    /// <param name="settings">Environment variables beside or in place of the usual ones.</param>
    public ConsoleProcess(bool playground, X509Certificate2? certificate = null, params (string Name, string Value)[] settings)
    {
        _playground = playground;
        Settings = settings.ToDictionary(s => s.Name, s => s.Value);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Address = $"{(certificate is null ? "http" : "https")}://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        Http = new HttpClient(Trusting(certificate)) { BaseAddress = new Uri(Address), Timeout = TimeSpan.FromMinutes(1) };
        Http.DefaultRequestHeaders.Authorization = new("Bearer", Token);
    }

    public string Address { get; }

    public string DataFolder { get; } = Directory.CreateTempSubdirectory("opsconsole-").FullName;

    /// <summary>Environment variables that it is started with besides.</summary>
    public Dictionary<string, string> Settings { get; }

    /// <summary>Signed in as the admin token.</summary>
    public HttpClient Http { get; }

    /// <summary>What the console has printed.</summary>
    public string Output => string.Join('\n', _output);

    public int ProcessId => _process?.Id ?? 0;

    /// <summary>Trusts one certificate, and no other.</summary>
    internal static SocketsHttpHandler Trusting(X509Certificate2? certificate) => certificate is null ? new SocketsHttpHandler() : new SocketsHttpHandler
    {
        SslOptions = { CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { certificate }, RevocationMode = X509RevocationMode.NoCheck } },
    };

    /// <summary>Starts the console and waits until it is ready.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = Path.Combine(Repository.Root, "OpsConsole.Web"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { await ConsoleImage.WebAsync(), "--urls", Address },
            Environment =
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
                ["OpsConsole__Playground"] = _playground ? "true" : "false",
                ["OpsConsole__DataFolder"] = DataFolder,
                ["OpsConsole__BootstrapToken"] = Token,

                // It lives for minutes: compiling anew what was called a few times costs more than is gained.
                ["DOTNET_TC_CallCountThreshold"] = "1000",
            },
        };
        foreach (var (name, value) in Settings)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Eventually.TrueAsync(
            async () => !_process.HasExited && await IsReadyAsync(cancellationToken),
            TimeSpan.FromMinutes(3),
            () => _process.HasExited ? $"The console ended with {_process.ExitCode}:\n{Output}" : $"The console did not become ready:\n{Output}");
    }

    /// <summary>Ends the console as a crash would, with everything it started itself.</summary>
    public async Task KillAsync()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }
    }

    /// <summary>Asks the console to stop and waits until it has.</summary>
    public async Task StopAsync()
    {
        if (_process is not { HasExited: false })
        {
            return;
        }

        using (var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync();
        }

        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            throw new TimeoutException($"The console did not stop within a minute:\n{Output}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await StopAsync();
        }
        finally
        {
            _process?.Dispose();
            Http.Dispose();
            await EndOrphanedDatabaseAsync();
            try
            {
                Directory.Delete(DataFolder, recursive: true);
            }
            catch (IOException)
            {
                // A PostgreSQL that is still closing; the system's temporary folder is cleared by others.
            }
        }
    }

    /// <summary>A console that was killed leaves its PostgreSQL running, to be adopted by the next start; after a test there is none.</summary>
    private async Task EndOrphanedDatabaseAsync()
    {
        foreach (var file in Directory.EnumerateFiles(DataFolder, "postmaster.pid", SearchOption.AllDirectories))
        {
            using var kill = Process.Start("kill", ["-QUIT", File.ReadLines(file).First()]);
            await kill.WaitForExitAsync();
            await Eventually.TrueAsync(() => !File.Exists(file));
        }
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await Http.GetAsync(new Uri("/health/ready", UriKind.Relative), cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false; // It listens, and is too busy starting to answer in time.
        }
    }

    private void Keep(string? line)
    {
        if (line is null)
        {
            return;
        }

        _output.Enqueue(line);
        while (_output.Count > 500)
        {
            _output.TryDequeue(out _);
        }
    }
}
