using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace OpsConsole.Tests.Contracts.Targets;

/// <summary>Behaves as Google's sign-in of service accounts and the publishing part of the Google Play Developer API: edits, one track, reviews and errors as their references and people's reports give them.</summary>
internal sealed class PlayApi : ApiServer
{
    public const string Package = "com.example.shop";
    public const string Track = "production";

    private readonly GoogleSignIn _signIn;
    private readonly Dictionary<string, Edit> _edits = [];
    private readonly Dictionary<string, string> _states = [];
    private JsonObject[] _releases = [];
    private JsonObject? _servedBefore;
    private int _edit;

    public PlayApi(string token, TimeProvider? time = null) => _signIn = new GoogleSignIn(token, "https://www.googleapis.com/auth/androidpublisher", time ?? TimeProvider.System);

    /// <summary>What is live on the track.</summary>
    public IReadOnlyList<JsonObject> Releases => _releases;

    /// <summary>How often somebody signed in.</summary>
    public int SignIns => _signIn.SignIns;

    /// <summary>What a commit said about changes in review, the newest last.</summary>
    public List<string> ReviewBehaviours { get; } = [];

    /// <summary>Whether another change of the app is in review.</summary>
    public bool HasChangesInReview { get; set; }

    /// <summary>The state that a release has once it is committed, without its prefix.</summary>
    public string StateOnceCommitted { get; set; } = "PUBLISHED";

    /// <summary>Done just before the next commit is looked at: what somebody else does in that moment.</summary>
    public Action? BeforeCommit { get; set; }

    public override bool IsChange(string method, string path) => path.Contains(":commit", StringComparison.Ordinal);

    /// <summary>Version codes whose builds are listed with no release, as those that no device gets any more.</summary>
    public HashSet<string> Unlisted { get; } = [];

    /// <summary>Puts a release on the track, live.</summary>
    public void Put(string name, int code, string status, double? fraction = null, string state = "PUBLISHED", params int[] shared)
    {
        var release = new JsonObject
        {
            ["name"] = name, ["versionCodes"] = new JsonArray([.. shared.Prepend(code).Select(c => (JsonNode?)c.ToString(CultureInfo.InvariantCulture))]), ["status"] = status,
            ["releaseNotes"] = new JsonArray(new JsonObject { ["language"] = "en-US", ["text"] = $"What is new in {name}" }), ["inAppUpdatePriority"] = 3,
        };
        if (fraction is { } share)
        {
            release["userFraction"] = share;
        }

        _releases = [release, .. _releases.Where(r => (string?)r["name"] != name)];
        _states[name] = state;
        EndEdits();
    }

    /// <summary>Says how far Google has let a release out.</summary>
    public void Review(string name, string state) => _states[name] = state;

    /// <summary>What everyone was served before, and is served again when the release after it is halted at full.</summary>
    public void ServedBefore(string name, int code)
    {
        Put(name, code, "completed");
        (_servedBefore, _releases) = (_releases[0], _releases[1..]);
    }

    /// <summary>Makes every access token worthless.</summary>
    public void EndTokens() => _signIn.EndTokens();

    /// <summary>Somebody changes the app in the Play Console: what is open elsewhere ends.</summary>
    public void EndEdits()
    {
        foreach (var edit in _edits.Values)
        {
            edit.Ended ??= "This Edit has been deleted.";
        }
    }

    protected override void Map(WebApplication app)
    {
        app.MapPost("/token", context => _signIn.AnswerAsync(context, new Uri(Address, "token")));
        app.Use(async (context, next) =>
        {
            var path = context.Request.Path.Value!;
            if (path.StartsWith("/androidpublisher", StringComparison.Ordinal))
            {
                if (!_signIn.IsIn(context.Request))
                {
                    await ErrorAsync(context, StatusCodes.Status401Unauthorized, $"Request had invalid authentication credentials: {GoogleSignIn.Bearer(context.Request)}");
                    return;
                }

                if (!path.StartsWith($"/androidpublisher/v3/applications/{Package}/", StringComparison.Ordinal))
                {
                    await ErrorAsync(context, StatusCodes.Status404NotFound, $"Package not found: {path.Split('/')[4]}.");
                    return;
                }
            }

            await next(context);
        });
        const string of = "/androidpublisher/v3/applications/{package}";
        app.MapGet($"{of}/tracks/{Track}/releases", (HttpContext context) => context.Response.WriteAsJsonAsync(Summaries()));
        app.MapPost($"{of}/edits", OpenAsync);
        app.MapGet($"{of}/edits/{{edit}}/tracks/{Track}", (HttpContext context, string edit) => InAsync(context, edit, found => context.Response.WriteAsJsonAsync(Written(found.Releases))));
        app.MapPut($"{of}/edits/{{edit}}/tracks/{Track}", (HttpContext context, string edit) => InAsync(context, edit, found => WriteAsync(context, found)));
        app.MapPost($"{of}/edits/{{what}}", (HttpContext context, string what) => what.Split(':') is [var edit, "commit"] ? CommitAsync(context, edit) : ErrorAsync(context, 404, "Not found."));
    }

