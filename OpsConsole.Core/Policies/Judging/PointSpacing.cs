using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Policies.Judging;

/// <summary>How far recorded points of a signal have to be apart to share no observation.</summary>
/// <param name="Interval">Time from one independent point to the next, a multiple of <see cref="Step"/>.</param>
/// <param name="IsPresumed">True where nobody stated what time a sample is taken over, so that it was taken to be as long as the signal's window.</param>
/// <remarks>
/// A point is the value of a window, and a sample in it may reach back further: a quantile is taken over a window of its own. Two points are independent when neither
/// the windows nor the samples in them meet. Samples that are averaged by their counts are increments, as everywhere in the console, unless the signal says otherwise.
/// </remarks>
public readonly record struct PointSpacing(TimeSpan Interval, bool IsPresumed)
{
    /// <summary>Time between two recorded points.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromSeconds(10);

    /// <summary>How much earlier than due a point may be and still be taken: the writer's clock is not exact.</summary>
    private static readonly TimeSpan Early = Step / 20;

    /// <summary>The spacing of a signal.</summary>
    public static PointSpacing Of(SignalDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        var presumed = definition.SampledOver is null && definition.Aggregation == SignalAggregation.Latest;
        var span = definition.Window + (definition.SampledOver ?? (presumed ? definition.Window : TimeSpan.Zero));
        return new(Math.Max(1, (long)Math.Ceiling(span / Step)) * Step, presumed);
    }

    /// <summary>Takes from both sides the points that are independent: from the first on, one an interval, both sides at the same times. A side without a point at such a time has a gap there, which nothing is put into.</summary>
    /// <param name="canary">Points of the new version, in any order.</param>
    /// <param name="baseline">Points of the version it is compared with.</param>
    public (IReadOnlyList<SignalPoint?> Canary, IReadOnlyList<SignalPoint?> Baseline) Cut(IEnumerable<SignalPoint> canary, IEnumerable<SignalPoint> baseline)
    {
        List<SignalPoint?> left = [], right = [];
        DateTimeOffset? last = null;
        foreach (var (point, isCanary) in canary.Select(p => (p, true)).Concat(baseline.Select(p => (p, false))).OrderBy(p => p.p.At))
        {
            if (last is null || point.At - last.Value >= Interval - Early)
            {
                last = point.At;
                left.Add(null);
                right.Add(null);
            }

            // Both sides are recorded at once; what comes later belongs to a time that is not taken.
            if (point.At - last.Value < Early)
            {
                var side = isCanary ? left : right;
                side[^1] ??= point;
            }
        }

        return (left, right);
    }
}
