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
    /// <param name="moments">Further times at which a point is due, so that both sides have a gap there where neither has one.</param>
    public (IReadOnlyList<SignalPoint?> Canary, IReadOnlyList<SignalPoint?> Baseline) Cut(
        IEnumerable<SignalPoint> canary, IEnumerable<SignalPoint> baseline, IEnumerable<DateTimeOffset> moments)
    {
        List<SignalPoint?> left = [], right = [];
        DateTimeOffset? last = null;
        var all = canary.Select(p => (p.At, Side: (List<SignalPoint?>?)left, Point: (SignalPoint?)p))
            .Concat(baseline.Select(p => (p.At, Side: (List<SignalPoint?>?)right, Point: (SignalPoint?)p)))
            .Concat(moments.Select(at => (At: at, Side: (List<SignalPoint?>?)null, Point: (SignalPoint?)null)));
        foreach (var (at, side, point) in all.OrderBy(p => p.At))
        {
            if (last is null || at - last.Value >= Interval - Early)
            {
                last = at;
                left.Add(null);
                right.Add(null);
            }

            // Both sides are recorded at once; what comes later belongs to a time that is not taken.
            if (side is not null && at - last.Value < Early)
            {
                side[^1] ??= point;
            }
        }

        return (left, right);
    }
}
