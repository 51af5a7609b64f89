using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace OpsConsole.Tests.Contracts.Sources;

/// <summary>An invocation of a Worker that Cloudflare kept, with how many it stands for. Times are in microseconds.</summary>
internal sealed record Invocation(string Version, DateTimeOffset At, string Status = "success", double CpuTime = 1000, double WallTime = 20_000, int StandsFor = 1);

/// <summary>
/// Behaves as Cloudflare's GraphQL Analytics API for the dataset of Workers' invocations, with the list of a Worker's versions beside it: fields, groups and filters of its schema, what a row without some dimension comes to, and the errors with the status and the words that its documentation gives them.
/// </summary>
internal sealed class CloudflareGraphApi(string token, string? narrowToken = null) : ApiServer
{
    public const string Account = "0123456789abcdef0123456789abcdef", Script = "shop-worker";

    private const int MostRows = 10_000;
    private const string Node = "workersInvocationsAdaptive";

    private static readonly TimeSpan Kept = TimeSpan.FromDays(92), AtOnce = TimeSpan.FromDays(7);
    private static readonly string[] Dimensions = ["cacheStatus", "coloCode", "date", "datetime", "environmentName", "scriptName", "scriptTag", "scriptVersion", "status", "usageModel"];
    private static readonly string[] Sums = ["requests", "errors", "subrequests", "cpuTimeUs", "wallTime", "duration", "responseBodySize", "clientDisconnects", "requestDuration"];
    private static readonly string[] Times = ["cpuTime", "wallTime", "requestDuration", "duration", "responseBodySize"];
    private static readonly string[] Ranks = ["P25", "P50", "P75", "P90", "P95", "P99", "P999"];
    private static readonly string[] Filters = ["scriptName", "scriptVersion", "status", "datetime_geq", "datetime_gt", "datetime_leq", "datetime_lt"];

    private readonly List<Invocation> _invocations = [];
    private readonly List<(string Id, string? Tag)> _versions = [];

    /// <summary>What it says for a contract.</summary>
    public Saying Saying { get; set; }

    /// <summary>An error that it says to every query, and with which status.</summary>
    public (int Status, string Message)? Error { get; set; }

    /// <summary>The newest query it was asked.</summary>
    public JsonObject? Asked { get; private set; }

    public string AddVersion(string? tag)
    {
        var id = Guid.NewGuid().ToString("D");
        lock (_invocations)
        {
            _versions.Insert(0, (id, tag));
        }

        return id;
    }

    public void Add(params IEnumerable<Invocation> invocations)
    {
        lock (_invocations)
        {
            _invocations.AddRange(invocations);
        }
    }

    protected override void Map(WebApplication app)
    {
        app.MapGet("/accounts/{account}/workers/scripts/{script}/versions", VersionsAsync);
        app.MapPost("/graphql", GraphAsync);
    }

    protected override Task ErrorAsync(HttpContext context, int status, string message) => GraphErrorAsync(context, status, message);

    private Task VersionsAsync(HttpContext context)
    {
        if (context.Request.Headers.Authorization != $"Bearer {token}")
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return context.Response.WriteAsJsonAsync(new { success = false, errors = new[] { new { code = 10000, message = "Authentication error" } }, messages = Array.Empty<object>(), result = (object?)null });
        }

