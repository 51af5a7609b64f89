using System.Security.Cryptography;
using System.Text;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;
using OpsConsole.Web.Playground.Devices;
using OpsConsole.Web.Playground.Shop;

namespace OpsConsole.Web.Playground;

/// <summary>What the playground's pipeline registers: the four rollouts and what each is held to.</summary>
internal static class PlaygroundReleases
{
    public const string Shop = "shop";
    public const string Search = "search";
    public const string Pocket = "pocket";
    public const string Environment = "production";
    public const string StableApp = "7.3.1";
    public const string NewApp = "7.4.0";
    public const string CorrectedApp = "7.4.1";

    private static readonly StageRegistration[] Stages = [new(5, 20), new(25, 30), new(50, 30), new(100, 0)];

    /// <summary>An app needs more than a few phones to be judged: a phone opens it twice a minute, and what crashes crashes on some.</summary>
    private static readonly StageRegistration[] AppStages = [new(20, 20), new(50, 30), new(100, 0)];

    /// <summary>The rollouts, with links to pages of the console at <paramref name="console"/>.</summary>
    public static IReadOnlyList<ReleaseRegistration> All(Uri console)
    {
        ArgumentNullException.ThrowIfNull(console);
        return
        [
            Release(Shop, "gateway", "2.15.0", "2.14.3", "commerce", "mira", WebSignals("checkout_success_rate", 10), RunningServices.AddressOf(console, Shop, "2.15.0")) with
            {
                SwitchKey = Recommendations.Flag,
                Policy = PlaygroundPolicies.Shop,
            },
            Release(Search, "gateway", "89.0.0", "88.0.0", "discovery", "jonas", WebSignals("search_success_rate", 15), RunningServices.AddressOf(console, Search, "89.0.0")) with
            {
                Policy = PlaygroundPolicies.Search,
            },
            App("app-store", NewApp),
            App("play-store", NewApp),
        ];
    }

    /// <summary>The build of the app that corrects the bad one. It is for those who have that one first, so it does not start with a few.</summary>
    public static ReleaseRegistration Correction(string target, Guid bad) =>
        App(target, CorrectedApp) with { Stages = [new(20, 10), new(100, 0)], WatchSeconds = 30, Fixes = bad };

    private static ReleaseRegistration App(string target, string version) =>
        Release(Pocket, target, version, StableApp, "mobile", "aiko", AppSignals(), null) with { Stages = AppStages, SwitchKey = PocketApp.BudgetFlag };

    private static ReleaseRegistration Release(
        string service, string target, string version, string previous, string owner, string author, SignalRegistration[] signals, Uri? dashboard) => new()
        {
            Service = service,
            Target = target,
            Environment = Environment,
            Version = version,
            PreviousVersion = previous,
            Artifact = new Artifact(Digest(service, target, version), Commit(service, version), null, null),
            PreviousDigest = Digest(service, target, previous),
            Owner = owner,
            Author = author,
            Stages = Stages,
            Signals = signals,
            WatchSeconds = 120,
            // The services run in this process and are not built from a repository of their own, so there is nothing else to link to.
            Links = new ReleaseLinks(null, null, null, null, dashboard?.ToString()),
        };

    /// <summary>Fewer observations than signals usually want: the first stage of the shop has some four requests a second, that of the search one or two.</summary>
    private static SignalRegistration[] WebSignals(string business, long minimum) =>
    [
        .. business == "checkout_success_rate" ? new[] { Web("http_5xx_rate", 20), Web(business, minimum) } : [Soon("http_5xx_rate", 10), Soon(business, 8)],
        Quantile("p99_latency"),
        Quantile("p95_latency"),
        Quantile("p50_latency"),
        Web("request_rate", 0) with { SampledOverSeconds = PlaygroundBindings.Window.TotalSeconds },
        .. business == "checkout_success_rate"
            ? new[] { Web("queue_depth", 0) with { SampledOverSeconds = 0 }, Web("dependency_failure_rate", 10), Check("synthetic_home"), Check("synthetic_checkout") }
            : [FastSearches, Check("synthetic_search")],
    ];

    /// <summary>A latency as a ratio, which adds up over any window: the share of searches that took at most 100 ms.</summary>
    private static SignalRegistration FastSearches => Soon("searches_under_100ms", 8) with
    {
        Title = "fast searches", Family = SignalFamily.Latency, Unit = SignalUnit.Percent, Better = BetterWhen.Higher, DeltaLimit = 20, Required = false,
    };

    /// <summary>A phone opens the app once in 25 s: over half a minute each is seen, and few phones may well be silent for most of one.</summary>
    private static SignalRegistration[] AppSignals() =>
    [
        OnPhones("app_error_rate", 10),
        OnPhones("launch_time_p95", 10) with { Aggregation = SignalAggregation.Latest },
        OnPhones("crash_free_users", 12) with { Aggregation = SignalAggregation.Latest },
        OnPhones("crash_free_sessions", 12),
        OnPhones("sign_up_rate", 10),
    ];

    /// <summary>Looked at over a short time, so that a remedy shows soon.</summary>
    private static SignalRegistration Web(string key, long minimum) => new() { Key = key, MinimumCount = minimum, WindowSeconds = 20 };

    /// <summary>Taken over no more time than lies between two recorded points, so that the judge can use each of them.</summary>
    private static SignalRegistration Soon(string key, long minimum) => Web(key, minimum) with { WindowSeconds = 10, SampledOverSeconds = 0 };

    /// <summary>The services' quantiles are taken over a window of their own.</summary>
    private static SignalRegistration Quantile(string key) => Web(key, 10) with { SampledOverSeconds = PlaygroundBindings.Window.TotalSeconds };

    /// <summary>The console's own check: shown, and stops a promotion while it fails, but nothing waits for it.</summary>
    private static SignalRegistration Check(string key) => new() { Key = key, MinimumCount = 1, WindowSeconds = 30, StaleAfterSeconds = 20, Required = false };

    private static SignalRegistration OnPhones(string key, long minimum) => new() { Key = key, MinimumCount = minimum, WindowSeconds = SessionTally.Window.TotalSeconds, StaleAfterSeconds = 45 };

    private static string Digest(string service, string target, string version) => "sha256:" + Hash($"{service} {target} {version}");

    private static string Commit(string service, string version) => Hash($"{service} {version} source")[..40];

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
