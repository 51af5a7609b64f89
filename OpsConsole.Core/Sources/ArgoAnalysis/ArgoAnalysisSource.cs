using System.Text.Json.Nodes;
using OpsConsole.Core.Remote;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Targets.Kubernetes;

namespace OpsConsole.Core.Sources.ArgoAnalysis;

/// <summary>Reads what Argo's analyses measured of one version: of the runs for the pods of that version, whichever measured a metric last.</summary>
/// <remarks>A measurement is of the time at which Argo made it. A good judgement ages with it; a bad one stands for as long as Argo keeps it.</remarks>
internal sealed class ArgoAnalysisSource(SourceBinding binding, RemoteConnections connections) : PolledSource(binding, connections.Time)
{
    private const string Group = "argoproj.io/v1alpha1", HashLabel = "rollouts-pod-template-hash";

    private readonly KubeConnection _kube = new(binding.Settings, new Uri(binding.Address!.OriginalString.TrimEnd('/') + "/"), connections);
    private readonly string _rollout = binding.Settings[ArgoAnalysisKind.Rollout] is { Length: > 0 } name ? name : binding.Service;

    /// <inheritdoc />
    protected override async Task<IReadOnlyList<SignalReading>> ReadAsync(CancellationToken cancellationToken)
    {
        var rollout = await _kube.ReadAsync(_kube.Path(Group, "rollouts", _rollout), static json => new KubeObject(json), cancellationToken).ConfigureAwait(false);
        var sets = await _kube.ReplicaSetsAsync(rollout, new ImageTemplate(Binding.Settings[KubeSettings.Image], _rollout), cancellationToken).ConfigureAwait(false);
        if (sets.Newest(Binding.Version)?.Hash is not { Length: > 0 } hash)
        {
            return All(SignalReading.Missing($"The Rollout {_rollout} knows no pods of {Binding.Version}, so nothing was analysed of it.", series: 0));
        }

        var path = $"{_kube.Path(Group, "analysisruns")}?labelSelector={Uri.EscapeDataString($"{HashLabel}={hash}")}";
        var runs = Current(await _kube.ReadAsync(path, list => AnalysisRun.List(list, rollout), cancellationToken).ConfigureAwait(false), rollout.Json.Part("status"));
        return runs.Count == 0
            ? All(SignalReading.Missing($"Argo has begun no analysis of {Binding.Version} on the Rollout {_rollout}.", series: 0))
            : [.. Binding.Rules.Select(rule => Reading(rule.Numerator.Split(':', 2), runs))];
    }

    /// <summary>The runs that the Rollout names as going on; all of them where it names none, which is so between two steps.</summary>
    private static IReadOnlyList<AnalysisRun> Current(IReadOnlyList<AnalysisRun> runs, JsonObject status)
    {
        var (canary, blueGreen) = (status.Part("canary"), status.Part("blueGreen"));
        var names = new[] { canary["currentStepAnalysisRunStatus"], canary["currentBackgroundAnalysisRunStatus"], blueGreen["prePromotionAnalysisRunStatus"], blueGreen["postPromotionAnalysisRunStatus"] }
            .OfType<JsonObject>().Select(r => r.Text("name")).ToList();
        var current = runs.Where(r => names.Contains(r.Name)).ToList();
        return current.Count > 0 ? current : runs;
    }

    private SignalReading[] All(SignalReading reading) => [.. Binding.Rules.Select(_ => reading)];

