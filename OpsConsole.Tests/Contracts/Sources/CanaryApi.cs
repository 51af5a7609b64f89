using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using OpsConsole.Tests.Contracts.Targets;

namespace OpsConsole.Tests.Contracts.Sources;

/// <summary>A cluster with one Canary and the Deployment that it watches, and Flagger's own server, which shows its metrics to anybody.</summary>
internal sealed class CanaryApi : KubeApi
{
    public const string Canary = "shop", Watched = "shop-web", Metric = "request-success-rate";

    public CanaryApi(string token, string version)
        : base(token)
    {
        Put("deployments", Watched, "uid-of-web", new JsonObject { ["spec"] = new JsonObject { ["replicas"] = 4, ["template"] = KubePods.Template(version) }, ["status"] = new JsonObject() });
        Put("canaries", Canary, "uid-of-canary", new JsonObject
        {
            ["spec"] = new JsonObject
            {
                ["targetRef"] = new JsonObject { ["apiVersion"] = "apps/v1", ["kind"] = "Deployment", ["name"] = Watched },
                ["analysis"] = new JsonObject { ["interval"] = "1m", ["threshold"] = 5, ["maxWeight"] = 50, ["stepWeight"] = 10 },
            },
            ["status"] = new JsonObject(),
        });
    }

    /// <summary>Whether the server forbids what the account may not.</summary>
    public bool Forbids { get; set; }

    /// <summary>What Flagger shows of its metrics.</summary>
    public string Metrics { get; set; } = "";

    /// <summary>Called before each look at the Canary.</summary>
    public Action? BeforeCanary { get; set; }

    /// <summary>Has Flagger write the status.</summary>
    public void Write(string phase, int weight, DateTimeOffset at, int failedChecks = 0, int iterations = 0, string applied = "5d4b") => Object("canaries", Canary)["status"] = new JsonObject
    {
        ["phase"] = phase, ["canaryWeight"] = weight, ["failedChecks"] = failedChecks, ["iterations"] = iterations, ["lastAppliedSpec"] = applied, ["lastPromotedSpec"] = "77c9",
        ["lastTransitionTime"] = at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Promoted", ["status"] = "Unknown", ["reason"] = phase, ["message"] = "New revision detected, progressing canary analysis." }),
    };

    /// <summary>Has Flagger show values of the Canary's metrics, beside those of another one.</summary>
    public void Show(params (string Metric, string Value)[] values) => Metrics = string.Concat(
    [
        "# HELP flagger_canary_metric_analysis Last canary analysis result per metric\n# TYPE flagger_canary_metric_analysis gauge\n",
        "flagger_canary_metric_analysis{metric=\"request-success-rate\",name=\"search\",namespace=\"shop-production\"} 12\n",
        .. values.Select(v => $"flagger_canary_metric_analysis{{metric=\"{v.Metric}\",name=\"{Watched}\",namespace=\"{Namespace}\"}} {v.Value}\n"),
        "# TYPE flagger_info gauge\nflagger_info{mesh_provider=\"istio\",version=\"1.44.0\"} 1\n",
    ]);

    protected override void Reconcile()
    {
    }

    protected override void Map(WebApplication app)
    {
        app.Use(async (context, next) =>
        {
            if (context.Request.Path == "/metrics")
            {
                await context.Response.WriteAsync(Metrics);
                return;
            }

            if (Forbids)
            {
                context.Response.StatusCode = StatusCodes.Status403Forbidden;
                await context.Response.WriteAsJsonAsync(new { kind = "Status", apiVersion = "v1", status = "Failure", reason = "Forbidden", code = 403, message = "canaries.flagger.app \"shop\" is forbidden: User \"system:serviceaccount:ops:console\" cannot get resource" });
                return;
            }

            if (context.Request.Path.Value!.EndsWith("/canaries/" + Canary, StringComparison.Ordinal))
            {
                BeforeCanary?.Invoke();
            }

            await next(context);
        });
        base.Map(app);
    }
}
