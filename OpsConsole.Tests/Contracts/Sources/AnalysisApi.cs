using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using OpsConsole.Tests.Contracts.Targets;

namespace OpsConsole.Tests.Contracts.Sources;

/// <summary>A cluster with one Rollout of Argo, the ReplicaSets of its versions and the AnalysisRuns that its controller made, as the API writes them.</summary>
internal sealed class AnalysisApi : KubeApi
{
    public const string Rollout = "shop-web", Metric = "success-rate";

    private const string Hash = "rollouts-pod-template-hash", Revision = "rollout.argoproj.io/revision";

    private int _runs;

    public AnalysisApi(string token, params string[] versions)
        : base(token)
    {
        var rollout = Put("rollouts", Rollout, "uid-of-rollout", new JsonObject
        {
            ["spec"] = new JsonObject { ["replicas"] = 4, ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app"] = "shop" } }, ["template"] = KubePods.Template(versions[^1]) },
            ["status"] = new JsonObject(),
        });
        for (var i = 0; i < versions.Length; i++)
        {
            Put("replicasets", $"{Rollout}-{HashOf(versions[i])}", $"uid-{i}", KubePods.Set(rollout, KubePods.Template(versions[i]), HashOf(versions[i]), Hash, Revision, i + 1));
        }
    }

    /// <summary>Whether the server forbids what the account may not.</summary>
    public bool Forbids { get; set; }

    /// <summary>Called before each list of runs.</summary>
    public Action? BeforeRuns { get; set; }

    /// <summary>A run for the pods of a version. Its own name makes it one of those that the Rollout says go on.</summary>
    public JsonObject Run(string version, DateTimeOffset at, string phase = "Running", bool current = true, string? message = null)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{Rollout}-{HashOf(version)}-{++_runs}");
        var run = Put("analysisruns", name, "uid-of-" + name, new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["creationTimestamp"] = Instant(at), ["labels"] = new JsonObject { ["app"] = "shop", [Hash] = HashOf(version), ["rollout-type"] = "Background" },
                ["ownerReferences"] = new JsonArray(new JsonObject { ["apiVersion"] = "argoproj.io/v1alpha1", ["kind"] = "Rollout", ["name"] = Rollout, ["uid"] = "uid-of-rollout", ["controller"] = true }),
            },
            ["spec"] = new JsonObject { ["metrics"] = new JsonArray() },
            ["status"] = new JsonObject { ["phase"] = phase, ["startedAt"] = Instant(at), ["metricResults"] = new JsonArray(), ["runSummary"] = new JsonObject() },
        });
        if (message is not null)
        {
            run["status"]!["message"] = message;
        }

        if (current)
        {
            Object("rollouts", Rollout)["status"] = new JsonObject { ["canary"] = new JsonObject { ["currentBackgroundAnalysisRunStatus"] = new JsonObject { ["name"] = name, ["status"] = phase } } };
        }

        return run;
    }

    /// <summary>A metric in a run. The API leaves out what is zero.</summary>
    public static JsonObject Result(JsonObject run, string metric = Metric, string phase = "Running", long count = 0, long failed = 0, long inconclusive = 0, long errors = 0, string? message = null)
    {
        var result = new JsonObject { ["name"] = metric, ["phase"] = phase, ["measurements"] = new JsonArray() };
        foreach (var (name, number) in new[] { ("count", count), ("successful", count - failed - inconclusive), ("failed", failed), ("inconclusive", inconclusive), ("error", errors) })
        {
            if (number != 0)
            {
                result[name] = number;
            }
        }

        if (message is not null)
        {
            result["message"] = message;
        }

        ((JsonArray)run["status"]!["metricResults"]!).Add(result);
        return result;
    }

    public static void Measure(JsonObject result, string? value, DateTimeOffset? at, string phase = "Successful", string? message = null)
    {
        var measurement = new JsonObject { ["phase"] = phase, ["startedAt"] = Instant(at ?? DateTimeOffset.UnixEpoch) };
        foreach (var (name, text) in new[] { ("finishedAt", at is { } when ? Instant(when) : null), ("value", value), ("message", message) })
        {
            if (text is not null)
            {
                measurement[name] = text;
            }
        }

        ((JsonArray)result["measurements"]!).Add(measurement);
    }

    public void Forget()
    {
        foreach (var run in All("analysisruns").Select(r => (string)r["metadata"]!["name"]!).ToList())
        {
            Delete("analysisruns", run);
        }

        Object("rollouts", Rollout)["status"] = new JsonObject();
    }

    protected override void Reconcile()
    {
    }

    protected override void Map(WebApplication app)
    {
        app.Use(async (context, next) =>
        {
            if (Forbids)
            {
                context.Response.StatusCode = StatusCodes.Status403Forbidden;
                await context.Response.WriteAsJsonAsync(new
                {
                    kind = "Status", apiVersion = "v1", status = "Failure", reason = "Forbidden", code = 403,
                    message = $"analysisruns.argoproj.io is forbidden: User \"system:serviceaccount:ops:console\" with {context.Request.Headers.Authorization} cannot list resource \"analysisruns\"",
                });
                return;
            }

            if (context.Request.Path.Value!.EndsWith("/analysisruns", StringComparison.Ordinal))
            {
                BeforeRuns?.Invoke();
            }

            await next(context);
        });
        base.Map(app);
    }

    private static string HashOf(string version) => "h" + version.Replace(".", "", StringComparison.Ordinal);

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
