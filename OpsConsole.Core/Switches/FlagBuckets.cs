using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace OpsConsole.Core.Switches;

/// <summary>Puts everyone into one of 100,000 buckets of a flag, always the same one, so that a percentage of people is a range of buckets: raising it only ever adds people.</summary>
public static class FlagBuckets
{
    /// <summary>How many there are: a thousandth of a percent each.</summary>
    public const int Count = 100_000;

    /// <summary>Buckets in a percentage, 0 to 100. Finer steps than a thousandth of a percent are rounded.</summary>
    public static int In(double percent) => (int)Math.Round(Math.Clamp(percent, 0, 100) * (Count / 100), MidpointRounding.AwayFromZero);

    /// <summary>The bucket of a person for a flag, 0 to 99,999.</summary>
    /// <remarks>Flags have buckets of their own, so that it is not always the same people who get everything first. A flag's key never holds the separator.</remarks>
    public static int Of(string flag, string targetingKey)
    {
        ArgumentNullException.ThrowIfNull(flag);
        ArgumentNullException.ThrowIfNull(targetingKey);
        var most = Encoding.UTF8.GetMaxByteCount(flag.Length + 1 + targetingKey.Length);
        byte[]? rented = null;
        var bytes = most <= 512 ? stackalloc byte[512] : rented = ArrayPool<byte>.Shared.Rent(most);
        try
        {
            var length = Encoding.UTF8.GetBytes(flag, bytes);
            bytes[length++] = (byte)':';
            length += Encoding.UTF8.GetBytes(targetingKey, bytes[length..]);
            return (int)(((ulong)Murmur3(bytes[..length], 0) * Count) >> 32);
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    /// <summary>MurmurHash3, x86, 32 bits (Austin Appleby, public domain): fast, even, and the same on every platform.</summary>
    public static uint Murmur3(ReadOnlySpan<byte> data, uint seed)
    {
        var hash = seed;
        var rest = data;
        for (; rest.Length >= 4; rest = rest[4..])
        {
            hash ^= Mixed(BinaryPrimitives.ReadUInt32LittleEndian(rest));
            hash = (BitOperations.RotateLeft(hash, 13) * 5) + 0xe6546b64;
        }

        uint tail = 0;
        for (var i = rest.Length - 1; i >= 0; i--)
        {
            tail = (tail << 8) | rest[i];
        }

        hash ^= Mixed(tail);
        hash ^= (uint)data.Length;
        hash = (hash ^ (hash >> 16)) * 0x85ebca6b;
        hash = (hash ^ (hash >> 13)) * 0xc2b2ae35;
        return hash ^ (hash >> 16);
    }

    private static uint Mixed(uint block) => BitOperations.RotateLeft(block * 0xcc9e2d51, 15) * 0x1b873593;
}
