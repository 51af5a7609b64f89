using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OpsConsole.Web.Flags;

/// <summary>What lets a client open a stream: a browser's event source cannot send a token, so the address itself has to say who it is.</summary>
/// <param name="Environment">Whose changes it hears of.</param>
/// <param name="Client">The client's id.</param>
/// <param name="Token">The flag client whose token was brought; <see cref="Guid.Empty"/> for a token that is no flag client's.</param>
internal readonly record struct FlagTicket(string Environment, string Client, Guid Token);

/// <summary>Writes and checks tickets. The key is made when the console starts, so no ticket outlives it.</summary>
/// <remarks>A ticket is good for one to two hours: all that are written in the same hour for the same client are the same, so that a client which asks again keeps the stream it has.</remarks>
internal sealed class FlagTickets(TimeProvider time)
{
    private const int Seconds = 3_600;
    private const int TokenAt = sizeof(long);
    private const int SealAt = TokenAt + 16;
    private const int Length = SealAt + 32;
    private const int LongestEnvironment = 64;

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    /// <summary>Tells tickets of this hour and this start of the console from others.</summary>
    public string Stamp => StampOf(Hour);

    private long Hour => time.GetUtcNow().ToUnixTimeSeconds() / Seconds;

    /// <summary>True while tickets that were written under the stamp still open a stream.</summary>
    public bool IsGood(string stamp)
    {
        var hour = Hour;
        return stamp == StampOf(hour) || stamp == StampOf(hour - 1);
    }

    /// <summary>The ticket as an address carries it.</summary>
    public string Write(FlagTicket ticket)
    {
        Span<byte> bytes = stackalloc byte[Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, (Hour + 2) * Seconds);
        ticket.Token.TryWriteBytes(bytes[TokenAt..]);
        Seal(ticket.Environment, ticket.Client, bytes[..SealAt], bytes[SealAt..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Whom the ticket is for, or null when it was not written here, is over, or is another's.</summary>
    public FlagTicket? Read(string? environment, string? client, string? ticket)
    {
        Span<byte> bytes = stackalloc byte[Length];
        if (environment is null or { Length: 0 or > LongestEnvironment } || client is not { Length: Api.OfrepTag.ClientLength } || ticket is null
            || ticket.Length != Base64Url.GetEncodedLength(Length) || !Base64Url.TryDecodeFromChars(ticket, bytes, out var written) || written != Length)
        {
            return null;
        }

        Span<byte> seal = stackalloc byte[32];
        Seal(environment, client, bytes[..SealAt], seal);
        return CryptographicOperations.FixedTimeEquals(seal, bytes[SealAt..]) && time.GetUtcNow().ToUnixTimeSeconds() < BinaryPrimitives.ReadInt64BigEndian(bytes)
            ? new FlagTicket(environment, client, new Guid(bytes[TokenAt..SealAt]))
            : null;
    }

    private void Seal(string environment, string client, ReadOnlySpan<byte> head, Span<byte> seal)
    {
        // No environment's name has a line break, and everything after the name is of a fixed length or the last.
        Span<byte> text = stackalloc byte[SealAt + (3 * (LongestEnvironment + Api.OfrepTag.ClientLength)) + 1];
        head.CopyTo(text);
        var length = SealAt + Encoding.UTF8.GetBytes(client, text[SealAt..]);
        text[length++] = (byte)'\n';
        length += Encoding.UTF8.GetBytes(environment, text[length..]);
        HMACSHA256.HashData(_key, text[..length], seal);
    }

    private string StampOf(long hour)
    {
        Span<byte> digest = stackalloc byte[32];
        HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(hour.ToString(CultureInfo.InvariantCulture)), digest);
        return Convert.ToHexStringLower(digest[..4]);
    }
}
