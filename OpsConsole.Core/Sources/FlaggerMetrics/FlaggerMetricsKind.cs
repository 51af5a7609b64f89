using OpsConsole.Core.Connections;
using OpsConsole.Core.Remote;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Targets.Kubernetes;

namespace OpsConsole.Core.Sources.FlaggerMetrics;

/// <summary>What Flagger measures of the version that it leads up, and how often its checks failed.</summary>
public static class FlaggerMetricsKind
{
    /// <summary>Name of this kind of source in a binding.</summary>
    public const string Name = "flagger-metrics";

    internal const string Canary = "Canary", Metrics = "Metrics";

    internal const string Metric = "metric", FailedChecks = "failed_checks", Failed = "failed", Weight = "weight", Iterations = "iterations";

    /// <summary>This kind of source, for a catalog.</summary>
    public static SourceKind Kind(RemoteConnections connections) => new(Name, Faults, binding => new FlaggerMetricsSource(binding, connections))
    {
        DefaultAddress = new Uri("https://kubernetes.default.svc"),
        Settings =
        [
            .. KubeSettings.OfSources,
            new(Canary, "The Canary, where it is not called as the service is.", IsRequired: false),
            new(Metrics, "Address of Flagger's own server, which shows its metrics below /metrics; needed for the measure metric.", SettingForm.Address, IsRequired: false),
        ],
        TellsVersions = true,
        DefaultInterval = TimeSpan.FromSeconds(15),
        DefaultTimeout = TimeSpan.FromSeconds(10),
        Measures =
        [
            new(Metric, SignalUnit.None, "What a metric of the analysis came to at the last check: request-success-rate in percent, request-duration in seconds, others as their query has it.") { OfMetric = true },
            new(FailedChecks, SignalUnit.Count, "Checks that failed in this analysis; at the Canary's threshold Flagger rolls back."),
            new(Failed, SignalUnit.None, "1 once Flagger has failed the version, else 0."),
            new(Weight, SignalUnit.Percent, "Share of the requests that the version has while it is led up."),
            new(Iterations, SignalUnit.Count, "Checks that passed in this analysis, where it goes by iterations."),
        ],
    };

    private static IEnumerable<string> Faults(SourceBinding binding)
    {
        foreach (var fault in KubeSettings.Faults(binding.Settings))
        {
            yield return fault;
        }

        if (binding.Settings[Metrics].Length == 0 && binding.Rules.FirstOrDefault(static r => r.Numerator.StartsWith(Metric + ':', StringComparison.Ordinal)) is { } rule)
        {
            yield return $"signal '{rule.Signal}': the measure {Metric} needs {Metrics}, the address of Flagger's own server";
        }
    }
}
