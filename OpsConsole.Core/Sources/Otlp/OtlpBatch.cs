namespace OpsConsole.Core.Sources.Otlp;

/// <summary>The metrics of one export, as they came in. See https://opentelemetry.io/docs/specs/otlp/.</summary>
public sealed class OtlpBatch
{
    /// <summary>Most parts of one export: points, attributes and buckets together.</summary>
    public const int MostParts = 500_000;

    private OtlpBatch(List<OtlpResource> resources) => Resources = resources;

    internal List<OtlpResource> Resources { get; }

    /// <summary>Reads an <c>ExportMetricsServiceRequest</c> in binary protobuf.</summary>
    /// <exception cref="OtlpException">It is none, or has more than <see cref="MostParts"/> parts.</exception>
    public static OtlpBatch FromProtobuf(ReadOnlySpan<byte> body) => new(new OtlpProtobuf().Read(body));

    /// <summary>Reads an <c>ExportMetricsServiceRequest</c> in the JSON of OTLP.</summary>
    /// <exception cref="OtlpException">It is none, or has more than <see cref="MostParts"/> parts.</exception>
    public static OtlpBatch FromJson(ReadOnlyMemory<byte> body) => new(new OtlpJson().Read(body));
}

/// <summary>Counts what is read, so that a small body cannot become many objects.</summary>
internal sealed class OtlpBudget
{
    private int _left = OtlpBatch.MostParts;

    /// <exception cref="OtlpException">There are too many.</exception>
    public void Spend(int parts = 1)
    {
        _left -= parts;
        if (_left < 0 || parts < 0)
        {
            throw new OtlpException($"More than {OtlpBatch.MostParts} points, attributes and buckets in one export: send it in parts.", isTooMuch: true);
        }
    }
}

/// <summary>What a metric's points are.</summary>
internal enum OtlpForm
{
    None,
    Gauge,
    Sum,
    Histogram,
    ExponentialHistogram,
    Summary,
}

/// <summary>Whether a point says what happened since the one before, or since the beginning. Numbered as in the protocol.</summary>
internal enum OtlpTemporality
{
    Unspecified,
    Delta,
    Cumulative,
}

/// <summary>An attribute with its value as text.</summary>
internal readonly record struct OtlpAttribute(string Key, string Value);

/// <summary>Metrics of one thing that sends them: a process, most often.</summary>
internal sealed class OtlpResource
{
    public List<OtlpAttribute> Attributes { get; } = [];

    public List<OtlpScope> Scopes { get; } = [];

    public int Points => Scopes.Sum(static s => s.Metrics.Sum(static m => m.Points.Count));

    /// <summary>Value of an attribute; null when it is not there or empty.</summary>
    public string? Find(string key)
    {
        var at = Attributes.FindLastIndex(a => a.Key == key);
        return at >= 0 && Attributes[at].Value.Length > 0 ? Attributes[at].Value : null;
    }
}

/// <summary>Metrics of one library in it.</summary>
internal sealed class OtlpScope
{
    public string Name { get; set; } = "";

    public string Version { get; set; } = "";

    public List<OtlpMetric> Metrics { get; } = [];
}

/// <summary>One metric with its points.</summary>
internal sealed class OtlpMetric
{
    public string Name { get; set; } = "";

    public OtlpForm Form { get; private set; }

    public OtlpTemporality Temporality { get; set; }

    public bool IsMonotonic { get; set; }

    public List<OtlpPoint> Points { get; } = [];

    /// <summary>A metric has points of one form: where several are written, the last.</summary>
    public void Become(OtlpForm form)
    {
        if (Form != form)
        {
            Points.Clear();
            Form = form;
        }
    }
}

/// <summary>One point, of whatever form: what its form does not have is left at its default.</summary>
internal sealed class OtlpPoint
{
    private const uint NoRecordedValue = 1;

    public List<OtlpAttribute> Attributes { get; } = [];

    /// <summary>Begin of what it covers, in nanoseconds since 1970 in UTC; 0: not known.</summary>
    public ulong Start { get; set; }

    /// <summary>End of what it covers, in nanoseconds since 1970 in UTC.</summary>
    public ulong Time { get; set; }

    public uint Flags { get; set; }

    /// <summary>True where the sender says that the series has ended.</summary>
    public bool IsAbsent => (Flags & NoRecordedValue) != 0;

    /// <summary>Value of a gauge or sum; null when none is given.</summary>
    public double? Value { get; set; }

    public ulong Count { get; set; }

    public double? Sum { get; set; }

    /// <summary>Observations in each bucket of a histogram, not added up.</summary>
    public List<ulong> Counts { get; } = [];

    public List<double> Bounds { get; } = [];

    public int Scale { get; set; }

    public ulong ZeroCount { get; set; }

    public double ZeroThreshold { get; set; }

    public OtlpBuckets Positive { get; } = new();

    public OtlpBuckets Negative { get; } = new();

    public List<(double Quantile, double Value)> Quantiles { get; } = [];
}

/// <summary>Buckets of an exponential histogram, side by side from an index on.</summary>
internal sealed class OtlpBuckets
{
    public int Offset { get; set; }

    public List<ulong> Counts { get; } = [];
}
