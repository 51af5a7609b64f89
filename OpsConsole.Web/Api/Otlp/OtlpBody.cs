using System.Buffers;
using System.IO.Compression;

namespace OpsConsole.Web.Api.Otlp;

/// <summary>What a compressed body unpacks to, never more of it than allowed.</summary>
internal static class OtlpBody
{
    /// <summary>Unpacks gzip. Null when there is more than <paramref name="most"/> bytes.</summary>
    /// <exception cref="InvalidDataException">It is not gzip, or damaged.</exception>
    public static byte[]? Unpack(ReadOnlyMemory<byte> packed, int most)
    {
        using var from = new MemoryStream(packed.ToArray(), writable: false);
        using var gzip = new GZipStream(from, CompressionMode.Decompress);
        using var unpacked = new MemoryStream();
        var piece = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            int read;
            while ((read = gzip.Read(piece)) > 0)
            {
                if (unpacked.Length + read > most)
                {
                    return null;
                }

                unpacked.Write(piece, 0, read);
            }

            return unpacked.ToArray();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }
}
