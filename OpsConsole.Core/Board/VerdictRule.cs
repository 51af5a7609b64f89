using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Board;

/// <summary>Where the release of a judged signal is on its way.</summary>
/// <param name="Phase">Its phase.</param>
/// <param name="ExposurePercent">Its confirmed exposure, 0 to 100.</param>
/// <param name="CollectingSince">When samples for the current stage could first come: its begin, or when the board began to watch.</param>
/// <param name="PreviousVersion">The version it is compared with; null when there is none, so that there never is a baseline.</param>
public readonly record struct RolloutState(ReleasePhase Phase, double ExposurePercent, DateTimeOffset CollectingSince, string? PreviousVersion);

/// <summary>What the rule says of one signal.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="Quality">Whether the value is of now.</param>
/// <param name="Delta">Canary against baseline; null without a fresh value on both sides, or relative to zero.</param>
/// <param name="BreachedSince">Since when a limit has been passed. Kept while the signal cannot be judged, gone once it is seen inside its limits.</param>
/// <param name="Reason">One sentence.</param>
/// <param name="ComparedWith">The baseline that counts: fresh, with enough observations, or what stands in for it at 100 %; null where there is none.</param>
/// <param name="FailedAt">Time of the newest measurement that failed. Kept while the signal cannot be judged, gone once it is seen inside its limits.</param>
public readonly record struct SignalJudgement(
    Verdict Verdict, SignalQuality Quality, double? Delta, DateTimeOffset? BreachedSince, string Reason, double? ComparedWith = null, DateTimeOffset? FailedAt = null);

