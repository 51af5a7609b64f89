namespace OpsConsole.Core.Sources.Otlp;

/// <summary>Reads attributes and their values out of protobuf.</summary>
internal sealed class OtlpProtobufValues(OtlpBudget budget)
{
    /// <summary>Reads every attribute of a message that has them under one number.</summary>
    public void ReadAttributes(ReadOnlySpan<byte> message, int field, List<OtlpAttribute> into)
    {
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            if (reader.Field == field && reader.Wire == Wire.Bytes)
            {
                ReadAttribute(reader.Bytes(), into);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    public void ReadAttribute(ReadOnlySpan<byte> message, List<OtlpAttribute> into)
    {
        var (key, value) = ReadKeyValue(message, 0);
        into.Add(new(key, OtlpValue.Text(value)));
    }

    private KeyValuePair<string, object?> ReadKeyValue(ReadOnlySpan<byte> message, int depth)
    {
        budget.Spend();
        var (key, value) = ("", (object?)null);
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch ((reader.Field, reader.Wire))
            {
                case (1, Wire.Bytes):
                    key = reader.Text();
                    break;
                case (2, Wire.Bytes):
                    value = ReadValue(reader.Bytes(), depth);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return new(key, value);
    }

    private object? ReadValue(ReadOnlySpan<byte> message, int depth)
    {
        budget.Spend();
        if (depth > OtlpValue.Deepest)
        {
            throw new OtlpException("An attribute's value has lists in lists too deep to be read.");
        }

        object? value = null;
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch ((reader.Field, reader.Wire))
            {
                case (1, Wire.Bytes):
                    value = reader.Text();
                    break;
                case (2, Wire.Varint):
                    value = reader.Varint() != 0;
                    break;
                case (3, Wire.Varint):
                    value = (long)reader.Varint();
                    break;
                case (4, Wire.Fixed64):
                    value = reader.Double();
                    break;
                case (5, Wire.Bytes):
                    value = ReadList(reader.Bytes(), depth + 1);
                    break;
                case (6, Wire.Bytes):
                    value = ReadMap(reader.Bytes(), depth + 1);
                    break;
                case (7, Wire.Bytes):
                    value = reader.Bytes().ToArray();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return value;
    }

    private List<object?> ReadList(ReadOnlySpan<byte> message, int depth)
    {
        var list = new List<object?>();
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            if ((reader.Field, reader.Wire) == (1, Wire.Bytes))
            {
                list.Add(ReadValue(reader.Bytes(), depth));
            }
            else
            {
                reader.Skip();
            }
        }

        return list;
    }

    private List<KeyValuePair<string, object?>> ReadMap(ReadOnlySpan<byte> message, int depth)
    {
        var map = new List<KeyValuePair<string, object?>>();
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            if ((reader.Field, reader.Wire) == (1, Wire.Bytes))
            {
                map.Add(ReadKeyValue(reader.Bytes(), depth));
            }
            else
            {
                reader.Skip();
            }
        }

        return map;
    }
}
