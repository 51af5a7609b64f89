using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace OpsConsole.Tests.Contracts.Targets;

/// <summary>Behaves as the part of the App Store Connect API that lets versions out: signed tokens, JSON:API, states of versions and the days of a phased release as Apple's reference and help give them.</summary>
internal sealed partial class ConnectApiServer(TimeProvider? time = null) : ApiServer
{
    public const string Bundle = "com.example.shop";
    public const string App = "1234567890";
    public const string Issuer = "57246542-96fe-1a63-e053-0824d011072a";
    public const string KeyId = "2X9R4HXF34";

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly List<Version> _versions = [];
    private int _ids;

    /// <summary>The private key of the team, and one that Apple does not know, as files hold them.</summary>
    public static string Key { get; } = NewKey(ECCurve.NamedCurves.nistP256);

    /// <inheritdoc cref="Key"/>
    public static string ForeignKey { get; } = NewKey(ECCurve.NamedCurves.nistP256);

    /// <summary>Whether a version that is let out takes its time to come to the store.</summary>
    public bool TakesItsTime { get; set; }

    /// <summary>Whether the API gives states under their older name only.</summary>
    public bool IsOld { get; set; }

    /// <summary>Tokens that it was given.</summary>
    public HashSet<string> Tokens { get; } = [];

    public static string NewKey(ECCurve curve)
    {
        using var key = ECDsa.Create(curve);
        return key.ExportPkcs8PrivateKeyPem();
    }

    public void Add(string name, string state, string? phased = null, int day = 0, int paused = 0) =>
        _versions.Insert(0, new Version($"v{++_ids}", name) { State = state, Phased = phased is null ? null : new Phases($"p{++_ids}") { State = phased, Day = day, Paused = paused } });

    public string StateOf(string name) => _versions.Find(v => v.Name == name)!.State;

    public string? PhasedOf(string name) => _versions.Find(v => v.Name == name)!.Phased?.State;

    /// <summary>Lets days pass: what is not paused goes on, the rest uses its pause up.</summary>
    public void Pass(int days)
    {
        foreach (var phased in _versions.Select(v => v.Phased).OfType<Phases>())
        {
            (phased.Day, phased.Paused) = phased.State switch
            {
                "ACTIVE" => (Math.Min(7, phased.Day + days), phased.Paused),
                "PAUSED" => (phased.Day, phased.Paused + days),
                _ => (phased.Day, phased.Paused),
            };
        }
    }

    /// <summary>What was let out has come to the store.</summary>
    public void Arrive()
    {
        foreach (var version in _versions.Where(v => v.State == "PROCESSING_FOR_DISTRIBUTION"))
        {
            ComeOut(version);
        }
    }

    protected override void Map(WebApplication app)
    {
        app.Use(async (context, next) =>
        {
            if (context.Request.Path.StartsWithSegments(Storage))
            {
                await next(context);
                return;
            }

            var bearer = context.Request.Headers.Authorization.ToString().Replace("Bearer ", "", StringComparison.Ordinal);
            Tokens.Add(bearer);
            context.Response.Headers["X-Rate-Limit"] = "user-hour-lim:3500;user-hour-rem:3400;";
            if (!IsGood(bearer))
            {
                await ErrorAsync(context, 401, "NOT_AUTHORIZED", $"Provide a properly configured and signed bearer token, and make sure that it has not expired. {bearer}");
                return;
            }

            await next(context);
        });
        app.MapGet("/v1/apps", (HttpContext context) => OkAsync(context, new JsonObject
        {
            // The filter finds what begins with it, too.
            ["data"] = new JsonArray([.. new[] { (App + "9", Bundle + ".beta"), (App, Bundle) }
                .Where(a => a.Item2.StartsWith(context.Request.Query["filter[bundleId]"].ToString(), StringComparison.Ordinal))
                .Select(a => new JsonObject { ["type"] = "apps", ["id"] = a.Item1, ["attributes"] = new JsonObject { ["bundleId"] = a.Item2 } })]),
        }));
        app.MapGet("/v1/apps/{app}/appStoreVersions", (HttpContext context, string app) => app == App ? OkAsync(context, Versions(context)) : ErrorAsync(context, 404, "There is no resource of that id."));
        app.MapPost("/v1/appStoreVersionReleaseRequests", context => WithVersionAsync(context, version => version.State != "PENDING_DEVELOPER_RELEASE"
            ? ErrorAsync(context, 409, "The version is not in a state in which it can be released.")
            : ReleaseAsync(context, version)));
        app.MapPost("/v1/appStoreVersionPhasedReleases", context => WithVersionAsync(context, version => PlanAsync(context, version)));
        app.MapPatch("/v1/appStoreVersionPhasedReleases/{id}", SetAsync);
        app.MapDelete("/v1/appStoreVersionPhasedReleases/{id}", DropAsync);
        MapMetrics(app);
        MapReports(app);
    }

