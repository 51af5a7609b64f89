using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using OpsConsole.Core.Storage.EmbeddedPostgres;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Benchmarks;

/// <summary>unleash-server from npm in a process of its own, on a PostgreSQL that is set up like the console's: what the console is compared with.</summary>
internal sealed class UnleashServer : IAsyncDisposable
{
    /// <summary>Environment whose flags are on for everyone.</summary>
    public const string Plain = "production";

    /// <summary>Environment whose flags have two rules and a share of the rest, as the console's have.</summary>
    public const string Targeted = "development";

    private const string AdminToken = "*:*.benchmark";

    private readonly Process _process;
    private readonly EmbeddedPostgresServer _database;
    private readonly string _data;

    private UnleashServer(Process process, EmbeddedPostgresServer database, string data, Uri address) => (_process, _database, _data, Address) = (process, database, data, address);

    public Uri Address { get; }

    private static string Folder => Path.Combine(Repository.Root, "OpsConsole.Tests", "Benchmarks", "unleash");

    public static string TokenOf(string environment) => $"default:{environment}.benchmark";

    public static async Task<UnleashServer> StartAsync()
    {
        await RestoreAsync();
        var data = Directory.CreateTempSubdirectory("opsconsole-unleash-").FullName;
        var database = await EmbeddedPostgresServer.StartAsync(data, null, NullLogger.Instance, TimeProvider.System, CancellationToken.None);
        var connection = new Npgsql.NpgsqlConnectionStringBuilder(database.ConnectionString);
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        var process = Process.Start(new ProcessStartInfo("node")
        {
            WorkingDirectory = Folder,
            ArgumentList = { Path.Combine("node_modules", "unleash-server", "dist", "server.js") },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["NODE_ENV"] = "production",
                ["DATABASE_HOST"] = connection.Host,
                ["DATABASE_PORT"] = connection.Port.ToString(CultureInfo.InvariantCulture),
                ["DATABASE_NAME"] = connection.Database,
                ["DATABASE_USERNAME"] = connection.Username,
                ["DATABASE_PASSWORD"] = "",
                ["DATABASE_SSL"] = "false",
                ["HTTP_HOST"] = address.Host,
                ["PORT"] = address.Port.ToString(CultureInfo.InvariantCulture),
                ["LOG_LEVEL"] = "error",
                ["CHECK_VERSION"] = "false",
                ["SEND_TELEMETRY"] = "false",
                ["INIT_ADMIN_API_TOKENS"] = AdminToken,
                ["INIT_FRONTEND_API_TOKENS"] = TokenOf(Plain) + "," + TokenOf(Targeted),

                // What is measured is the server, not its limits.
                ["SDK_API_RATE_LIMIT_PER_MINUTE"] = "100000000",
                ["TOKEN_AUTHENTICATION_RATE_LIMIT_PER_MINUTE"] = "100000000",
            },
        })!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var server = new UnleashServer(process, database, data, address);
        using var http = new HttpClient { BaseAddress = address };
        await Eventually.TrueAsync(() => server.IsReadyAsync(http), TimeSpan.FromMinutes(2));
        return server;
    }

    /// <summary>Makes the flags, and waits until they are answered.</summary>
    public async Task FillAsync(int flags)
    {
        using var admin = new HttpClient { BaseAddress = new Uri(Address, "api/admin/projects/default/") };
        admin.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", AdminToken);
        for (var i = 0; i < flags; i++)
        {
            var key = $"flag-{i:00}";
            await PostAsync(admin, "features", new { name = key, type = "kill-switch", description = $"what {key} guards in the shop" });
            await PostAsync(admin, $"features/{key}/environments/{Plain}/strategies", new { name = "default" });
            foreach (var plan in (string[])["gold", "silver"])
            {
                await PostAsync(admin, $"features/{key}/environments/{Targeted}/strategies", Rollout(key, plan == "gold" ? 100 : 50, plan, $"2.{i % 20}.0"));
            }

            await PostAsync(admin, $"features/{key}/environments/{Targeted}/strategies", Rollout(key, i, null, null));
            await PostAsync(admin, $"features/{key}/environments/{Plain}/on", new { });
            await PostAsync(admin, $"features/{key}/environments/{Targeted}/on", new { });
        }

        using var reader = new HttpClient { BaseAddress = Address };
        reader.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", TokenOf(Plain));
        await Eventually.TrueAsync(
            async () => (await reader.GetFromJsonAsync<JsonElement>(new Uri("/api/frontend?userId=user-0", UriKind.Relative))).GetProperty("toggles").GetArrayLength() == flags,
            TimeSpan.FromMinutes(1));
    }

    public double CpuSeconds() => ServerProcess.CpuSeconds(_process);

    public double ResidentMegabytes() => ServerProcess.ResidentMegabytes(_process);

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        await _database.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    private static async Task RestoreAsync()
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules")))
        {
            Console.WriteLine("restoring unleash-server from npm");
            using var npm = Process.Start(new ProcessStartInfo("npm", "ci --ignore-scripts --no-audit --no-fund --loglevel=error") { WorkingDirectory = Folder })!;
            await npm.WaitForExitAsync();
            if (npm.ExitCode != 0)
            {
                throw new InvalidOperationException("npm ci failed in " + Folder);
            }
        }
    }

    private static object Rollout(string key, int percent, string? plan, string? version) => new
    {
        name = "flexibleRollout",
        parameters = new { rollout = percent.ToString(CultureInfo.InvariantCulture), stickiness = "userId", groupId = key },
        constraints = plan is null
            ? []
            : (object[])
            [
                new { contextName = "plan", @operator = "IN", values = new[] { plan, plan + "-trial" } },
                new { contextName = "appVersion", @operator = "SEMVER_GTE", value = version },
            ],
    };

    private static async Task PostAsync(HttpClient admin, string path, object body)
    {
        using var answer = await admin.PostAsJsonAsync(new Uri(path, UriKind.Relative), body);
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"unleash-server answered {(int)answer.StatusCode} to {path}: {await answer.Content.ReadAsStringAsync()}");
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task<bool> IsReadyAsync(HttpClient http)
    {
        if (_process.HasExited)
        {
            throw new InvalidOperationException($"unleash-server ended with {_process.ExitCode}.");
        }

        try
        {
            using var answer = await http.GetAsync(new Uri("/health", UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
