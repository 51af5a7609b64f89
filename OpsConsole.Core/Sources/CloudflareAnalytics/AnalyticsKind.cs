using System.Globalization;
using OpsConsole.Core.Connections;
using OpsConsole.Core.Remote;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Targets.CloudflareWorkers;

namespace OpsConsole.Core.Sources.CloudflareAnalytics;

/// <summary>What Cloudflare counts of the invocations of a Worker, version by version.</summary>
public static class AnalyticsKind
{
    /// <summary>Name of this kind of source in a binding.</summary>
    public const string Name = "cloudflare-analytics";

    internal const string Account = "Account", Script = "Script", Release = "Release", Token = "Token", DelaySeconds = "DelaySeconds";
    internal const string Requests = "requests", Errors = "errors", ErrorRate = "error_rate";
    internal const string CpuTimeP50 = "cpu_time_p50", CpuTimeP99 = "cpu_time_p99", WallTimeP50 = "wall_time_p50", WallTimeP99 = "wall_time_p99";

    /// <summary>Time that a measure is taken over where its rule does not say.</summary>
    internal static readonly TimeSpan DefaultWindow = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan ShortestWindow = TimeSpan.FromMinutes(1);

    /// <summary>Longest time that Cloudflare gives of Workers at once.</summary>
    private static readonly TimeSpan LongestWindow = TimeSpan.FromDays(7);

    /// <summary>This kind of source, for a catalog.</summary>
    public static SourceKind Kind(RemoteConnections connections)
    {
        ArgumentNullException.ThrowIfNull(connections);
        return new(Name, Faults, binding => new AnalyticsSource(binding, connections))
        {
            DefaultAddress = new Uri("https://api.cloudflare.com/client/v4"),
            Settings =
            [
                new(Account, "The account's id, 32 hexadecimal digits."),
                new(Script, "The Worker's name."),
                new(Release, "The version's tag or id, with $version where the release's version stands.", Default: SourceBinding.VersionPlace),
                new(Token, "An API token of that account with the permissions Account Analytics: Read and, where versions go by tags, Workers Scripts: Read.", SettingForm.Secret),
                new(DelaySeconds, "Seconds that Cloudflare is given to count what happened, 0 to 3,600.", Default: "120"),
            ],
            TellsVersions = true,
            Measures =
            [
                new(Requests, SignalUnit.Count, "Invocations of the version, estimated from a sample where there are many."),
                new(Errors, SignalUnit.Count, "Invocations that threw, exceeded a limit or failed in the runtime; an answer with the status 500 is none."),
                new(ErrorRate, SignalUnit.Percent, "Errors among invocations."),
                new(CpuTimeP50, SignalUnit.Milliseconds, "Median of the processor time of an invocation."),
                new(CpuTimeP99, SignalUnit.Milliseconds, "99th percentile of the processor time of an invocation."),
                new(WallTimeP50, SignalUnit.Milliseconds, "Median of the time from the begin of an invocation until nothing of it runs any more, waitUntil included."),
                new(WallTimeP99, SignalUnit.Milliseconds, "99th percentile of that time."),
            ],
            UsualDelay = static (binding, _) => DelayOf(binding) ?? TimeSpan.Zero,
            ShortestInterval = TimeSpan.FromSeconds(15),
            DefaultInterval = TimeSpan.FromMinutes(1),
            DefaultTimeout = TimeSpan.FromSeconds(10),
        };
    }

    /// <summary>Time that a rule's measure is taken over.</summary>
    internal static TimeSpan WindowOf(SignalRule rule) => rule.Window > TimeSpan.Zero ? rule.Window : DefaultWindow;

    /// <summary>The time that Cloudflare is given; null where it is none.</summary>
    internal static TimeSpan? DelayOf(SourceBinding binding) =>
        int.TryParse(binding.Settings[DelaySeconds], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= 3600 ? TimeSpan.FromSeconds(seconds) : null;

    private static IEnumerable<string> Faults(SourceBinding binding)
    {
        if (!WorkersKind.IsAccount(binding.Settings[Account]))
        {
            yield return $"{Account} is not an id of 32 hexadecimal digits";
        }

        if (binding.VersionFault(Release) is { } fault)
        {
            yield return fault;
        }

        if (DelayOf(binding) is null)
        {
            yield return $"{DelaySeconds} is no whole number from 0 to 3,600";
        }

        foreach (var rule in binding.Rules.Where(static r => WindowOf(r) < ShortestWindow || WindowOf(r) > LongestWindow))
        {
            yield return $"signal '{rule.Signal}': the window has to be from 1 min to 7 days";
        }
    }
}
