using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Playground.Servers;
using Microsoft.AspNetCore.Builder;

namespace OpsConsole.Tests.Core.Sources.Prometheus;

/// <summary>A Prometheus from Debian that scrapes, every second, an exporter whose text the test writes.</summary>
internal sealed class RealPrometheus : IAsyncDisposable
{
    private const string Tool = "/usr/bin/prometheus";

    private readonly string _folder = Directory.CreateTempSubdirectory("prometheus").FullName;
    private LoopbackServer _exporter = null!;
    private Process _process = null!;

    private RealPrometheus()
    {
    }

    /// <summary>What the exporter says, read anew at each scrape.</summary>
    public Func<string> Text { get; set; } = () => "";

    public Uri Address { get; private set; } = null!;

    /// <summary>Starts one and waits until it answers. Skips the test where it is not installed, but in CI.</summary>
    public static async Task<RealPrometheus> StartAsync(Func<string> text, CancellationToken cancellationToken)
    {
        if (!File.Exists(Tool))
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", "prometheus is not installed.");
            Assert.Skip("prometheus is not installed (Debian: prometheus).");
        }

        var started = new RealPrometheus { Text = text };
        started._exporter = await LoopbackServer.StartAsync(app => app.MapGet("/metrics", () => started.Text()), cancellationToken);
        var port = FreePort();
        started.Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/"));
        var config = Path.Combine(started._folder, "prometheus.yml");
        await File.WriteAllTextAsync(
            config,
            $$"""
            global: { scrape_interval: 1s, scrape_timeout: 1s }
            scrape_configs:
              - job_name: shop
                static_configs: [ { targets: [ "{{started._exporter.Address.Authority}}" ] } ]
            """,
            cancellationToken);
        started._process = Process.Start(new ProcessStartInfo(
            Tool,
            [$"--config.file={config}", $"--storage.tsdb.path={Path.Combine(started._folder, "data")}", $"--web.listen-address=127.0.0.1:{port}", "--log.level=error"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _ = started._process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        _ = started._process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await Eventually.TrueAsync(() => started.IsReadyAsync(cancellationToken), TimeSpan.FromSeconds(60), () => "prometheus did not become ready");
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        await _exporter.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        try
        {
            using var answer = await http.GetAsync(new Uri(Address, "-/ready"), cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
