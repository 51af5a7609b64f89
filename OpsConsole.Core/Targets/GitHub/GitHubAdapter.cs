using System.Collections.Concurrent;
using System.Globalization;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Remote;

namespace OpsConsole.Core.Targets.GitHub;

/// <summary>Makes a deployment that says what is to be, has a workflow bring it about, and reads what became of it from the deployment's statuses.</summary>
/// <remarks>
/// The API keeps no idempotency keys: a deployment is known again by the action in its payload, and a run by the action in its title, and neither is asked for where it is there.
/// Between a run that was asked for and its place in the list of runs lie seconds in which a second one can be started, with the same inputs; the workflow brings a state about, so that is one effect.
/// </remarks>
internal sealed class GitHubAdapter(TargetSettings settings, RemoteConnections connections) : IDeliveryTargetAdapter
{
    /// <summary>How many deployments that never happened are looked past.</summary>
    private const int MostLookedAt = 5;

    /// <summary>How long what is under way is not looked at again: a run takes far longer, and GitHub counts every request.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(2);

    private readonly GitHubApi _api = new(settings, connections);
    private readonly ConcurrentDictionary<string, (DateTimeOffset Until, string Sentence)> _underway = new(StringComparer.Ordinal);

    public string Target => settings.Target;

    public TargetCapabilities Capabilities { get; } = DeclaredCapabilities.Of(settings);

    private string DeploymentEnvironment => settings[GitHubKind.DeploymentEnvironment] is { Length: > 0 } name ? name : settings.Environment;

