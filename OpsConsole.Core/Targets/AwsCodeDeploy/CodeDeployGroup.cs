using System.Text.Json;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Remote;
using OpsConsole.Core.Targets.Aws;

namespace OpsConsole.Core.Targets.AwsCodeDeploy;

/// <summary>What happens in one deployment group.</summary>
/// <param name="Last">The newest deployment, however it went; null where there was none.</param>
/// <param name="Serving">The newest that succeeded, not always everywhere; null where there was none.</param>
internal sealed record CodeDeployGroup(CodeDeployment? Last, CodeDeployment? Serving)
{
    /// <summary>Ids of the newest deployment and of the newest that succeeded.</summary>
    private sealed record Ids(string? Last, string? Succeeded)
    {
        public static Ids Read(JsonElement answer)
        {
            var info = answer.GetProperty("deploymentGroupInfo");
            return new(Id(info, "lastAttemptedDeployment"), Id(info, "lastSuccessfulDeployment"));
        }

        private static string? Id(JsonElement info, string name) => info.Part(name).Text("deploymentId");
    }

    /// <summary>Reads it.</summary>
    public static async Task<CodeDeployGroup> ReadAsync(AwsJson codeDeploy, string application, string group, CancellationToken cancellationToken)
    {
        var ids = await codeDeploy.ReadAsync("GetDeploymentGroup", new { applicationName = application, deploymentGroupName = group }, Ids.Read, cancellationToken).ConfigureAwait(false);
        var last = ids.Last is null ? null : await DeploymentAsync(codeDeploy, ids.Last, cancellationToken).ConfigureAwait(false);
        var serving = ids.Succeeded is null ? null : ids.Succeeded == ids.Last ? last : await DeploymentAsync(codeDeploy, ids.Succeeded, cancellationToken).ConfigureAwait(false);
        if (last is not { IsOfNewInstances: true } && serving is not { IsOfNewInstances: true })
        {
            return new(last, serving);
        }

        // Behind what went to instances that were added stands what everybody else was given.
        var all = (await CodeDeployHistory.ReadAsync(codeDeploy, application, group, null, null, cancellationToken).ConfigureAwait(false)).All;
        return all.Count > 0
            ? new(all[0], all.FirstOrDefault(d => d.HasSucceeded))
            : throw new TargetUnreachableException("CodeDeploy lists deployments to instances that were added, and so many of them that those to all instances are not found behind them.");
    }

    /// <summary>Reads one deployment.</summary>
    public static Task<CodeDeployment> DeploymentAsync(AwsJson codeDeploy, string id, CancellationToken cancellationToken) =>
        codeDeploy.ReadAsync("GetDeployment", new { deploymentId = id }, CodeDeployment.Read, cancellationToken);
}
