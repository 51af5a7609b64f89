using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace OpsConsole.Core.Audit;

/// <summary>The chain over the audit: each line's hash covers the line, its place and the hash before it, so that no line can be changed, removed or moved without every later hash being another.</summary>
/// <remarks>
/// SHA-256 over, in this order and without separators: the text <c>opsconsole-audit-1</c>; the hash before (32 bytes); the sequence (8 bytes);
/// the line's key (16 bytes); its time in microseconds since 1970 (8 bytes); actor, role, event, subject, subject title, outcome, reason, detail and evidence seal,
/// each as its length in UTF-8 bytes (4 bytes, -1 for none) and those bytes; the action's id (16 bytes) or nothing. Numbers and ids are big-endian.
/// </remarks>
public static class AuditChain
{
    /// <summary>What stands before the first line.</summary>
    public static readonly string Genesis = new('0', 64);

    private static readonly byte[] Domain = Encoding.UTF8.GetBytes("opsconsole-audit-1");

    /// <summary>The hash of a line, as 64 lower-case hexadecimal characters.</summary>
    /// <param name="before">Hash of the line before, or <see cref="Genesis"/>.</param>
    /// <param name="sequence">Its place, from 1.</param>
    /// <param name="key">The key that was given to it before it was written.</param>
    /// <param name="line">The line as it is stored.</param>
    public static string Next(string before, long sequence, Guid key, AuditEntry line)
    {
        ArgumentNullException.ThrowIfNull(line);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Domain);
        hash.AppendData(Convert.FromHexString(before));
        Number(hash, sequence);
        Id(hash, key);
        Number(hash, (line.At.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond);
        foreach (var text in (string?[])[line.Actor, line.Role, line.Event, line.Subject, line.SubjectTitle, line.Outcome, line.Reason, line.Detail, line.EvidenceSeal])
        {
            Text(hash, text);
        }

        if (line.ActionId is { } action)
        {
            Id(hash, action);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Number(IncrementalHash hash, long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        hash.AppendData(bytes);
    }

    private static void Id(IncrementalHash hash, Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        hash.AppendData(bytes);
    }

    private static void Text(IncrementalHash hash, string? value)
    {
        Span<byte> length = stackalloc byte[4];
        var bytes = value is null ? null : Encoding.UTF8.GetBytes(value);
        BinaryPrimitives.WriteInt32BigEndian(length, bytes?.Length ?? -1);
        hash.AppendData(length);
        hash.AppendData(bytes ?? []);
    }
}

/// <summary>The place of one audit line in the chain. Kept apart from the line, so that lines can be given up after their time and the chain still be followed.</summary>
public sealed class AuditLink
{
    /// <summary>Its place, from 1, without gaps.</summary>
    public required long Sequence { get; init; }

    /// <summary>The key that was given to the line before it was written.</summary>
    public required Guid LineKey { get; init; }

    /// <summary>As <see cref="AuditChain.Next"/> says.</summary>
    public required string Hash { get; init; }
}

/// <summary>The end of the chain; one row, which whoever appends holds until it is saved.</summary>
public sealed class AuditHead
{
    public const int Only = 1;

    public int Id { get; init; } = Only;

    /// <summary>Place of the last line; 0 while there is none.</summary>
    public long Sequence { get; set; }

    /// <summary>Hash of the last line.</summary>
    public string Hash { get; set; } = AuditChain.Genesis;

    /// <summary>True once the lines from before there was a chain are in it.</summary>
    public bool Begun { get; set; }
}
