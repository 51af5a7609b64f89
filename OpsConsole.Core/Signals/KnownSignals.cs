namespace OpsConsole.Core.Signals;

/// <summary>Signals that the console knows by name, with limits that suit most services. A release may bring its own definitions.</summary>
public static class KnownSignals
{
    private static readonly Dictionary<string, SignalDefinition> All = new SignalDefinition[]
    {
        Ratio("http_5xx_rate", "errors", SignalFamily.Errors, BetterWhen.Lower, limit: 1, delta: 0.5),
        Ratio("app_error_rate", "errors", SignalFamily.Errors, BetterWhen.Lower, limit: 1, delta: 0.5),
        Latency("p50_latency", "p50 latency", limit: null, delta: null, required: false),
        Latency("p95_latency", "p95 latency", limit: 800, delta: null, required: false),
        Latency("p99_latency", "p99 latency", limit: 1000, delta: null, required: true),
        Latency("launch_time_p95", "launch p95", limit: 2000, delta: null, required: true),
        Ratio("crash_free_users", "crash-free users", SignalFamily.CrashFree, BetterWhen.Higher, limit: 99, delta: 0.5),
        Ratio("crash_free_sessions", "crash-free sessions", SignalFamily.CrashFree, BetterWhen.Higher, limit: 99, delta: 0.5),
        Ratio("checkout_success_rate", "checkout success", SignalFamily.Business, BetterWhen.Higher, limit: null, delta: 3),
        Ratio("search_success_rate", "searches with a result", SignalFamily.Business, BetterWhen.Higher, limit: null, delta: 3),
        Ratio("sign_up_rate", "sign-ups a session", SignalFamily.Business, BetterWhen.Higher, limit: null, delta: 5),
        Gauge("queue_depth", "queue", SignalFamily.Saturation, limit: null),
        Ratio("dependency_failure_rate", "dependency failures", SignalFamily.Dependency, BetterWhen.Lower, limit: 5, delta: null) with { Required = false },
        new()
        {
            Key = new("request_rate"), Title = "requests", Family = SignalFamily.Saturation, Unit = SignalUnit.PerSecond,
            Better = BetterWhen.Lower, Required = false, MinimumCount = 0, Aggregation = SignalAggregation.Latest,
        },
    }.ToDictionary(d => d.Key.Value);

    /// <summary>The definition of a known signal, or null. Every name that begins with <c>synthetic_</c> is known: those are the console's own checks.</summary>
    public static SignalDefinition? Find(string key) => All.GetValueOrDefault(key) ?? (SignalKey.IsValid(key) && key.StartsWith(HttpCheck.Prefix, StringComparison.Ordinal) ? Check(key) : null);

    /// <summary>All of them.</summary>
    public static IReadOnlyCollection<SignalDefinition> List => All.Values;

    private static SignalDefinition Ratio(string key, string title, SignalFamily family, BetterWhen better, double? limit, double? delta) => new()
    {
        Key = new(key), Title = title, Family = family, Unit = SignalUnit.Percent, Better = better, Limit = limit, DeltaLimit = delta,
    };

    private static SignalDefinition Latency(string key, string title, double? limit, double? delta, bool required) => new()
    {
        Key = new(key), Title = title, Family = SignalFamily.Latency, Unit = SignalUnit.Milliseconds, Better = BetterWhen.Lower,
        Limit = limit, DeltaLimit = delta, Required = required, Aggregation = SignalAggregation.Latest,
    };

    /// <summary>The newest run says how a check stands, and one run is enough.</summary>
    private static SignalDefinition Check(string key)
    {
        var latency = key.EndsWith(HttpCheck.LatencySuffix, StringComparison.Ordinal);
        return new()
        {
            Key = new(key),
            Title = key[HttpCheck.Prefix.Length..].Replace('_', ' ') + (latency ? "" : " check"),
            Family = latency ? SignalFamily.Latency : SignalFamily.Synthetic,
            Unit = latency ? SignalUnit.Milliseconds : SignalUnit.Percent,
            Better = latency ? BetterWhen.Lower : BetterWhen.Higher,
            Limit = latency ? null : 100,
            Aggregation = SignalAggregation.Latest,
            MinimumCount = 1,
            Required = false,
            Window = TimeSpan.FromMinutes(2),
            SampledOver = TimeSpan.Zero,
            StaleAfter = TimeSpan.FromMinutes(2),
        };
    }

    private static SignalDefinition Gauge(string key, string title, SignalFamily family, double? limit) => new()
    {
        Key = new(key), Title = title, Family = family, Unit = SignalUnit.Count, Better = BetterWhen.Lower, Limit = limit,
        Required = false, MinimumCount = 0, Aggregation = SignalAggregation.Latest,
    };
}
