namespace OpsConsole.Core.Sources.Otlp;

/// <summary>Reads what points of one form have beside their time and attributes.</summary>
internal sealed class OtlpProtobufPoint(OtlpBudget budget)
{
    /// <summary>Takes the field that the reader has come to; false when it means nothing for that form, and was not read.</summary>
    public bool Read(ref ProtobufReader reader, OtlpForm form, OtlpPoint point) => form switch
    {
        OtlpForm.Histogram => ReadHistogram(ref reader, point),
        OtlpForm.ExponentialHistogram => ReadExponential(ref reader, point),
        OtlpForm.Summary => ReadSummary(ref reader, point),
        _ => ReadNumber(ref reader, point),
    };

    private static bool ReadNumber(ref ProtobufReader reader, OtlpPoint point)
    {
        switch ((reader.Field, reader.Wire))
        {
            case (4, Wire.Fixed64):
                point.Value = reader.Double();
                return true;
            case (6, Wire.Fixed64):
                point.Value = (long)reader.Fixed64();
                return true;
            case (8, Wire.Varint):
                point.Flags = (uint)reader.Varint();
                return true;
            default:
                return false;
        }
    }

    private bool ReadHistogram(ref ProtobufReader reader, OtlpPoint point)
    {
        switch ((reader.Field, reader.Wire))
        {
            case (4, Wire.Fixed64):
                point.Count = reader.Fixed64();
                return true;
            case (5, Wire.Fixed64):
                point.Sum = reader.Double();
                return true;
            case (6, Wire.Bytes):
                ReadPacked(reader.Bytes(), point.Counts, static (ref ProtobufReader r) => r.Fixed64());
                return true;
            case (6, Wire.Fixed64):
                Add(point.Counts, reader.Fixed64());
                return true;
            case (7, Wire.Bytes):
                ReadPacked(reader.Bytes(), point.Bounds, static (ref ProtobufReader r) => r.Double());
                return true;
            case (7, Wire.Fixed64):
                Add(point.Bounds, reader.Double());
                return true;
            case (10, Wire.Varint):
                point.Flags = (uint)reader.Varint();
                return true;
            default:
                return false;
        }
    }

    private bool ReadExponential(ref ProtobufReader reader, OtlpPoint point)
    {
        switch ((reader.Field, reader.Wire))
        {
            case (4, Wire.Fixed64):
                point.Count = reader.Fixed64();
                return true;
            case (5, Wire.Fixed64):
                point.Sum = reader.Double();
                return true;
            case (6, Wire.Varint):
                point.Scale = reader.ZigZag();
                return true;
            case (7, Wire.Fixed64):
                point.ZeroCount = reader.Fixed64();
                return true;
            case (8, Wire.Bytes):
                ReadBuckets(reader.Bytes(), point.Positive);
                return true;
            case (9, Wire.Bytes):
                ReadBuckets(reader.Bytes(), point.Negative);
                return true;
            case (10, Wire.Varint):
                point.Flags = (uint)reader.Varint();
                return true;
            case (14, Wire.Fixed64):
                point.ZeroThreshold = reader.Double();
                return true;
            default:
                return false;
        }
    }

    private void ReadBuckets(ReadOnlySpan<byte> message, OtlpBuckets into)
    {
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch ((reader.Field, reader.Wire))
            {
                case (1, Wire.Varint):
                    into.Offset = reader.ZigZag();
                    break;
                case (2, Wire.Bytes):
                    ReadPacked(reader.Bytes(), into.Counts, static (ref ProtobufReader r) => r.Varint());
                    break;
                case (2, Wire.Varint):
                    Add(into.Counts, reader.Varint());
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }

    private bool ReadSummary(ref ProtobufReader reader, OtlpPoint point)
    {
        switch ((reader.Field, reader.Wire))
        {
            case (4, Wire.Fixed64):
                point.Count = reader.Fixed64();
                return true;
            case (5, Wire.Fixed64):
                point.Sum = reader.Double();
                return true;
            case (6, Wire.Bytes):
                Add(point.Quantiles, ReadQuantile(reader.Bytes()));
                return true;
            case (8, Wire.Varint):
                point.Flags = (uint)reader.Varint();
                return true;
            default:
                return false;
        }
    }

    private static (double Quantile, double Value) ReadQuantile(ReadOnlySpan<byte> message)
    {
        var (quantile, value) = (0.0, 0.0);
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch ((reader.Field, reader.Wire))
            {
                case (1, Wire.Fixed64):
                    quantile = reader.Double();
                    break;
                case (2, Wire.Fixed64):
                    value = reader.Double();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return (quantile, value);
    }

    private delegate T ReadOne<out T>(ref ProtobufReader reader);

    private void ReadPacked<T>(ReadOnlySpan<byte> numbers, List<T> into, ReadOne<T> one)
    {
        var reader = new ProtobufReader(numbers);
        while (!reader.IsAtEnd)
        {
            Add(into, one(ref reader));
        }
    }

    private void Add<T>(List<T> list, T one)
    {
        budget.Spend();
        list.Add(one);
    }
}
