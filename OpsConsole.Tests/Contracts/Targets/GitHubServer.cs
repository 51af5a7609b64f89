using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Contracts.Targets;

/// <summary>How the workflow of <see cref="GitHubServer"/> does.</summary>
internal enum WorkflowMood
{
    /// <summary>It ends at once, and well.</summary>
    Works,

    /// <summary>Its run stays in the queue.</summary>
    Waits,

    /// <summary>Its run waits for a reviewer.</summary>
    IsHeldUp,

    /// <summary>It says that it began, and no more.</summary>
    Begins,

    /// <summary>It says that it failed.</summary>
    Fails,

    /// <summary>Its run ends, and it has said nothing.</summary>
    Dies,
}

/// <summary>Behaves as the parts of GitHub's REST API that keep deployments, their statuses and workflow runs, and runs the workflow of the target's README.</summary>
internal sealed partial class GitHubServer(Func<string, bool> knows) : ApiServer
{
    private static readonly HashSet<string> Refs = ["v2.15.0", "v2.14.3", "main"];
    private static readonly string[] States = ["error", "failure", "inactive", "in_progress", "queued", "pending", "success"];

    private readonly List<JsonObject> _deployments = [];
    private readonly List<(long Deployment, JsonObject Status)> _statuses = [];
    private readonly List<JsonObject> _runs = [];
    private long _ids = 1_000_000;

    public WorkflowMood Mood { get; set; }

    /// <summary>Whether runs are listed at all yet.</summary>
    public bool ListsRuns { get; set; } = true;

    /// <summary>Why a workflow is not started, if so.</summary>
    public string? RefusesToStart { get; set; }

    /// <summary>Whether 403 is answered, as for too many requests.</summary>
    public bool IsLimited { get; set; }

    /// <summary>Paths that are asked with another credential; none.</summary>
    public Action<WebApplication> MapOutside { get; init; } = static _ => { };

    public IReadOnlyList<JsonObject> Deployments => _deployments;

    public IReadOnlyList<JsonObject> Runs => _runs;

    /// <summary>What the workflow was given last.</summary>
    public Dictionary<string, string> Inputs { get; private set; } = [];

