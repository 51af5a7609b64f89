using System.Collections.Concurrent;
using System.Text;
using Npgsql;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Web.Operations.Edge;

/// <summary>Secrets that the console is configured with appear nowhere: on no page, in no answer, log, metric, file or column.</summary>
public sealed class SecretsStayTests(PostgresFixture postgres) : IDisposable
{
    private const string Mark = "MarkedSecret";

    private readonly string _secrets = Directory.CreateTempSubdirectory("opsconsole-").FullName;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_secrets, recursive: true);

    [Theory]
    [InlineData("Development", false)]
    [InlineData("Production", true)]
    public async Task No_secret_shows_anywhere(string environment, bool issuer)
    {
        var key = Convert.ToBase64String(Encoding.ASCII.GetBytes((Mark + "KeyFileXXXXXXXXXXXXXXXXXXXXXXXX")[..32]));
        await File.WriteAllTextAsync(Path.Combine(_secrets, "key"), key, Cancelled);
        var token = Mark + "BootstrapToken0123456789";
        List<(string, string)> settings =
        [
            ("OpsConsole:BootstrapToken", token),
            ("OpsConsole:Keys:File", Path.Combine(_secrets, "key")),
            ("OpsConsole:Sources:shop:Service", "shop"), ("OpsConsole:Sources:shop:Target", "gateway"), ("OpsConsole:Sources:shop:Environment", "production"), ("OpsConsole:Sources:shop:Version", "1.0.0"),
            ("OpsConsole:Sources:shop:Address", $"http://127.0.0.1:9/metrics?key={Mark}Query"), ("OpsConsole:Sources:shop:Interval", "1s"), ("OpsConsole:Sources:shop:Token", Mark + "SourceToken"),
            ("OpsConsole:Sources:shop:Signals:queue_depth:Rule", "gauge"), ("OpsConsole:Sources:shop:Signals:queue_depth:Numerator", "queue"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", $"http://127.0.0.1:9/?key={Mark}Collector"), ("OTEL_EXPORTER_OTLP_HEADERS", $"x-key={Mark}Header"), ("OTEL_BSP_SCHEDULE_DELAY", "200"), ("OTEL_METRIC_EXPORT_INTERVAL", "500"),
            ("Logging:LogLevel:Default", "Debug"), ("Logging:LogLevel:Microsoft", "Information"), ("Logging:LogLevel:Microsoft.EntityFrameworkCore", "Information"), ("Logging:LogLevel:System.Net.Http", "Debug"),
        ];
        if (issuer)
        {
            settings.AddRange([
                ("OpsConsole:SignIn:ServicesOnly", "false"), ("OpsConsole:SignIn:Authority", "https://127.0.0.1:9/issuer"), ("OpsConsole:SignIn:ClientId", "ops"), ("OpsConsole:SignIn:ClientSecret", Mark + "ClientSecret"),
                ("OpsConsole:SignIn:ClientCertificatePassword", Mark + "Password"), ("OpsConsole:SignIn:Roles:Admin:0", "admins"), ("OpsConsole:Edge:Proxies:0", "127.0.0.1"),
            ]);
        }

        await using var console = await EdgeConsole.StartAsync(postgres, environment, connection => new NpgsqlConnectionStringBuilder(connection) { Password = Mark + "Database" }.ConnectionString, [.. settings]);
        var found = new ConcurrentBag<string>();
        foreach (var cookie in issuer ? new string?[] { null } : [null, await console.CookieAsync()])
        {
            using var http = console.Http(cookie is null ? token : null);
            http.DefaultRequestHeaders.TryAddWithoutValidation("X-Forwarded-Proto", issuer ? "https" : "http");
            http.DefaultRequestHeaders.TryAddWithoutValidation("Cookie", cookie ?? "a=b");
            foreach (var endpoint in console.Endpoints)
            {
                foreach (var value in new[] { Guid.Empty.ToString(), "shop", "%ff" })
                {
                    using var message = new HttpRequestMessage(new HttpMethod(endpoint.Method), endpoint.Path(_ => value)) { Content = endpoint.Writes ? new StringContent("{}", Encoding.UTF8, "application/json") : null };
                    using var answer = await http.SendAsync(message, Cancelled);
                    Look(answer + await answer.Content.ReadAsStringAsync(Cancelled), $"the answer to {endpoint}", found);
                }
            }
        }

        // As an attacker would: a sign-in with a wrong secret, a token in places where it does not belong.
        using var nobody = console.Http(null);
        foreach (var address in new[] { $"/api/v1/board?access_token={token}", "/sign-in/callback?code=x&state=y", "/metrics", "/health/ready", "/openapi/v1.json" })
        {
            using var answer = await nobody.GetAsync(new Uri(address, UriKind.Relative), Cancelled);
            Look(await answer.Content.ReadAsStringAsync(Cancelled), address, found);
        }

        await Eventually.TrueAsync(() => console.Log.Lines.Count > 20);
        foreach (var line in console.Log.Lines)
        {
            Look(line, "the log", found);
        }

        foreach (var file in Directory.EnumerateFiles(console.Folder, "*", SearchOption.AllDirectories))
        {
            Look(await File.ReadAllTextAsync(file, Encoding.Latin1, Cancelled), $"the file {Path.GetRelativePath(console.Folder, file)}", found);
        }

        Look(await console.Database.QueryAsync("SELECT string_agg(query_to_xml(format('SELECT * FROM %I.%I', table_schema, table_name), true, false, '')::text, '') FROM information_schema.tables WHERE table_schema = 'public'"), "the database", found);
        Assert.Empty(found.Distinct());
    }

    private static void Look(string text, string where, ConcurrentBag<string> found)
    {
        var at = text.IndexOf(Mark, StringComparison.OrdinalIgnoreCase);
        if (at >= 0)
        {
            found.Add($"{where}: …{text[Math.Max(0, at - 80)..Math.Min(text.Length, at + 60)]}…");
        }
    }
}
