using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Web.Startup;

/// <summary>The published folder: starts in Production with the least that it needs, and has what the files that run it name.</summary>
public sealed partial class PublishedFolderTests(PostgresFixture postgres, PublishedFolderTests.Published published) : IClassFixture<PublishedFolderTests.Published>
{
    private const string Token = "published-folder-token-0123456789";

    private string App => Path.Combine(published.Folder, "app");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_starts_in_Production_with_the_least_it_needs_and_logs_one_object_a_line()
    {
        await using var database = await postgres.CreateDatabaseAsync(Stop);
        var port = FreePort();
        await File.WriteAllTextAsync(Path.Combine(App, "key"), new string('a', 64), Stop);
        using var console = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(App, "OpsConsole.Web.dll")])
        {
            // From elsewhere: what is relative starts at the published folder.
            WorkingDirectory = published.Folder,
            RedirectStandardOutput = true,
            Environment =
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Production",
                ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}",
                ["OpsConsole__DataFolder"] = "data-of-its-own",
                ["OpsConsole__Keys__File"] = "key",
                ["OpsConsole__SignIn__ServicesOnly"] = "true",
                ["OpsConsole__BootstrapToken"] = Token,
                ["Database__Provider"] = "Postgres",
                ["ConnectionStrings__OpsConsole"] = database.ConnectionString,
            },
        })!;
        var log = console.StandardOutput.ReadToEndAsync(Stop);
        try
        {
            var dll = Path.Combine(App, "OpsConsole.Web.dll");
            await Eventually.TrueAsync(async () => (await RunAsync("dotnet", [dll, "health", $"http://127.0.0.1:{port}"])).Code == 0, TimeSpan.FromSeconds(90), () => $"exited: {console.HasExited}");
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            using (var style = await http.GetAsync(new Uri("/css/app.css", UriKind.Relative), Stop))
            {
                Assert.Equal(HttpStatusCode.OK, style.StatusCode);
            }

            // A refused restore with a reason that would like to write a line of its own.
            const string trace = "0af7651916cd43dd8448eb211c80319c";
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/switches/none/kill") { Content = new StringContent("""{"reason":"x\n{\"Message\":\"forged\"}\n\u001b[2J"}""", null, "application/json") };
            request.Headers.Add("traceparent", $"00-{trace}-b7ad6b7169203331-01");
            request.Headers.Authorization = new("Bearer", Token);
            using var answer = await http.SendAsync(request, Stop);
            Assert.Equal((HttpStatusCode.NotFound, trace), (answer.StatusCode, Assert.Single(answer.Headers.GetValues("X-Request-Id"))));
        }
        finally
        {
            await RunAsync("kill", ["-TERM", $"{console.Id}"]);
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            await console.WaitForExitAsync(limit.Token);
        }

        Assert.Equal(0, console.ExitCode);
        Assert.True(Directory.Exists(Path.Combine(App, "data-of-its-own", "keys")));
        var lines = (await log).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.NotEmpty(lines);
        Assert.All(lines, line =>
        {
            using var one = JsonDocument.Parse(line);
            Assert.NotEqual("forged", one.RootElement.GetProperty("Message").GetString());
        });
        Assert.DoesNotContain(lines, l => l.Contains(Token, StringComparison.Ordinal));
    }

    [Fact]
    public void What_the_unit_and_the_container_file_name_is_there()
    {
        var operations = Path.Combine(Repository.Root, "docs", "operations");
        var unit = File.ReadAllText(Path.Combine(operations, "opsconsole.service"));
        var container = File.ReadAllText(Path.Combine(operations, "Containerfile"));

        var dlls = Dll().Matches(unit + container).Select(m => m.Value).Distinct().ToList();
        Assert.NotEmpty(dlls);
        Assert.All(dlls, dll => Assert.True(File.Exists(Path.Combine(App, dll)), dll));
        Assert.DoesNotContain("USER root", container, StringComparison.Ordinal);
        Assert.All(
            container.ReplaceLineEndings("\n").Replace("\\\n", " ", StringComparison.Ordinal).Split('\n').Where(l => l.Length > 0 && l[0] != '#'),
            line => Assert.Contains(line.Split(' ')[0], new[] { "ARG", "FROM", "WORKDIR", "COPY", "RUN", "USER", "VOLUME", "ENV", "EXPOSE", "STOPSIGNAL", "HEALTHCHECK", "ENTRYPOINT" }));
        Assert.All(["NoNewPrivileges=yes", "ProtectSystem=strict", "User=opsconsole", "KillSignal=SIGTERM"], line => Assert.Contains($"\n{line}\n", unit, StringComparison.Ordinal));
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<(int Code, string Output)> RunAsync(string file, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(Stop), process.StandardError.ReadToEndAsync(Stop));
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, await output + await error);
    }

    /// <summary>The folder, published once for all tests.</summary>
    public sealed class Published : IAsyncLifetime
    {
        public string Folder { get; } = Directory.CreateTempSubdirectory("opsconsole-published-").FullName;

        public async ValueTask InitializeAsync()
        {
            var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
            var (code, output) = await RunAsync(
                "dotnet", ["publish", Path.Combine(Repository.Root, "OpsConsole.Web"), "-c", configuration, "--no-build", "--no-restore", "-nodeReuse:false", "-o", Path.Combine(Folder, "app")]);
            Assert.True(code == 0, output);
        }

        public ValueTask DisposeAsync()
        {
            Directory.Delete(Folder, recursive: true);
            return ValueTask.CompletedTask;
        }
    }

    [GeneratedRegex(@"OpsConsole\.Web\.dll")]
    private static partial Regex Dll();
}