    protected override Task ErrorAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(JsonSerializer.Serialize(new { error = new { code = status, message, errors = new[] { new { message, domain = "global", reason = "badRequest" } } } }));
    }

    private Task OpenAsync(HttpContext context)
    {
        EndEdits();
        var id = $"{++_edit}";
        _edits[id] = new Edit { Releases = [.. _releases.Select(r => (JsonObject)r.DeepClone())] };
        return context.Response.WriteAsJsonAsync(new { id, expiryTimeSeconds = "1" });
    }

    private Task InAsync(HttpContext context, string edit, Func<Edit, Task> work) =>
        !_edits.TryGetValue(edit, out var found) ? ErrorAsync(context, StatusCodes.Status404NotFound, "Edit not found.")
        : found.Ended is { } ended ? ErrorAsync(context, StatusCodes.Status400BadRequest, ended)
        : work(found);

    private async Task WriteAsync(HttpContext context, Edit edit)
    {
        var body = (await JsonNode.ParseAsync(context.Request.Body))!;
        JsonObject[] written = [.. body["releases"]!.AsArray().Select(r => (JsonObject)r!.DeepClone())];
        if (WrongIn(written) is { } wrong)
        {
            await ErrorAsync(context, StatusCodes.Status400BadRequest, wrong);
            return;
        }

        edit.Releases = written;
        await context.Response.WriteAsJsonAsync(Written(written));
    }

    private string? WrongIn(JsonObject[] written)
    {
        foreach (var release in written)
        {
            var (status, fraction, live) = ((string?)release["status"], (double?)release["userFraction"], Live(release));
            var wrong =
                status is "completed" or "draft" && fraction is not null ? "User fraction can only be set for releases that are in progress or halted."
                : status == "inProgress" && fraction is null ? "User fraction must be set."
                : fraction >= 1 ? "User fraction must be lower than one."
                : fraction <= 0 ? "User fraction must be greater than zero."
                : status == "halted" && (string?)live?["status"] is not ("inProgress" or "halted" or "completed") ? "Cannot halt release, no matching in progress release found."
                : null;
            if (wrong is not null)
            {
                return wrong;
            }
        }

        return written.Where(r => (string?)r["status"] != "draft").GroupBy(r => (string?)r["status"]).Any(g => g.Count() > 1) ? "Two releases of the track have the same status." : null;
    }

    private async Task CommitAsync(HttpContext context, string edit)
    {
        var before = BeforeCommit;
        BeforeCommit = null;
        before?.Invoke();
        await InAsync(context, edit, found =>
        {
            var behaviour = context.Request.Query["changesInReviewBehavior"].ToString();
            if (HasChangesInReview && behaviour == "ERROR_IF_IN_REVIEW")
            {
                return ErrorAsync(context, StatusCodes.Status400BadRequest, "There are changes in review.");
            }

            var halted = found.Releases.FirstOrDefault(r => (string?)r["status"] == "halted" && (string?)Live(r)?["status"] == "completed");
            if (halted is not null && _servedBefore is null)
            {
                return ErrorAsync(context, StatusCodes.Status500InternalServerError, "Internal error encountered.");
            }

            foreach (var release in found.Releases.Where(r => (string?)r["status"] != "draft" && (string?)Live(r)?["status"] == "draft"))
            {
                _states[(string)release["name"]!] = StateOnceCommitted;
            }

            _releases = halted is null ? found.Releases : [.. found.Releases, _servedBefore!];
            ReviewBehaviours.Add(behaviour);
            found.Ended = "This edit has already been successfully committed, please create a new Edit.";
            EndEdits();
            Changed();
            return context.Response.WriteAsJsonAsync(new { id = edit });
        });
    }

    private JsonObject? Live(JsonObject release) => _releases.FirstOrDefault(r => (string?)r["name"] == (string?)release["name"]);

    private JsonObject Summaries() => new()
    {
        ["releases"] = new JsonArray([.. _releases.Select(r => new JsonObject
        {
            ["releaseName"] = (string?)r["name"], ["track"] = Track,
            ["activeArtifacts"] = new JsonArray([.. r["versionCodes"]!.AsArray().Where(c => !Unlisted.Contains((string)c!)).Select(c => new JsonObject { ["versionCode"] = int.Parse((string)c!, CultureInfo.InvariantCulture) })]),
            ["releaseLifecycleState"] = $"RELEASE_LIFECYCLE_STATE_{((string?)r["status"] == "draft" ? "DRAFT" : _states[(string)r["name"]!])}",
        })]),
    };

    private static JsonObject Written(JsonObject[] releases) => new() { ["track"] = Track, ["releases"] = new JsonArray([.. releases.Select(r => r.DeepClone())]) };

    private sealed class Edit
    {
        public required JsonObject[] Releases { get; set; }

        public string? Ended { get; set; }
    }
}
