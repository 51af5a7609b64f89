using System.Globalization;
using System.Text.Json.Nodes;

namespace OpsConsole.Tests.Contracts.Targets;

/// <summary>Behaves as the part of CodeDeploy that keeps the revisions, one group and the deployments of an application: one deployment at a time, success in spite of instances that failed, stopping with roll back, and errors as its API reference gives them.</summary>
internal sealed partial class CodeDeployApi(string secretKey) : AwsJsonApi(secretKey, "codedeploy", "CodeDeploy_20141006")
{
    public const string Application = "shop-app", Group = "production-group", Bucket = "releases";

    private const int Instances = 4;

    private const string AutoUpdate = "CodeDeployAutoUpdate";

    private readonly Lock _lock = new();
    private readonly List<JsonObject> _revisions = [];
    private readonly List<Deployment> _deployments = [];

    /// <summary>Whether deployments go on until a test ends them.</summary>
    public bool IsSlow { get; set; }

    /// <summary>What is deployed to: Server, Lambda or ECS.</summary>
    public string Platform { get; set; } = "Server";

    public bool IsBlueGreen { get; set; }

    /// <summary>Instances on which whatever ends fails; with one that is well a deployment has succeeded, as with CodeDeployDefault.AllAtOnce.</summary>
    public int Failing { get; set; }

    /// <summary>Done just before the next deployment is made: what somebody else does in that moment.</summary>
    public Action? BeforeCreate { get; set; }

    protected override IReadOnlySet<string> ChangingOperations { get; } = new HashSet<string> { "CreateDeployment", "StopDeployment" };

    /// <summary>Inputs of every deployment that was made through the API.</summary>
    public List<JsonObject> Created { get; } = [];

    public static string KeyOf(string version) => $"{Application}/{version}.zip";

    /// <summary>Registers a revision, as <c>aws deploy push</c> does.</summary>
    public void Register(string version)
    {
        lock (_lock)
        {
            _revisions.Add(new JsonObject { ["bucket"] = Bucket, ["key"] = KeyOf(version), ["bundleType"] = "zip", ["eTag"] = $"etag-{version}" });
        }
    }

    /// <summary>Has a version deployed to everyone, as somebody else would.</summary>
    public void Deployed(string version)
    {
        lock (_lock)
        {
            Finish(Add(KeyOf(version), "by hand"));
        }
    }

    /// <summary>Has what serves be deployed to an instance that was added, as Auto Scaling does: beside whatever else goes on.</summary>
    public void Added(string version)
    {
        lock (_lock)
        {
            var made = Add(KeyOf(version), null);
            (made.Creator, made.Status, made.Done, made.All) = ("autoscaling", "Succeeded", 1, 1);
        }
    }

    /// <summary>Begins to bring instances that were added meanwhile to what succeeded last, as CodeDeploy does by itself after that.</summary>
    public void Update(string version)
    {
        lock (_lock)
        {
            var made = Add(KeyOf(version), null);
            (made.Creator, made.All) = (AutoUpdate, 1);
        }
    }

    /// <summary>Ends that, well.</summary>
    public void EndUpdate()
    {
        lock (_lock)
        {
            var update = _deployments.First(d => d.Creator == AutoUpdate);
            (update.Status, update.Done) = ("Succeeded", update.All);
        }
    }

    /// <summary>Has a version deployed by somebody else while the group has no instance.</summary>
    public void DeployedToNone(string version)
    {
        lock (_lock)
        {
            var made = Add(KeyOf(version), "by hand");
            (made.Status, made.All) = ("Succeeded", 0);
        }
    }

    /// <summary>Begins to deploy a version, as somebody else would.</summary>
    public void Begin(string version)
    {
        lock (_lock)
        {
            Add(KeyOf(version), "by hand");
        }
    }

    /// <summary>How many instances have what is deployed now, or how many of four quarters of the traffic.</summary>
    public void Reach(int done)
    {
        lock (_lock)
        {
            Newest.Done = done;
        }
    }

    /// <summary>What is deployed now waits to be continued by hand.</summary>
    public void Wait()
    {
        lock (_lock)
        {
            Newest.Status = "Ready";
        }
    }

    /// <summary>Ends what is deployed now: well, or not.</summary>
    public void End(bool well)
    {
        lock (_lock)
        {
            if (well)
            {
                Finish(Newest);
            }
            else
            {
                (Newest.Status, Newest.Failed, Newest.Trouble) = ("Failed", Failing, "Too many individual instances failed deployment.");
            }
        }
    }

    protected override JsonObject Answer(string operation, JsonObject input)
    {
        lock (_lock)
        {
            return operation switch
            {
                "GetDeploymentGroup" => GroupInfo(input),
                "GetDeployment" => new() { ["deploymentInfo"] = Find(input).Shown(this) },
                "ListDeployments" => List(input),
                "BatchGetDeployments" => Batch(input),
                "ListApplicationRevisions" => Revisions(input),
                "CreateDeployment" => Create(input),
                "StopDeployment" => Stop(input),
                "ListDeploymentTargets" => new() { ["targetIds"] = new JsonArray((JsonNode?)Find(input).Id) },
                "BatchGetDeploymentTargets" => Targets(input),
                _ => throw new AwsFaultException("UnknownOperationException", ""),
            };
        }
    }

