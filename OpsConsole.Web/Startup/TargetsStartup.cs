using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Switches;
using OpsConsole.Core.Targets;
using OpsConsole.Core.Targets.AppStoreConnect;
using OpsConsole.Core.Targets.ArgoRollouts;
using OpsConsole.Core.Targets.AwsCodeDeploy;
using OpsConsole.Core.Targets.AwsEcs;
using OpsConsole.Core.Targets.CloudflareWorkers;
using OpsConsole.Core.Targets.Command;
using OpsConsole.Core.Targets.Flagger;
using OpsConsole.Core.Targets.GitHub;
using OpsConsole.Core.Targets.GooglePlay;
using OpsConsole.Core.Targets.Kubernetes;
using OpsConsole.Core.Targets.ReleaseChannel;
using OpsConsole.Core.Targets.Webhook;
using OpsConsole.Web.Targets;

namespace OpsConsole.Web.Startup;

/// <summary>The delivery targets that are configured, and what a release on one of them needs.</summary>
internal static class TargetsStartup
{
    public static void AddTargets(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.TryAddSingleton<ITargetRegistry, TargetRegistry>();
        services.AddSingleton<FlagDrivers>();
        services.AddSingleton<DarkReleaseRule>();
        services.AddOptions<TargetOptions>()
            .Configure<IConfiguration, IEnumerable<DeliveryTargetKind>>(static (options, configuration, kinds) => new TargetSection(configuration.GetSection(TargetOptions.Section), kinds).Read(options))
            .ValidateOnStart();
        services.AddSingleton(WorkersKind.Value);
        services.AddSingleton(DeploymentKind.Value);
        services.AddSingleton(RolloutKind.Value);
        services.AddSingleton(FlaggerKind.Value);
        services.AddSingleton(EcsKind.Value);
        services.AddSingleton(CodeDeployKind.Value);
        services.AddSingleton(ChannelKind.Value);
        services.AddSingleton(PlayKind.Value);
        services.AddSingleton(AppStoreConnectKind.Value);
        services.AddSingleton(WebhookKind.Value);
        services.AddSingleton(GitHubKind.Value);
        services.AddSingleton(static all => CommandKind.Allowing(AllowedPrograms.Read(all.GetRequiredService<IConfiguration>())));
        services.AddSingleton<IValidateOptions<TargetOptions>, TargetOptionsCheck>();
        services.AddSingleton<TargetConnector>();
        services.AddHostedService<ConfiguredTargets>();
    }
}
