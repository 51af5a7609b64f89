using System.Text.Json;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Remote;
using OpsConsole.Core.Targets.Aws;

namespace OpsConsole.Core.Targets.AwsCodeDeploy;

/// <summary>Deploys revisions of an application to one group, and reads back how far they have come.</summary>
/// <remarks>The API keeps no idempotency keys, so the newest deployment is read first; each one of the console carries its action in its description.</remarks>
internal sealed class CodeDeployAdapter : IDeliveryTargetAdapter
{
    private const string AlreadyOver = "DeploymentAlreadyCompletedException", TooMany = "DeploymentLimitExceededException";

    /// <summary>How often one roll back asks to deploy, when something else goes on that it stops.</summary>
    private const int Tries = 2;

    private const string BehindAdded = "CodeDeploy lists so many deployments to instances that were added that what the others were given is not found behind them.";

    private const string MayNotList = "Which deployments are behind the newest is not known: the policy of the console's key allows no codedeploy:ListDeployments or BatchGetDeployments.";

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
        else if (!await IsAskedForAsync(now, application, wanted, change.ActionId, cancellationToken).ConfigureAwait(false))
        {
            _codeDeploy.Accept(await DeployAsync(CodeDeployment.Note(change.ActionId, null), application, wanted, cancellationToken).ConfigureAwait(false));
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

        var history = await HistoryAsync(now, application, cancellationToken).ConfigureAwait(false);
        var isLast = IsOf(last, application, version);

        // Of what was deployed last counts what is known to have it; of what that takes the place of, what may have it still.
        var share = await ShareAsync(isSure: isLast && !last.IsOfNewInstances).ConfigureAwait(false);
        var active = history.All.Where(d => d.IsActive).ToList();
        var added = history.All.Where(d => d.IsOfNewInstances).ToList();
        return new TargetObservation(share, false, last.ActionId, _time.GetUtcNow())
        {
            Underway = active.Count > 0 ? active[0].Underway : last.Underway,

            // What instances have on which it failed is not known: where none is known to have it, that is not nobody. What an added one has stays until it is deployed over.
            IsComing = active.Concat(added).Any(d => IsOf(d, application, version)) || (isLast && share <= 0 && await ShareAsync(isSure: false).ConfigureAwait(false) > 0),
            Stuck = last.Stuck ?? (last.IsOfNewInstances ? BehindAdded : active.Count == 0 && added.Count > 0 ? Outdated(added) : null),
            Besides = history.IsRefused ? MayNotList : null,
        };

        Task<double> ShareAsync(bool isSure) => history.ShareAsync(_codeDeploy, version, d => IsOf(d, application, version), isSure, cancellationToken);
    }

    private static string Wanted(TargetChange change) => change switch
    {
        { Halted: true } => throw new TargetRefusedException(CodeDeployKind.InsteadOfHalt),
        { ExposurePercent: >= 100 } => change.Version,
        { ExposurePercent: > 0 } => throw new TargetRefusedException("CodeDeploy shifts the traffic by the configuration of the deployment group and cannot hold a share. Ask for 100 %."),
        _ => change.PreviousVersion ?? throw new TargetRefusedException("The release has no version before it that could be deployed in its place."),
    };

    private static string Outdated(List<CodeDeployment> added) =>
        $"Instances that were added meanwhile got another revision ({string.Join(", ", added.Take(3).Select(d => d.Id))}): ask again, which deploys to them too.";

    private async Task<CodeDeployHistory> HistoryAsync(CodeDeployGroup now, string application, CancellationToken cancellationToken) =>
        now.History ?? await CodeDeployHistory.ReadAsync(_codeDeploy, application, Group, now.Last, now.Serving, cancellationToken).ConfigureAwait(false);

    /// <summary>Whether a version goes to everyone already, or an action is over that asked for it.</summary>
    private async Task<bool> IsAskedForAsync(CodeDeployGroup now, string application, string version, Guid action, CancellationToken cancellationToken)
    {
        if (now.Last is not { } last || !IsOf(last, application, version))
        {
            return false;
        }

        return (now.Active is { } active && IsOf(active, application, version)) || (last is { HasSucceeded: true, IsOfNewInstances: false } && (last.ActionId == action
            || (!last.IsPartial && !(await HistoryAsync(now, application, cancellationToken).ConfigureAwait(false)).All.Any(d => d.IsOfNewInstances && !d.IsOfSame(last)))));
    }

