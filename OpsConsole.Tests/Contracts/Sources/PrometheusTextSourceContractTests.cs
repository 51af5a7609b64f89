using OpsConsole.Core.Remote;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Sources.PrometheusText;

namespace OpsConsole.Tests.Contracts.Sources;

public sealed class PrometheusTextSourceContractTests : HttpSourceContract
{
    private readonly PrometheusTextApi _api = new(Secret);

    private protected override bool HasOwnTimes => true;

    private protected override SourceKind Kind(RemoteConnections connections, Func<HttpClient> client) => PrometheusTextSource.Kind(client, TimeProvider.System);

    private protected override ApiServer Serve() => _api;

    private protected override string? Says(Saying saying)
    {
        _api.Saying = saying;
        return null;
    }

    private protected override SourceBinding Binding(Uri address, TimeSpan timeout) => new()
    {
        Key = "shop", Kind = PrometheusTextSource.KindName, Service = "shop", Target = "gateway", Environment = "production", Version = Version,
        Address = new Uri(address, "metrics"), Timeout = timeout, Credential = SourceCredential.Bearer(Secret),
        Rules =
        [
            new SignalRule { Signal = new("http_5xx_rate"), Kind = SignalRuleKind.Ratio, Numerator = "http_requests_total{status=~\"5..\"}", Denominator = "http_requests_total" },
            new SignalRule { Signal = new("queue_depth"), Kind = SignalRuleKind.Gauge, Numerator = "jobs_waiting" },
        ],
    };
}
