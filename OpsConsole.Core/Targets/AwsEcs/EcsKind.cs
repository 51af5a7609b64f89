using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Targets.Aws;

namespace OpsConsole.Core.Targets.AwsEcs;

/// <summary>A service of Amazon ECS that replaces its tasks by rolling update.</summary>
public static class EcsKind
{
    internal const string Cluster = "Cluster", VersionTag = "VersionTag";

    internal const string InsteadOfHalt = "ECS cannot hold a rolling update where it is. Roll back: it replaces the tasks of the new version by those of the previous one, from wherever the update has come to.";

    /// <summary>How it is configured and made.</summary>
    public static DeliveryTargetKind Value { get; } = new(
        "aws-ecs",
        [
            .. AwsSettings.Of(
                "Address of ECS in the region, for example https://ecs.eu-central-1.amazonaws.com.",
                "ecs:DescribeServices and ecs:UpdateService on the cluster's services, and ecs:DescribeTaskDefinition and ecs:ListTaskDefinitions"),
            new(Cluster, "Name or ARN of the cluster."),
            new(VersionTag, "Key of the tag by which a task definition says which version it runs.", Default: "version"),
        ],
        static (settings, connections) => new EcsAdapter(settings, connections));

    /// <summary>Everyone or nobody: a service runs one task definition, and replaces its tasks one after the other.</summary>
    internal static TargetCapabilities Capabilities { get; } = new()
    {
        Title = "ECS",
        Verbs = new HashSet<ActionVerb> { ActionVerb.Promote, ActionVerb.Rollback },
        Strategies = new HashSet<RolloutStrategy> { RolloutStrategy.Rolling, RolloutStrategy.Recreate },
        ExposureUnit = "requests",
        StaysAfterHalt = "A rolling update goes on by itself until every task is replaced.",
        StaysAfterRollback = "Tasks of the new version serve until those of the previous one run in their place, which takes minutes; what the new version wrote stays written.",
        Instead = new Dictionary<ActionVerb, string>
        {
            [ActionVerb.Halt] = InsteadOfHalt,
            [ActionVerb.Resume] = "Nothing is held here that could go on. Promote again.",
        },
    };
}
