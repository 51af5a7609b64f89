using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace OpsConsole.Tests.Contracts.Sources;

/// <summary>A session as an app reported it.</summary>
internal sealed record SentrySession(string Release, string Environment, DateTimeOffset Started, string? User, bool Crashed = false, bool Errored = false);

/// <summary>
/// Behaves as Sentry's sessions endpoint: how it rounds times, which steps it takes, how it counts (a session by the time it was begun, a user once, a crash-free rate as one less the crashed share), what it says of what it refuses, and its headers of limits.
/// Taken from its API reference of August 2026 and from the endpoint's own source.
/// </summary>
internal sealed partial class SentryApi(string token) : ApiServer
{
    public const string Organization = "acme", Project = "pocket";

    private static readonly string[] Fields = ["sum(session)", "count_unique(user)", "crash_free_rate(session)", "crash_free_rate(user)", "crash_rate(session)", "crash_rate(user)"];

    private readonly List<SentrySession> _sessions = [];

    /// <summary>What it says for a contract.</summary>
    public Saying Saying { get; set; }

    /// <summary>Fewest seconds of a step: ten, or an hour as its reference says.</summary>
    public int LeastStep { get; set; } = 10;

    /// <summary>A token that is known and may not read.</summary>
    public string? NarrowToken { get; init; }

    /// <summary>Requests left until <see cref="Renewal"/>; null: no end of them.</summary>
    public int? Left { get; set; }

    /// <summary>When requests are counted anew.</summary>
    public DateTimeOffset Renewal { get; set; } = TimeProvider.System.GetUtcNow();

    public void Add(params IEnumerable<SentrySession> sessions)
    {
        lock (_sessions)
        {
            _sessions.AddRange(sessions);
        }
    }

    protected override void Map(WebApplication app) => app.MapGet("/api/0/organizations/{organization}/sessions/", AnswerAsync);

    protected override async Task ErrorAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        await context.Response.WriteAsJsonAsync(new { detail = message });
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var (request, query) = (context.Request, context.Request.Query);
        if (Left == 0 && TimeProvider.System.GetUtcNow() >= Renewal)
        {
            Left = null;
        }

        context.Response.Headers["X-Sentry-Rate-Limit-Limit"] = "40";
        context.Response.Headers["X-Sentry-Rate-Limit-Remaining"] = (Left ?? 39).ToString(CultureInfo.InvariantCulture);
        context.Response.Headers["X-Sentry-Rate-Limit-Reset"] = Renewal.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        context.Response.Headers["X-Sentry-Rate-Limit-ConcurrentLimit"] = "25";
        context.Response.Headers["X-Sentry-Rate-Limit-ConcurrentRemaining"] = "24";
        var (status, wrong) =
            NarrowToken is not null && request.Headers.Authorization == $"Bearer {NarrowToken}" ? (403, "You do not have permission to perform this action.")
            : request.Headers.Authorization != $"Bearer {token}" || Saying == Saying.Refused ? (401, $"Invalid token {request.Headers.Authorization}")
            : Left == 0 ? (429, "You are attempting to use this endpoint too frequently. Limit is 40 requests in 1 seconds")
            : (string?)request.RouteValues["organization"] != Organization ? (404, "The requested resource does not exist")
            : query["project"] is { Count: > 0 } projects && projects.Any(p => p != Project) ? (403, "You do not have permission to perform this action.")
            : query["environment"] is { Count: > 0 } environments && environments.Any(e => !Known(e)) ? (404, "The requested resource does not exist")
            : (200, null);
        Left = Left is > 0 ? Left - 1 : Left;
        if (wrong is not null)
        {
            await ErrorAsync(context, status, wrong);
            return;
        }

