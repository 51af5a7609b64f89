using System.Buffers.Binary;
using System.Text;

namespace OpsConsole.Tests.Core.Sources.Otlp;

/// <summary>Writes protobuf messages, field by field.</summary>
internal sealed class ProtobufWriter
{
    private readonly List<byte> _bytes = [];

    public byte[] Bytes => [.. _bytes];

    public ProtobufWriter Varint(int field, ulong value) => Raw((ulong)field << 3).Raw(value);

    public ProtobufWriter ZigZag(int field, int value) => Varint(field, (uint)((value << 1) ^ (value >> 31)));

    public ProtobufWriter Fixed64(int field, ulong value)
    {
        Raw(((ulong)field << 3) | 1);
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        _bytes.AddRange(bytes);
        return this;
    }

    public ProtobufWriter Fixed32(int field, uint value)
    {
        Raw(((ulong)field << 3) | 5);
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        _bytes.AddRange(bytes);
        return this;
    }

    public ProtobufWriter Double(int field, double value) => Fixed64(field, BitConverter.DoubleToUInt64Bits(value));

    public ProtobufWriter Text(int field, string text) => Message(field, Encoding.UTF8.GetBytes(text));

    public ProtobufWriter Message(int field, ProtobufWriter message) => Message(field, message.Bytes);

    public ProtobufWriter Message(int field, byte[] bytes)
    {
        Raw(((ulong)field << 3) | 2).Raw((ulong)bytes.Length);
        _bytes.AddRange(bytes);
        return this;
    }

    public ProtobufWriter Packed(int field, params ulong[] values)
    {
        var packed = new ProtobufWriter();
        foreach (var value in values)
        {
            packed.Raw(value);
        }

        return Message(field, packed);
    }

    public ProtobufWriter PackedFixed(int field, params ulong[] values) =>
        Message(field, [.. values.SelectMany(v => BitConverter.GetBytes(v))]);

    private ProtobufWriter Raw(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            _bytes.Add((byte)(value | 0x80));
        }

        _bytes.Add((byte)value);
        return this;
    }
}
