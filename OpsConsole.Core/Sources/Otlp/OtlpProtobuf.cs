namespace OpsConsole.Core.Sources.Otlp;

/// <summary>Reads the messages of OTLP metrics out of protobuf. Fields that it does not know are passed over, as protobuf has it. See https://github.com/open-telemetry/opentelemetry-proto.</summary>
internal sealed class OtlpProtobuf
{
    private readonly OtlpBudget _budget = new();
    private readonly OtlpProtobufValues _values;
    private readonly OtlpProtobufPoint _points;

    public OtlpProtobuf() => (_values, _points) = (new(_budget), new(_budget));

    /// <exception cref="OtlpException">It is no such message.</exception>
    public List<OtlpResource> Read(ReadOnlySpan<byte> body)
    {
        var resources = new List<OtlpResource>();
        var reader = new ProtobufReader(body);
        while (reader.Next())
        {
            if ((reader.Field, reader.Wire) == (1, Wire.Bytes))
            {
                _budget.Spend();
                var resource = new OtlpResource();
                ReadResourceMetrics(reader.Bytes(), resource);
                resources.Add(resource);
            }
            else
            {
                reader.Skip();
            }
        }

        return resources;
    }

    private void ReadResourceMetrics(ReadOnlySpan<byte> message, OtlpResource into)
    {
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch ((reader.Field, reader.Wire))
            {
                case (1, Wire.Bytes):
                    _values.ReadAttributes(reader.Bytes(), 1, into.Attributes);
                    break;
                case (2, Wire.Bytes):
                    _budget.Spend();
                    var scope = new OtlpScope();
                    ReadScopeMetrics(reader.Bytes(), scope);
                    into.Scopes.Add(scope);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }

    private void ReadScopeMetrics(ReadOnlySpan<byte> message, OtlpScope into)
    {
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch ((reader.Field, reader.Wire))
            {
                case (1, Wire.Bytes):
                    ReadScope(reader.Bytes(), into);
                    break;
                case (2, Wire.Bytes):
                    _budget.Spend();
                    var metric = new OtlpMetric();
                    ReadMetric(reader.Bytes(), metric);
                    into.Metrics.Add(metric);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }

    private static void ReadScope(ReadOnlySpan<byte> message, OtlpScope into)
    {
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch ((reader.Field, reader.Wire))
            {
                case (1, Wire.Bytes):
                    into.Name = reader.Text();
                    break;
                case (2, Wire.Bytes):
                    into.Version = reader.Text();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }

    private void ReadMetric(ReadOnlySpan<byte> message, OtlpMetric into)
    {
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch ((reader.Field, reader.Wire))
            {
                case (1, Wire.Bytes):
                    into.Name = reader.Text();
                    break;
                case (5, Wire.Bytes):
                    ReadData(reader.Bytes(), OtlpForm.Gauge, into);
                    break;
                case (7, Wire.Bytes):
                    ReadData(reader.Bytes(), OtlpForm.Sum, into);
                    break;
                case (9, Wire.Bytes):
                    ReadData(reader.Bytes(), OtlpForm.Histogram, into);
                    break;
                case (10, Wire.Bytes):
                    ReadData(reader.Bytes(), OtlpForm.ExponentialHistogram, into);
                    break;
                case (11, Wire.Bytes):
                    ReadData(reader.Bytes(), OtlpForm.Summary, into);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }

    /// <summary>The forms of data write their points, temporality and whether they are monotonic under the same numbers.</summary>
    private void ReadData(ReadOnlySpan<byte> message, OtlpForm form, OtlpMetric into)
    {
        into.Become(form);
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch ((reader.Field, reader.Wire))
            {
                case (1, Wire.Bytes):
                    _budget.Spend();
                    into.Points.Add(ReadPoint(reader.Bytes(), form));
                    break;
                case (2, Wire.Varint):
                    into.Temporality = (OtlpTemporality)(int)reader.Varint();
                    break;
                case (3, Wire.Varint) when form == OtlpForm.Sum:
                    into.IsMonotonic = reader.Varint() != 0;
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }

    private OtlpPoint ReadPoint(ReadOnlySpan<byte> message, OtlpForm form)
    {
        var point = new OtlpPoint();
        var attributes = form switch { OtlpForm.Histogram => 9, OtlpForm.ExponentialHistogram => 1, _ => 7 };
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch ((reader.Field, reader.Wire))
            {
                case (2, Wire.Fixed64):
                    point.Start = reader.Fixed64();
                    break;
                case (3, Wire.Fixed64):
                    point.Time = reader.Fixed64();
                    break;
                case var (field, wire) when field == attributes && wire == Wire.Bytes:
                    _values.ReadAttribute(reader.Bytes(), point.Attributes);
                    break;
                default:
                    if (!_points.Read(ref reader, form, point))
                    {
                        reader.Skip();
                    }

                    break;
            }
        }

        return point;
    }
}
