using System.Buffers.Binary;
using System.Text;

namespace OpsConsole.Core.Sources.Otlp;

/// <summary>How a field is written.</summary>
internal enum Wire
{
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    Fixed32 = 5,
}

/// <summary>Reads the fields of one protobuf message, one after another. See https://protobuf.dev/programming-guides/encoding/.</summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private ReadOnlySpan<byte> _rest = message;

    /// <summary>Number of the field that was come to.</summary>
    public int Field { get; private set; }

    /// <summary>How it is written.</summary>
    public Wire Wire { get; private set; }

    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>Comes to the next field; false at the message's end. Each has to be read or skipped.</summary>
    public bool Next()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        var tag = Varint();
        if (tag > uint.MaxValue || tag >> 3 == 0 || (tag & 7) is not (0 or 1 or 2 or 5))
        {
            throw Broken();
        }

        (Field, Wire) = ((int)(tag >> 3), (Wire)(tag & 7));
        return true;
    }

    public ulong Varint()
    {
        ulong value = 0;
        for (var i = 0; i < 10 && i < _rest.Length; i++)
        {
            var part = _rest[i];
            value |= (ulong)(part & 0x7f) << (7 * i);
            if (part < 0x80)
            {
                _rest = _rest[(i + 1)..];
                return value;
            }
        }

        throw Broken();
    }

    /// <summary>A signed number as <c>sint32</c> writes it.</summary>
    public int ZigZag()
    {
        var value = (uint)Varint();
        return (int)(value >> 1) ^ -(int)(value & 1);
    }

    public ulong Fixed64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    public double Double() => BinaryPrimitives.ReadDoubleLittleEndian(Take(8));

    public ReadOnlySpan<byte> Bytes()
    {
        var length = Varint();
        return length <= (ulong)_rest.Length ? Take((int)length) : throw Broken();
    }

    public string Text()
    {
        try
        {
            return Utf8.GetString(Bytes());
        }
        catch (DecoderFallbackException)
        {
            throw new OtlpException("The body is not a message of OTLP: a text is not UTF-8.");
        }
    }

    /// <summary>Goes past the field, which means nothing here.</summary>
    public void Skip()
    {
        switch (Wire)
        {
            case Wire.Varint:
                Varint();
                break;
            case Wire.Fixed64:
                Take(8);
                break;
            case Wire.Fixed32:
                Take(4);
                break;
            default:
                Bytes();
                break;
        }
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > _rest.Length)
        {
            throw Broken();
        }

        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }

    private static OtlpException Broken() => new("The body is not a message of OTLP in protobuf: it is damaged or cut off.");
}
