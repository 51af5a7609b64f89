using System.Globalization;
using System.Text.Json.Nodes;
using OpsConsole.Core.Targets.Flagger;
using OpsConsole.Core.Targets.Kubernetes;

namespace OpsConsole.Core.Sources.FlaggerMetrics;

/// <summary>How the checks of a Canary's analysis stand.</summary>
internal sealed record CanaryChecks
{
    public required FlaggerCanary Canary { get; init; }

    public required long FailedChecks { get; init; }

    public required long Iterations { get; init; }

    /// <summary>Which specification it analyses, as Flagger knows it; empty before the first.</summary>
    public required string Applied { get; init; }

    /// <summary>Share of the first step, 0 to 100; null where the analysis goes by iterations.</summary>
    public required long? FirstWeight { get; init; }

    /// <summary>When Flagger wrote the status last: not before the last check that it tells of.</summary>
    public required DateTimeOffset? WrittenAt { get; init; }

    /// <summary>True while an analysis has begun and is not ended.</summary>
    public bool IsUnderWay => Canary.Phase is "Progressing" or "WaitingPromotion" or "Promoting" or "Finalising";

    /// <summary>True where checks are made of it: none is before it has a share or was through one iteration.</summary>
    public bool IsChecked => IsUnderWay && (Canary.Phase != "Progressing" || Canary.Weight > 0 || Iterations > 0);

    /// <summary>True where one whole check has passed since the analysis began, so that each metric was measured in it. A failed check ends at the metric that failed, and what comes behind it is not measured.</summary>
    public bool HasPassed => IsUnderWay && (Canary.Phase != "Progressing" || Iterations > 1 || (FirstWeight is { } first && Canary.Weight > first));

    /// <summary>Reads it as the API writes it.</summary>
    public static CanaryChecks Read(JsonObject json)
    {
        var (status, analysis) = (json.Part("status"), json.Part("spec").Part("analysis"));
        return new CanaryChecks
        {
            Canary = FlaggerCanary.Read(json),
            FailedChecks = status.Number("failedChecks"),
            Iterations = status.Number("iterations"),
            Applied = status.Text("lastAppliedSpec") ?? "",
            FirstWeight = analysis["stepWeights"] is JsonArray { Count: > 0 } steps ? steps[0]!.GetValue<long>() : analysis.Number("stepWeight") is > 0 and var step ? step : null,
            WrittenAt = status.Text("lastTransitionTime") is { } at ? DateTimeOffset.Parse(at, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal) : null,
        };
    }
}