    /// <inheritdoc/>
    public async Task ApplyAsync(TargetChange change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        _underway.TryRemove(change.Service, out _);
        var known = await DeploymentsAsync(change.Service, cancellationToken).ConfigureAwait(false);
        var deployment = known.FirstOrDefault(d => d.ActionId == change.ActionId);
        if (deployment is not null && deployment != known[0])
        {
            throw new TargetRefusedException($"GitHub was asked for {known[0].Described} since, so this is not asked for again.");
        }

        if (deployment is not null && await StandingAsync(deployment, change.Service, cancellationToken).ConfigureAwait(false) is var standing && standing != GitHubStanding.Asked)
        {
            if (standing != GitHubStanding.CalledOff)
            {
                return;
            }

            deployment = null;
        }

        deployment ??= await CreateAsync(change, cancellationToken).ConfigureAwait(false);
        await StartAsync(deployment, change, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <remarks>While a run is at work, and after one that failed, what is so is not known: that is no reading.</remarks>
    public async Task<TargetObservation> ObserveAsync(string service, string environment, string version, CancellationToken cancellationToken)
    {
        if (_underway.TryGetValue(service, out var known) && connections.Time.GetUtcNow() < known.Until)
        {
            throw new TargetUnreachableException(known.Sentence);
        }

        var newestFirst = await DeploymentsAsync(service, cancellationToken).ConfigureAwait(false);
        foreach (var deployment in newestFirst.Take(MostLookedAt))
        {
            var progress = await ProgressAsync(deployment, service, cancellationToken).ConfigureAwait(false);
            switch (progress.Standing)
            {
                case GitHubStanding.Done:
                    return new TargetObservation(deployment.ShareOf(version), deployment.Halted, deployment.ActionId, connections.Time.GetUtcNow());
                case GitHubStanding.Failed:
                    throw new TargetUnreachableException(Plain($"The workflow says {progress.State} for {deployment.Described}{Said(progress)}, so what is so is not known; run it again at GitHub, or roll back"));
                case GitHubStanding.Underway:
                    throw Underway(service, $"The workflow is at {deployment.Described}: {progress.State}{Said(progress)}");
                case GitHubStanding.Asked:
                    throw Underway(service, await WaitingAsync(deployment, service, cancellationToken).ConfigureAwait(false));
            }
        }

        return newestFirst.Count <= MostLookedAt
            ? new TargetObservation(0, false, null, connections.Time.GetUtcNow()) { Besides = $"GitHub has no deployment by the console of {service} in {DeploymentEnvironment} that happened." }
            : throw new TargetUnreachableException($"Of the deployments by the console of {service} in {DeploymentEnvironment} the newest {MostLookedAt} never happened, so what is so is not known.");
    }

    private async Task<GitHubDeployment> CreateAsync(TargetChange change, CancellationToken cancellationToken)
    {
        // What all of the traffic goes to afterwards is what is deployed.
        var version = change.ExposurePercent <= 0 && change.PreviousVersion is { } before ? before : change.Version;
        var answer = await _api.ChangeAsync($"{Repository(change.Service)}/deployments", new Dictionary<string, object>
        {
            ["ref"] = settings[GitHubKind.Ref].Replace("{version}", version, StringComparison.Ordinal),
            ["task"] = GitHubDeployment.Task(change.Service),
            ["environment"] = DeploymentEnvironment,
            ["payload"] = GitHubDeployment.Payload(change),
            ["description"] = $"OpsConsole action {change.ActionId:D}",

            // The version is deployed as it is, with nothing merged into it, and the console's own gates have judged it.
            ["auto_merge"] = false,
            ["required_contexts"] = Array.Empty<string>(),
        }, cancellationToken).ConfigureAwait(false);
        return _api.Take(answer, GitHubDeployment.Read);
    }

    private async Task StartAsync(GitHubDeployment deployment, TargetChange change, CancellationToken cancellationToken)
    {
        try
        {
            await _api.ChangeAsync($"{Workflow(change.Service)}/dispatches", new Dictionary<string, object>
            {
                ["ref"] = settings[GitHubKind.Branch],
                ["inputs"] = new Dictionary<string, string>
                {
                    ["action_id"] = change.ActionId.ToString("D"),
                    ["deployment_id"] = deployment.Id.ToString(CultureInfo.InvariantCulture),
                    ["environment"] = DeploymentEnvironment,
                    ["service"] = settings.NameOf(change.Service),
                    ["version"] = change.Version,
                    ["previous_version"] = change.PreviousVersion ?? "",
                    ["share"] = change.ExposurePercent.ToString("0.##", CultureInfo.InvariantCulture),
                    ["halted"] = change.Halted ? "true" : "false",
                },
            }, cancellationToken).ConfigureAwait(false);
        }
        catch (TargetRefusedException)
        {
            await CallOffAsync(deployment, change.Service, cancellationToken).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Says that a deployment never happened, so that what was so before it is read again. Where that fails, the next change takes its place.</summary>
    private async Task CallOffAsync(GitHubDeployment deployment, string service, CancellationToken cancellationToken)
    {
        try
        {
            await _api.ChangeAsync(Statuses(deployment, service), new { state = "inactive", description = "The workflow was not started." }, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TargetRefusedException or TargetUnreachableException)
        {
            // That the workflow did not start is what people are told.
        }
    }

    /// <summary>How far a deployment is, and at work also where its run is there and has said nothing yet.</summary>
    private async Task<GitHubStanding> StandingAsync(GitHubDeployment deployment, string service, CancellationToken cancellationToken)
    {
        var standing = (await ProgressAsync(deployment, service, cancellationToken).ConfigureAwait(false)).Standing;
        return standing == GitHubStanding.Asked && (await RunsAsync(deployment, service, cancellationToken).ConfigureAwait(false)).Count > 0 ? GitHubStanding.Underway : standing;
    }

    private async Task<string> WaitingAsync(GitHubDeployment deployment, string service, CancellationToken cancellationToken) =>
        (await RunsAsync(deployment, service, cancellationToken).ConfigureAwait(false)) switch
        {
            [] => $"GitHub lists no run of the workflow for {deployment.Described} yet",
            [{ Status: "completed" } run, ..] => $"The run for {deployment.Described} ended as {run.Conclusion} without a status of its deployment ({run.Url})",
            [{ Status: "waiting" } run, ..] => $"The run for {deployment.Described} waits for the environment's reviewers or timer at GitHub ({run.Url})",
            [var run, ..] => $"The run for {deployment.Described} is {run.Status} ({run.Url})",
        };

    private TargetUnreachableException Underway(string service, string sentence)
    {
        var plain = Plain(sentence);
        _underway[service] = (connections.Time.GetUtcNow() + Pace, plain);
        return new TargetUnreachableException(plain);
    }

    private string Plain(string sentence) => RemoteWords.Plain(sentence, settings.Secrets).TrimEnd('.') + ".";

    private static string Said(GitHubProgress progress) =>
        (progress.Description.Length > 0 ? $", {progress.Description.TrimEnd('.')}" : "") + (progress.LogUrl.Length > 0 ? $" ({progress.LogUrl})" : "");

    private Task<IReadOnlyList<GitHubDeployment>> DeploymentsAsync(string service, CancellationToken cancellationToken) => _api.ReadAsync(
        $"{Repository(service)}/deployments?environment={Uri.EscapeDataString(DeploymentEnvironment)}&task={Uri.EscapeDataString(GitHubDeployment.Task(service))}&per_page=30",
        GitHubDeployment.List,
        cancellationToken);

    private Task<GitHubProgress> ProgressAsync(GitHubDeployment deployment, string service, CancellationToken cancellationToken) =>
        _api.ReadAsync($"{Statuses(deployment, service)}?per_page=100", GitHubProgress.Read, cancellationToken);

    private Task<IReadOnlyList<GitHubRun>> RunsAsync(GitHubDeployment deployment, string service, CancellationToken cancellationToken) => _api.ReadAsync(
        $"{Workflow(service)}/runs?event=workflow_dispatch&branch={Uri.EscapeDataString(settings[GitHubKind.Branch])}&per_page=50",
        answer => GitHubRun.Of(deployment.ActionId, answer),
        cancellationToken);

    private string Repository(string service) => $"repos/{settings[GitHubKind.Repository].Replace("{service}", Uri.EscapeDataString(settings.NameOf(service)), StringComparison.Ordinal)}";

    private string Workflow(string service) => $"{Repository(service)}/actions/workflows/{settings[GitHubKind.Workflow]}";

    private string Statuses(GitHubDeployment deployment, string service) => $"{Repository(service)}/deployments/{deployment.Id.ToString(CultureInfo.InvariantCulture)}/statuses";
}