/// <summary>How a signal is judged. The order of the checks is the rule: what cannot be known comes before what is known, so that nothing is ever falsely green.</summary>
/// <remarks>
/// <list type="number">
/// <item>Rolled back or superseded: nobody is sent to the version, nothing is judged; inconclusive, and settled.</item>
/// <item>The newest sample is an error: error.</item>
/// <item>Never a value: running while young (window + stale time), then inconclusive.</item>
/// <item>Newest value older than the stale time: inconclusive.</item>
/// <item>Fewer observations than the definition wants: running while young (twice the window), then inconclusive.</item>
/// <item>No value in the window, whatever the definition wants: the same.</item>
/// <item>Outside the limit, or further from the baseline than allowed: fail. Against a baseline of zero, anything worse is too far where deltas are relative.</item>
/// <item>A delta limit is all there is, and there is nothing to compare with (the baseline is missing, stale or has too few observations): running while young (twice the window), then inconclusive.</item>
/// <item>Otherwise: pass. Where a limit is held and a delta limit could not be looked at, the reason says so.</item>
/// </list>
/// Without a previous version there never is a baseline: delta limits do not apply, the reason says so, and a signal that has no other limit is inconclusive;
/// registration refuses such a signal where it is required. At 100 % nobody is sent to the previous version, so when it is silent the mean of the
/// ten minutes before stands in for it, without the stale time.
/// Before the first stage nothing is exposed: everything but a fail or an error is running; what failed when it was last judged is inconclusive until it is seen inside its limits again. A release that is done may be measured no more: everything but a pass or a fail is inconclusive.
/// </remarks>
public static class VerdictRule
{
    /// <summary>Judges one signal at one time.</summary>
    /// <param name="definition">What the signal is held to.</param>
    /// <param name="canary">The release's own side.</param>
    /// <param name="baseline">The side of the version before.</param>
    /// <param name="rollout">Where the release is on its way.</param>
    /// <param name="breachedSince">As judged last.</param>
    /// <param name="now">The time to judge at.</param>
    /// <param name="before">What the version before was like in the ten minutes before everybody got the release; only looked at from then on.</param>
    /// <param name="failedAt">As judged last.</param>
    public static SignalJudgement Judge(
        SignalDefinition definition, in SeriesReading canary, in SeriesReading baseline, in RolloutState rollout, DateTimeOffset? breachedSince, DateTimeOffset now,
        in SeriesReading before = default, DateTimeOffset? failedAt = null)
    {
        ArgumentNullException.ThrowIfNull(definition);
        var quality = QualityOf(definition, canary, now);
        var delta = quality == SignalQuality.Fresh && QualityOf(definition, baseline, now) == SignalQuality.Fresh
            ? Difference(definition.Unit, canary.Value, baseline.Value)
            : null;
        var (verdict, reason) = (Verdict.Pass, "");
        var comparison = Comparison.Of(definition, baseline, before, rollout, now);
        var breach = Breach(definition, canary, comparison);

        if (rollout.Phase is ReleasePhase.RolledBack or ReleasePhase.Superseded)
        {
            var ended = rollout.Phase == ReleasePhase.RolledBack ? "rolled back" : "superseded";
            return new(Verdict.Inconclusive, quality, delta, null, $"{definition.Title} not judged: {ended}");
        }

        if (canary is { HeardKind: SampleKind.Error, HeardAt: { } brokenAt })
        {
            verdict = Verdict.Error;
            reason = $"{definition.Title} cannot be read: {canary.Detail?.TrimEnd('.') ?? "the source failed"}, {Age(now, brokenAt)} ago";
        }
        else if (quality == SignalQuality.Missing)
        {
            verdict = IsYoung(rollout, definition.Window + definition.StaleAfter, now) ? Verdict.Running : Verdict.Inconclusive;
            reason = verdict == Verdict.Running ? $"{definition.Title} awaited: no value yet{Heard(canary, now)}" : $"{definition.Title} missing: never a value{Heard(canary, now)}";
        }
        else if (quality == SignalQuality.Stale)
        {
            verdict = Verdict.Inconclusive;
            reason = $"{definition.Title} stale: newest value {Age(now, canary.MeasuredAt!.Value)} old{Heard(canary, now)}";
        }
        else if (canary.Count < definition.MinimumCount)
        {
            verdict = IsYoung(rollout, 2 * definition.Window, now) ? Verdict.Running : Verdict.Inconclusive;

            // Too few to fail it, and where it does fail, it began here.
            breachedSince ??= breach is null ? null : canary.MeasuredAt;
            reason = $"{definition.Title} {Text(definition, canary.Value)}: {canary.Count:N0} of {definition.MinimumCount:N0} {SignalText.Noun(definition)} needed{(canary.IsNewestAlone ? "" : InTime(definition))}, {Age(now, canary.MeasuredAt!.Value)} old";
        }
        else if (canary.Value is null)
        {
            verdict = IsYoung(rollout, 2 * definition.Window, now) ? Verdict.Running : Verdict.Inconclusive;
            reason = $"{definition.Title}: no value in the window of {SignalText.Duration(definition.Window)}, newest {Age(now, canary.MeasuredAt!.Value)} old";
        }
        else if (breach is not null)
        {
            verdict = Verdict.Fail;
            breachedSince ??= canary.MeasuredAt;
            failedAt = canary.MeasuredAt;
            reason = $"{definition.Title} {breach} for {SignalText.Duration(now - breachedSince!.Value)}{Evidence(definition, canary, now)}";
        }
        else if (comparison.Missing is { } missing && definition is { DeltaLimit: not null, Limit: null })
        {
            verdict = rollout.PreviousVersion is not null && IsYoung(rollout, 2 * definition.Window, now) ? Verdict.Running : Verdict.Inconclusive;
            reason = $"{definition.Title} {Text(definition, canary.Value)}: no baseline to compare with: {missing}";
        }
        else
        {
            (breachedSince, failedAt) = (null, null);
            var limit = definition.Limit is { } held ? $", limit {SignalText.Value(held, definition.Unit)}" : "";
            reason = $"{definition.Title} {Text(definition, canary.Value)}{limit}{Evidence(definition, canary, now)}";
            reason += definition.DeltaLimit is not null && comparison.Missing is { } unknown ? $"; not compared: {unknown}" : "";
        }

        if (canary is { IsNewestAlone: true, Value: not null })
        {
            reason += "; its source tells it over windows of its own, so the newest counts alone and no mean is taken: register it with aggregation latest";
        }

        if (verdict != Verdict.Fail && rollout.Phase == ReleasePhase.Done && verdict != Verdict.Pass)
        {
            verdict = Verdict.Inconclusive;
        }
        else if (verdict is not (Verdict.Fail or Verdict.Error) && rollout.Phase != ReleasePhase.Done && rollout.ExposurePercent <= 0)
        {
            // Silence after a fail is no all-clear.
            (verdict, reason) = failedAt is { } last
                ? (Verdict.Inconclusive, $"{reason}; it failed when it was last judged, {Age(now, last)} ago")
                : (Verdict.Running, $"{definition.Title} not judged: not exposed yet");
        }

        return new(verdict, quality, delta, breachedSince, reason, comparison.Baseline, failedAt);
    }