    /// <summary>What was deployed last to all instances.</summary>
    private Deployment Newest => _deployments.First(d => d.Creator == "user");

    private static void Known(JsonObject input)
    {
        if ((string?)input["applicationName"] is var name && name != Application)
        {
            throw new AwsFaultException("ApplicationDoesNotExistException", $"No application found for name: {name}");
        }
    }

    private static JsonObject Brief(Deployment deployment) => new() { ["deploymentId"] = deployment.Id, ["status"] = deployment.Status };

    private JsonObject GroupInfo(JsonObject input)
    {
        Known(input);
        if ((string?)input["deploymentGroupName"] is var group && group != Group)
        {
            throw new AwsFaultException("DeploymentGroupDoesNotExistException", $"No Deployment Group found for name: {group}");
        }

        var info = new JsonObject { ["applicationName"] = Application, ["deploymentGroupName"] = Group, ["computePlatform"] = Platform };
        if (_deployments.Count > 0)
        {
            info["lastAttemptedDeployment"] = Brief(_deployments[0]);
        }

        if (_deployments.Find(d => d.Status == "Succeeded") is { } succeeded)
        {
            info["lastSuccessfulDeployment"] = Brief(succeeded);
        }

        return new() { ["deploymentGroupInfo"] = info };
    }

    private JsonObject Revisions(JsonObject input)
    {
        Known(input);
        return new()
        {
            ["revisions"] = new JsonArray([.. _revisions.Where(r => (string?)r["bucket"] == (string?)input["s3Bucket"] && ((string)r["key"]!).StartsWith((string)input["s3KeyPrefix"]!, StringComparison.Ordinal))
                .Select(r => new JsonObject { ["revisionType"] = "S3", ["s3Location"] = r.DeepClone() })]),
        };
    }

    private JsonObject Create(JsonObject input)
    {
        GroupInfo(input);
        var before = BeforeCreate;
        BeforeCreate = null;
        before?.Invoke();
        if (_deployments.Find(d => d.Status == "InProgress") is { } active)
        {
            throw new AwsFaultException("DeploymentLimitExceededException", $"The Deployment Group '{Group}' already has an active Deployment '{active.Id}'");
        }

        var made = Add((string)input["revision"]!["s3Location"]!["key"]!, (string?)input["description"]);
        Created.Add(input.DeepClone().AsObject());
        Changed();
        if (!IsSlow)
        {
            Finish(made);
        }

        return new() { ["deploymentId"] = made.Id };
    }

    private JsonObject Stop(JsonObject input)
    {
        var stopped = Find(input);
        if (stopped.Status != "InProgress")
        {
            throw new AwsFaultException("DeploymentAlreadyCompletedException", $"The deployment {stopped.Id} is already completed.");
        }

        (stopped.Status, stopped.Trouble) = ("Stopped", "The deployment was stopped by a user.");
        Changed();
        if ((bool?)input["autoRollbackEnabled"] == true && _deployments.Find(d => d.Status == "Succeeded") is { } good)
        {
            var back = Add(good.Key, "CodeDeploy rollback");
            (back.RollsBack, stopped.RolledBackBy) = (stopped.Id, back.Id);
            if (!IsSlow)
            {
                Finish(back);
            }
        }

        return new() { ["status"] = "Pending", ["statusMessage"] = "Stopping the deployment" };
    }

    private JsonObject Targets(JsonObject input)
    {
        var deployment = Find(input);
        var weight = 100.0 * deployment.Done / Instances;
        var target = Platform == "Lambda"
            ? new JsonObject { ["deploymentTargetType"] = "LambdaTarget", ["lambdaTarget"] = new JsonObject { ["lambdaFunctionInfo"] = new JsonObject { ["targetVersion"] = "2", ["targetVersionWeight"] = weight } } }
            : new JsonObject
            {
                ["deploymentTargetType"] = "ECSTarget",
                ["ecsTarget"] = new JsonObject
                {
                    ["taskSetsInfo"] = new JsonArray(
                        new JsonObject { ["taskSetLabel"] = "Blue", ["trafficWeight"] = 100 - weight },
                        new JsonObject { ["taskSetLabel"] = "Green", ["trafficWeight"] = weight }),
                },
            };
        return new() { ["deploymentTargets"] = new JsonArray(target) };
    }

    private Deployment Find(JsonObject input) => _deployments.Find(d => d.Id == (string?)input["deploymentId"])
        ?? throw new AwsFaultException("DeploymentDoesNotExistException", $"The deployment {(string?)input["deploymentId"]} could not be found");

    private Deployment Add(string key, string? description)
    {
        var made = new Deployment(string.Create(CultureInfo.InvariantCulture, $"d-{_deployments.Count + 1:000000000}"), key, description, _deployments.Count);
        _deployments.Insert(0, made);
        return made;
    }

    private void Finish(Deployment deployment) => (deployment.Status, deployment.Done, deployment.Failed) = ("Succeeded", Instances - Failing, Failing);
}
