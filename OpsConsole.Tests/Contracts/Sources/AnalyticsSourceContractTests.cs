using OpsConsole.Core.Connections;
using OpsConsole.Core.Remote;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Sources.CloudflareAnalytics;

namespace OpsConsole.Tests.Contracts.Sources;

public sealed class AnalyticsSourceContractTests : HttpSourceContract
{
    private readonly CloudflareGraphApi _api = new(Secret);
    private readonly string _version;

    public AnalyticsSourceContractTests() => _version = _api.AddVersion(Version);

    private protected override bool HasOwnTimes => true;

    private protected override SourceKind Kind(RemoteConnections connections, Func<HttpClient> client) => AnalyticsKind.Kind(connections);

    private protected override ApiServer Serve() => _api;

    private protected override string? Says(Saying saying)
    {
        _api.Saying = saying;
        var at = TimeProvider.System.GetUtcNow() - (saying == Saying.Late ? Age + TimeSpan.FromMinutes(5) : TimeSpan.FromMinutes(3));
        if (saying is Saying.Good or Saying.Late)
        {
            _api.Add(Enumerable.Range(0, 100).Select(n => new Invocation(_version, at, CpuTime: 1000 + (10 * n))));
        }

        return saying == Saying.Reset ? "Cloudflare counts invocations over a time and has no counters that stand." : null;
    }

    private protected override SourceBinding Binding(Uri address, TimeSpan timeout) => new()
    {
        Key = "shop", Kind = AnalyticsKind.Name, Service = "shop", Target = "workers", Environment = "production", Version = Version, Address = address,
        Interval = TimeSpan.FromMinutes(1), Timeout = timeout,
        Settings = new ConnectionSettings(AnalyticsKind.Name, AnalyticsKind.Kind(new RemoteConnections(() => new SocketsHttpHandler(), TimeProvider.System)).Settings, new Dictionary<string, string>
        {
            ["Account"] = CloudflareGraphApi.Account, ["Script"] = CloudflareGraphApi.Script, ["Token"] = Secret,
        }) { Timeout = timeout },
        Rules = [Rule("cpu_time_p50"), Rule("wall_time_p99")],
    };

    private static SignalRule Rule(string measure) => new() { Signal = new(measure), Kind = SignalRuleKind.Measure, Numerator = measure, Window = TimeSpan.FromHours(6) };
}
