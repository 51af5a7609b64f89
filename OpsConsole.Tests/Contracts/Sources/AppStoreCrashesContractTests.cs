using OpsConsole.Core.Connections;
using OpsConsole.Core.Remote;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Sources.AppStoreCrashes;
using OpsConsole.Tests.Contracts.Targets;

namespace OpsConsole.Tests.Contracts.Sources;

public sealed class AppStoreCrashesContractTests : HttpSourceContract
{
    private readonly ConnectApiServer _api = new();

    private protected override bool HasOwnTimes => true;

    private protected override SourceKind Kind(RemoteConnections connections, Func<HttpClient> client) => AppStoreCrashesKind.Kind(connections);

    private protected override ApiServer Serve() => _api;

    private protected override string? Says(Saying saying)
    {
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        var day = today.AddDays(saying == Saying.Late ? -8 : -3);
        var number = saying switch { Saying.NotANumber => "NaN", Saying.Infinite => "Infinity", _ => "1000" };
        var segments = saying == Saying.ManySeries ? 200 : 1;
        _api.ForgetReports();
        _api.IsForbidden = saying == Saying.Refused;
        if (saying != Saying.Nothing)
        {
            _api.Report(AppleReports.Crashes, today, [.. Enumerable.Repeat(AppleReports.CrashLines((day, Version, "3", "2")), segments)]);
            _api.Report(AppleReports.Sessions, today, [.. Enumerable.Repeat(AppleReports.SessionLines((day, Version, number, "400")), segments)]);
        }

        return saying == Saying.Reset ? "Apple counts a day at a time, and tells no counters." : null;
    }

    private protected override SourceBinding Binding(Uri address, TimeSpan timeout) => new()
    {
        Key = "pocket", Kind = AppStoreCrashesKind.Name, Service = "pocket", Target = "app-store", Environment = "production", Version = Version, Address = address,
        Interval = TimeSpan.FromHours(1), Timeout = timeout,
        Settings = new ConnectionSettings(AppStoreCrashesKind.Name, Settings, AppStoreMetricsTold.Values(ConnectApiServer.Key, Secret)) { Timeout = timeout },
        Rules = [.. new[] { "crash_free_sessions", "crashes", "sessions" }.Select(m => new SignalRule { Signal = new(m), Kind = SignalRuleKind.Measure, Numerator = m })],
    };

    private static IReadOnlyList<ConnectionSetting> Settings { get; } = AppStoreCrashesKind.Kind(new RemoteConnections(() => new SocketsHttpHandler(), TimeProvider.System)).Settings;
}
