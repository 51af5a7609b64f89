using System.Net;
using System.Text.Json;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Remote;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Targets.AppStoreConnect;

namespace OpsConsole.Core.Sources.AppStoreMetrics;

/// <summary>The part of the App Store Connect API that Apple's metrics of a build are read by. It changes nothing.</summary>
internal sealed class AppMetrics
{
    /// <summary>The one platform that Apple has such metrics of.</summary>
    private const string Platform = "IOS";

    /// <summary>What the API takes to give metrics; asked for JSON alone, it refuses.</summary>
    private const string MetricsType = "application/vnd.apple.xcode-metrics+json";

    private readonly ConnectSession _session;
    private readonly string _app;
    private readonly string _device;

    public AppMetrics(SourceBinding binding, RemoteConnections connections)
    {
        _session = new ConnectSession(binding.Settings, binding.Address!, connections);
        (_app, _device) = (binding.Settings[AppStoreMetricsKind.App], binding.Settings[AppStoreMetricsKind.Device]);
    }

    /// <summary>The build of a version in the store, or on its way there.</summary>
    /// <returns>The build's id; null where the version has none yet. The version is false where the app has none of that name.</returns>
    public async Task<(bool HasVersion, string? Build)> BuildAsync(string version, CancellationToken cancellationToken)
    {
        var app = await _session.AppAsync(_app, cancellationToken).ConfigureAwait(false);
        var what = $"apps/{Uri.EscapeDataString(app)}/appStoreVersions?{ConnectSession.Filter("versionString", version)}&{ConnectSession.Filter("platform", Platform)}&include=build";
        var builds = await _session.Http.ReadJsonAsync(() => _session.Request(HttpMethod.Get, what), Builds, cancellationToken).ConfigureAwait(false);
        return builds.Count > 0 ? (true, builds[0]) : (false, null);
    }

    /// <summary>Metrics of a build, of some categories; null where Apple has none of it.</summary>
    public Task<IReadOnlyList<XcodeMetric>?> MetricsAsync(string build, IEnumerable<string> categories, CancellationToken cancellationToken) => OfBuildAsync<IReadOnlyList<XcodeMetric>>(
        build, $"perfPowerMetrics?{ConnectSession.Filter("metricType", string.Join(',', categories))}&{ConnectSession.Filter("deviceType", _device)}&{ConnectSession.Filter("platform", Platform)}", MetricsType, XcodeMetric.Read, cancellationToken);

    /// <summary>Diagnostic signatures of a build; null where Apple has none of it.</summary>
    public Task<DiagnosticSignatures?> SignaturesAsync(string build, string diagnostic, CancellationToken cancellationToken) => OfBuildAsync(
        build, $"diagnosticSignatures?{ConnectSession.Filter("diagnosticType", diagnostic)}&limit={DiagnosticSignatures.Most}", null, DiagnosticSignatures.Read, cancellationToken);

    /// <summary>The build is known to be there, so what is not found is not there of it.</summary>
    private async Task<T?> OfBuildAsync<T>(string build, string what, string? type, Func<JsonElement, T?> take, CancellationToken cancellationToken)
        where T : class
    {
        var answer = await _session.Http.ReadAsync(() => _session.Request(HttpMethod.Get, $"builds/{Uri.EscapeDataString(build)}/{what}", accept: type), cancellationToken).ConfigureAwait(false);
        return answer.Status == HttpStatusCode.NotFound ? null
            : answer.IsSuccess ? _session.Http.Take(answer, take)
            : throw new TargetUnreachableException(_session.Http.WhyNotRead(answer));
    }

    private static List<string?> Builds(JsonElement answer) =>
    [
        .. answer.GetProperty("data").EnumerateArray().Select(static version =>
            version.TryGetProperty("relationships", out var others) && others.TryGetProperty("build", out var build) && build.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Object
                ? data.GetProperty("id").GetString()
                : null),
    ];
}
