using System.Globalization;
using System.Text.Json;

namespace OpsConsole.Core.Sources.Otlp;

/// <summary>Reads OTLP metrics out of JSON: names in lowerCamelCase, numbers of 64 bits as texts or numbers, enumerations as numbers. What it does not know is passed over. See https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding.</summary>
internal sealed class OtlpJson
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 48 };

    private readonly OtlpBudget _budget = new();

    /// <exception cref="OtlpException">It is no such document.</exception>
    public List<OtlpResource> Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, Options);
            return Each(Object(document.RootElement), "resourceMetrics", ReadResource);
        }
        catch (JsonException e)
        {
            throw new OtlpException($"The body is not JSON: line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}.");
        }
        catch (InvalidOperationException)
        {
            throw new OtlpException("The body is not a message of OTLP: a text is not UTF-8.");
        }
    }

    private OtlpResource ReadResource(JsonElement element)
    {
        var resource = new OtlpResource();
        if (Find(element, "resource") is { } described)
        {
            resource.Attributes.AddRange(Each(Object(described), "attributes", ReadAttribute));
        }

        resource.Scopes.AddRange(Each(element, "scopeMetrics", ReadScope));
        return resource;
    }

    private OtlpScope ReadScope(JsonElement element)
    {
        var scope = new OtlpScope();
        if (Find(element, "scope") is { } described)
        {
            (scope.Name, scope.Version) = (Text(Object(described), "name"), Text(described, "version"));
        }

        scope.Metrics.AddRange(Each(element, "metrics", ReadMetric));
        return scope;
    }

    private OtlpMetric ReadMetric(JsonElement element)
    {
        var metric = new OtlpMetric { Name = Text(element, "name") };
        foreach (var (name, form) in new[]
        {
            ("gauge", OtlpForm.Gauge), ("sum", OtlpForm.Sum), ("histogram", OtlpForm.Histogram), ("exponentialHistogram", OtlpForm.ExponentialHistogram), ("summary", OtlpForm.Summary),
        })
        {
            if (Find(element, name) is { } data)
            {
                metric.Become(form);
                metric.Temporality = (OtlpTemporality)(int)Math.Clamp(Number(Object(data), "aggregationTemporality") ?? 0, 0, 1000);
                metric.IsMonotonic = Find(data, "isMonotonic") is { ValueKind: JsonValueKind.True };
                metric.Points.AddRange(Each(data, "dataPoints", ReadPoint));
            }
        }

        return metric;
    }

    private OtlpPoint ReadPoint(JsonElement element)
    {
        var point = new OtlpPoint
        {
            Start = Whole(element, "startTimeUnixNano"),
            Time = Whole(element, "timeUnixNano"),
            Flags = (uint)Math.Min(Whole(element, "flags"), uint.MaxValue),
            Value = Number(element, "asDouble") ?? Number(element, "asInt"),
            Count = Whole(element, "count"),
            Sum = Number(element, "sum"),
            Scale = Small(element, "scale"),
            ZeroCount = Whole(element, "zeroCount"),
            ZeroThreshold = Number(element, "zeroThreshold") ?? 0,
        };
        point.Attributes.AddRange(Each(element, "attributes", ReadAttribute));
        point.Counts.AddRange(Each(element, "bucketCounts", static e => WholeOf(e, "bucketCounts"), ofObjects: false));
        point.Bounds.AddRange(Each(element, "explicitBounds", static e => NumberOf(e, "explicitBounds"), ofObjects: false));
        point.Quantiles.AddRange(Each(element, "quantileValues", static e => (Number(e, "quantile") ?? 0, Number(e, "value") ?? 0)));
        ReadBuckets(element, "positive", point.Positive);
        ReadBuckets(element, "negative", point.Negative);
        return point;
    }

    private void ReadBuckets(JsonElement element, string name, OtlpBuckets into)
    {
        if (Find(element, name) is { } buckets)
        {
            into.Offset = Small(Object(buckets), "offset");
            into.Counts.AddRange(Each(buckets, "bucketCounts", static e => WholeOf(e, "bucketCounts"), ofObjects: false));
        }
    }

    private OtlpAttribute ReadAttribute(JsonElement element) => new(Text(element, "key"), OtlpValue.Text(Find(element, "value") is { } value ? ReadValue(Object(value), 0) : null));

    private object? ReadValue(JsonElement element, int depth)
    {
        _budget.Spend();
        if (depth > OtlpValue.Deepest)
        {
            throw new OtlpException("An attribute's value has lists in lists too deep to be read.");
        }

        foreach (var property in element.EnumerateObject())
        {
            switch (property.Name)
            {
                case "stringValue" or "bytesValue":
                    return Text(element, property.Name);
                case "boolValue":
                    return property.Value.ValueKind == JsonValueKind.True;
                case "intValue":
                    return Long(property.Value);
                case "doubleValue":
                    return Number(element, property.Name);
                case "arrayValue":
                    return Each(Object(property.Value), "values", e => ReadValue(e, depth + 1));
                case "kvlistValue":
                    return Each(Object(property.Value), "values", e => KeyValuePair.Create(Text(e, "key"), Find(e, "value") is { } value ? ReadValue(Object(value), depth + 1) : null));
            }
        }

        return null;
    }

    private List<T> Each<T>(JsonElement element, string name, Func<JsonElement, T> read, bool ofObjects = true)
    {
        if (Find(element, name) is not { } array)
        {
            return [];
        }

        if (array.ValueKind != JsonValueKind.Array)
        {
            throw Wrong(name, "a list");
        }

        _budget.Spend(array.GetArrayLength());
        var list = new List<T>(array.GetArrayLength());
        foreach (var one in array.EnumerateArray())
        {
            list.Add(read(ofObjects ? Object(one) : one));
        }

        return list;
    }

    private static JsonElement Object(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object ? element : throw new OtlpException("The body is not a message of OTLP: something else stands where an object belongs.");

    /// <summary>Null is as good as left out.</summary>
    private static JsonElement? Find(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static string Text(JsonElement element, string name) =>
        Find(element, name) is not { } value ? "" : value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Wrong(name, "a text");

    private static ulong Whole(JsonElement element, string name) => Find(element, name) is { } value ? WholeOf(value, name) : 0;

    private static ulong WholeOf(JsonElement value, string name) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetUInt64(out var number) => number,
        JsonValueKind.String when ulong.TryParse(value.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
        _ => throw Wrong(name, "a whole number, 0 or more"),
    };

    private static long Long(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetInt64(out var number) => number,
        JsonValueKind.String when long.TryParse(value.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        _ => throw Wrong("intValue", "a whole number"),
    };

    private static int Small(JsonElement element, string name) =>
        Number(element, name) is not { } number ? 0 : number is >= int.MinValue and <= int.MaxValue && double.IsInteger(number) ? (int)number : throw Wrong(name, "a whole number");

    private static double? Number(JsonElement element, string name) => Find(element, name) is { } value ? NumberOf(value, name) : null;

    private static double NumberOf(JsonElement value, string name) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetDouble(out var number) => number,
        JsonValueKind.String when value.GetString() is var text => text switch
        {
            "NaN" => double.NaN,
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : throw Wrong(name, "a number"),
        },
        _ => throw Wrong(name, "a number"),
    };

    private static OtlpException Wrong(string name, string what) => new($"The body is not a message of OTLP: '{name}' is not {what}.");
}
