using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Board;

/// <summary>What the new version is compared with, or why it cannot be.</summary>
/// <param name="Baseline">The value of the version before; null when there is none to compare with.</param>
/// <param name="When">When that was: "before", which also names the other version, or "before, 3 m 12 s ago".</param>
/// <param name="Missing">Why there is no baseline, as a part of a sentence; null when there is one.</param>
internal readonly record struct Comparison(double? Baseline, string When, string? Missing)
{
    /// <summary>A fresh baseline with enough observations; once everybody has the release also what was measured last before that.</summary>
    public static Comparison Of(SignalDefinition definition, in SeriesReading baseline, in SeriesReading before, in RolloutState rollout, DateTimeOffset now)
    {
        if (rollout.PreviousVersion is not { } version)
        {
            return new(null, "", "there is no previous version");
        }

        if (Gap(definition, baseline, version, now) is not { } gap)
        {
            return new(baseline.Value, "before", null);
        }

        return rollout.ExposurePercent >= 100 && before is { Value: { } last, MeasuredAt: { } at } && before.Count >= definition.MinimumCount
            ? new(last, $"before, {SignalText.Duration(now - at)} ago", null)
            : new(null, "", gap);
    }

    private static string? Gap(SignalDefinition definition, in SeriesReading baseline, string version, DateTimeOffset now) => VerdictRule.QualityOf(definition, baseline, now) switch
    {
        SignalQuality.Missing => $"{version} has no value",
        SignalQuality.Stale => $"{version} is {SignalText.Duration(now - baseline.MeasuredAt!.Value)} old",
        _ when baseline.Count < definition.MinimumCount => $"{version} has {baseline.Count:N0} of {definition.MinimumCount:N0} {SignalText.Noun(definition)}",
        _ when baseline.Value is null => $"{version} has no value in the window",
        _ => null,
    };
}
