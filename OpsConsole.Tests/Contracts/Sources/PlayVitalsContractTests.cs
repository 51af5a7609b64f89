using OpsConsole.Core.Connections;
using OpsConsole.Core.Remote;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Sources.GooglePlayVitals;

namespace OpsConsole.Tests.Contracts.Sources;

public sealed class PlayVitalsContractTests : HttpSourceContract
{
    private static readonly string[] Measures = ["user_perceived_crash_rate", "user_perceived_crash_rate_28d", "user_perceived_crash_rate_hourly", "crash_free_users", "user_perceived_anr_rate", "user_perceived_anr_rate_hourly"];

    private readonly PlayVitalsApi _api = new(Secret);

    private protected override bool HasOwnTimes => true;

    private protected override SourceKind Kind(RemoteConnections connections, Func<HttpClient> client) => PlayVitalsKind.Kind(connections);

    private protected override ApiServer Serve() => _api;

    private protected override string? Says(Saying saying)
    {
        _api.Clear();
        _api.ServeNothing();
        _api.Serve($"215 ({Version})", "215");
        _api.IsForbidden = saying == Saying.Refused;
        _api.Explosion = saying == Saying.ManySeries ? 5_000 : 0;

        var now = TimeProvider.System.GetUtcNow() - (saying == Saying.Late ? Age : TimeSpan.Zero);
        var (hour, day) = (now.UtcDateTime.Date.AddHours(now.UtcDateTime.Hour), TimeZoneInfo.ConvertTime(now, TimeZoneInfo.FindSystemTimeZoneById("America/Los_Angeles")).Date);
        (_api.CountedHours, _api.CountedDays) = (hour, day);
        if (saying != Saying.Nothing)
        {
            var rate = saying switch { Saying.NotANumber => "NaN", Saying.Infinite => "Infinity", _ => "0.0042" };
            foreach (var (hourly, begin) in new[] { (true, hour.AddHours(-1)), (false, day.AddDays(-1)) })
            {
                _api.Count("crashRateMetricSet", hourly, begin, "215", 4_000, ("userPerceivedCrashRate", rate), ("userPerceivedCrashRate28dUserWeighted", rate), ("crashRate", rate));
                _api.Count("anrRateMetricSet", hourly, begin, "215", 4_000, ("userPerceivedAnrRate", rate));
            }
        }

        return saying == Saying.Reset ? "Google Play tells shares of users, and no counters." : null;
    }

    private protected override SourceBinding Binding(Uri address, TimeSpan timeout) => new()
    {
        Key = "pocket", Kind = PlayVitalsKind.Name, Service = "pocket", Target = "play", Environment = "production", Version = Version, Address = address,
        Interval = TimeSpan.FromMinutes(15), Timeout = timeout,
        Settings = new ConnectionSettings(PlayVitalsKind.Name, PlayVitalsTold.Settings, PlayVitalsTold.Values(address, GoogleSignIn.Account)) { Timeout = timeout },
        Rules = [.. Measures.Select(m => new SignalRule { Signal = new(m), Kind = SignalRuleKind.Measure, Numerator = m })],
    };
}