    /// <summary>Stops a deployment of the version that goes on, with its roll back; deploys the one before over it where it is over.</summary>
    private async Task TakeBackAsync(TargetChange change, string application, string previous, CodeDeployGroup now, CancellationToken cancellationToken)
    {
        if (now.Last is not { } last || !await IsInItAsync(now, last, application, change.Version, previous, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        // A roll back that is over and did not get everywhere is told; it is made again by another action, and not by itself without an end.
        if (last.HasSucceeded && last.ActionId == change.ActionId)
        {
            return;
        }

        for (var tries = 0; tries < Tries; tries++)
        {
            // CodeDeploy goes back to what succeeded last, which is no way back where that is the same version, or where only some instances were updated.
            var goesBack = now.Active is { IsUpdate: false } && (now.Serving is null || !IsOf(now.Serving, application, change.Version));
            if (now.Active is { } active && await StopAsync(active, goesBack, cancellationToken).ConfigureAwait(false) && goesBack)
            {
                return;
            }

            var answer = await DeployAsync(CodeDeployment.Note(change.ActionId, change.Version), application, previous, cancellationToken).ConfigureAwait(false);
            if (answer.IsSuccess || AwsErrors.Code(answer) != TooMany)
            {
                _codeDeploy.Accept(answer);
                return;
            }

            // Something began since it was read, or has not stopped yet. What deploys another version is waited for, as if it had been seen at once.
            now = await CodeDeployGroup.ReadAsync(_codeDeploy, application, Group, cancellationToken).ConfigureAwait(false);
            if (now.Active is { } began && !IsOf(began, application, change.Version))
            {
                return;
            }
        }

        throw new TargetUnreachableException("CodeDeploy began no roll back, because something else is under way still.");
    }

    /// <summary>Stops a deployment, with its roll back or without; false where it is over already.</summary>
    private async Task<bool> StopAsync(CodeDeployment deployment, bool goesBack, CancellationToken cancellationToken)
    {
        var answer = await _codeDeploy.AskAsync("StopDeployment", new { deploymentId = deployment.Id, autoRollbackEnabled = goesBack }, cancellationToken).ConfigureAwait(false);
        if (!answer.IsSuccess && AwsErrors.Code(answer) == AlreadyOver)
        {
            return false;
        }

        _codeDeploy.Accept(answer);
        return true;
    }

    /// <summary>Whether somebody has a version, or gets it, and nothing goes on by which that ends.</summary>
    private async Task<bool> IsInItAsync(CodeDeployGroup now, CodeDeployment last, string application, string version, string previous, CancellationToken cancellationToken)
    {
        if (now.Active is { } active && IsOf(active, application, version))
        {
            return true;
        }

        if (IsOf(last, application, version))
        {
            return last.RolledBackBy is null;
        }

        if (now.Active is not null)
        {
            return false;
        }

        // What somebody else deployed since, and CodeDeploy calls succeeded, is left alone; what failed leaves behind what was there before it.
        var isTheOneBefore = IsOf(last, application, previous);
        var isWayBack = isTheOneBefore || last.TakesBack == version || last.RollsBack is not null;
        if (last is { HasSucceeded: true, IsPartial: false, IsOfNewInstances: false })
        {
            // An instance that was added while it went on got the version all the same.
            return isWayBack && (await HistoryAsync(now, application, cancellationToken).ConfigureAwait(false)).All.Any(d => IsOf(d, application, version));
        }

        if (((last.IsPartial || last.IsOfNewInstances) && isTheOneBefore) || (now.Serving is { } serving && IsOf(serving, application, version)) || last.TakesBack == version)
        {
            return true;
        }

        // Where not everything could be read, the version may be behind what was.
        return (last.RollsBack is not null || !last.HasSucceeded)
            && await HistoryAsync(now, application, cancellationToken).ConfigureAwait(false) is var history && (!history.IsWhole || history.All.Any(d => IsOf(d, application, version)));
    }

    /// <summary>Asks for a deployment of a version, and gives the answer whatever it is.</summary>
    private async Task<RemoteAnswer> DeployAsync(string note, string application, string version, CancellationToken cancellationToken)
    {
        var key = CodeDeployKind.KeyOf(_settings, application, version);
        var location = await RevisionAsync(application, key, cancellationToken).ConfigureAwait(false)
            ?? throw new TargetRefusedException($"CodeDeploy has no revision {Bucket}/{key} of {application}: register it, for example with aws deploy push.");
        return await _codeDeploy.AskAsync(
            "CreateDeployment",
            new { applicationName = application, deploymentGroupName = Group, revision = new { revisionType = "S3", s3Location = location }, description = note },
            cancellationToken).ConfigureAwait(false);
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
