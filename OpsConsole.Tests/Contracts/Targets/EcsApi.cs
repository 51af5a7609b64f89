using System.Globalization;
using System.Text.Json.Nodes;

namespace OpsConsole.Tests.Contracts.Targets;

/// <summary>Behaves as the part of ECS that keeps services and task definitions: rolling updates, the circuit breaker, failures and errors as its API reference gives them.</summary>
internal sealed class EcsApi(string secretKey) : AwsJsonApi(secretKey, "ecs", "AmazonEC2ContainerServiceV20141113")
{
    public const string Cluster = "main", Service = "shop-service", Family = "shop";

    private const string Arn = "arn:aws:ecs:eu-central-1:123456789012:";
    private const int Tasks = 4;

    private readonly Lock _lock = new();
    private readonly List<(string Arn, string? Version)> _definitions = [];
    private readonly HashSet<string> _deregistered = [];
    private readonly List<Deployed> _deployments = [];

    /// <summary>Whether every look finds one task more replaced, and not all of them at once.</summary>
    public bool IsSlow { get; set; }

    /// <summary>Whether the circuit breaker goes back to what ran before.</summary>
    public bool RollsBack { get; set; }

    public string Strategy { get; set; } = "ROLLING";

    public string Status { get; set; } = "ACTIVE";

    protected override IReadOnlySet<string> ChangingOperations { get; } = new HashSet<string> { "UpdateService" };

    /// <summary>Inputs of every change so far.</summary>
    public List<JsonObject> Updates { get; } = [];

    /// <summary>Registers a revision with a tag and gives its ARN.</summary>
    public string Register(string? version)
    {
        lock (_lock)
        {
            var arn = $"{Arn}task-definition/{Family}:{_definitions.Count + 1}";
            _definitions.Add((arn, version));
            return arn;
        }
    }

    /// <summary>Registers revisions without a tag.</summary>
    public void RegisterMore(int revisions)
    {
        for (var i = 0; i < revisions; i++)
        {
            Register(null);
        }
    }

    /// <summary>Takes a revision out of use; what runs goes on.</summary>
    public void Deregister(string arn)
    {
        lock (_lock)
        {
            _deregistered.Add(arn);
        }
    }

    /// <summary>Has the service run a revision, as somebody else would.</summary>
    public void Run(string arn)
    {
        lock (_lock)
        {
            _deployments.Clear();
            _deployments.Add(new Deployed(arn) { Running = Tasks });
        }
    }

    /// <summary>Stops every task.</summary>
    public void StopAll()
    {
        lock (_lock)
        {
            _deployments.ForEach(d => d.Running = 0);
        }
    }

    /// <summary>The circuit breaker trips: too many tasks of what is deployed failed.</summary>
    public void Trip()
    {
        lock (_lock)
        {
            (_deployments[0].State, _deployments[0].Reason) = ("FAILED", "ECS deployment circuit breaker: tasks failed to start.");
            if (RollsBack && _deployments.Count > 1)
            {
                Deploy(_deployments[^1].Arn, "ECS deployment circuit breaker: rolling back.");
            }
        }
    }

    protected override JsonObject Answer(string operation, JsonObject input)
    {
        lock (_lock)
        {
            return operation switch
            {
                "DescribeServices" => Describe(input),
                "UpdateService" => Update(input),
                "ListTaskDefinitions" => List(input),
                "DescribeTaskDefinition" => Definition(input),
                _ => throw new AwsFaultException("UnknownOperationException", ""),
            };
        }
    }

    private JsonObject Describe(JsonObject input)
    {
        InCluster(input);
        var name = input["services"]!.AsArray().Select(s => (string?)s).Single();
        if (name != Service)
        {
            return new() { ["services"] = new JsonArray(), ["failures"] = new JsonArray(new JsonObject { ["arn"] = $"{Arn}service/{Cluster}/{name}", ["reason"] = "MISSING" }) };
        }

        var shown = Shown();
        if (IsSlow)
        {
            Replace();
        }

        return new() { ["services"] = new JsonArray(shown), ["failures"] = new JsonArray() };
    }

    private JsonObject Update(JsonObject input)
    {
        InCluster(input);
        if ((string?)input["service"] != Service)
        {
            throw new AwsFaultException("ServiceNotFoundException", "Service not found.");
        }

        if (Status != "ACTIVE")
        {
            throw new AwsFaultException("ServiceNotActiveException", "Service was not ACTIVE.");
        }

        var wanted = (string?)input["taskDefinition"];
        var arn = _definitions.FirstOrDefault(d => d.Arn == wanted).Arn ?? throw new AwsFaultException("ClientException", "TaskDefinition not found.");
        if (_deregistered.Contains(arn))
        {
            throw new AwsFaultException("ClientException", "TaskDefinition is inactive");
        }

        if (arn != _deployments[0].Arn || (bool?)input["forceNewDeployment"] == true)
        {
            Deploy(arn, "ECS deployment in progress.");
        }

        Updates.Add(input.DeepClone().AsObject());
        Changed();
        return new() { ["service"] = Shown() };
    }

