using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Remote;

namespace OpsConsole.Core.Targets.AppStoreConnect;

/// <summary>The part of the App Store Connect API that versions are let out by.</summary>
internal sealed class ConnectApi
{
    private const string ReleaseRequests = "appStoreVersionReleaseRequests";

    private readonly ConnectSession _session;
    private readonly string _platform;

    public ConnectApi(TargetSettings settings, RemoteConnections connections)
    {
        _session = new ConnectSession(settings, settings.Address(AppStoreConnectKind.Api), connections);
        _platform = settings[AppStoreConnectKind.Platform];
    }

    /// <summary>A version of an app; null where the app has none of that name.</summary>
    /// <param name="app">The app's bundle id, or the number that Apple gives it.</param>
    /// <param name="version">As people read it in the store.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TargetUnreachableException">It could not be read, or there is no such app.</exception>
    public async Task<AppStoreVersion?> VersionAsync(string app, string version, CancellationToken cancellationToken)
    {
        var id = await _session.AppAsync(app, cancellationToken).ConfigureAwait(false);
        var what = $"apps/{Uri.EscapeDataString(id)}/appStoreVersions?{ConnectSession.Filter("versionString", version)}&{ConnectSession.Filter("platform", _platform)}&include=appStoreVersionPhasedRelease";
        var versions = await _session.Http.ReadJsonAsync(() => _session.Request(HttpMethod.Get, what), AppStoreVersion.Read, cancellationToken).ConfigureAwait(false);
        return versions.Count > 0 ? versions[0] : null;
    }

    /// <summary>Lets a version out that waits for it.</summary>
    public Task ReleaseAsync(AppStoreVersion version, CancellationToken cancellationToken) =>
        ChangeAsync(HttpMethod.Post, ReleaseRequests, new { type = ReleaseRequests, relationships = Of(version) }, cancellationToken);

    /// <summary>Plans a phased release of a version that is not let out yet. It begins when that is.</summary>
    public Task PlanPhasesAsync(AppStoreVersion version, CancellationToken cancellationToken) =>
        ChangeAsync(HttpMethod.Post, PhasedRelease.Type, new { type = PhasedRelease.Type, attributes = new { phasedReleaseState = PhasedRelease.Inactive }, relationships = Of(version) }, cancellationToken);

    /// <summary>Takes a plan back that has not begun.</summary>
    public Task DropPhasesAsync(PhasedRelease phased, CancellationToken cancellationToken) =>
        ChangeAsync(HttpMethod.Delete, $"{PhasedRelease.Type}/{Uri.EscapeDataString(phased.Id)}", null, cancellationToken);

    /// <summary>Pauses, resumes or completes a phased release.</summary>
    public Task SetAsync(PhasedRelease phased, string state, CancellationToken cancellationToken) =>
        ChangeAsync(HttpMethod.Patch, $"{PhasedRelease.Type}/{Uri.EscapeDataString(phased.Id)}", new { type = PhasedRelease.Type, id = phased.Id, attributes = new { phasedReleaseState = state } }, cancellationToken);

    private async Task ChangeAsync(HttpMethod method, string what, object? data, CancellationToken cancellationToken) =>
        _session.Http.Accept(await _session.Http.ChangeAsync(() => _session.Request(method, what, data), cancellationToken).ConfigureAwait(false));

    private static object Of(AppStoreVersion version) => new { appStoreVersion = new { data = new { type = AppStoreVersion.Type, id = version.Id } } };
}
