using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Remote;

namespace OpsConsole.Core.Targets.AppStoreConnect;

/// <summary>Lets an app's version out in phases, pauses, resumes and completes them, and reads back which day it is.</summary>
/// <remarks>
/// The App Store raises the share by itself, a day at a time, so a stage of a release is not a share that is set but one that is waited for:
/// it is reached on the first day that has at least as much. The API keeps no idempotency keys; what is there is read first, and nothing is asked for that is so already.
/// </remarks>
internal sealed class AppStoreConnectAdapter(TargetSettings settings, RemoteConnections connections) : IDeliveryTargetAdapter
{
    private readonly ConnectApi _api = new(settings, connections);

    public string Target => settings.Target;

    public TargetCapabilities Capabilities => AppStoreConnectKind.Capabilities;

    /// <inheritdoc/>
    public async Task ApplyAsync(TargetChange change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        var version = await _api.VersionAsync(settings.NameOf(change.Service), change.Version, cancellationToken).ConfigureAwait(false)
            ?? throw new TargetRefusedException($"App Store Connect has no version {change.Version} of this app on {settings[AppStoreConnectKind.Platform]}.");
        await (change.Halted ? HaltAsync(change, version, cancellationToken) : GrowAsync(change, version, cancellationToken)).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<TargetObservation> ObserveAsync(string service, string environment, string version, CancellationToken cancellationToken)
    {
        var found = await _api.VersionAsync(settings.NameOf(service), version, cancellationToken).ConfigureAwait(false);
        var share = found is null ? 0 : found.Percent ?? throw new TargetUnreachableException(found.IsOnItsWay
            ? $"Apple is bringing {version} to the App Store, which takes up to a day; who is offered it shows after that."
            : $"The App Store has {version} and has not begun its first day yet.");
        return new TargetObservation(share, found?.Phased?.State == PhasedRelease.Paused, null, connections.Time.GetUtcNow())
        {
            GrowsByItself = found is { IsOut: true, Phased: not null },
            HaltCost = found?.Phased?.Pauses,
            Besides = share is > 0 and < 100 ? "Whoever installs the app anew or updates by hand gets it too." : null,
        };
    }

    private Task HaltAsync(TargetChange change, AppStoreVersion version, CancellationToken cancellationToken) => version switch
    {
        { IsOut: true, Phased: { State: PhasedRelease.Paused } } => Task.CompletedTask,
        { IsOut: true, Phased: { State: PhasedRelease.Active } phased } => _api.SetAsync(phased, PhasedRelease.Paused, cancellationToken),
        { IsOut: true, Phased: { State: PhasedRelease.Inactive } } => throw new TargetRefusedException($"The App Store has not begun the first day of {change.Version} yet. Halt it then."),
        { IsOut: true } => throw new TargetRefusedException($"Everyone is offered {change.Version} already, which the App Store cannot halt. {AppStoreConnectKind.InsteadOfRollback}"),
        { IsOnItsWay: true } => throw new TargetRefusedException($"Apple is still bringing {change.Version} to the App Store: cancel the release in App Store Connect, or halt it on its first day."),
        _ => throw new TargetRefusedException($"{change.Version} is not in the App Store ({version.State}), so there is nothing to halt."),
    };

    private Task GrowAsync(TargetChange change, AppStoreVersion version, CancellationToken cancellationToken) => version switch
    {
        _ when change.ExposurePercent <= 0 => throw new TargetRefusedException(AppStoreConnectKind.InsteadOfRollback),
        { IsOut: true, Phased: { } phased } => GoOnAsync(change, phased, cancellationToken),
        { IsOut: true } when change.ExposurePercent >= 100 => Task.CompletedTask,
        { IsOut: true } => throw new TargetRefusedException($"Everyone is offered {change.Version} already: it was let out without a phased release, and the App Store takes nothing back."),

        // It was asked for, and is waited for.
        { IsOnItsWay: true } => Task.CompletedTask,
        { Waits: true } => LetOutAsync(change, version, cancellationToken),
        _ => throw new TargetRefusedException($"{change.Version} is {version.State} in App Store Connect. It can be let out when it is approved and waits for its release (PENDING_DEVELOPER_RELEASE)."),
    };

    /// <summary>The first day, or everyone at once.</summary>
    private async Task LetOutAsync(TargetChange change, AppStoreVersion version, CancellationToken cancellationToken)
    {
        var everyone = change.ExposurePercent >= 100;
        if (!everyone && change.ExposurePercent > PhasedRelease.First)
        {
            throw new TargetRefusedException($"A phased release begins with {Wording.Percent(PhasedRelease.First)}, and goes on by itself from there: make that the first stage, or give it to everyone.");
        }

        if (everyone && version.Phased is { } planned)
        {
            await _api.DropPhasesAsync(planned, cancellationToken).ConfigureAwait(false);
        }
        else if (!everyone && version.Phased is null)
        {
            await _api.PlanPhasesAsync(version, cancellationToken).ConfigureAwait(false);
        }

        await _api.ReleaseAsync(version, cancellationToken).ConfigureAwait(false);
    }

    private Task GoOnAsync(TargetChange change, PhasedRelease phased, CancellationToken cancellationToken)
    {
        var wanted = change.ExposurePercent;
        if (phased.Percent is not { } now)
        {
            throw new TargetRefusedException($"The App Store has not begun the first day of {change.Version} yet. Ask again then.");
        }

        return phased.State switch
        {
            PhasedRelease.Paused when TargetConversation.Same(wanted, now) => _api.SetAsync(phased, PhasedRelease.Active, cancellationToken),
            PhasedRelease.Paused => throw new TargetRefusedException($"{change.Version} is paused at {Wording.Percent(now)} in the App Store. Resume it there, or halt it here and resume it, before it goes on."),
            _ when wanted <= now || TargetConversation.Same(wanted, now) => Task.CompletedTask,
            _ when wanted >= 100 => _api.SetAsync(phased, PhasedRelease.Complete, cancellationToken),
            _ => throw new TargetRefusedException(phased.WhenReached(change.Version, wanted)),
        };
    }
}
