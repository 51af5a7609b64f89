using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace OpsConsole.Tests.Contracts.Sources;

/// <summary>Behaves as the Google Play Developer Reporting API: sign-in, releases, how far metric sets are counted, and their rows by version code, with what its reference says is refused.</summary>
internal sealed partial class PlayVitalsApi(string token, TimeProvider? time = null) : ApiServer
{
    public const string Package = "com.example.shop";
    private const string Losangeles = "America/Los_Angeles";

    private static readonly string[] Sets = ["crashRateMetricSet", "anrRateMetricSet"];

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly List<Row> _rows = [];
    private readonly List<(string Name, string[] Codes)> _serving = [];

    public GoogleSignIn SignIn { get; } = new(token, "https://www.googleapis.com/auth/playdeveloperreporting", time ?? TimeProvider.System);

    /// <summary>Up to when days are counted, as a day of Los Angeles; null: nothing is counted by days.</summary>
    public DateTime? CountedDays { get; set; }

    /// <summary>Up to when hours are counted, UTC; null: nothing is counted by hours.</summary>
    public DateTime? CountedHours { get; set; }

    /// <summary>Whether the account may not see the app.</summary>
    public bool IsForbidden { get; set; }

    /// <summary>How many rows it answers instead of those that it has; 0: those.</summary>
    public int Explosion { get; set; }

    /// <summary>The queries that it was asked, the newest last.</summary>
    public List<JsonNode> Queries { get; } = [];

    /// <summary>A query is a read, although it is posted.</summary>
    public override bool IsChange(string method, string path) => false;

    /// <summary>Has a release served on a track.</summary>
    public void Serve(string name, params string[] codes) => _serving.Add((name, codes));

    /// <summary>Ends the serving of every release.</summary>
    public void ServeNothing() => _serving.Clear();

    /// <summary>Forgets every row.</summary>
    public void Clear() => _rows.Clear();

    /// <summary>Counts a day or an hour of one version code. Rates are shares, written as they come.</summary>
    public void Count(string set, bool hourly, DateTime begin, string code, int users, params (string Metric, string Value)[] metrics) =>
        _rows.Add(new Row(set, hourly ? "HOURLY" : "DAILY", begin, code, users, metrics.ToDictionary(m => m.Metric, m => m.Value)));

    protected override void Map(WebApplication app)
    {
        app.MapPost("/token", context => SignIn.AnswerAsync(context, new Uri(Address, "token")));
        app.Map("/v1beta1/apps/{*what}", async (HttpContext context, string what) =>
        {
            context.Response.ContentType = "application/json";
            if (!SignIn.IsIn(context.Request))
            {
                await ErrorAsync(context, StatusCodes.Status401Unauthorized, $"Request had invalid authentication credentials: {GoogleSignIn.Bearer(context.Request)}");
            }
            else if (IsForbidden || !what.StartsWith(Package, StringComparison.Ordinal))
            {
                await ErrorAsync(context, StatusCodes.Status403Forbidden, "The caller does not have permission");
            }
            else
            {
                await AnswerAsync(context, what[Package.Length..]);
            }
        });
    }

