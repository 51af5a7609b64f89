using System.Buffers;
using System.Net.Mime;
using System.Text;
using System.Text.Json;

namespace OpsConsole.Web.Api.Otlp;

/// <summary>An answer in the encoding of the request, as the protocol has it: an <c>ExportMetricsServiceResponse</c>, or a <c>google.rpc.Status</c> that says what went wrong.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="isJson">How the request was written.</param>
/// <param name="message">For people; null where all is well.</param>
/// <param name="rejected">Points that were not taken.</param>
internal sealed class OtlpAnswer(int status, bool isJson, string? message, long rejected = 0) : IResult
{
    /// <summary>Media type of binary protobuf.</summary>
    public const string Protobuf = "application/x-protobuf";

    /// <summary>An end is put to what is told, so that an answer stays small.</summary>
    private const int LongestMessage = 2_000;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var body = isJson ? Json() : Binary();
        httpContext.Response.StatusCode = status;
        httpContext.Response.ContentType = isJson ? MediaTypeNames.Application.Json : Protobuf;
        httpContext.Response.ContentLength = body.Length;
        await httpContext.Response.Body.WriteAsync(body, httpContext.RequestAborted);
    }

    private bool IsSuccess => status == StatusCodes.Status200OK;

    private string? Message => message is { Length: > LongestMessage } ? message[..LongestMessage] + " …" : message;

    private byte[] Json()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (IsSuccess && Message is not null)
            {
                json.WriteStartObject("partialSuccess");
                json.WriteString("rejectedDataPoints", rejected.ToString(System.Globalization.CultureInfo.InvariantCulture));
                json.WriteString("errorMessage", Message);
                json.WriteEndObject();
            }
            else if (Message is not null)
            {
                json.WriteString("message", Message);
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Both messages have their text under the second number; a partial success is the first of an answer's fields, with the points under its first.</summary>
    private byte[] Binary()
    {
        if (Message is null)
        {
            return [];
        }

        var text = Encoding.UTF8.GetBytes(Message);
        List<byte> said = [];
        if (IsSuccess && rejected > 0)
        {
            said.Add(0x08);
            Varint(said, (ulong)rejected);
        }

        said.Add(0x12);
        Varint(said, (ulong)text.Length);
        said.AddRange(text);
        if (!IsSuccess)
        {
            return [.. said];
        }

        List<byte> answer = [0x0a];
        Varint(answer, (ulong)said.Count);
        return [.. answer, .. said];
    }

    private static void Varint(List<byte> to, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            to.Add((byte)(value | 0x80));
        }

        to.Add((byte)value);
    }
}
