using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace OpsConsole.Tests.Contracts.Targets;

/// <summary>Behaves as the API server of a cluster does for one namespace: merge patches with a precondition, a status of its own, errors as <c>Status</c>. A subclass is the controller that acts on what is kept.</summary>
internal abstract class KubeApi(string token) : ApiServer
{
    public const string Namespace = "shop-production";

    private const string Root = "/apis/{group}/{version}/namespaces/{space}/{kind}";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, JsonObject> _objects = [];
    private int _resourceVersion = 1000;

    /// <summary>How often the controller sleeps before it looks at what was changed.</summary>
    public int Naps { get; set; }

    /// <summary>What somebody else does just before the next patch arrives.</summary>
    public Action? Meanwhile { get; set; }

    /// <summary>What was patched: path and body.</summary>
    public List<(string Path, JsonObject Patch)> Patches { get; } = [];

    /// <summary>Image versions that cannot be pulled.</summary>
    public HashSet<string> Missing { get; } = [];

    public JsonObject Object(string kind, string name) => _objects[$"{kind}/{name}"];

    public IEnumerable<JsonObject> All(string kind) => _objects.Where(o => o.Key.StartsWith(kind + "/", StringComparison.Ordinal)).Select(o => o.Value);

    /// <summary>The ReplicaSets that an object owns.</summary>
    public IEnumerable<JsonObject> SetsOf(JsonObject owner) =>
        All("replicasets").Where(s => (string?)s["metadata"]!["ownerReferences"]![0]!["uid"] == (string?)owner["metadata"]!["uid"]);

    public void Delete(string kind, string name) => _objects.Remove($"{kind}/{name}");

    /// <summary>Changes an object as somebody else would.</summary>
    public void Edit(string kind, string name, Action<JsonObject> edit)
    {
        var json = Object(kind, name);
        var before = json["spec"]!.ToJsonString();
        edit(json);
        Touch(json, grew: before != json["spec"]!.ToJsonString());
        Reconcile();
    }

    /// <summary>What the controllers do when something changed, or time passed.</summary>
    protected abstract void Reconcile();

    /// <summary>Whether time passes for the controllers when an object of a kind is read.</summary>
    protected virtual bool LooksWhen(string kind) => true;

    /// <summary>Puts an object in its place.</summary>
    protected JsonObject Put(string kind, string name, string uid, JsonObject json)
    {
        if (json["metadata"] is not JsonObject metadata)
        {
            json["metadata"] = metadata = [];
        }

        (metadata["name"], metadata["namespace"], metadata["uid"], metadata["generation"]) = (name, Namespace, uid, 1);
        metadata["creationTimestamp"] = DateTimeOffset.UnixEpoch.AddMinutes(_resourceVersion).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        _objects[$"{kind}/{name}"] = json;
        Touch(json, grew: false);
        return json;
    }

    /// <summary>Counts the object's version up, and its generation where what shall be was changed.</summary>
    protected void Touch(JsonObject json, bool grew)
    {
        json["metadata"]!["resourceVersion"] = (++_resourceVersion).ToString(CultureInfo.InvariantCulture);
        json["metadata"]!["generation"] = json["metadata"]!["generation"]!.GetValue<int>() + (grew ? 1 : 0);
    }

    /// <summary>Sets a status, as a controller does; what is the same is not written.</summary>
    protected void SetStatus(JsonObject json, JsonObject status)
    {
        if (!JsonNode.DeepEquals(json["status"], status))
        {
            json["status"] = status.DeepClone();
            Touch(json, grew: false);
        }
    }

    protected override void Map(WebApplication app)
    {
        app.Use(async (context, next) =>
        {
            if (context.Request.Headers.Authorization != $"Bearer {token}")
            {
                await FailAsync(context, StatusCodes.Status401Unauthorized, "Unauthorized", $"Unauthorized: {context.Request.Headers.Authorization}");
                return;
            }

            if ((string?)context.Request.RouteValues["space"] is { } space && space != Namespace)
            {
                await FailAsync(context, StatusCodes.Status403Forbidden, "Forbidden", $"{context.Request.RouteValues["kind"]} is forbidden: User \"system:serviceaccount:ops:console\" cannot get resource in the namespace \"{space}\"");
                return;
            }

            await next(context);
        });
        app.MapGet(Root, ListAsync);
        app.MapGet(Root + "/{name}", GetAsync);
        app.MapPatch(Root + "/{name}", context => PatchAsync(context, ofStatus: false));
        app.MapPatch(Root + "/{name}/status", context => PatchAsync(context, ofStatus: true));
    }

