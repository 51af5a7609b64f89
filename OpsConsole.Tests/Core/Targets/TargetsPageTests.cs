using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Targets.AppStoreConnect;
using OpsConsole.Core.Targets.ArgoRollouts;
using OpsConsole.Core.Targets.AwsCodeDeploy;
using OpsConsole.Core.Targets.AwsEcs;
using OpsConsole.Core.Targets.CloudflareWorkers;
using OpsConsole.Core.Targets.Flagger;
using OpsConsole.Core.Targets.Flags;
using OpsConsole.Core.Targets.GooglePlay;
using OpsConsole.Core.Targets.Kubernetes;
using OpsConsole.Core.Targets.ReleaseChannel;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Targets;

/// <summary>What the page on targets says stays exposed is what the dialogs say.</summary>
public sealed class TargetsPageTests
{
    private static readonly Dictionary<string, TargetCapabilities> Kinds = new()
    {
        ["feature-flag"] = FlagCapabilities.Value,
        ["cloudflare-workers"] = WorkersKind.Capabilities,
        ["kubernetes-deployment"] = DeploymentKind.Capabilities,
        ["argo-rollouts"] = RolloutKind.Capabilities,
        ["flagger"] = FlaggerKind.Capabilities,
        ["aws-ecs"] = EcsKind.Capabilities,
        ["aws-codedeploy"] = CodeDeployKind.Capabilities,
        ["release-channel"] = ChannelKind.Capabilities,
        ["google-play"] = PlayKind.Capabilities("production"),
        ["app-store-connect"] = AppStoreConnectKind.Capabilities,
    };

    [Fact]
    public void The_page_says_of_each_kind_what_stays_exposed_as_its_dialogs_do()
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "targets.md"));

        Assert.All(Kinds, kind => Assert.Single(lines, line =>
            line.StartsWith($"| `{kind.Key}` | ", StringComparison.Ordinal) && line.EndsWith($" | {kind.Value.StaysAfterHalt} | {kind.Value.StaysAfterRollback} |", StringComparison.Ordinal)));
    }
}
