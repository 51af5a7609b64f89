using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OpsConsole.Core.Access;
using OpsConsole.Core.Catalog;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Api;

namespace OpsConsole.Tests.Web.Catalog;

/// <summary>The catalogue in the whole console, over HTTP and with the real database.</summary>
public sealed class CatalogEndpointsTests(PostgresFixture postgres) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("opsconsole-catalog-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Files_are_applied_over_the_api_and_hold_after_a_start()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "shop.yaml"), CatalogWorld.Shop, Token);
        await using var console = await WholeConsole.StartAsync(postgres, ("OpsConsole:Catalog:Folder", _folder), ("OpsConsole:Secrets:cloudflare:Value", CatalogWorld.Secret), ("OpsConsole:Secrets:cloudflare:Environment", "production"));
        using var admin = console.As(Role.Admin);
        using var viewer = console.As(Role.Viewer);
        JsonElement stands = default;
        await Eventually.TrueAsync(async () => (stands = await GetAsync(viewer)).GetProperty("waiting").GetProperty("changes").GetArrayLength() == 4);

        var seen = stands.GetProperty("waiting").GetProperty("seen").GetString();
        Assert.Equal(HttpStatusCode.Forbidden, (await ApplyAsync(viewer, seen)).StatusCode);
        using var changed = await ApplyAsync(admin, "something else");
        Assert.Equal(HttpStatusCode.Conflict, changed.StatusCode);
        Assert.Contains("catalog-changed", await changed.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        using var applied = await ApplyAsync(admin, seen);
        Assert.Equal(HttpStatusCode.OK, applied.StatusCode);

        stands = await GetAsync(viewer);
        Assert.Equal((1, 0), (stands.GetProperty("applied").GetProperty("version").GetInt32(), stands.GetProperty("waiting").GetProperty("changes").GetArrayLength()));
        var service = Assert.Single(stands.GetProperty("services").EnumerateArray());
        Assert.Equal(("shop", "commerce", "cloudflare-workers"), (service.GetProperty("name").GetString(), service.GetProperty("team").GetString(), service.GetProperty("targets")[0].GetProperty("kind").GetString()));
        Assert.DoesNotContain(CatalogWorld.Secret, stands.GetRawText(), StringComparison.Ordinal);
        Assert.Equal("ada", (await console.Database.QueryAsync("SELECT 'ada' FROM catalog_versions WHERE number = 1")).Trim());

        await using var other = console.Beside();
        using var there = other.As(Role.Viewer);
        await Eventually.TrueAsync(async () => (await GetAsync(there)).GetProperty("services").GetArrayLength() == 1);
    }

    [Fact]
    public void The_policy_of_each_environment_is_told()
    {
        var service = new CatalogService { Name = "shop", Owner = new CatalogOwner("commerce", null), Environments = ["staging", "production"], Policies = ["web-canary"] };

        Assert.Equal(["staging: web-canary", "production: web-canary"], Told(service));
        Assert.Equal(["production: strict"], Told(service with { PolicyOf = new Dictionary<string, string> { ["production"] = "strict" } }));

        static IEnumerable<string> Told(CatalogService service) => CatalogServiceAnswer.From(service).PolicyByEnvironment.Select(p => $"{p.Key}: {p.Value}");
    }

    [Fact]
    public async Task A_console_without_a_folder_has_an_empty_catalogue()
    {
        await using var console = await WholeConsole.StartAsync(postgres);
        using var viewer = console.As(Role.Viewer);
        JsonElement stands = default;
        await Eventually.TrueAsync(async () => (stands = await GetAsync(viewer)).GetProperty("lookedAt").ValueKind != JsonValueKind.Null);

        Assert.Equal(0, stands.GetProperty("services").GetArrayLength());
        Assert.StartsWith("There is no folder", stands.GetProperty("missing").GetString(), StringComparison.Ordinal);
    }

    private static async Task<JsonElement> GetAsync(HttpClient http) => await http.GetFromJsonAsync<JsonElement>(new Uri("/api/v1/catalog", UriKind.Relative), Token);

    private static Task<HttpResponseMessage> ApplyAsync(HttpClient http, string? seen) => http.PostAsJsonAsync(new Uri("/api/v1/catalog/apply", UriKind.Relative), new { seen }, Token);
}