    /// <summary>A page of 100 at most, and a token where there are more.</summary>
    private JsonObject List(JsonObject input)
    {
        var (from, most) = (int.Parse((string?)input["nextToken"] ?? "0", CultureInfo.InvariantCulture), (int)input["maxResults"]!);
        if (most is < 1 or > 100)
        {
            throw new AwsFaultException("InvalidParameterException", "maxResults must be between 1 and 100.");
        }

        var all = _definitions.AsEnumerable().Reverse()
            .Where(d => (string?)input["familyPrefix"] == Family && (string?)input["sort"] == "DESC" && (string?)input["status"] == "ACTIVE" && !_deregistered.Contains(d.Arn)).ToList();
        var page = new JsonObject { ["taskDefinitionArns"] = new JsonArray([.. all.Skip(from).Take(most).Select(d => (JsonNode?)d.Arn)]) };
        if (from + most < all.Count)
        {
            page["nextToken"] = (from + most).ToString(CultureInfo.InvariantCulture);
        }

        return page;
    }

    private JsonObject Definition(JsonObject input)
    {
        var (arn, version) = _definitions.FirstOrDefault(d => d.Arn == (string?)input["taskDefinition"] || d.Arn.EndsWith($"/{(string?)input["taskDefinition"]}", StringComparison.Ordinal));
        if (arn is null)
        {
            throw new AwsFaultException("ClientException", "Unable to describe task definition.");
        }

        var tags = version is null ? new JsonArray() : new JsonArray(new JsonObject { ["key"] = "version", ["value"] = version });
        var answer = new JsonObject { ["taskDefinition"] = new JsonObject { ["taskDefinitionArn"] = arn, ["family"] = Family, ["status"] = _deregistered.Contains(arn) ? "INACTIVE" : "ACTIVE" } };
        if (input["include"] is JsonArray include && include.Any(i => (string?)i == "TAGS"))
        {
            answer["tags"] = tags;
        }

        return answer;
    }

    private static void InCluster(JsonObject input)
    {
        if ((string?)input["cluster"] != Cluster)
        {
            throw new AwsFaultException("ClusterNotFoundException", "Cluster not found.");
        }
    }

    /// <summary>A new deployment takes the first place; those before it keep what still runs until it is replaced.</summary>
    private void Deploy(string arn, string reason)
    {
        _deployments.Insert(0, new Deployed(arn) { State = "IN_PROGRESS", Reason = reason });
        while (!IsSlow && _deployments[0].State == "IN_PROGRESS")
        {
            Replace();
        }
    }

    private void Replace()
    {
        var now = _deployments[0];
        if (now.State == "IN_PROGRESS" && now.Running < Tasks)
        {
            now.Running++;
            _deployments.Skip(1).First(d => d.Running > 0).Running--;
        }
        else if (now.State == "IN_PROGRESS")
        {
            (now.State, now.Reason) = ("COMPLETED", "ECS deployment completed.");
            _deployments.RemoveRange(1, _deployments.Count - 1);
        }
    }

    private JsonObject Shown() => new()
    {
        ["serviceArn"] = $"{Arn}service/{Cluster}/{Service}",
        ["serviceName"] = Service,
        ["status"] = Status,
        ["taskDefinition"] = _deployments[0].Arn,
        ["desiredCount"] = Tasks,
        ["runningCount"] = _deployments.Sum(d => d.Running),
        ["deploymentController"] = new JsonObject { ["type"] = "ECS" },
        ["deploymentConfiguration"] = new JsonObject { ["strategy"] = Strategy, ["maximumPercent"] = 200, ["minimumHealthyPercent"] = 100 },
        ["deployments"] = new JsonArray([.. _deployments.Select((d, place) => new JsonObject
        {
            ["id"] = $"ecs-svc/{place}", ["status"] = place == 0 ? "PRIMARY" : "ACTIVE", ["taskDefinition"] = d.Arn, ["createdAt"] = 1472487952.13,
            ["desiredCount"] = place == 0 ? Tasks : 0, ["runningCount"] = d.Running, ["pendingCount"] = 0, ["failedTasks"] = d.State == "FAILED" ? 10 : 0,
            ["rolloutState"] = d.State, ["rolloutStateReason"] = d.Reason,
        })]),
    };

    private sealed class Deployed(string arn)
    {
        public string Arn => arn;

        public int Running { get; set; }

        public string State { get; set; } = "COMPLETED";

        public string Reason { get; set; } = "ECS deployment completed.";
    }
}