    /// <summary>Difference in the unit's own way: percentage points for percent, else relative percent. Null without both values, or relative to zero.</summary>
    public static double? Difference(SignalUnit unit, double? canary, double? baseline) => (canary, baseline) switch
    {
        ({ } c, { } b) when unit == SignalUnit.Percent => c - b,
        ({ } c, { } b) when c == b => 0,
        ({ } c, { } b) when b != 0 => (c - b) / Math.Abs(b) * 100,
        _ => null,
    };

    internal static SignalQuality QualityOf(SignalDefinition definition, in SeriesReading reading, DateTimeOffset now) => reading.MeasuredAt switch
    {
        null => SignalQuality.Missing,
        { } at when now - at >= definition.StaleAfter => SignalQuality.Stale,
        _ => SignalQuality.Fresh,
    };

    private static bool IsYoung(in RolloutState rollout, TimeSpan enough, DateTimeOffset now) => now - rollout.CollectingSince < enough;

    /// <summary>How the value is out of its limits, or null when it is not.</summary>
    private static string? Breach(SignalDefinition definition, in SeriesReading canary, in Comparison comparison)
    {
        var lower = definition.Better == BetterWhen.Lower;
        if (canary.Value is { } value && definition.Limit is { } limit && (lower ? value > limit : value < limit))
        {
            return $"{Text(definition, value)} {(lower ? '>' : '<')} {SignalText.Value(limit, definition.Unit)}";
        }

        // A difference is judged only when both sides have enough behind them; the canary's count is checked before.
        if (definition.DeltaLimit is not { } allowed || canary.Value is not { } shown || comparison.Baseline is not { } against)
        {
            return null;
        }

        var delta = Difference(definition.Unit, shown, against);
        var sides = $"against {Text(definition, against)} {comparison.When}";
        if (delta is null)
        {
            return (lower ? shown > 0 : shown < 0) ? $"{Text(definition, shown)} {sides}" : null;
        }

        var most = SignalText.Delta(lower ? allowed : -allowed, definition.Unit);
        return (lower ? delta : -delta) > allowed ? $"{Text(definition, shown)}, {SignalText.Delta(delta, definition.Unit)} {sides} (limit {most})" : null;
    }

    private static string Evidence(SignalDefinition definition, in SeriesReading canary, DateTimeOffset now)
    {
        var count = canary.Count > 0 ? ", " + SignalText.Observations(canary.Count, definition) : "";
        return $"{count}, {Age(now, canary.MeasuredAt!.Value)} old";
    }

    /// <summary>Tells a source that answers and has nothing from one that is silent.</summary>
    private static string Heard(in SeriesReading reading, DateTimeOffset now) =>
        reading is not { HeardKind: SampleKind.Missing, HeardAt: { } at } ? ""
        : $"; the source answered {Age(now, at)} ago that it has none{(reading.Detail is { Length: > 0 } why ? $": {why.TrimEnd('.')}" : "")}";

    private static string InTime(SignalDefinition definition) =>
        definition.Aggregation == SignalAggregation.WeightedMean ? $" in {SignalText.Duration(definition.Window)}" : "";

    private static string Text(SignalDefinition definition, double? value) => SignalText.Value(value, definition.Unit);

    private static string Age(DateTimeOffset now, DateTimeOffset at) => SignalText.Duration(now - at);
}