    /// <summary>Too many requests are told as plain text, everything else as a <c>Status</c>.</summary>
    protected override Task ErrorAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync("Too many requests, please try again later.\n");
    }

    private Task ListAsync(HttpContext context)
    {
        lock (_lock)
        {
            var wanted = context.Request.Query["labelSelector"].ToString().Split(',').Select(l => l.Split('=')).ToDictionary(l => l[0], l => l[1]);
            var kind = (string)context.Request.RouteValues["kind"]!;
            var found = All(kind).Where(o => wanted.All(w => (string?)o["metadata"]!["labels"]?[w.Key] == w.Value)).Select(o => (JsonNode)o.DeepClone());
            return WriteAsync(context, new JsonObject { ["kind"] = "List", ["apiVersion"] = "v1", ["metadata"] = new JsonObject { ["resourceVersion"] = "1" }, ["items"] = new JsonArray([.. found]) });
        }
    }

    private Task GetAsync(HttpContext context)
    {
        lock (_lock)
        {
            if (LooksWhen((string)context.Request.RouteValues["kind"]!))
            {
                Wake();
            }

            return Find(context) is { } json ? WriteAsync(context, json) : NotFoundAsync(context);
        }
    }

    private async Task PatchAsync(HttpContext context, bool ofStatus)
    {
        var patch = await JsonNode.ParseAsync(context.Request.Body) as JsonObject;
        Task answer;
        lock (_lock)
        {
            var meanwhile = Meanwhile;
            Meanwhile = null;
            meanwhile?.Invoke();
            answer = Patch(context, patch, ofStatus);
        }

        await answer;
    }

    private Task Patch(HttpContext context, JsonObject? patch, bool ofStatus)
    {
        if (context.Request.ContentType?.StartsWith("application/merge-patch+json", StringComparison.Ordinal) != true)
        {
            return FailAsync(context, StatusCodes.Status415UnsupportedMediaType, "UnsupportedMediaType", "the body of the request was in an unknown format");
        }

        if (patch is null)
        {
            return FailAsync(context, StatusCodes.Status400BadRequest, "BadRequest", "error decoding patch");
        }

        if (Find(context) is not { } json)
        {
            return NotFoundAsync(context);
        }

        var (kind, name) = ((string)context.Request.RouteValues["kind"]!, (string)context.Request.RouteValues["name"]!);
        if (patch["metadata"]?["resourceVersion"] is { } version && (string?)version != (string?)json["metadata"]!["resourceVersion"])
        {
            return FailAsync(
                context, StatusCodes.Status409Conflict, "Conflict",
                $"Operation cannot be fulfilled on {kind} \"{name}\": the object has been modified; please apply your changes to the latest version and try again");
        }

        Patches.Add((context.Request.Path, (JsonObject)patch.DeepClone()));
        (patch["metadata"] as JsonObject)?.Remove("resourceVersion");
        var (spec, whole) = (json["spec"]!.ToJsonString(), json.ToJsonString());

        // The status is another resource: neither changes what belongs to the other.
        Array.ForEach(ofStatus ? ["metadata", "spec"] : new[] { "status" }, other => patch.Remove(other));
        Merge(json, patch);
        if (json.ToJsonString() != whole)
        {
            Touch(json, grew: json["spec"]!.ToJsonString() != spec);
            Changed();
            Wake();
        }

        return WriteAsync(context, json);
    }

    private void Wake()
    {
        if (Naps > 0)
        {
            Naps--;
            return;
        }

        Reconcile();
    }

    private JsonObject? Find(HttpContext context) => _objects.GetValueOrDefault($"{context.Request.RouteValues["kind"]}/{context.Request.RouteValues["name"]}");

    private static Task NotFoundAsync(HttpContext context) => FailAsync(
        context, StatusCodes.Status404NotFound, "NotFound", $"{context.Request.RouteValues["kind"]}.{context.Request.RouteValues["group"]} \"{context.Request.RouteValues["name"]}\" not found");

    private static Task FailAsync(HttpContext context, int code, string reason, string message)
    {
        context.Response.StatusCode = code;
        return WriteAsync(context, new JsonObject
        {
            ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Failure", ["message"] = message, ["reason"] = reason, ["code"] = code,
        });
    }

    private static Task WriteAsync(HttpContext context, JsonObject json)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json.ToJsonString(JsonSerializerOptions.Web));
    }

    /// <summary>RFC 7386.</summary>
    private static void Merge(JsonObject into, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is null)
            {
                into.Remove(name);
            }
            else if (value is JsonObject part)
            {
                if (into[name] is not JsonObject child)
                {
                    into[name] = child = [];
                }

                Merge(child, part);
            }
            else
            {
                into[name] = value.DeepClone();
            }
        }
    }
}
