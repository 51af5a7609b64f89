using System.Text.Json;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Targets.Aws;

namespace OpsConsole.Core.Targets.AwsCodeDeploy;

/// <summary>Deploys revisions of an application to one group, and reads back how far they have come.</summary>
/// <remarks>The API keeps no idempotency keys, so the newest deployment is read first; each one of the console carries its action in its description.</remarks>
internal sealed class CodeDeployAdapter : IDeliveryTargetAdapter
{
    private const string AlreadyOver = "DeploymentAlreadyCompletedException";

    private readonly TargetSettings _settings;
    private readonly TimeProvider _time;
    private readonly AwsJson _codeDeploy;

    public CodeDeployAdapter(TargetSettings settings, TargetConnections connections)
    {
        (_settings, _time) = (settings, connections.Time);
        _codeDeploy = new AwsJson(settings, connections, "CodeDeploy", "codedeploy", "CodeDeploy_20141006");
    }

    public string Target => _settings.Target;

    public TargetCapabilities Capabilities => CodeDeployKind.Capabilities;

    private string Group => _settings[CodeDeployKind.Group];

    private string Bucket => _settings[CodeDeployKind.Bucket];

    /// <inheritdoc/>
    public async Task ApplyAsync(TargetChange change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        var wanted = Wanted(change);
        var application = _settings.NameOf(change.Service);
        var now = await CodeDeployGroup.ReadAsync(_codeDeploy, application, Group, cancellationToken).ConfigureAwait(false);
        if (change.ExposurePercent <= 0)
        {
            await TakeBackAsync(change, application, wanted, now, cancellationToken).ConfigureAwait(false);
        }
        else if (!(now.Last is { } last && IsOf(last, application, wanted) && (last.IsActive || last.HasSucceeded)))
        {
            await DeployAsync(change.ActionId, application, wanted, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async Task<TargetObservation> ObserveAsync(string service, string environment, string version, CancellationToken cancellationToken)
    {
        var application = _settings.NameOf(service);
        var now = await CodeDeployGroup.ReadAsync(_codeDeploy, application, Group, cancellationToken).ConfigureAwait(false);
        if (now.Last is not { } last)
        {
            return new TargetObservation(0, false, null, _time.GetUtcNow()) { Besides = "Nothing has been deployed to this group." };
        }

        var (isNew, isServing) = (IsOf(last, application, version), now.Serving is { } serving && IsOf(serving, application, version));
        var moved = last.HasSucceeded ? 100 : isNew == isServing ? 0 : await CodeDeployShare.OfAsync(_codeDeploy, last, cancellationToken).ConfigureAwait(false);
        return new TargetObservation(isNew && isServing ? 100 : isNew ? moved : isServing ? 100 - moved : 0, false, last.ActionId, _time.GetUtcNow())
        {
            Underway = last.Underway,
            Stuck = last.Status is "Failed" or "Stopped" ? $"Deployment {last.Id} is {last.Status}: {(last.Trouble ?? "CodeDeploy does not say why").TrimEnd('.')}." : null,
        };
    }

    private static string Wanted(TargetChange change) => change switch
    {
        { Halted: true } => throw new TargetRefusedException(CodeDeployKind.InsteadOfHalt),
        { ExposurePercent: >= 100 } => change.Version,
        { ExposurePercent: > 0 } => throw new TargetRefusedException("CodeDeploy shifts the traffic by the configuration of the deployment group and cannot hold a share. Ask for 100 %."),
        _ => change.PreviousVersion ?? throw new TargetRefusedException("The release has no version before it that could be deployed in its place."),
    };

    /// <summary>Stops a deployment of the version that goes on, with its roll back; deploys the one before over it where it is over.</summary>
    private async Task TakeBackAsync(TargetChange change, string application, string previous, CodeDeployGroup now, CancellationToken cancellationToken)
    {
        var isServing = now.Serving is { } serving && IsOf(serving, application, change.Version);
        if (now.Last is not { } last || (!IsOf(last, application, change.Version) && (last.IsActive || !isServing)) || (!last.IsActive && last.RolledBackBy is not null))
        {
            // Nobody has it, or another deployment is about to take its place.
            return;
        }

        if (last.IsActive)
        {
            var answer = await _codeDeploy.AskAsync("StopDeployment", new { deploymentId = last.Id, autoRollbackEnabled = true }, cancellationToken).ConfigureAwait(false);
            if (answer.IsSuccess || AwsErrors.Code(answer) != AlreadyOver)
            {
                _codeDeploy.Accept(answer);
                return;
            }
        }

        await DeployAsync(change.ActionId, application, previous, cancellationToken).ConfigureAwait(false);
    }

    private async Task DeployAsync(Guid action, string application, string version, CancellationToken cancellationToken)
    {
        var key = CodeDeployKind.KeyOf(_settings, application, version);
        var location = await RevisionAsync(application, key, cancellationToken).ConfigureAwait(false)
            ?? throw new TargetRefusedException($"CodeDeploy has no revision {Bucket}/{key} of {application}: register it, for example with aws deploy push.");
        _codeDeploy.Accept(await _codeDeploy.AskAsync(
            "CreateDeployment",
            new { applicationName = application, deploymentGroupName = Group, revision = new { revisionType = "S3", s3Location = location }, description = CodeDeployment.Note(action) },
            cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Where a registered revision is, with the state of the object that was registered; null where none is.</summary>
    private async Task<Dictionary<string, string>?> RevisionAsync(string application, string key, CancellationToken cancellationToken)
    {
        var found = await _codeDeploy.ReadAsync(
            "ListApplicationRevisions",
            new { applicationName = application, s3Bucket = Bucket, s3KeyPrefix = key, sortBy = "registerTime", sortOrder = "descending" },
            static answer => answer.GetProperty("revisions").EnumerateArray().Select(r => CodeDeployment.Inner(r, "s3Location")).Where(l => l.ValueKind == JsonValueKind.Object)
                .Select(l => l.EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.String).ToDictionary(p => p.Name, p => p.Value.GetString()!)).ToList(),
            cancellationToken).ConfigureAwait(false);
        return found.Find(l => l.GetValueOrDefault("bucket") == Bucket && l.GetValueOrDefault("key") == key);
    }

    private bool IsOf(CodeDeployment deployment, string application, string version) => deployment.IsOf(Bucket, CodeDeployKind.KeyOf(_settings, application, version));
}
