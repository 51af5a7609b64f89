using OpsConsole.Core.Remote;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Targets.Kubernetes;

namespace OpsConsole.Core.Sources.ArgoAnalysis;

/// <summary>What the analyses of a Rollout of Argo measured, read from its AnalysisRuns.</summary>
public static class ArgoAnalysisKind
{
    /// <summary>Name of this kind of source in a binding.</summary>
    public const string Name = "argo-analysis";

    internal const string Rollout = "Rollout";

    internal const string Value = "value", Failed = "failed", Inconclusive = "inconclusive", Errors = "errors", Measurements = "measurements", Phase = "phase", RunPhase = "run_phase";

    /// <summary>This kind of source, for a catalog.</summary>
    public static SourceKind Kind(RemoteConnections connections) => new(Name, Faults, binding => new ArgoAnalysisSource(binding, connections))
    {
        DefaultAddress = new Uri("https://kubernetes.default.svc"),
        Settings = [.. KubeSettings.OfSources, new(Rollout, "The Rollout, where it is not called as the service is.", IsRequired: false)],
        TellsVersions = true,
        DefaultInterval = TimeSpan.FromSeconds(15),
        DefaultTimeout = TimeSpan.FromSeconds(10),
        Measures =
        [
            new(Value, SignalUnit.None, "What a metric was measured as last, in whatever unit its query has.") { OfMetric = true },
            new(Failed, SignalUnit.Count, "Measurements of a metric in its run that failed.") { OfMetric = true },
            new(Inconclusive, SignalUnit.Count, "Measurements of a metric in its run that came to no judgement.") { OfMetric = true },
            new(Errors, SignalUnit.Count, "Measurements of a metric in its run that could not be made.") { OfMetric = true },
            new(Measurements, SignalUnit.Count, "Measurements of a metric in its run that were made.") { OfMetric = true },
            new(Phase, SignalUnit.None, "Argo's judgement of a metric: 0 running or successful, 1 inconclusive, 2 failed, 3 error.") { OfMetric = true },
            new(RunPhase, SignalUnit.None, "Argo's judgement of the analyses that go on now, the worst of them, in the same numbers."),
        ],
    };

    private static IEnumerable<string> Faults(SourceBinding binding) => KubeSettings.Faults(binding.Settings);
}
