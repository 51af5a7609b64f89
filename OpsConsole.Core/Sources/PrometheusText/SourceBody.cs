using System.Buffers;
using System.Text;

namespace OpsConsole.Core.Sources.PrometheusText;

/// <summary>The body of an answer, read up to a limit into rented memory.</summary>
internal sealed class SourceBody : IDisposable
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly char[] _characters;
    private readonly int _length;

    private SourceBody(char[] characters, int length)
    {
        _characters = characters;
        _length = length;
    }

    public ReadOnlySpan<char> Text => _characters.AsSpan(0, _length);

    /// <summary>Reads to the end, or to one byte more than allowed.</summary>
    /// <exception cref="SourceAnswerException">The body is too long, or not UTF-8; the message is a sentence.</exception>
    public static async Task<SourceBody> ReadAsync(Stream stream, int maxBytes, CancellationToken cancellationToken)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(Math.Min(64 * 1024, maxBytes + 1));
        try
        {
            var length = 0;
            while (true)
            {
                var read = await stream.ReadAsync(bytes.AsMemory(length), cancellationToken).ConfigureAwait(false);
                length += read;
                if (length > maxBytes)
                {
                    throw new SourceAnswerException($"The source sent more than {maxBytes / 1024} KiB.");
                }

                if (read == 0)
                {
                    return Decode(bytes.AsSpan(0, length));
                }

                if (length == bytes.Length)
                {
                    var larger = ArrayPool<byte>.Shared.Rent(bytes.Length * 2);
                    bytes.AsSpan(0, length).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(bytes);
                    bytes = larger;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    public void Dispose() => ArrayPool<char>.Shared.Return(_characters);

    private static SourceBody Decode(ReadOnlySpan<byte> bytes)
    {
        var characters = ArrayPool<char>.Shared.Rent(Math.Max(1, bytes.Length));
        try
        {
            return new SourceBody(characters, Strict.GetChars(bytes, characters));
        }
        catch (DecoderFallbackException e)
        {
            ArrayPool<char>.Shared.Return(characters);
            throw new SourceAnswerException($"The source's text is not UTF-8 (byte {e.Index + 1}).");
        }
    }
}
