using System.Text.Json;
using OpsConsole.Core.Remote;
using OpsConsole.Core.Targets.Aws;

namespace OpsConsole.Core.Targets.AwsCodeDeploy;

/// <summary>What happens in one deployment group.</summary>
/// <param name="Last">The newest deployment, however it went; null where there was none.</param>
/// <param name="Serving">The newest that succeeded, not always everywhere; null where there was none.</param>
/// <remarks>What went to instances that were added is neither, unless nothing else is found.</remarks>
internal sealed record CodeDeployGroup(CodeDeployment? Last, CodeDeployment? Serving)
{
    /// <summary>What was read on the way to them; null: nothing.</summary>
    public CodeDeployHistory? History { get; private init; }

    /// <summary>What goes on beside nothing else: the newest deployment, or an update of instances that were added; null: nothing.</summary>
    public CodeDeployment? Active => Updating ?? (Last is { IsActive: true, IsOfNewInstances: false } ? Last : null);

    private CodeDeployment? Updating { get; init; }

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

        // Behind what went to instances that were added stands what everybody else was given. Where that is not found, what was named has to do: a roll back goes by it.
        var history = await CodeDeployHistory.ReadAsync(codeDeploy, application, group, OfAll(last), OfAll(serving), cancellationToken).ConfigureAwait(false);
        var all = history.All.Where(d => !d.IsOfNewInstances).ToList();
        if (all.Count > 0)
        {
            return new(all[0], all.Find(d => d.HasSucceeded) ?? serving) { History = history, Updating = history.All.FirstOrDefault(d => d is { IsUpdate: true, IsActive: true }) };
        }

        // What goes on is found behind however many, and has to be stopped first.
        var active = history.IsRefused ? null : await CodeDeployHistory.ActiveAsync(codeDeploy, application, group, cancellationToken).ConfigureAwait(false);
        var newest = OfAll(active) ?? last;
        return new(newest, serving) { History = history with { All = newest is null ? [] : [newest], IsWhole = false }, Updating = active is { IsUpdate: true } ? active : null };
    }

    private static CodeDeployment? OfAll(CodeDeployment? deployment) => deployment is { IsOfNewInstances: true } ? null : deployment;

    /// <summary>Reads one deployment.</summary>
    public static Task<CodeDeployment> DeploymentAsync(AwsJson codeDeploy, string id, CancellationToken cancellationToken) =>
        codeDeploy.ReadAsync("GetDeployment", new { deploymentId = id }, CodeDeployment.Read, cancellationToken);
}
