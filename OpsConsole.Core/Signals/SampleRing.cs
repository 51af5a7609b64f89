namespace OpsConsole.Core.Signals;

/// <summary>The samples of a span of time in a fixed number of slots, made once and written over for ever.</summary>
/// <remarks>
/// A sample goes to the slot of its time, so that samples may come in any order and at any rate without the ring growing:
/// those of one slot are merged as the signal is aggregated, which keeps a weighted mean exact. Not safe for threads by itself.
/// </remarks>
public sealed class SampleRing
{
    /// <summary>A sample without observations still has a value: it weighs next to nothing, and everything where nothing else is.</summary>
    private const double WeightOfNone = 1e-6;

    private readonly Slot[] _slots;
    private readonly long _slotTicks;
    private readonly SignalAggregation _aggregation;

    /// <param name="slotWidth">Time that one slot stands for, above zero.</param>
    /// <param name="slots">How many slots there are, 1 or more.</param>
    /// <param name="aggregation">How samples of one slot, and slots of one window, become one value.</param>
    public SampleRing(TimeSpan slotWidth, int slots, SignalAggregation aggregation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(slotWidth, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(slots, 1);
        _slots = new Slot[slots];
        _slotTicks = slotWidth.Ticks;
        _aggregation = aggregation;
    }

    /// <summary>Number of the slot that a time falls into; grows by one with every slot's width.</summary>
    public long SlotOf(DateTimeOffset at) => at.UtcTicks / _slotTicks;

    /// <summary>Takes a sample in. False when its slot has been given to a later time already.</summary>
    /// <param name="at">The time that it is of.</param>
    /// <param name="value">Its value.</param>
    /// <param name="count">Observations behind it, 0 or more.</param>
    /// <param name="corrects">A sample of the same time that was taken in, and counts no more; null for none.</param>
    public bool Add(DateTimeOffset at, double value, long count, (double Value, long Count)? corrects = null)
    {
        var number = SlotOf(at);
        ref var slot = ref _slots[number % _slots.Length];
        if (slot.Number > number)
        {
            return false;
        }

        var weight = Weight(count);
        if (slot.Number < number)
        {
            slot = new Slot { Number = number, AtTicks = at.UtcTicks, Sum = value * weight, Weight = weight, Count = count };
            return true;
        }

        if (_aggregation == SignalAggregation.WeightedMean)
        {
            if (corrects is { } gone)
            {
                // Alone in its slot it leaves nothing behind, not even what adding and taking away does to a sum.
                var left = slot.Weight - Weight(gone.Count);
                (slot.Sum, slot.Weight, slot.Count) = left < WeightOfNone / 2 ? default : (slot.Sum - (gone.Value * Weight(gone.Count)), left, slot.Count - gone.Count);
            }

            slot.Sum += value * weight;
            slot.Weight += weight;
            slot.Count += count;
            slot.AtTicks = Math.Max(slot.AtTicks, at.UtcTicks);
        }
        else if (at.UtcTicks >= slot.AtTicks)
        {
            slot = new Slot { Number = number, AtTicks = at.UtcTicks, Sum = value * weight, Weight = weight, Count = count };
        }

        return true;
    }

    /// <summary>The value and the observations of what was measured after <paramref name="after"/>; null and 0 when that is nothing.</summary>
    public (double? Value, long Count) Aggregate(DateTimeOffset after)
    {
        double sum = 0, weight = 0;
        long count = 0, newest = 0;
        foreach (ref readonly var slot in _slots.AsSpan())
        {
            if (slot.Number == 0 || slot.AtTicks <= after.UtcTicks)
            {
                continue;
            }

            if (_aggregation == SignalAggregation.WeightedMean)
            {
                sum += slot.Sum;
                weight += slot.Weight;
                count += slot.Count;
            }
            else if (slot.AtTicks > newest)
            {
                (newest, sum, weight, count) = (slot.AtTicks, slot.Sum, slot.Weight, slot.Count);
            }
        }

        return weight > 0 ? (sum / weight, count) : (null, 0);
    }

    /// <summary>Writes one value a slot, oldest first, from the ring's whole span up to the slot of <paramref name="now"/>, leaving out empty slots.</summary>
    /// <param name="now">The newest time wanted.</param>
    /// <param name="at">Receives the times, as many as there are slots.</param>
    /// <param name="values">Receives the values, likewise.</param>
    /// <returns>How many were written.</returns>
    public int CopyTo(DateTimeOffset now, Span<DateTimeOffset> at, Span<double> values)
    {
        var last = SlotOf(now);
        var written = 0;
        for (var number = Math.Max(1, last - _slots.Length + 1); number <= last; number++)
        {
            ref readonly var slot = ref _slots[number % _slots.Length];
            if (slot.Number == number)
            {
                at[written] = new DateTimeOffset(slot.AtTicks, TimeSpan.Zero);
                values[written++] = slot.Sum / slot.Weight;
            }
        }

        return written;
    }

    /// <summary>Forgets everything, as after a clock that jumped backwards.</summary>
    public void Clear() => Array.Clear(_slots);

    private static double Weight(long count) => count > 0 ? count : WeightOfNone;

    private struct Slot
    {
        /// <summary>Which slot of all time this is; 0 while it is empty.</summary>
        public long Number;
        public long AtTicks;
        public double Sum;
        public double Weight;
        public long Count;
    }
}