        if (Refusal(query) is { } refusal)
        {
            await ErrorAsync(context, StatusCodes.Status400BadRequest, refusal);
            return;
        }

        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(Answer(query).ToJsonString().Replace("\"infinite\"", "1e999", StringComparison.Ordinal));
    }

    private bool Known(string? environment)
    {
        lock (_sessions)
        {
            return environment == "production" || _sessions.Exists(s => s.Environment == environment);
        }
    }

    /// <summary>Why it does not take a query; null where it does.</summary>
    private string? Refusal(IQueryCollection query)
    {
        var step = Step(query);
        return query["field"] is not { Count: > 0 } fields ? "Request is missing a \"field\""
            : fields.FirstOrDefault(f => !Fields.Contains(f)) is { } field ? $"Invalid field: \"{field}\""
            : query["groupBy"].FirstOrDefault(g => g is not ("project" or "release" or "environment" or "session.status")) is { } group ? $"Invalid groupBy: \"{group}\""
            : step < LeastStep || step % LeastStep != 0 ? $"The interval has to be a multiple of the minimum interval of {(LeastStep == 10 ? "ten seconds" : "one hour")}."
            : step > 86_400 ? "The interval has to be less than one day."
            : 86_400 % step != 0 ? "The interval should divide one day without a remainder."
            : (Time(query["end"]) - Rounded(Time(query["start"]), step)).TotalSeconds / step > 1000 ? "Your interval and date range would create too many results. Use a larger interval, or a smaller date range."
            : query["query"].ToString().Contains('*', StringComparison.Ordinal) ? "Invalid condition: wildcard search is not supported"
            : query["query"].ToString() is { Length: > 0 } search && !Search().IsMatch(search) ? $"Invalid query: {search}"
            : null;
    }

    private JsonObject Answer(IQueryCollection query)
    {
        // The begin is rounded down to a whole step, and a step that is not whole at the end is added.
        var step = TimeSpan.FromSeconds(Step(query));
        var start = Rounded(Time(query["start"]), (int)step.TotalSeconds);
        var steps = (int)Math.Ceiling((Time(query["end"]) - start) / step);
        var search = Search().Match(query["query"].ToString()) is { Success: true } match ? match.Groups["release"].Value : null;
        var of = Counted().Where(s => s.Started >= start && s.Started < start + (steps * step) && (search is null || s.Release == search)
            && query["environment"] is var environments && (environments.Count == 0 || environments.Contains(s.Environment))).ToList();
        var groups = Saying == Saying.ManySeries
            ? Enumerable.Range(0, 200).Select(n => Group(new JsonObject { ["release"] = $"{search}.{n}" }, of, query["field"], start, step, steps))
            : Saying == Saying.Nothing ? [Group([], [], query["field"], start, step, steps)]
            : [Group([], of, query["field"], start, step, steps)];
        return new()
        {
            ["start"] = Written(start), ["end"] = Written(start + (steps * step)), ["query"] = query["query"].ToString(),
            ["intervals"] = new JsonArray([.. Enumerable.Range(0, steps).Select(n => (JsonNode?)Written(start + (n * step)))]),
            ["groups"] = new JsonArray([.. groups]),
        };
    }

    private List<SentrySession> Counted()
    {
        lock (_sessions)
        {
            return [.. _sessions];
        }
    }

    private JsonObject Group(JsonObject by, List<SentrySession> of, StringValues fields, DateTimeOffset start, TimeSpan step, int steps)
    {
        var byStep = of.GroupBy(s => (int)((s.Started - start) / step)).ToDictionary(g => g.Key, g => g.ToList());
        return new()
        {
            ["by"] = by,
            ["totals"] = new JsonObject(fields.Select(f => KeyValuePair.Create(f!, Value(f!, of)))),
            ["series"] = new JsonObject(fields.Select(f => KeyValuePair.Create(f!, (JsonNode?)new JsonArray([.. Enumerable.Range(0, steps).Select(n => Value(f!, byStep.GetValueOrDefault(n) ?? []))])))),
        };
    }

    private JsonNode? Value(string field, List<SentrySession> of)
    {
        var users = of.Where(s => s.User is not null).Select(s => s.User).Distinct().Count();
        var crashed = field.EndsWith("(user)", StringComparison.Ordinal)
            ? of.Where(s => s.Crashed && s.User is not null).Select(s => s.User).Distinct().Count()
            : of.Count(s => s.Crashed);
        var all = field.EndsWith("(user)", StringComparison.Ordinal) ? users : of.Count;
        return field switch
        {
            "sum(session)" => of.Count,
            "count_unique(user)" => users,
            _ when all == 0 || Saying == Saying.NotANumber => null,
            _ when Saying == Saying.Infinite => "infinite",
            _ => field.StartsWith("crash_free", StringComparison.Ordinal) ? 1 - ((double)crashed / all) : (double)crashed / all,
        };
    }

    private static int Step(IQueryCollection query) => Interval().Match(query["interval"].ToString()) is { Success: true } match
        ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) * match.Groups[2].Value switch { "m" => 60, "h" => 3600, "d" => 86_400, "w" => 604_800, _ => 1 }
        : 3600;

    /// <summary>Times are in UTC and without a zone.</summary>
    private static DateTimeOffset Time(StringValues text) => new(DateTime.ParseExact(text.ToString(), "yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture), TimeSpan.Zero);

    private static DateTimeOffset Rounded(DateTimeOffset time, int step) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds() / step * step);

    private static string Written(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    [GeneratedRegex("^([0-9]+)([smhdw])$")]
    private static partial Regex Interval();

    [GeneratedRegex("^release:\"(?<release>[^\"]+)\"$")]
    private static partial Regex Search();
}
