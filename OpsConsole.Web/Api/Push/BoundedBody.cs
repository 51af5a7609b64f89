using System.Buffers;
using Microsoft.AspNetCore.Http.Features;

namespace OpsConsole.Web.Api.Push;

/// <summary>A request's body in rented memory, never more of it than allowed.</summary>
internal sealed class BoundedBody : IDisposable
{
    /// <summary>What the server reads on and throws away of a body that is too long, for a few seconds: a client that sends all before it reads gets the answer, and not a broken connection.</summary>
    private const long ThrownAway = 256L * 1024 * 1024;

    private readonly byte[] _bytes;
    private readonly int _length;

    private BoundedBody(byte[] bytes, int length)
    {
        _bytes = bytes;
        _length = length;
    }

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>The same for readers that work across calls; not to be kept longer than this body.</summary>
    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, _length);

    /// <summary>Reads to the end. Null when there is more than <paramref name="most"/> bytes.</summary>
    public static async Task<BoundedBody?> ReadAsync(HttpRequest request, int most, CancellationToken cancellationToken)
    {
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = ThrownAway;
        }

        if (request.ContentLength > most)
        {
            return null;
        }

        var bytes = ArrayPool<byte>.Shared.Rent((int)Math.Min(request.ContentLength + 1 ?? 16 * 1024, most + 1));
        var length = 0;
        try
        {
            while (true)
            {
                var read = await request.Body.ReadAsync(bytes.AsMemory(length), cancellationToken);
                length += read;
                if (length > most)
                {
                    return null;
                }

                if (read == 0)
                {
                    var body = new BoundedBody(bytes, length);
                    bytes = [];
                    return body;
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

    public void Dispose() => ArrayPool<byte>.Shared.Return(_bytes);
}
