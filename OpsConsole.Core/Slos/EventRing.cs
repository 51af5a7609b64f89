namespace OpsConsole.Core.Slos;

/// <summary>Events counted into buckets of one width, as many as a span of time needs, made once and written over for ever. Not safe for threads by itself.</summary>
internal sealed class EventRing
{
    private static readonly long Epoch = DateTimeOffset.UnixEpoch.UtcTicks;

    private readonly Bucket[] _buckets;
    private readonly long _width;

    /// <param name="width">Time of one bucket: whole seconds, at most 18 hours.</param>
    /// <param name="span">Time that is kept.</param>
    public EventRing(TimeSpan width, TimeSpan span)
    {
        _width = width.Ticks;
        Width = width;
        _buckets = new Bucket[(int)(span.Ticks / _width)];
    }

    public TimeSpan Width { get; }

    /// <summary>Time that is kept.</summary>
    public TimeSpan Span => Width * _buckets.Length;

    /// <summary>Counts events of one instant.</summary>
    public void Add(long ticks, double good, double total)
    {
        ref var bucket = ref At(NumberOf(ticks));
        bucket.Good += good;
        bucket.Total += total;
        bucket.Dirty = true;
    }

    /// <summary>Notes that a span of time was measured. Both ends are whole seconds; nothing is noted when the end is not after the start.</summary>
    public void Cover(long fromTicks, long toTicks)
    {
        while (fromTicks < toTicks)
        {
            var number = NumberOf(fromTicks);
            var end = Math.Min(Epoch + ((number + 1) * _width), toTicks);
            ref var bucket = ref At(number);
            bucket.Covered = (ushort)Math.Min(bucket.Covered + ((end - fromTicks) / TimeSpan.TicksPerSecond), _width / TimeSpan.TicksPerSecond);
            bucket.Dirty = true;
            fromTicks = end;
        }
    }

    /// <summary>Events of the time before an instant. Begins at a bucket's edge, so that it covers up to one width less than was asked for, never more.</summary>
    public EventCount Sum(DateTimeOffset now, TimeSpan window)
    {
        var last = NumberOf(now.UtcTicks);
        var first = last - (window.Ticks / _width) + 1;
        return Sum(first, last, new TimeSpan(now.UtcTicks - Epoch - (first * _width)));
    }

    /// <summary>Events between two instants, whole buckets of both ends included.</summary>
    public EventCount Between(DateTimeOffset from, DateTimeOffset to) => Sum(NumberOf(from.UtcTicks), NumberOf(to.UtcTicks), to - from);

    /// <summary>Adds what was counted before, for example before a restart.</summary>
    public void Restore(DateTimeOffset start, double good, double total, TimeSpan covered)
    {
        ref var bucket = ref At(NumberOf(start.UtcTicks));
        bucket.Good += good;
        bucket.Total += total;
        bucket.Covered = (ushort)Math.Min(bucket.Covered + covered.TotalSeconds, Width.TotalSeconds);
    }

    /// <summary>Start and contents of every bucket of the span before an instant that holds something, oldest first.</summary>
    public IEnumerable<SloWindow> Filled(string slo, string version, DateTimeOffset now)
    {
        var last = NumberOf(now.UtcTicks);
        for (var number = Math.Max(1, last - _buckets.Length + 1); number <= last; number++)
        {
            if (_buckets[number % _buckets.Length] is var bucket && bucket.Number == number)
            {
                yield return Row(slo, version, bucket);
            }
        }
    }

    /// <summary>Hands over every bucket that changed since the last call.</summary>
    public void TakeChanged(string slo, string version, List<SloWindow> changed)
    {
        foreach (ref var bucket in _buckets.AsSpan())
        {
            if (bucket.Dirty)
            {
                bucket.Dirty = false;
                changed.Add(Row(slo, version, bucket));
            }
        }
    }

    /// <summary>Takes a bucket back that was handed over but could not be kept.</summary>
    public void MarkChanged(DateTimeOffset start)
    {
        var number = NumberOf(start.UtcTicks);
        ref var bucket = ref _buckets[number % _buckets.Length];
        bucket.Dirty |= bucket.Number == number;
    }

    private long NumberOf(long ticks) => Math.Max(1, (ticks - Epoch) / _width);

    private EventCount Sum(long first, long last, TimeSpan span)
    {
        double good = 0, total = 0;
        long covered = 0;
        first = Math.Max(Math.Max(first, 1), last - _buckets.Length + 1);
        for (var number = first; number <= last; number++)
        {
            ref readonly var bucket = ref _buckets[number % _buckets.Length];
            if (bucket.Number == number)
            {
                good += bucket.Good;
                total += bucket.Total;
                covered += bucket.Covered;
            }
        }

        return new(good, total, TimeSpan.FromTicks(covered * TimeSpan.TicksPerSecond), span);
    }

    /// <summary>The bucket of a number, emptied when it held another time. A later time in it is of a clock that was set back: samples are never late enough to meet a bucket that was given on.</summary>
    private ref Bucket At(long number)
    {
        ref var bucket = ref _buckets[number % _buckets.Length];
        if (bucket.Number != number)
        {
            bucket = new Bucket { Number = (uint)number };
        }

        return ref bucket;
    }

    private SloWindow Row(string slo, string version, in Bucket bucket) => new()
    {
        Slo = slo,
        Version = version,
        WidthSeconds = (int)(_width / TimeSpan.TicksPerSecond),
        Start = new DateTimeOffset(Epoch + (bucket.Number * _width), TimeSpan.Zero),
        Good = bucket.Good,
        Total = bucket.Total,
        CoveredSeconds = bucket.Covered,
    };

    /// <summary>24 bytes: a thousand objectives keep some two million of them.</summary>
    private struct Bucket
    {
        public double Good;
        public double Total;

        /// <summary>Which bucket since 1970 this is; 0 while it is empty.</summary>
        public uint Number;

        /// <summary>Whole seconds of it that samples speak for.</summary>
        public ushort Covered;
        public bool Dirty;
    }
}
