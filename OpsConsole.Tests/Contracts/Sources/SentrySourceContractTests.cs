using OpsConsole.Core.Connections;
using OpsConsole.Core.Remote;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Sources.Sentry;

namespace OpsConsole.Tests.Contracts.Sources;

public sealed class SentrySourceContractTests : HttpSourceContract
{
    private readonly SentryApi _api = new(Secret);

    private protected override bool HasOwnTimes => true;

    private protected override SourceKind Kind(RemoteConnections connections, Func<HttpClient> client) => SentryKind.Kind(connections);

    private protected override ApiServer Serve() => _api;

    private protected override string? Says(Saying saying)
    {
        _api.Saying = saying;
        var begun = TimeProvider.System.GetUtcNow() - (saying == Saying.Late ? Age + TimeSpan.FromMinutes(10) : TimeSpan.FromMinutes(20));
        if (saying is Saying.Good or Saying.Late)
        {
            _api.Add(Enumerable.Range(0, 200).Select(n => new SentrySession($"pocket@{Version}", "production", begun, $"user-{n}", Crashed: n < 2)));
        }

        return saying == Saying.Reset ? "Sentry counts sessions over a time and has no counters that stand." : null;
    }

    private protected override SourceBinding Binding(Uri address, TimeSpan timeout) => new()
    {
        Key = "pocket", Kind = SentryKind.Name, Service = "pocket", Target = "app-store", Environment = "production", Version = Version, Address = address,
        Interval = TimeSpan.FromMinutes(1), Timeout = timeout,
        Settings = new ConnectionSettings(SentryKind.Name, SentryKind.Kind(new RemoteConnections(() => new SocketsHttpHandler(), TimeProvider.System)).Settings, new Dictionary<string, string>
        {
            ["Organization"] = SentryApi.Organization, ["Project"] = SentryApi.Project, ["Release"] = "pocket@$version", ["Token"] = Secret,
        }) { Timeout = timeout },
        Rules = [Rule("crash_free_sessions"), Rule("crash_free_users")],
    };

    private static SignalRule Rule(string measure) => new() { Signal = new(measure), Kind = SignalRuleKind.Measure, Numerator = measure, Window = TimeSpan.FromHours(6) };
}
