using System.Globalization;
using System.Text.Json.Nodes;

namespace OpsConsole.Tests.Contracts.Targets;

/// <summary>How deployments are listed and shown.</summary>
internal sealed partial class CodeDeployApi
{
    private const int MostAtOnce = 25;

    /// <summary>Ids on a page of the list.</summary>
    public int PageSize { get; set; } = 100;

    /// <summary>Whether the list begins with what was made first: its order is promised nowhere.</summary>
    public bool ListsOldestFirst { get; set; }

    /// <summary>The operation that the policy of the console's key does not allow; null: none.</summary>
    public string? Denied { get; set; }

    private JsonObject List(JsonObject input)
    {
        Allow("ListDeployments");
        GroupInfo(input);
        var since = input["createTimeRange"]?["start"]?.GetValue<double>() ?? 0;
        var only = input["includeOnlyStatuses"]?.AsArray().Select(s => (string)s!).ToList();
        var all = _deployments.Where(d => d.CreatedAt >= since && only?.Contains(d.Status) != false).ToList();
        if (ListsOldestFirst)
        {
            all.Reverse();
        }

        var from = int.Parse((string?)input["nextToken"] ?? "0", CultureInfo.InvariantCulture);
        var listed = new JsonObject { ["deployments"] = new JsonArray([.. all.Skip(from).Take(PageSize).Select(d => (JsonNode?)d.Id)]) };
        if (from + PageSize < all.Count)
        {
            listed["nextToken"] = (from + PageSize).ToString(CultureInfo.InvariantCulture);
        }

        return listed;
    }

    private void Allow(string operation)
    {
        if (Denied == operation)
        {
            throw new AwsFaultException("AccessDeniedException", $"User: arn:aws:iam::123456789012:user/console is not authorized to perform: codedeploy:{operation}");
        }
    }

    private JsonObject Batch(JsonObject input)
    {
        Allow("BatchGetDeployments");
        var ids = input["deploymentIds"]!.AsArray().Select(i => (string)i!).ToHashSet(StringComparer.Ordinal);
        return ids.Count <= MostAtOnce
            ? new() { ["deploymentsInfo"] = new JsonArray([.. _deployments.Where(d => ids.Contains(d.Id)).Select(d => d.Shown(this)).Reverse()]) }
            : throw new AwsFaultException("BatchLimitExceededException", "The maximum number of deployments is 25.");
    }

    private sealed class Deployment(string id, string key, string? description, int number)
    {
        public string Id => id;

        public string Key => key;

        public string Status { get; set; } = "InProgress";

        public int Done { get; set; }

        public int Failed { get; set; }

        public int All { get; set; } = Instances;

        public string Creator { get; set; } = "user";

        public double CreatedAt => 1_772_366_400.25 + (60 * number);

        public string? Trouble { get; set; }

        public string? RollsBack { get; set; }

        public string? RolledBackBy { get; set; }

        public JsonObject Shown(CodeDeployApi api)
        {
            var shown = new JsonObject
            {
                ["applicationName"] = Application,
                ["deploymentGroupName"] = Group,
                ["deploymentId"] = id,
                ["status"] = Status,
                ["creator"] = RollsBack is null ? Creator : "codeDeployRollback",
                ["createTime"] = CreatedAt,
                ["description"] = description,
                ["computePlatform"] = api.Platform,
                ["deploymentStyle"] = new JsonObject { ["deploymentType"] = api.IsBlueGreen ? "BLUE_GREEN" : "IN_PLACE" },
                ["revision"] = new JsonObject { ["revisionType"] = "S3", ["s3Location"] = new JsonObject { ["bucket"] = Bucket, ["key"] = key, ["bundleType"] = "zip" } },
            };
            if (api.Platform == "Server")
            {
                shown["deploymentOverview"] = new JsonObject { ["Pending"] = All - Done - Failed, ["InProgress"] = 0, ["Succeeded"] = Done, [nameof(Failed)] = Failed, ["Skipped"] = 0, ["Ready"] = 0 };
            }

            if (Trouble is not null)
            {
                shown["errorInformation"] = new JsonObject { ["code"] = "HEALTH_CONSTRAINTS", ["message"] = Trouble };
            }

            if (RollsBack is not null || RolledBackBy is not null)
            {
                shown["rollbackInfo"] = new JsonObject { ["rollbackDeploymentId"] = RolledBackBy, ["rollbackTriggeringDeploymentId"] = RollsBack };
            }

            return shown;
        }
    }
}