    /// <summary>Inputs that the workflow of the README has.</summary>
    private static Dictionary<string, bool> Declared { get; } = Input().Matches(File.ReadAllText(Path.Combine(Repository.Root, "OpsConsole.Core", "Targets", "GitHub", "README.md")))
        .ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value == "true", StringComparer.Ordinal);

    /// <summary>Starting a workflow is what changes anything; a deployment is a note.</summary>
    public override bool IsChange(string method, string path) => method == HttpMethods.Post && path.EndsWith("/dispatches", StringComparison.Ordinal);

    /// <summary>Sets a status as a workflow or somebody else would.</summary>
    public void Say(string state, string description = "", int newest = 1) => Say((long)_deployments[^newest]["id"]!, state, description);

    protected override void Map(WebApplication app)
    {
        MapOutside(app);
        app.Use(async (context, next) =>
        {
            var authorization = context.Request.Headers.Authorization.ToString();
            if (!authorization.StartsWith("Bearer ", StringComparison.Ordinal) || !knows(authorization[7..]))
            {
                await ErrorAsync(context, StatusCodes.Status401Unauthorized, $"Bad credentials: {authorization}");
            }
            else if (IsLimited)
            {
                await ErrorAsync(context, StatusCodes.Status403Forbidden, "API rate limit exceeded for installation ID 77.");
            }
            else if (!context.Request.Path.StartsWithSegments("/repos/acme/shop-app"))
            {
                await ErrorAsync(context, StatusCodes.Status404NotFound, "Not Found");
            }
            else
            {
                await next(context);
            }
        });
        app.MapGet("/repos/acme/shop-app/deployments", context => ListAsync(context, _deployments.Where(d =>
            (string)d["environment"]! == context.Request.Query["environment"].ToString() && (string)d["task"]! == context.Request.Query["task"].ToString())));
        app.MapPost("/repos/acme/shop-app/deployments", DeployAsync);
        app.MapGet("/repos/acme/shop-app/deployments/{id:long}/statuses", context => ListAsync(context, _statuses.Where(s => s.Deployment == Id(context)).Select(s => s.Status)));
        app.MapPost("/repos/acme/shop-app/deployments/{id:long}/statuses", SayAsync);
        app.MapPost("/repos/acme/shop-app/actions/workflows/rollout.yml/dispatches", StartAsync);
        app.MapGet("/repos/acme/shop-app/actions/workflows/rollout.yml/runs", RunsAsync);
        app.MapFallback(context => ErrorAsync(context, StatusCodes.Status404NotFound, "Not Found"));
    }

    protected override Task ErrorAsync(HttpContext context, int status, string message) => SorryAsync(context, status, message);

    public static Task SorryAsync(HttpContext context, int status, string message, JsonArray? errors = null)
    {
        context.Response.StatusCode = status;
        var body = new JsonObject { ["message"] = message, ["documentation_url"] = "https://docs.github.com/rest", ["status"] = status.ToString(CultureInfo.InvariantCulture) };
        if (errors is not null)
        {
            body["errors"] = errors;
        }

        return context.Response.WriteAsJsonAsync(body);
    }

    private async Task DeployAsync(HttpContext context)
    {
        var asked = (await JsonNode.ParseAsync(context.Request.Body))!.AsObject();
        var reference = (string)asked["ref"]!;
        if (!Refs.Contains(reference))
        {
            await ErrorAsync(context, StatusCodes.Status422UnprocessableEntity, $"No ref found for: {reference}");
            return;
        }

        // Left out, the default branch is merged into what is deployed, and every commit status has to be a success.
        if ((bool?)asked["auto_merge"] != false)
        {
            await ErrorAsync(context, StatusCodes.Status409Conflict, $"Conflict merging main into {reference}.");
            return;
        }

        if (asked["required_contexts"]?.AsArray().Count != 0)
        {
            await SorryAsync(context, StatusCodes.Status409Conflict, $"Conflict: Commit status checks failed for {reference}.", new JsonArray(new JsonObject { ["resource"] = "Deployment", ["field"] = "required_contexts", ["code"] = "invalid" }));
            return;
        }

        var made = new JsonObject
        {
            ["id"] = Interlocked.Increment(ref _ids), ["ref"] = reference, ["sha"] = "a84d88e7554fc1fa21bcbc4efae3c782a70d2b9d", ["task"] = asked["task"]?.DeepClone() ?? "deploy",
            ["payload"] = asked["payload"]?.DeepClone() ?? new JsonObject(), ["environment"] = asked["environment"]?.DeepClone() ?? "production", ["description"] = asked["description"]?.DeepClone(),
        };
        _deployments.Add(made);
        Changed();
        context.Response.StatusCode = StatusCodes.Status201Created;
        await context.Response.WriteAsJsonAsync(made);
    }

    private async Task SayAsync(HttpContext context)
    {
        var asked = (await JsonNode.ParseAsync(context.Request.Body))!;
        if (!States.Contains((string?)asked["state"]))
        {
            await SorryAsync(context, StatusCodes.Status422UnprocessableEntity, "Validation Failed", new JsonArray(new JsonObject { ["resource"] = "DeploymentStatus", ["field"] = "state", ["code"] = "custom" }));
            return;
        }

        Say(Id(context), (string)asked["state"]!, (string?)asked["description"] ?? "");
        context.Response.StatusCode = StatusCodes.Status201Created;
        await context.Response.WriteAsJsonAsync(_statuses[^1].Status);
    }

    private async Task StartAsync(HttpContext context)
    {
        var asked = (await JsonNode.ParseAsync(context.Request.Body))!;
        var inputs = asked["inputs"]!.AsObject().ToDictionary(i => i.Key, i => (string)i.Value!);
        var wrong = RefusesToStart
            ?? ((string?)asked["ref"] != "main" ? $"No ref found for: {asked["ref"]}"
            : inputs.Keys.Except(Declared.Keys).ToList() is { Count: > 0 } unknown ? $"Unexpected inputs provided: [\"{string.Join("\", \"", unknown)}\"]"
            : Declared.Where(d => d.Value).Select(d => d.Key).Except(inputs.Keys).FirstOrDefault() is { } missing ? $"Required input '{missing}' not provided"
            : null);
        if (wrong is not null)
        {
            await ErrorAsync(context, StatusCodes.Status422UnprocessableEntity, wrong);
            return;
        }

        Inputs = inputs;
        var run = new JsonObject
        {
            ["id"] = Interlocked.Increment(ref _ids), ["name"] = "rollout", ["event"] = "workflow_dispatch", ["head_branch"] = "main", ["html_url"] = "https://github.com/acme/shop-app/actions/runs/1",
            ["display_title"] = $"{inputs["service"]} {inputs["version"]} to {inputs["share"]} % ({inputs["action_id"]})", ["status"] = "queued", ["conclusion"] = null,
        };
        _runs.Add(run);
        Changed();
        Work(run, long.Parse(inputs["deployment_id"], CultureInfo.InvariantCulture));
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private void Work(JsonObject run, long deployment)
    {
        if (Mood is WorkflowMood.Waits or WorkflowMood.IsHeldUp)
        {
            run["status"] = Mood is WorkflowMood.Waits ? "queued" : "waiting";
            return;
        }

        if (Mood is not WorkflowMood.Dies)
        {
            Say(deployment, "in_progress", "");
        }

        run["status"] = Mood is WorkflowMood.Begins ? "in_progress" : "completed";
        run["conclusion"] = Mood switch { WorkflowMood.Works => "success", WorkflowMood.Begins => null, _ => "failure" };
        if (Mood is WorkflowMood.Works or WorkflowMood.Fails)
        {
            Say(deployment, Mood is WorkflowMood.Works ? "success" : "failure", "");
        }
    }

    private void Say(long deployment, string state, string description) => _statuses.Add((deployment, new JsonObject
    {
        ["id"] = Interlocked.Increment(ref _ids), ["state"] = state, ["description"] = description, ["log_url"] = "", ["environment_url"] = "",
    }));

    private Task RunsAsync(HttpContext context)
    {
        var listed = ListsRuns ? _runs.AsEnumerable().Reverse().Select(r => r.DeepClone()).ToArray() : [];
        return context.Response.WriteAsJsonAsync(new JsonObject { ["total_count"] = listed.Length, ["workflow_runs"] = new JsonArray(listed) });
    }

    private static long Id(HttpContext context) => long.Parse((string)context.Request.RouteValues["id"]!, CultureInfo.InvariantCulture);

    /// <summary>The newest first, as many as are asked for.</summary>
    private static Task ListAsync(HttpContext context, IEnumerable<JsonObject> all) => context.Response.WriteAsJsonAsync(new JsonArray(
        [.. all.Reverse().Take(int.Parse(context.Request.Query["per_page"].ToString(), CultureInfo.InvariantCulture)).Select(d => d.DeepClone())]));

    [GeneratedRegex("^      ([a-z_]+): \\{ type: string, required: (true|false) \\}", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Input();
}
