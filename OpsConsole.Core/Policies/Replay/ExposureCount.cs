using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Policies.Replay;

/// <summary>Counts from the record how many met a release, in all and after a time.</summary>
internal static class ExposureCount
{
    private const string RequestRate = "request_rate";

    public static ExposureEffect Count(ReleaseHistory history, RecordedSignals signals, PolicyReaction? reaction)
    {
        var stop = reaction is { Kind: not TriggerReaction.Recommend } ? reaction : null;
        if (Counting(signals) is not { } signal)
        {
            return new()
            {
                Basis = "No signal that counts is on record: neither request_rate nor a rate or ratio with its number of observations.", From = history.From, Until = history.Until,
            };
        }

        var rate = signal.Unit == SignalUnit.PerSecond;
        var (total, after, fewer) = (0.0, 0.0, 0.0);
        var counted = TimeSpan.Zero;
        var last = history.From;
        foreach (var point in signals.Of(signal.Key, SignalSide.Canary))
        {
            if (point.At <= history.From || point.At > history.Until)
            {
                continue;
            }

            // A point stands for the time since the one before it; across a gap only for the time in which it counts as data.
            var since = point.At - last > ReleaseHistory.LongestAge ? point.At - ReleaseHistory.Step : last;
            var perSecond = Math.Max(0, rate ? point.Value : point.Count / signal.Window.TotalSeconds);
            counted += point.At - since;
            total += perSecond * (point.At - since).TotalSeconds;
            last = point.At;
            if (stop is null || point.At <= stop.At)
            {
                continue;
            }

            var late = perSecond * (point.At - (since > stop.At ? since : stop.At)).TotalSeconds;
            after += late;
            fewer += late * Spared(stop, history.ExposureAt(since));
        }

        return new()
        {
            Signal = signal.Key,
            Noun = rate ? "requests" : SignalText.Noun(signal),
            Basis = rate
                ? $"{signal.Key} of the new version, times seconds"
                : $"observations behind {signal.Key} of the new version, those of its window of {SignalText.Duration(signal.Window)} spread over it",
            Total = Whole(total),
            AfterStop = stop is null ? null : Whole(after),
            Fewer = stop is null ? null : Whole(fewer),
            From = history.From,
            Until = history.Until,
            Uncounted = history.Until - history.From - counted,
        };
    }

    /// <summary>The signal whose counts are whole: requests a second, else the ratio with its denominators.</summary>
    private static SignalDefinition? Counting(RecordedSignals signals)
    {
        var recorded = signals.Definitions.Where(d => signals.Has(d.Key, SignalSide.Canary)).ToList();
        return recorded.Find(d => d.Key.Value == RequestRate && d.Unit == SignalUnit.PerSecond)
            ?? recorded.Where(d => d.Aggregation == SignalAggregation.WeightedMean && d.Window > TimeSpan.Zero && Counts(signals, d))
                .OrderBy(d => d.Family == SignalFamily.Errors ? 0 : 1).FirstOrDefault();
    }

    private static bool Counts(RecordedSignals signals, SignalDefinition definition)
    {
        foreach (var point in signals.Of(definition.Key, SignalSide.Canary))
        {
            if (point.Count > 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The part that the policy would have kept from the release: all after a roll back; after a halt the part above the exposure it was halted at, taking traffic as even.</summary>
    private static double Spared(PolicyReaction stop, double exposure) => stop.Kind == TriggerReaction.Rollback
        ? 1
        : exposure > stop.ExposurePercent ? (exposure - stop.ExposurePercent) / exposure : 0;

    private static long Whole(double value) => (long)Math.Round(Math.Min(value, 1e15), MidpointRounding.AwayFromZero);
}
