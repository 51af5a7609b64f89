using OpsConsole.Core.Signals;

namespace OpsConsole.Web.Playground;

/// <summary>How the console reads the playground's services: as it reads any that show Prometheus text.</summary>
internal static class PlaygroundBindings
{
    /// <summary>Time that quantiles and rates are taken over.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    /// <summary>The binding of one running version.</summary>
    public static SourceBinding For(RunningVersion running) => new()
    {
        Key = $"playground-{running.Service}-{running.Version}",
        Kind = "prometheus-text",
        Service = running.Service,
        Target = "gateway",
        Environment = PlaygroundReleases.Environment,
        Version = running.Version,
        Address = running.Metrics,
        Interval = TimeSpan.FromSeconds(2),
        Timeout = TimeSpan.FromSeconds(1.5),
        Rules =
        [
            Ratio("http_5xx_rate", "http_requests_total{status=~\"5..\"}", "http_requests_total"),
            Latency("p50_latency", 0.5),
            Latency("p95_latency", 0.95),
            Latency("p99_latency", 0.99),
            new() { Signal = new("request_rate"), Kind = SignalRuleKind.Rate, Numerator = "http_requests_total", Window = Window },
            .. running.Service == PlaygroundReleases.Shop ? ShopRules() : SearchRules(),
        ],
    };

    /// <summary>The console's own checks of one running version: what a user would do first.</summary>
    public static SourceBinding ChecksOf(RunningVersion running) => new()
    {
        Key = $"playground-{running.Service}-{running.Version}-checks",
        Kind = "http-check",
        Service = running.Service,
        Target = "gateway",
        Environment = PlaygroundReleases.Environment,
        Version = running.Version,
        Address = running.Address,
        Interval = TimeSpan.FromSeconds(5),
        Timeout = TimeSpan.FromSeconds(4),
        Rules = [],
        Checks = running.Service == PlaygroundReleases.Shop
            ?
            [
                new() { Name = "home", Path = "/", Contains = "Home" },
                new() { Name = "checkout", Method = HttpCheckMethod.Post, Path = "/checkout", Contains = "Thank you." },
            ]
            : [new() { Name = "search", Path = "/search?q=red+lamp", Matches = @"\Aproduct \d+" }],
    };

    private static SignalRule[] ShopRules() =>
    [
        Ratio("checkout_success_rate", "checkout_attempts_total{outcome=\"success\"}", "checkout_attempts_total"),
        Ratio("dependency_failure_rate", "dependency_requests_total{outcome!=\"ok\"}", "dependency_requests_total"),
        Under("requests_under_500ms", "0.5"),
        Ratio("sign_in_success_rate", "sign_in_attempts_total{outcome!=\"failed\"}", "sign_in_attempts_total"),
        Ratio("jobs_on_time_rate", "jobs_completed_total{outcome=\"on_time\"}", "jobs_completed_total"),
        new() { Signal = new("queue_depth"), Kind = SignalRuleKind.Gauge, Numerator = "queue_depth" },
    ];

    private static SignalRule[] SearchRules() =>
    [
        Ratio("search_success_rate", "search_requests_total{outcome=\"found\"}", "search_requests_total"),
        Under("searches_under_800ms", "0.8"),
        Under("searches_under_100ms", "0.1"),
    ];

    /// <summary>The share of requests that took at most so many seconds, without those that were the user's own mistake.</summary>
    private static SignalRule Under(string signal, string seconds) => Ratio(
        signal, $"http_request_duration_seconds_bucket{{le=\"{seconds}\",class!=\"4xx\"}}", "http_request_duration_seconds_count{class!=\"4xx\"}");

    private static SignalRule Ratio(string signal, string numerator, string denominator) =>
        new() { Signal = new(signal), Kind = SignalRuleKind.Ratio, Numerator = numerator, Denominator = denominator };

    private static SignalRule Latency(string signal, double quantile) => new()
    {
        Signal = new(signal),
        Kind = SignalRuleKind.Quantile,
        Numerator = "http_request_duration_seconds",
        Quantile = quantile,
        Scale = 1000,
        Window = Window,
    };
}
