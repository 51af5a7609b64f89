using System.Text.Json;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Remote;
using OpsConsole.Core.Targets.Aws;

namespace OpsConsole.Core.Targets.AwsCodeDeploy;

/// <summary>How far a deployment has come.</summary>
internal static class CodeDeployShare
{
    /// <summary>Targets that are asked for at once at most.</summary>
    private const int MostTargets = 25;

    /// <summary>Share that the revision of a deployment has, 0 to 100.</summary>
    /// <exception cref="TargetUnreachableException">CodeDeploy does not tell.</exception>
    public static async Task<double> OfAsync(AwsJson codeDeploy, CodeDeployment deployment, CancellationToken cancellationToken)
    {
        if (deployment.Status is "Created" or "Queued")
        {
            return 0;
        }

        if (deployment.IsInPlace)
        {
            return deployment.Instances > 0 ? 100.0 * deployment.Done / deployment.Instances
                : deployment.HasSucceeded ? throw new TargetUnreachableException($"CodeDeploy does not tell how many instances deployment {deployment.Id} has reached.")
                : 0;
        }

        if (deployment.HasSucceeded)
        {
            return 100;
        }

        if (deployment.Platform == "Server")
        {
            throw new TargetUnreachableException($"CodeDeploy does not tell how much of the traffic deployment {deployment.Id} has moved to the other instances.");
        }

        var ids = await codeDeploy.ReadAsync(
            "ListDeploymentTargets",
            new { deploymentId = deployment.Id },
            static answer => answer.GetProperty("targetIds").EnumerateArray().Select(i => i.GetString()!).Take(MostTargets).ToList(),
            cancellationToken).ConfigureAwait(false);
        if (ids.Count == 0)
        {
            return 0;
        }

        var shares = await codeDeploy.ReadAsync("BatchGetDeploymentTargets", new { deploymentId = deployment.Id, targetIds = ids }, Weights, cancellationToken).ConfigureAwait(false);
        return shares.Count > 0 ? shares.Max() : throw new TargetUnreachableException($"CodeDeploy does not tell how much of the traffic deployment {deployment.Id} has moved.");
    }

    /// <summary>Weights of what is new: of the green set of tasks, or of the function's new version.</summary>
    private static List<double> Weights(JsonElement answer)
    {
        var weights = new List<double?>();
        foreach (var target in answer.GetProperty("deploymentTargets").EnumerateArray())
        {
            weights.AddRange(target.Part("ecsTarget").Items("taskSetsInfo")
                .Where(s => string.Equals(s.Text("taskSetLabel"), "Green", StringComparison.OrdinalIgnoreCase)).Select(s => s.Number("trafficWeight")));
            weights.Add(target.Part("lambdaTarget").Part("lambdaFunctionInfo").Number("targetVersionWeight"));
        }

        return [.. weights.OfType<double>().Where(static weight => weight is >= 0 and <= 100)];
    }
}