    private static SignalReading Reading(string[] measure, IReadOnlyList<AnalysisRun> runs)
    {
        if (measure is not [var what, var metric])
        {
            return Judged(runs);
        }

        var found = runs.SelectMany(r => r.Metrics).Where(m => m.Name == metric).ToList();
        if (found.Count == 0)
        {
            return SignalReading.Missing($"No analysis of the version has a metric {metric}{(runs.SelectMany(r => r.Metrics).Select(m => m.Name).Distinct().Order(StringComparer.Ordinal).ToList() is { Count: > 0 } known ? $"; there are {string.Join(", ", known)}" : "")}.", series: 0);
        }

        // Newest first, so that of two that have measured nothing the newer one is told of.
        var result = found.Where(m => m.Last is not null).MaxBy(m => m.Last!.FinishedAt) ?? found[0];
        if (result.Last is { Phase: "Error" } unmeasured && (what is ArgoAnalysisKind.Failed or ArgoAnalysisKind.Inconclusive || (what == ArgoAnalysisKind.Phase && Number(result.Phase) == 0)))
        {
            return NotMeasured(result.Name, unmeasured, found.Count);
        }

        return result.Last is not { } last
            ? SignalReading.Missing($"Argo has not measured {metric} yet{Said(result.Message)}.", found.Count, 0)
            : what switch
            {
                ArgoAnalysisKind.Value => Value(result, last, found.Count),
                ArgoAnalysisKind.Phase => Standing(metric, result.Phase, result.Message, last.FinishedAt, result.Count, found.Count),
                ArgoAnalysisKind.Failed => Count(result.Failed),
                ArgoAnalysisKind.Inconclusive => Count(result.Inconclusive),
                ArgoAnalysisKind.Errors => Count(result.Errors),
                _ => Count(result.Count),
            };

        SignalReading Count(long number) => SignalReading.Measured(number, result.Count + result.Errors, last.FinishedAt, found.Count, result.Measurements.Count);
    }

    private static SignalReading Value(MetricResult result, Measurement last, int series)
    {
        if (last.Phase == "Error")
        {
            return NotMeasured(result.Name, last, series);
        }

        var (number, why, isNothing) = MeasuredValue.Read(last.Value);
        return number is { } value ? SignalReading.Measured(value, 1, last.FinishedAt, series, result.Measurements.Count)
            : isNothing ? SignalReading.Missing($"Of {result.Name}, {why}.", series, result.Measurements.Count)
            : SignalReading.Error($"Of {result.Name}, {why}.", series);
    }

    private static SignalReading Judged(IReadOnlyList<AnalysisRun> runs)
    {
        var worst = runs.MaxBy(r => r.Phase.Length == 0 ? -1 : Number(r.Phase) ?? int.MaxValue)!;
        return worst.Phase.Length == 0 ? SignalReading.Missing("Argo has not looked at the analysis yet.", runs.Count)
            : Number(worst.Phase) is not 0 ? Standing(worst.Name, worst.Phase, worst.Message, null, 1, runs.Count)
            : runs.SelectMany(r => r.Metrics).Where(m => m.Last is not null).MaxBy(m => m.Last!.FinishedAt) is { Last: { Phase: "Error" } last } newest ? NotMeasured(newest.Name, last, runs.Count)
            : runs.Max(r => r.MeasuredAt) is { } at ? Standing(worst.Name, worst.Phase, worst.Message, at, runs.Sum(r => r.Metrics.Sum(m => m.Count)), runs.Count)
            : SignalReading.Missing("The analysis has measured nothing yet.", runs.Count);
    }

    /// <summary>A measurement that could not be made says nothing good of what it was to measure.</summary>
    private static SignalReading NotMeasured(string metric, Measurement last, int series) => SignalReading.Error($"Argo could not measure {metric}{Said(last.Message)}.", series);

    /// <summary>What is good was so when it was measured last; what is bad is so until Argo says otherwise.</summary>
    private static SignalReading Standing(string of, string phase, string? message, DateTimeOffset? at, long count, int series) =>
        Number(phase) is not { } number ? SignalReading.Error($"Argo says {phase} of {of}, which is not known here{Said(message)}.", series)
        : number > 0 ? SignalReading.Measured(number, 1, series: series)
        : SignalReading.Measured(number, count, at, series);

    private static int? Number(string phase) => phase switch
    {
        "Pending" or "Running" or "Successful" => 0,
        "Inconclusive" => 1,
        "Failed" => 2,
        "Error" => 3,
        _ => null,
    };

    private static string Said(string? message) => string.IsNullOrWhiteSpace(message) ? "" : $": {RemoteWords.Plain(message, []).TrimEnd('.')}";
}
