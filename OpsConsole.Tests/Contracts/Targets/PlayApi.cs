using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
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
    public const string Email = "console@example.iam.gserviceaccount.com";

    private static readonly string Known = NewKey(), Foreign = NewKey();

    private readonly string _token;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, Edit> _edits = [];
    private readonly Dictionary<string, DateTimeOffset> _tokens = [];
    private readonly Dictionary<string, string> _states = [];
    private JsonObject[] _releases = [];
    private JsonObject? _servedBefore;
    private int _edit;

    public PlayApi(string token, TimeProvider? time = null) => (_token, _time) = (token, time ?? TimeProvider.System);

    /// <summary>The file of the key of the account that may publish.</summary>
    public static string Account { get; } = File(Known);

    /// <summary>The file of a key of the same account, which Google does not know.</summary>
    public static string ForeignAccount { get; } = File(Foreign);

    /// <summary>What is live on the track.</summary>
    public IReadOnlyList<JsonObject> Releases => _releases;

    /// <summary>How often somebody signed in.</summary>
    public int SignIns { get; private set; }

    /// <summary>What a commit said about changes in review, the newest last.</summary>
    public List<string> ReviewBehaviours { get; } = [];

    /// <summary>Whether another change of the app is in review.</summary>
    public bool HasChangesInReview { get; set; }

    /// <summary>The state that a release has once it is committed, without its prefix.</summary>
    public string StateOnceCommitted { get; set; } = "PUBLISHED";

    /// <summary>Done just before the next commit is looked at: what somebody else does in that moment.</summary>
    public Action? BeforeCommit { get; set; }

    public override bool IsChange(string method, string path) => path.Contains(":commit", StringComparison.Ordinal);

    /// <summary>Puts a release on the track, live.</summary>
    public void Put(string name, int code, string status, double? fraction = null, string state = "PUBLISHED")
    {
        var release = new JsonObject
        {
            ["name"] = name, ["versionCodes"] = new JsonArray(code.ToString(CultureInfo.InvariantCulture)), ["status"] = status,
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
    public void EndTokens() => _tokens.Clear();

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
        app.MapPost("/token", SignInAsync);
        app.Use(async (context, next) =>
        {
            var path = context.Request.Path.Value!;
            if (path.StartsWith("/androidpublisher", StringComparison.Ordinal))
            {
                var bearer = context.Request.Headers.Authorization.ToString().Replace("Bearer ", "", StringComparison.Ordinal);
                if (!_tokens.TryGetValue(bearer, out var ends) || ends <= _time.GetUtcNow())
                {
                    await ErrorAsync(context, StatusCodes.Status401Unauthorized, $"Request had invalid authentication credentials: {bearer}");
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

    private static string File(string key) => JsonSerializer.Serialize(new
    {
        type = "service_account", project_id = "example", private_key_id = "0123", private_key = key, client_email = Email, client_id = "1", token_uri = "https://oauth2.googleapis.com/token",
    });

    private static string NewKey()
    {
        using var key = RSA.Create(2048);
        return key.ExportPkcs8PrivateKeyPem();
    }

    private async Task SignInAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync();
        var wrong = form["grant_type"] != "urn:ietf:params:oauth:grant-type:jwt-bearer" ? "Invalid grant_type." : WrongIn(form["assertion"].ToString());
        if (wrong is not null)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsync(JsonSerializer.Serialize(new { error = "invalid_grant", error_description = wrong }));
            return;
        }

        SignIns++;
        var token = $"ya29.{_token}-{SignIns}";
        _tokens[token] = _time.GetUtcNow().AddSeconds(3599);
        await context.Response.WriteAsJsonAsync(new { access_token = token, expires_in = 3599, token_type = "Bearer" });
    }

    private string? WrongIn(string assertion)
    {
        using var key = RSA.Create();
        key.ImportFromPem(Known);
        if (assertion.Split('.') is not [var header, var claims, var signature]
            || !key.VerifyData(Encoding.ASCII.GetBytes($"{header}.{claims}"), Base64Url.DecodeFromChars(signature), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))
        {
            return "Invalid JWT Signature.";
        }

        var said = JsonNode.Parse(Base64Url.DecodeFromChars(claims))!;
        var (issued, ends, now) = ((long)said["iat"]!, (long)said["exp"]!, _time.GetUtcNow().ToUnixTimeSeconds());
        return (string?)JsonNode.Parse(Base64Url.DecodeFromChars(header))!["alg"] != "RS256" ? "Invalid JWT algorithm."
            : (string?)said["iss"] != Email ? "Invalid grant: account not found"
            : (string?)said["aud"] != new Uri(Address, "token").AbsoluteUri ? "Invalid JWT: Failed audience check."
            : (string?)said["scope"] != "https://www.googleapis.com/auth/androidpublisher" ? "Invalid scope."
            : ends - issued > 3600 || ends <= now || issued > now + 300 ? "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe."
            : null;
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
            ["activeArtifacts"] = new JsonArray([.. r["versionCodes"]!.AsArray().Select(c => new JsonObject { ["versionCode"] = int.Parse((string)c!, CultureInfo.InvariantCulture) })]),
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
