using System.Text.Json;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Remote;
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

    public CodeDeployAdapter(TargetSettings settings, RemoteConnections connections)
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
            await DeployAsync(CodeDeployment.Note(change.ActionId, null), application, wanted, cancellationToken).ConfigureAwait(false);
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

        var share = await ShareAsync(last, now.Serving, application, version, cancellationToken).ConfigureAwait(false);
        return new TargetObservation(share, false, last.ActionId, _time.GetUtcNow())
        {
            Underway = last.Underway,
            IsComing = last.IsActive && IsOf(last, application, version),
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

    /// <summary>Share that has a version while or after <paramref name="last"/> was deployed over <paramref name="serving"/>.</summary>
    private async Task<double> ShareAsync(CodeDeployment last, CodeDeployment? serving, string application, string version, CancellationToken cancellationToken)
    {
        var (isNew, isServing) = (IsOf(last, application, version), serving is not null && IsOf(serving, application, version));
        if (isNew == isServing && (isNew || last.HasSucceeded))
        {
            return isNew ? 100 : 0;
        }

        if (isNew)
        {
            return await CodeDeployShare.OfAsync(_codeDeploy, last, cancellationToken).ConfigureAwait(false);
        }

        // What is being taken back is still there wherever the roll back has not come to.
        var most = isServing || last.TakesBack == version ? 100 : await TakenBackAsync(last, application, version, cancellationToken).ConfigureAwait(false);
        return most <= 0 ? 0 : Math.Min(most, 100 - await CodeDeployShare.OfAsync(_codeDeploy, last, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>How far a version had come whose deployment CodeDeploy takes back by another; 0 where it takes back no such one.</summary>
    private async Task<double> TakenBackAsync(CodeDeployment last, string application, string version, CancellationToken cancellationToken)
    {
        if (last.RollsBack is null)
        {
            return 0;
        }

        var back = await CodeDeployGroup.DeploymentAsync(_codeDeploy, last.RollsBack, cancellationToken).ConfigureAwait(false);
        return IsOf(back, application, version) ? await CodeDeployShare.OfAsync(_codeDeploy, back, cancellationToken).ConfigureAwait(false) : 0;
    }

    /// <summary>Stops a deployment of the version that goes on, with its roll back; deploys the one before over it where it is over.</summary>
    private async Task TakeBackAsync(TargetChange change, string application, string previous, CodeDeployGroup now, CancellationToken cancellationToken)
    {
        if (now.Last is not { } last || !await IsInItAsync(last, now.Serving, application, change.Version, cancellationToken).ConfigureAwait(false))
        {
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

        await DeployAsync(CodeDeployment.Note(change.ActionId, change.Version), application, previous, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whether somebody has a version, or gets it, and nothing goes on by which that ends.</summary>
    private async Task<bool> IsInItAsync(CodeDeployment last, CodeDeployment? serving, string application, string version, CancellationToken cancellationToken)
    {
        if (IsOf(last, application, version))
        {
            return last.IsActive || last.RolledBackBy is null;
        }

        if (last.IsActive || last.HasSucceeded)
        {
            return false;
        }

        return (serving is not null && IsOf(serving, application, version))
            || last.TakesBack == version
            || (last.RollsBack is { } id && IsOf(await CodeDeployGroup.DeploymentAsync(_codeDeploy, id, cancellationToken).ConfigureAwait(false), application, version));
    }

    private async Task DeployAsync(string note, string application, string version, CancellationToken cancellationToken)
    {
        var key = CodeDeployKind.KeyOf(_settings, application, version);
        var location = await RevisionAsync(application, key, cancellationToken).ConfigureAwait(false)
            ?? throw new TargetRefusedException($"CodeDeploy has no revision {Bucket}/{key} of {application}: register it, for example with aws deploy push.");
        _codeDeploy.Accept(await _codeDeploy.AskAsync(
            "CreateDeployment",
            new { applicationName = application, deploymentGroupName = Group, revision = new { revisionType = "S3", s3Location = location }, description = note },
            cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Where a registered revision is, with the state of the object that was registered; null where none is.</summary>
    private async Task<Dictionary<string, string>?> RevisionAsync(string application, string key, CancellationToken cancellationToken)
    {
        var found = await _codeDeploy.ReadAsync(
            "ListApplicationRevisions",
            new { applicationName = application, s3Bucket = Bucket, s3KeyPrefix = key, sortBy = "registerTime", sortOrder = "descending" },
            static answer => answer.GetProperty("revisions").EnumerateArray().Select(r => r.Part("s3Location")).Where(l => l.ValueKind == JsonValueKind.Object)
                .Select(l => l.EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.String).ToDictionary(p => p.Name, p => p.Value.GetString()!)).ToList(),
            cancellationToken).ConfigureAwait(false);
        return found.Find(l => l.GetValueOrDefault("bucket") == Bucket && l.GetValueOrDefault("key") == key);
    }

    private bool IsOf(CodeDeployment deployment, string application, string version) => deployment.IsOf(Bucket, CodeDeployKind.KeyOf(_settings, application, version));
}