        if ((string?)context.Request.RouteValues["script"] != Script)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return context.Response.WriteAsJsonAsync(new { success = false, errors = new[] { new { code = 10007, message = "This Worker does not exist on your account." } }, messages = Array.Empty<object>(), result = (object?)null });
        }

        lock (_invocations)
        {
            var items = _versions.Select(v => new { id = v.Id, annotations = v.Tag is null ? [] : new Dictionary<string, string> { ["workers/tag"] = v.Tag } }).ToArray();
            return context.Response.WriteAsJsonAsync(new { success = true, errors = Array.Empty<object>(), messages = Array.Empty<object>(), result = new { items } });
        }
    }

    private async Task GraphAsync(HttpContext context)
    {
        var authorization = context.Request.Headers.Authorization.ToString();
        if ((authorization != $"Bearer {token}" && (narrowToken is null || authorization != $"Bearer {narrowToken}")) || Saying == Saying.Refused)
        {
            await GraphErrorAsync(context, StatusCodes.Status401Unauthorized, $"Unauthorized {authorization}");
            return;
        }

        if (Error is { } error)
        {
            await GraphErrorAsync(context, error.Status, error.Message);
            return;
        }

        Asked = (await JsonNode.ParseAsync(context.Request.Body))!.AsObject();
        try
        {
            var viewer = Only(GraphQuery.Read((string)Asked["query"]!, Asked["variables"]?.AsObject() ?? []), "viewer");
            var accounts = Only(viewer.Selected, "accounts");
            var account = (string?)accounts.Arguments["filter"]?["accountTag"];
            if (account != Account)
            {
                throw new GraphQueryException(403, "not authorized for that account");
            }

            var answer = new JsonObject();
            foreach (var field in accounts.Selected)
            {
                answer[field.Alias] = field.Name == Node ? Rows(field) : throw new GraphQueryException(400, $"unknown field \"{field.Name}\"");
            }

            context.Response.ContentType = "application/json";
            var text = new JsonObject { ["data"] = new JsonObject { ["viewer"] = new JsonObject { ["accounts"] = new JsonArray(answer) } }, ["errors"] = null }.ToJsonString();
            await context.Response.WriteAsync(text.Replace("\"infinite\"", "1e999", StringComparison.Ordinal));
        }
        catch (GraphQueryException e)
        {
            await GraphErrorAsync(context, e.Status, e.Message);
        }
    }

    private static GraphField Only(IReadOnlyList<GraphField> fields, string name) =>
        fields.Count == 1 && fields[0].Name == name ? fields[0] : throw new GraphQueryException(400, $"unknown field \"{fields.FirstOrDefault(f => f.Name != name)?.Name}\"");

    private JsonArray Rows(GraphField field)
    {
        var limit = (int?)field.Arguments["limit"] ?? 0;
        if (limit is < 1 or > MostRows)
        {
            throw new GraphQueryException(400, $"limit must be positive number and not greater than {MostRows}");
        }

        var dimensions = field.Selected.FirstOrDefault(f => f.Name == "dimensions")?.Selected.Select(d => d.Name).ToList() ?? [];
        var groups = Filtered(field.Arguments["filter"]!.AsObject())
            .GroupBy(i => string.Join('\n', dimensions.Select(d => (string?)Dimension(i, d))))
            .Select(g => g.ToList());
        groups = field.Arguments["orderBy"]?.ToJsonString() switch
        {
            null => groups,
            "[\"datetime_DESC\"]" => groups.OrderByDescending(g => g[0].At),
            var other => throw new GraphQueryException(400, $"error parsing args: orderBy {other}"),
        };
        var rows = groups.Take(limit).Select(g => Row(field, g)).ToList();
        return new JsonArray([.. Saying == Saying.ManySeries && rows.Count > 0 ? Enumerable.Range(0, 200).Select(_ => rows[0].DeepClone()) : rows]);
    }

    private List<Invocation> Filtered(JsonObject filter)
    {
        if (filter.FirstOrDefault(f => !Filters.Contains(f.Key)) is { Key: { } unknown })
        {
            throw new GraphQueryException(400, $"error parsing args: unknown filter {unknown}");
        }

        DateTimeOffset? Time(string name) => filter[name] is { } time ? DateTimeOffset.Parse((string)time!, null) : null;
        var (from, to) = (Time("datetime_geq") ?? Time("datetime_gt") ?? default, Time("datetime_leq") ?? Time("datetime_lt") ?? TimeProvider.System.GetUtcNow());
        if (TimeProvider.System.GetUtcNow() - from > Kept)
        {
            throw new GraphQueryException(400, $"cannot request data older than {Kept.TotalSeconds:0}s");
        }

        if (to - from > AtOnce)
        {
            throw new GraphQueryException(400, "query time range is too large");
        }

        lock (_invocations)
        {
            return Saying == Saying.Nothing ? [] : [.. _invocations.Where(i =>
                (filter["scriptName"] is not { } script || (string?)script == Script)
                && (filter["scriptVersion"] is not { } version || (string?)version == i.Version)
                && (filter["status"] is not { } status || (string?)status == i.Status)
                && (filter["datetime_gt"] is null ? i.At >= from : i.At > from)
                && (filter["datetime_lt"] is null ? i.At <= to : i.At < to))];
        }
    }

    private JsonObject Row(GraphField field, List<Invocation> of) => new(field.Selected.Select(f => KeyValuePair.Create(f.Alias, (JsonNode?)(f.Name switch
    {
        _ when f.Selected.Count == 0 => throw new GraphQueryException(400, "object field must have selections"),
        "dimensions" => Leaves(f, d => Dimension(of[0], d)),
        "sum" => Leaves(f, s => Sum(of, s)),
        "avg" => Leaves(f, a => a == "sampleInterval" ? of.Average(i => i.StandsFor) : throw new GraphQueryException(400, $"unknown field \"{a}\"")),
        "quantiles" => Leaves(f, q => Quantile(of, q)),
        var other => throw new GraphQueryException(400, $"unknown field \"{other}\""),
    }))));

    private static JsonObject Leaves(GraphField field, Func<string, JsonNode?> value) => new JsonObject(field.Selected.Select(f =>
        f.Selected.Count == 0 ? KeyValuePair.Create(f.Alias, value(f.Name)) : throw new GraphQueryException(400, "scalar fields must have no selections")));

    private static JsonNode? Dimension(Invocation of, string name) => name switch
    {
        "scriptVersion" => of.Version,
        "scriptName" => Script,
        "status" => of.Status,
        "datetime" => of.At.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", null),
        _ => Dimensions.Contains(name) ? "" : throw new GraphQueryException(400, $"unknown field \"{name}\""),
    };

    private static JsonNode? Sum(List<Invocation> of, string name) => name switch
    {
        "requests" => of.Sum(i => i.StandsFor),
        "errors" => of.Where(i => i.Status is "scriptThrewException" or "exceededResources" or "internalError").Sum(i => i.StandsFor),
        _ => Sums.Contains(name) ? 0 : throw new GraphQueryException(400, $"unknown field \"{name}\""),
    };

    private JsonNode? Quantile(List<Invocation> of, string name)
    {
        if (Times.FirstOrDefault(t => name.StartsWith(t + "P", StringComparison.Ordinal)) is not { } time || !Ranks.Contains(name[time.Length..]))
        {
            throw new GraphQueryException(400, $"unknown field \"{name}\"");
        }

        var values = of.Select(i => time == "cpuTime" ? i.CpuTime : i.WallTime).Order().ToList();
        var share = double.Parse("0." + name[(time.Length + 1)..], null);
        return Saying switch
        {
            Saying.NotANumber => null,
            Saying.Infinite => "infinite",
            _ => values[(int)Math.Round(share * (values.Count - 1))],
        };
    }

    private static Task GraphErrorAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new { data = (object?)null, errors = new[] { new { message, path = new[] { "viewer", "accounts", "0", Node }, extensions = new { timestamp = TimeProvider.System.GetUtcNow() } } } });
    }
}