    protected override Task ErrorAsync(HttpContext context, int status, string message) => ErrorAsync(context, status, status switch { 409 => "STATE_ERROR", 429 => "RATE_LIMIT_EXCEEDED", _ => "NOT_FOUND" }, message);

    private static Task ErrorAsync(HttpContext context, int status, string code, string detail)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(JsonSerializer.Serialize(new { errors = new[] { new { id = Guid.NewGuid(), status = $"{status}", code, title = "The request cannot be fulfilled.", detail } } }));
    }

    private static Task OkAsync(HttpContext context, JsonObject answer, int status = 200)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(answer.ToJsonString());
    }

    private bool IsGood(string bearer)
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(Key);
        if (bearer.Split('.') is not [var header, var claims, var signature]
            || !key.VerifyData(Encoding.ASCII.GetBytes($"{header}.{claims}"), Base64Url.DecodeFromChars(signature), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation))
        {
            return false;
        }

        var (head, said) = (JsonNode.Parse(Base64Url.DecodeFromChars(header))!, JsonNode.Parse(Base64Url.DecodeFromChars(claims))!);
        var (issued, ends, now) = ((long)said["iat"]!, (long)said["exp"]!, _time.GetUtcNow().ToUnixTimeSeconds());
        return (string?)head["alg"] == "ES256" && (string?)head["kid"] == KeyId && (string?)said["iss"] == Issuer && (string?)said["aud"] == "appstoreconnect-v1"
            && issued <= now && ends > now && ends - now <= 20 * 60;
    }

    private JsonObject Versions(HttpContext context)
    {
        var query = context.Request.Query;
        var found = _versions.Where(v => v.Name == query["filter[versionString]"] && query["filter[platform]"] == "IOS").ToList();
        var included = query["include"] == "build" ? [.. found.Select(v => v.Build).OfType<string>().Select(b => new JsonObject { ["type"] = "builds", ["id"] = b })]
            : query["include"] == "appStoreVersionPhasedRelease" ? found.Select(v => v.Phased).OfType<Phases>().Select(Written).ToArray<JsonNode>() : [];
        return new JsonObject
        {
            ["data"] = new JsonArray([.. found.Select(v => new JsonObject
            {
                ["type"] = "appStoreVersions", ["id"] = v.Id,
                ["attributes"] = IsOld
                    ? new JsonObject { ["versionString"] = v.Name, ["platform"] = "IOS", ["appStoreState"] = v.State.Replace("READY_FOR_DISTRIBUTION", "READY_FOR_SALE", StringComparison.Ordinal) }
                    : new JsonObject { ["versionString"] = v.Name, ["platform"] = "IOS", ["appVersionState"] = v.State, ["releaseType"] = "MANUAL" },
                ["relationships"] = new JsonObject
                {
                    ["appStoreVersionPhasedRelease"] = new JsonObject { ["data"] = v.Phased is null ? null : new JsonObject { ["type"] = "appStoreVersionPhasedReleases", ["id"] = v.Phased.Id } },
                    ["build"] = query["include"] == "build" ? new JsonObject { ["data"] = v.Build is null ? null : new JsonObject { ["type"] = "builds", ["id"] = v.Build } } : new JsonObject(),
                },
            })]),
            ["included"] = new JsonArray(included),
        };
    }

    private async Task WithVersionAsync(HttpContext context, Func<Version, Task> work)
    {
        var body = (await JsonNode.ParseAsync(context.Request.Body))!;
        var id = (string?)body["data"]!["relationships"]!["appStoreVersion"]!["data"]!["id"];
        await (_versions.Find(v => v.Id == id) is { } version ? work(version) : ErrorAsync(context, 404, "There is no version of that id."));
    }

    private Task ReleaseAsync(HttpContext context, Version version)
    {
        version.State = "PROCESSING_FOR_DISTRIBUTION";
        if (!TakesItsTime)
        {
            ComeOut(version);
        }

        Changed();
        return OkAsync(context, new JsonObject { ["data"] = new JsonObject { ["type"] = "appStoreVersionReleaseRequests", ["id"] = version.Id } }, 201);
    }

    private Task PlanAsync(HttpContext context, Version version)
    {
        if (version.Phased is not null || version.State is not ("PENDING_DEVELOPER_RELEASE" or "PREPARE_FOR_SUBMISSION" or "WAITING_FOR_REVIEW" or "IN_REVIEW"))
        {
            return ErrorAsync(context, 409, "A phased release cannot be created for this version.");
        }

        version.Phased = new Phases($"p{++_ids}") { State = "INACTIVE" };
        Changed();
        return OkAsync(context, new JsonObject { ["data"] = Written(version.Phased) }, 201);
    }

    private async Task SetAsync(HttpContext context)
    {
        var wanted = (string?)(await JsonNode.ParseAsync(context.Request.Body))!["data"]!["attributes"]!["phasedReleaseState"];
        var phased = Find(context);
        if (phased is null || (phased.State, wanted) is not (("ACTIVE", "PAUSED" or "COMPLETE") or ("PAUSED", "ACTIVE" or "COMPLETE")))
        {
            await ErrorAsync(context, 409, $"The phased release is {phased?.State} and cannot become {wanted}.");
            return;
        }

        phased.State = wanted!;
        Changed();
        await OkAsync(context, new JsonObject { ["data"] = Written(phased) });
    }

    private Task DropAsync(HttpContext context)
    {
        if (Find(context) is not { State: "INACTIVE" } phased)
        {
            return ErrorAsync(context, 409, "A phased release that has started cannot be deleted.");
        }

        _versions.Find(v => v.Phased == phased)!.Phased = null;
        Changed();
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private Phases? Find(HttpContext context) => _versions.Select(v => v.Phased).FirstOrDefault(p => p?.Id == (string?)context.Request.RouteValues["id"]);

    private static void ComeOut(Version version)
    {
        version.State = "READY_FOR_DISTRIBUTION";
        if (version.Phased is { } phased)
        {
            (phased.State, phased.Day) = ("ACTIVE", 1);
        }
    }

    private static JsonObject Written(Phases phased) => new()
    {
        ["type"] = "appStoreVersionPhasedReleases", ["id"] = phased.Id,
        ["attributes"] = new JsonObject
        {
            ["phasedReleaseState"] = phased.State, ["startDate"] = phased.Day > 0 ? "2026-03-01T12:00:00Z" : null,
            ["totalPauseDuration"] = phased.Paused, ["currentDayNumber"] = phased.Day > 0 ? phased.Day : null,
        },
    };

    private sealed class Version(string id, string name)
    {
        public string Id => id;

        public string Name => name;

        public required string State { get; set; }

        public Phases? Phased { get; set; }

        public string? Build { get; set; }
    }

    private sealed class Phases(string id)
    {
        public string Id => id;

        public required string State { get; set; }

        public int Day { get; set; }

        public int Paused { get; set; }
    }
}