    protected override Task ErrorAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        var name = status switch { 400 => "INVALID_ARGUMENT", 401 => "UNAUTHENTICATED", 403 => "PERMISSION_DENIED", 429 => "RESOURCE_EXHAUSTED", _ => "NOT_FOUND" };
        return context.Response.WriteAsync(JsonSerializer.Serialize(new { error = new { code = status, message, status = name } }));
    }

    private static JsonObject Written(DateTime civil, bool hourly)
    {
        var written = new JsonObject { ["year"] = civil.Year, ["month"] = civil.Month, ["day"] = civil.Day, ["timeZone"] = new JsonObject { ["id"] = hourly ? "UTC" : Losangeles } };
        if (civil.Hour > 0)
        {
            written["hours"] = civil.Hour;
        }

        return written;
    }

    private Task AnswerAsync(HttpContext context, string what) => (context.Request.Method, what.Split(':')) switch
    {
        ("GET", ["", "fetchReleaseFilterOptions"]) => context.Response.WriteAsync(Tracks().ToJsonString()),
        ("GET", [var set]) when Sets.Contains(set[1..]) => context.Response.WriteAsync(Freshness(set[1..]).ToJsonString()),
        ("POST", [var set, "query"]) when Sets.Contains(set[1..]) => QueryAsync(context, set[1..]),
        _ => ErrorAsync(context, StatusCodes.Status404NotFound, "Method not found."),
    };

    private JsonObject Tracks() => _serving.Count == 0 ? [] : new JsonObject
    {
        ["tracks"] = new JsonArray(new JsonObject
        {
            ["displayName"] = "Production", ["type"] = "Production",
            ["servingReleases"] = new JsonArray([.. _serving.Select(r => new JsonObject { ["displayName"] = r.Name, ["versionCodes"] = new JsonArray([.. r.Codes.Select(c => JsonValue.Create(c))]) })]),
        }),
    };

    private JsonObject Freshness(string set)
    {
        var all = new JsonArray();
        foreach (var (name, until, hourly) in new[] { ("DAILY", CountedDays, false), ("HOURLY", CountedHours, true) })
        {
            if (until is { } end)
            {
                all.Add(new JsonObject { ["aggregationPeriod"] = name, ["latestEndTime"] = Written(end, hourly) });
            }
        }

        return new JsonObject { ["name"] = $"apps/{Package}/{set}", ["freshnessInfo"] = new JsonObject { ["freshnesses"] = all } };
    }

    private async Task QueryAsync(HttpContext context, string set)
    {
        var query = (await JsonNode.ParseAsync(context.Request.Body))!;
        Queries.Add(query);
        var (spec, metrics) = (query["timelineSpec"]!, query["metrics"]!.AsArray().Select(m => (string)m!).ToList());
        var hourly = (string?)spec["aggregationPeriod"] == "HOURLY";
        var (from, until) = (spec["startTime"]!, spec["endTime"]!);
        var codes = ((string?)query["filter"] ?? "").Split(" OR ").Select(f => Filter().Match(f)).ToList();
        var wrong = codes.Exists(c => !c.Success) ? "Invalid filter."
            : from["minutes"] is not null || (!hourly && from["hours"] is not null) ? "The start time is not aligned to the aggregation period."
            : hourly && (string?)from["timeZone"]?["id"] is not (null or "UTC") ? "HOURLY supports UTC only."
            : hourly && metrics.Exists(m => m.EndsWith("UserWeighted", StringComparison.Ordinal)) ? "Not supported in HOURLY granularity."
            : metrics.Exists(m => m != "distinctUsers" && !m.Contains(set[..3], StringComparison.OrdinalIgnoreCase)) ? "Unknown metric."
            : Civil(until) > (hourly ? CountedHours : CountedDays) ? "end_time field should be before the current freshness."
            : null;
        if (wrong is not null)
        {
            await ErrorAsync(context, StatusCodes.Status400BadRequest, wrong);
            return;
        }

        // Without its time zone, a daily query comes to nothing and no word is said.
        var rows = !hourly && from["timeZone"] is null ? [] : Rows(set, hourly, Civil(from), Civil(until), [.. codes.Select(c => c.Groups[1].Value)], metrics);
        await context.Response.WriteAsync((rows.Length == 0 ? [] : new JsonObject { ["rows"] = new JsonArray(rows) }).ToJsonString());
    }

    /// <summary>Google counts the codes that are asked for together. What fewer than 50 used, it leaves out.</summary>
    private JsonObject[] Rows(string set, bool hourly, DateTime from, DateTime until, string[] codes, List<string> metrics)
    {
        JsonObject Metric(string name, string value) => new() { ["metric"] = name, ["decimalValue"] = new JsonObject { ["value"] = value } };
        JsonObject Line(DateTime begin, IEnumerable<JsonObject> values) => new()
        {
            ["aggregationPeriod"] = hourly ? "HOURLY" : "DAILY", ["startTime"] = Written(begin, hourly), ["metrics"] = new JsonArray([.. values]),
        };
        if (Explosion > 0)
        {
            return [.. Enumerable.Range(0, Explosion).Select(n => Line(from, metrics.Select(m => Metric(m, "0.01"))))];
        }

        return [.. _rows.Where(r => r.Set == set && r.Period == (hourly ? "HOURLY" : "DAILY") && r.Begin >= from && r.Begin < until && codes.Contains(r.Code) && r.Users >= 50)
            .GroupBy(r => r.Begin)
            .Select(g => Line(g.Key, metrics.Where(m => m == "distinctUsers" || g.All(r => r.Metrics.ContainsKey(m))).Select(m => m == "distinctUsers"
                ? Metric(m, g.Sum(r => r.Users).ToString(CultureInfo.InvariantCulture))
                : Metric(m, g.Count() == 1 ? g.Single().Metrics[m] : (g.Sum(r => r.Users * double.Parse(r.Metrics[m], CultureInfo.InvariantCulture)) / g.Sum(r => r.Users)).ToString(CultureInfo.InvariantCulture)))))];
    }

    private static DateTime Civil(JsonNode time) => new((int)time["year"]!, (int)time["month"]!, (int)time["day"]!, (int?)time["hours"] ?? 0, 0, 0);

    [GeneratedRegex(@"\AversionCode = (\d+)\z")]
    private static partial Regex Filter();

    private sealed record Row(string Set, string Period, DateTime Begin, string Code, int Users, Dictionary<string, string> Metrics);
}
