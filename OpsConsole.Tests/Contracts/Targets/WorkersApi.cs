using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace OpsConsole.Tests.Contracts.Targets;

/// <summary>Behaves as the part of Cloudflare's API that keeps versions and deployments of Workers: envelope, errors, limits and rules as its reference gives them.</summary>
internal sealed class WorkersApi(string token) : ApiServer
{
    public const string Account = "0123456789abcdef0123456789abcdef";
    public const string Script = "shop-worker";

    private readonly List<JsonObject> _deployments = [];
    private readonly List<(string Id, string? Tag, bool Deployable)> _versions = [];
    private JsonObject? _shownLate;

    /// <summary>Whether the newest deployment is listed only at the second look.</summary>
    public bool IsSlowToShow { get; set; }

    /// <summary>Ids of versions that cannot be looked up.</summary>
    public HashSet<string> Lost { get; } = [];

    public IReadOnlyList<JsonObject> Deployments => _deployments;

    public string AddVersion(string? tag, bool deployable = true)
    {
        var id = Guid.NewGuid().ToString("D");
        _versions.Insert(0, (id, tag, deployable));
        return id;
    }

    /// <summary>Uploads so many that what was there is not among the newest hundred any more.</summary>
    public void AddHundred()
    {
        for (var i = 0; i < 100; i++)
        {
            AddVersion(null);
        }
    }

    /// <summary>Deploys as somebody else would.</summary>
    public void Deploy(params (string Id, double Share)[] versions) => _deployments.Insert(0, Deployment(versions, "by hand"));

    protected override void Map(WebApplication app)
    {
        app.Use(async (context, next) =>
        {
            if (context.Request.Headers.Authorization != $"Bearer {token}")
            {
                await ErrorAsync(context, StatusCodes.Status403Forbidden, $"Authentication error for {context.Request.Headers.Authorization}", 10000);
                return;
            }

            if (!context.Request.Path.StartsWithSegments($"/accounts/{Account}/workers/scripts/{Script}"))
            {
                await ErrorAsync(context, StatusCodes.Status404NotFound, "This Worker does not exist on your account.", 10007);
                return;
            }

            await next(context);
        });
        app.MapGet("/accounts/{account}/workers/scripts/{script}/versions", (HttpContext context) => OkAsync(context, new JsonObject
        {
            ["items"] = new JsonArray([.. _versions.Where(v => v.Deployable || context.Request.Query["deployable"] != "true").Take(100).Select(v => Version(v.Id, v.Tag))]),
        }));
        app.MapGet("/accounts/{account}/workers/scripts/{script}/versions/{id}", (HttpContext context, string id) =>
            _versions.FirstOrDefault(v => v.Id == id && !Lost.Contains(id)) is { Id: not null } found ? OkAsync(context, Version(found.Id, found.Tag)) : ErrorAsync(context, StatusCodes.Status404NotFound, "The version could not be found.", 10007));
        app.MapGet("/accounts/{account}/workers/scripts/{script}/deployments", (HttpContext context) =>
        {
            var shown = _deployments.Where(d => d != _shownLate).Select(d => d.DeepClone()).ToArray();
            _shownLate = null;
            return OkAsync(context, new JsonObject { ["deployments"] = new JsonArray(shown) });
        });
        app.MapPost("/accounts/{account}/workers/scripts/{script}/deployments", PostAsync);
    }

    protected override Task ErrorAsync(HttpContext context, int status, string message) => ErrorAsync(context, status, message, 971);

    private async Task PostAsync(HttpContext context)
    {
        var body = (await JsonNode.ParseAsync(context.Request.Body))!;
        var versions = body["versions"]!.AsArray().Select(v => (Id: v!["version_id"]!.GetValue<string>(), Share: v["percentage"]!.GetValue<double>())).ToArray();
        var message = body["annotations"]?["workers/message"]?.GetValue<string>();
        var wrong =
            (string?)body["strategy"] != "percentage" ? "strategy must be percentage"
            : versions.Length is < 1 or > 2 ? "a deployment has one or two versions"
            : Math.Abs(versions.Sum(v => v.Share) - 100) > 0.001 ? "percentages must add up to 100"
            : versions.Any(v => Math.Abs(Math.Round(v.Share, 2) - v.Share) > 1e-9) ? "percentages have at most two decimals"
            : message?.Length > 100 ? "workers/message is longer than 100 characters"
            : versions.FirstOrDefault(v => !_versions.Exists(k => k.Id == v.Id)) is { Id: { } unknown } ? $"version {unknown} does not exist"
            : versions.Any(v => !_versions.First(k => k.Id == v.Id).Deployable) ? "This version cannot be deployed because a Durable Object migration was applied since."
            : null;
        if (wrong is not null)
        {
            await ErrorAsync(context, StatusCodes.Status400BadRequest, wrong, 10021);
            return;
        }

        var made = Deployment(versions, message);
        _deployments.Insert(0, made);
        _shownLate = IsSlowToShow ? made : null;
        Changed();
        await OkAsync(context, made.DeepClone());
    }

    private static JsonObject Version(string id, string? tag) => new()
    {
        ["id"] = id, ["number"] = 1, ["metadata"] = new JsonObject { ["source"] = "wrangler" },
        ["annotations"] = tag is null ? new JsonObject() : new JsonObject { ["workers/tag"] = tag },
    };

    private static JsonObject Deployment((string Id, double Share)[] versions, string? message) => new()
    {
        ["id"] = Guid.NewGuid().ToString("D"), ["source"] = "api", ["strategy"] = "percentage", ["author_email"] = "ops@example.org", ["created_on"] = "2026-03-01T12:00:00Z",
        ["annotations"] = new JsonObject { ["workers/message"] = message, ["workers/triggered_by"] = "deployment" },
        ["versions"] = new JsonArray([.. versions.Select(v => new JsonObject { ["version_id"] = v.Id, ["percentage"] = v.Share })]),
    };

    private static Task OkAsync(HttpContext context, JsonNode result) =>
        context.Response.WriteAsJsonAsync(new JsonObject { ["success"] = true, ["errors"] = new JsonArray(), ["messages"] = new JsonArray(), ["result"] = result });

    private static Task ErrorAsync(HttpContext context, int status, string message, int code)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(JsonSerializer.Serialize(new { success = false, errors = new[] { new { code, message } }, messages = Array.Empty<object>(), result = (object?)null }));
    }
}
