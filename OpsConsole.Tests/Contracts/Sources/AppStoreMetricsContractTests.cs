using OpsConsole.Core.Connections;
using OpsConsole.Core.Remote;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Sources.AppStoreMetrics;
using OpsConsole.Tests.Contracts.Targets;

namespace OpsConsole.Tests.Contracts.Sources;

public sealed class AppStoreMetricsContractTests : HttpSourceContract
{
    private const string Build = "43d3a970-273c-4bc9-88ee-aa5c05610ac1";

    private readonly ConnectApiServer _api = new();

    private protected override bool HasOwnTimes => false;

    private protected override SourceKind Kind(RemoteConnections connections, Func<HttpClient> client) => AppStoreMetricsKind.Kind(connections);

    private protected override ApiServer Serve()
    {
        _api.Add(Version, "READY_FOR_DISTRIBUTION", "ACTIVE", day: 2);
        _api.Build(Version, Build);
        return _api;
    }

    private protected override string? Says(Saying saying)
    {
        _api.ForgetMetrics();
        _api.IsForbidden = saying == Saying.Refused;
        var value = saying switch { Saying.NotANumber => "\"NaN\"", Saying.Infinite => "1e999", _ => "12.5" };
        for (var n = 0; n < (saying switch { Saying.Nothing => 0, Saying.ManySeries => 3_000, _ => 1 }); n++)
        {
            _api.Measure(Build, "HANG", "hangRate", "seconds", "percentile.fifty", Version, value);
            _api.Measure(Build, "LAUNCH", "launchTime", "milliseconds", "percentile.ninety", Version, value);
            _api.Measure(Build, "TERMINATION", "onScreen", "count", "percentile.ninety", Version, value);
        }

        return saying switch
        {
            Saying.Late => "Apple does not say of what time its values are.",
            Saying.Reset => "Apple tells no counters.",
            _ => null,
        };
    }

    private protected override SourceBinding Binding(Uri address, TimeSpan timeout) => new()
    {
        Key = "pocket", Kind = AppStoreMetricsKind.Name, Service = "pocket", Target = "app-store", Environment = "production", Version = Version, Address = address,
        Interval = TimeSpan.FromMinutes(30), Timeout = timeout,
        Settings = new ConnectionSettings(AppStoreMetricsKind.Name, AppStoreMetricsTold.Settings, AppStoreMetricsTold.Values(ConnectApiServer.Key, Secret)) { Timeout = timeout },
        Rules = [.. new[] { "hang_rate_p50", "launch_time_p90", "terminations_on_screen_p90" }.Select(m => new SignalRule { Signal = new(m), Kind = SignalRuleKind.Measure, Numerator = m })],
    };
}
