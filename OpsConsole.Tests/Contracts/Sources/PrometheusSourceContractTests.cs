using OpsConsole.Core.Remote;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Sources.Prometheus;

namespace OpsConsole.Tests.Contracts.Sources;

public sealed class PrometheusSourceContractTests : HttpSourceContract
{
    private readonly PrometheusApi _api = new(Secret);

    private protected override bool HasOwnTimes => false;

    private protected override SourceKind Kind(RemoteConnections connections, Func<HttpClient> client) => PrometheusSource.Kind(client, TimeProvider.System);

    private protected override ApiServer Serve() => _api;

    private protected override string? Says(Saying saying)
    {
        _api.Saying = saying;
        return saying switch
        {
            Saying.Late => "Prometheus itself leaves out what is older than it is told to look back.",
            Saying.Reset => "Prometheus itself evaluates counters.",
            _ => null,
        };
    }

    private protected override SourceBinding Binding(Uri address, TimeSpan timeout) => new()
    {
        Key = "shop", Kind = PrometheusSource.KindName, Service = "shop", Target = "gateway", Environment = "production", Version = Version,
        Address = address, Timeout = timeout, Credential = SourceCredential.Bearer(Secret),
        Rules = [new SignalRule { Signal = new("http_5xx_rate"), Kind = SignalRuleKind.Query, Numerator = "errors", Denominator = "requests" }],
    };
}
