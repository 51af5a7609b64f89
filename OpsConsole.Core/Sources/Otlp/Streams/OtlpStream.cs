using OpsConsole.Core.Sources.PrometheusText;

namespace OpsConsole.Core.Sources.Otlp.Streams;

/// <summary>What a point's numbers count from.</summary>
internal enum CountedFrom
{
    /// <summary>From zero: everything that it says is new.</summary>
    Zero,

    /// <summary>From the point before: what it says beyond that is new.</summary>
    Before,

    /// <summary>Not known: nothing of it is new, and the next is compared with it.</summary>
    Unknown,
}

/// <summary>One series of points, as it comes in, and how much it has counted since it was first seen: that only rises, whatever the sender's temporality is and however often it begins anew.</summary>
/// <remarks>
/// Follows https://opentelemetry.io/docs/specs/otel/metrics/data-model/#resets-and-gaps: a later start time is a reset; a start time that is the point's own says that nothing is known of before;
/// of points that overlap in time, one is not counted. What was shown last is kept besides, until an export has come in whole.
/// </remarks>
internal abstract class OtlpStream(SeriesId id)
{
    private const string MixedUp = "they have no start time, and what only rises went down: two processes may send as one and be mixed up, so give each a service.instance.id, and points their start time";

    private ulong _start;
    private ulong _settled;
    private bool _isCumulative;
    private bool _isBroken;
    private bool _wasBroken;

    /// <summary>Its name and labels; of a histogram or summary what its parts have in common.</summary>
    protected SeriesId Id { get; } = id;

    /// <summary>End of what it covers, in nanoseconds since 1970 in UTC; 0 before the first point.</summary>
    public ulong Time { get; private set; }

    /// <summary>Which of the resource's exports it was in last.</summary>
    public long Export { get; private set; } = -1;

    /// <summary>How many series it is as Prometheus would write them.</summary>
    public abstract int Lines { get; }

    /// <summary>True where the point that was offered last cannot be of the process that told of the others.</summary>
    public bool IsMixedUp { get; private set; }

    /// <summary>What the metric says it is.</summary>
    public abstract MetricType Type { get; }

    /// <summary>False for a gauge: what it says stands by itself.</summary>
    protected virtual bool Counts => true;

    /// <summary>True where nothing is lost by forgetting it once it is silent: what comes after is not compared with what came before.</summary>
    public bool CanBeForgotten => !Counts || !_isCumulative;

    /// <summary>Takes a point in.</summary>
    /// <param name="point">With the form that this stream is of.</param>
    /// <param name="temporality">As the metric has it.</param>
    /// <param name="export">Which of the resource's exports it is in.</param>
    /// <param name="isNew">Whether all that a first cumulative point says is known to have happened just now.</param>
    /// <param name="isNamed">Whether the resource says which process it is.</param>
    /// <returns>Why it is not taken; null when it is, or was before.</returns>
    public string? Take(OtlpPoint point, OtlpTemporality temporality, long export, bool isNew, bool isNamed)
    {
        IsMixedUp = !isNamed && Contradicts(point, temporality);
        if (point.Time <= Time)
        {
            _isBroken |= IsMixedUp;
            return IsMixedUp ? MixedUp : null;
        }

        if (Overlaps(point, temporality))
        {
            return "they overlap in time with what came before: more than one process sends them under the same attributes, so give each a service.instance.id";
        }

        if (export != Export)
        {
            (_settled, _wasBroken, Export) = (Time, _isBroken, export);
            Settle();
        }

        // What cannot be right is not compared with anything.
        var fault = Fault(point) ?? (IsMixedUp ? MixedUp : null);
        var from = fault is null ? From(point, temporality, isNew) : CountedFrom.Unknown;
        (_isBroken, _isCumulative, Time) = (fault is not null, temporality != OtlpTemporality.Delta, point.Time);
        if (fault is null)
        {
            Add(point, from);
            _start = point.Start;
        }

        return fault;
    }

    /// <summary>Writes its series with the time that they are of.</summary>
    /// <param name="exposition">To write to.</param>
    /// <param name="isWhole">False while the export that it was in last may not have come in whole: what stood before is written then.</param>
    /// <param name="oldest">What is older is left out, where it stands by itself.</param>
    public void Write(Exposition exposition, bool isWhole, ulong oldest)
    {
        var time = isWhole ? Time : _settled;
        if (time > 0 && (Counts || time >= oldest))
        {
            Write(exposition, (long)(time / 1_000_000), isWhole, isWhole ? _isBroken : _wasBroken);
        }
    }

    /// <summary>Why a point cannot be right; null when it can.</summary>
    protected abstract string? Fault(OtlpPoint point);

    /// <summary>Whether something that only rises is less than in the point before.</summary>
    protected abstract bool Fell(OtlpPoint point);

    /// <summary>Whether something that only rises is more than in the point before.</summary>
    protected abstract bool Rose(OtlpPoint point);

    protected abstract void Add(OtlpPoint point, CountedFrom from);

    /// <summary>Keeps what stands now as what is shown meanwhile.</summary>
    protected abstract void Settle();

    protected abstract void Write(Exposition exposition, long at, bool isWhole, bool isBroken);

    /// <summary>A count of what rose, out of what the point says and what the one before said.</summary>
    protected static double Rise(double says, double before, CountedFrom from) => from switch
    {
        CountedFrom.Zero => says,
        CountedFrom.Before => says - before,
        _ => 0,
    };

    /// <summary>
    /// What only rises is less later, or more earlier, than it was told of, and no start time says that it began anew: two processes that send as one look so.
    /// A single one that began anew looks so too; what it counts is not worth that a half of two passes for the whole.
    /// </summary>
    private bool Contradicts(OtlpPoint point, OtlpTemporality temporality) => Counts && point.Start == 0 && temporality == OtlpTemporality.Cumulative && Time != 0 && !_isBroken && Fault(point) is null
        && ((point.Time >= Time && Fell(point)) || (point.Time <= Time && Rose(point)));

    private bool Overlaps(OtlpPoint point, OtlpTemporality temporality) => Counts && point.Start != 0 && Time != 0
        && (temporality == OtlpTemporality.Delta ? point.Start < Time : point.Start < _start);

    private CountedFrom From(OtlpPoint point, OtlpTemporality temporality, bool isNew)
    {
        if (temporality == OtlpTemporality.Delta)
        {
            return CountedFrom.Zero;
        }

        if (Time == 0)
        {
            return isNew && point.Start != point.Time ? CountedFrom.Zero : CountedFrom.Unknown;
        }

        if (_isBroken)
        {
            return CountedFrom.Unknown;
        }

        // A start that lies before what was told last, and is still another one, says nothing by itself.
        return point.Start > _start && point.Start >= Time ? (point.Start == point.Time ? CountedFrom.Unknown : CountedFrom.Zero)
            : Fell(point) ? CountedFrom.Zero
            : CountedFrom.Before;
    }
}
