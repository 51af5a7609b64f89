using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpsConsole.Core.Access;
using OpsConsole.Tests.Contracts;
using OpsConsole.Tests.Contracts.Targets;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Web.Api.Hooks;

/// <summary>Calls of Flagger and of GitHub to a whole console, as these make them.</summary>
public sealed class HooksEndpointsTests(PostgresFixture postgres)
{
    private const string KubeToken = "a token of the cluster", HookToken = "16688eb5e9f289f1991c-production";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Flagger_is_answered_from_the_gate()
    {
        await using var cluster = new FlaggerApi(KubeToken, "2.14.2", "2.14.3") { Steps = 0 };
        await cluster.StartAsync(Token);
        await using var console = await WholeConsole.StartAsync(postgres, Target(cluster.Address));
        using var flagger = console.CreateClient(new() { AllowAutoRedirect = false, HandleCookies = false });
        using var manager = console.As(Role.ReleaseManager);

        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(flagger, "confirm-rollout", token: "of somebody else"));
        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(flagger, "rollback", token: null));
        Assert.Equal(HttpStatusCode.Conflict, await CallAsync(flagger, "confirm-rollout", space: "shop-staging"));
        Assert.Equal(HttpStatusCode.NotFound, await CallAsync(flagger, "confirm-everything"));
        Assert.Equal(HttpStatusCode.NotFound, await CallAsync(flagger, "confirm-rollout", environment: "staging"));
        Assert.InRange((int)await CallAsync(flagger, "confirm-rollout", root: "hooks"), 400, 499);
        Assert.Equal(HttpStatusCode.Conflict, await CallAsync(flagger, "confirm-rollout"));

        var id = await RegisterAsync(manager);
        await ActAsync(manager, id, "promote");
        await Eventually.TrueAsync(async () => await CallAsync(flagger, "confirm-rollout") == HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.OK, await CallAsync(flagger, "confirm-traffic-increase"));
        Assert.Equal(HttpStatusCode.OK, await CallAsync(flagger, "confirm-promotion"));
        Assert.Equal(HttpStatusCode.Conflict, await CallAsync(flagger, "rollback"));

        await ActAsync(manager, id, "halt");
        Assert.Equal(HttpStatusCode.Conflict, await CallAsync(flagger, "confirm-promotion"));

        // The console cannot change the cluster, and Flagger still takes the version back because it is asked for here.
        cluster.FailChanges(ApiFault.Away);
        await ActAsync(manager, id, "rollback");
        await Eventually.TrueAsync(async () => await CallAsync(flagger, "rollback") == HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.Conflict, await CallAsync(flagger, "confirm-promotion"));

        cluster.Fail(ApiFault.Away);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await CallAsync(flagger, "rollback"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await CallAsync(flagger, "confirm-promotion"));
        var audit = await console.Database.QueryAsync("SELECT event || ' ' || outcome || ' ' || actor FROM audit WHERE event LIKE 'hook.%' ORDER BY id");
        Assert.Contains("hook.confirm-rollout done flagger/cluster/production", audit, StringComparison.Ordinal);
        Assert.Contains("hook.confirm-promotion refused flagger/cluster/production", audit, StringComparison.Ordinal);
        Assert.Contains("hook.rollback done flagger/cluster/production", audit, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Github_delivers_a_deployment_and_it_is_a_release()
    {
        await using var console = await WholeConsole.StartAsync(
            postgres,
            ("OpsConsole:Hooks:GitHub:shop-production:Secret", HubEvents.Secret), ("OpsConsole:Hooks:GitHub:shop-production:Environment", "production"), ("OpsConsole:Hooks:GitHub:shop-production:Target", "gateway"),
            ("OpsConsole:Hooks:GitHub:shop-production:Owner", "commerce"), ("OpsConsole:Hooks:GitHub:shop-production:Services:shop", "acme/shop"));
        using var hub = console.CreateClient(new() { AllowAutoRedirect = false, HandleCookies = false });
        var body = HubEvents.Bytes(HubEvents.Deployment(TimeProvider.System.GetUtcNow(), payload: JsonNode.Parse("""{ "opsconsole": { "migration": "expand" } }""")));

        Assert.Equal(HttpStatusCode.NotFound, (await DeliverAsync(hub, body, hook: "shop-staging")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await DeliverAsync(hub, body, signature: null)).Status);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await DeliverAsync(hub, body, type: "application/x-www-form-urlencoded")).Status);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await DeliverAsync(hub, new byte[1024 * 1024 + 1])).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await DeliverAsync(hub, body, delivery: "")).Status);
        var (status, answer) = await DeliverAsync(hub, body);

        Assert.Equal((HttpStatusCode.OK, "registered"), (status, answer.GetProperty("outcome").GetString()));
        using var viewer = console.As(Role.Viewer);
        var release = await viewer.GetFromJsonAsync<JsonElement>(new Uri($"/api/v1/releases/{answer.GetProperty("release").GetGuid()}", UriKind.Relative), Token);
        Assert.Equal(("2.15.0", "expand", "registered"), (release.GetProperty("version").GetString(), release.GetProperty("migration").GetString(), release.GetProperty("phase").GetString()));
        Assert.Equal(HttpStatusCode.Conflict, (await DeliverAsync(hub, body, delivery: "a second id")).Status);
        await using var beside = console.Beside();
        using var elsewhere = beside.CreateClient(new() { AllowAutoRedirect = false, HandleCookies = false });
        Assert.Equal("known", (await DeliverAsync(elsewhere, body)).Body.GetProperty("outcome").GetString());
        Assert.Equal("1", (await console.Database.QueryAsync("SELECT count(*) FROM releases")).Trim());
    }

    private static (string, string)[] Target(Uri api)
    {
        const string there = "OpsConsole:Targets:cluster:Environments:production:";
        return
        [
            ("OpsConsole:Targets:cluster:Kind", "flagger"), (there + "HookToken", HookToken), (there + "Services:shop", FlaggerApi.Name),
            .. KubeTold.Of(api, KubeToken).Select(s => (there + s.Key, s.Value)),
        ];
    }

    private static async Task<Guid> RegisterAsync(HttpClient manager)
    {
        using var answer = await manager.PostAsJsonAsync(new Uri("/api/v1/releases", UriKind.Relative), new
        {
            service = "shop", target = "cluster", environment = "production", version = "2.15.0", previousVersion = "2.14.3", owner = "commerce",
            artifact = new { digest = "sha256:" + new string('a', 64), commit = "abc1234" },
            stages = new[] { new { exposurePercent = 100, holdSeconds = 0 } },
            signals = new[] { new { key = "checkout_errors", title = "Checkout errors", family = "business", unit = "percent", better = "lower", limit = 5 } },
        }, Token);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>(Token);
        Assert.True(answer.StatusCode == HttpStatusCode.Created, body.ToString());
        return body.GetProperty("id").GetGuid();
    }

    private static async Task ActAsync(HttpClient manager, Guid id, string verb)
    {
        var said = "";
        await Eventually.TrueAsync(
            async () =>
            {
                var story = await manager.GetFromJsonAsync<JsonElement>(new Uri($"/api/v1/releases/{id}", UriKind.Relative), Token);
                long? seen = story.GetProperty("live").ValueKind == JsonValueKind.Object ? story.GetProperty("live").GetProperty("snapshotVersion").GetInt64() : null;
                using var answer = await manager.PostAsJsonAsync(new Uri($"/api/v1/releases/{id}/actions/{verb}", UriKind.Relative), new { reason = "a story of a test", seenVersion = seen, confirmation = "shop" }, Token);
                said = await answer.Content.ReadAsStringAsync(Token);
                return answer.IsSuccessStatusCode;
            },
            TimeSpan.FromSeconds(20),
            () => said);
    }

    /// <summary>As Flagger posts it.</summary>
    private static async Task<HttpStatusCode> CallAsync(HttpClient http, string hook, string environment = "production", string? token = HookToken, string space = KubeApi.Namespace, string root = "api/v1/hooks")
    {
        var metadata = token is null ? null : new JsonObject { ["token"] = token };
        var body = new JsonObject { ["name"] = FlaggerApi.Name, ["namespace"] = space, ["phase"] = "Progressing", ["checksum"] = "85d557f47b" };
        if (metadata is not null)
        {
            body["metadata"] = metadata;
        }

        using var content = new StringContent(body.ToJsonString(), Encoding.UTF8);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await http.PostAsync(new Uri($"/{root}/flagger/cluster/{environment}/{hook}", UriKind.Relative), content, Token);
        return answer.StatusCode;
    }

    /// <summary>As GitHub posts it.</summary>
    private static async Task<(HttpStatusCode Status, JsonElement Body)> DeliverAsync(
        HttpClient http, byte[] body, string hook = "shop-production", string? signature = "", string type = "application/json", string delivery = "72d3162e-cc78-11e3-81ab-4c9367dc0958")
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"/api/v1/hooks/github/{hook}", UriKind.Relative)) { Content = content };
        request.Headers.UserAgent.ParseAdd("GitHub-Hookshot/044aadd");
        request.Headers.Add("X-GitHub-Event", "deployment");
        request.Headers.Add("X-GitHub-Hook-ID", "292430182");
        if (delivery.Length > 0)
        {
            request.Headers.Add("X-GitHub-Delivery", delivery);
        }

        if (signature is not null)
        {
            request.Headers.Add("X-Hub-Signature-256", HubEvents.Sign(body));
        }

        using var answer = await http.SendAsync(request, Token);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>(Token));
    }
}
