using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Targets.Aws;

namespace OpsConsole.Core.Targets.AwsCodeDeploy;

/// <summary>An application of AWS CodeDeploy: Lambda functions, services of ECS, and servers.</summary>
public static class CodeDeployKind
{
    internal const string Group = "Group", Bucket = "Bucket", Revision = "Revision";

    internal const string InsteadOfHalt =
        "A deployment of CodeDeploy cannot be held and taken up again. Roll back: a deployment that goes on is stopped and taken back, and after it the previous revision is deployed.";

    private const string VersionMark = "{version}";

    /// <summary>How it is configured and made.</summary>
    public static DeliveryTargetKind Value { get; } = new(
        "aws-codedeploy",
        [
            .. AwsSettings.Of(
                "Address of CodeDeploy in the region, for example https://codedeploy.eu-central-1.amazonaws.com.",
                "codedeploy:CreateDeployment, StopDeployment, GetDeployment, BatchGetDeployments, ListDeployments, GetDeploymentGroup, GetDeploymentConfig, GetApplicationRevision, ListApplicationRevisions, ListDeploymentTargets and BatchGetDeploymentTargets on the application"),
            new(Group, "Name of the deployment group."),
            new(Bucket, "Name of the S3 bucket that the revisions are in."),
            new(Revision, "Key of a version's revision in that bucket, with {version} in it and {service} where the application's name goes; it ends in .zip, .tar, .tgz, .yaml, .yml or .json.", Default: "{service}/{version}.zip"),
        ],
        static (settings, connections) => new CodeDeployAdapter(settings, connections))
    {
        Faults = static settings => (settings[Revision].Contains(VersionMark, StringComparison.Ordinal), IsBundle(settings[Revision])) switch
        {
            (false, _) => [$"{Revision} has no {VersionMark} in it, so every version would be the same revision."],
            (_, false) => [$"{Revision} does not end in .zip, .tar, .tgz, .yaml, .yml or .json."],
            _ => [],
        },
    };

    /// <summary>Everyone or nobody: a deployment group shifts the traffic by a configuration of its own.</summary>
    internal static TargetCapabilities Capabilities { get; } = new()
    {
        Title = "CodeDeploy",
        Verbs = new HashSet<ActionVerb> { ActionVerb.Promote, ActionVerb.Rollback },
        Strategies = new HashSet<RolloutStrategy> { RolloutStrategy.BlueGreen, RolloutStrategy.Rolling, RolloutStrategy.Recreate },
        ExposureUnit = "requests",
        StaysAfterHalt = "A deployment goes on by itself, by the configuration of its group, until everyone has the new revision.",
        StaysAfterRollback = "The new revision serves until CodeDeploy has put the previous one in its place, which takes minutes; what the new one wrote stays written.",
        Instead = new Dictionary<ActionVerb, string>
        {
            [ActionVerb.Halt] = InsteadOfHalt,
            [ActionVerb.Resume] = "Nothing is held here that could go on. Promote again.",
        },
    };

    /// <summary>Key of a version's revision.</summary>
    internal static string KeyOf(TargetSettings settings, string application, string version) =>
        settings[Revision].Replace("{service}", application, StringComparison.Ordinal).Replace(VersionMark, version, StringComparison.Ordinal);

    private static bool IsBundle(string key) => Path.GetExtension(key) is ".zip" or ".tar" or ".tgz" or ".yaml" or ".yml" or ".json";
}
