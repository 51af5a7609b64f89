using System.Text.Json;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Targets.Aws;

namespace OpsConsole.Core.Targets.AwsCodeDeploy;

/// <summary>How far a deployment has come that has not succeeded.</summary>
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

        if (deployment.Platform == "Server")
        {
            return deployment.IsBlueGreen
                ? throw new TargetUnreachableException($"CodeDeploy does not tell how much of the traffic deployment {deployment.Id} has moved to the other instances.")
                : deployment.Instances == 0 ? 0 : 100.0 * deployment.Done / deployment.Instances;
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
        var weights = new List<double>();
        foreach (var target in answer.GetProperty("deploymentTargets").EnumerateArray())
        {
            var sets = CodeDeployment.Inner(CodeDeployment.Inner(target, "ecsTarget"), "taskSetsInfo");
            if (sets.ValueKind == JsonValueKind.Array)
            {
                weights.AddRange(sets.EnumerateArray().Where(s => string.Equals(CodeDeployment.Text(s, "taskSetLabel"), "Green", StringComparison.OrdinalIgnoreCase)).SelectMany(s => Number(s, "trafficWeight")));
            }

            weights.AddRange(Number(CodeDeployment.Inner(CodeDeployment.Inner(target, "lambdaTarget"), "lambdaFunctionInfo"), "targetVersionWeight"));
        }

        return weights;
    }

    private static IEnumerable<double> Number(JsonElement of, string name)
    {
        var value = CodeDeployment.Inner(of, name);
        if (value.ValueKind == JsonValueKind.Number && value.GetDouble() is >= 0 and <= 100 and var weight)
        {
            yield return weight;
        }
    }
}
