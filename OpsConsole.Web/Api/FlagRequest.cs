using System.Text.Json;

namespace OpsConsole.Web.Api;

/// <summary>Reads the body of a flag evaluation and says what is wrong with it in the terms of the OpenFeature Remote Evaluation Protocol.</summary>
/// <param name="ErrorCode">Null when the body is good.</param>
/// <param name="ErrorDetails">One sentence for people.</param>
internal sealed record FlagRequest(string? ErrorCode, string? ErrorDetails)
{
    /// <summary>Largest body accepted, in bytes.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>Deepest nesting accepted.</summary>
    public const int MaxDepth = 16;

    private static readonly FlagRequest Good = new(null, null);

    public static async Task<FlagRequest> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var body = new byte[MaxBytes + 1];
        var length = await request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancellationToken);
        return length > MaxBytes
            ? new FlagRequest("PARSE_ERROR", $"The body is larger than {MaxBytes} bytes.")
            : Check(body.AsMemory(0, length));
    }

    private static FlagRequest Check(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = MaxDepth });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return new FlagRequest("PARSE_ERROR", "The body is not a JSON object.");
            }

            if (!document.RootElement.TryGetProperty("context", out var context) || context.ValueKind != JsonValueKind.Object)
            {
                return new FlagRequest("INVALID_CONTEXT", "The body has no object 'context'.");
            }

            return context.TryGetProperty("targetingKey", out var key) && key.ValueKind == JsonValueKind.String && key.GetString() is { Length: > 0 }
                ? Good
                : new FlagRequest("INVALID_CONTEXT", "The context has no text 'targetingKey'.");
        }
        catch (JsonException)
        {
            return new FlagRequest("PARSE_ERROR", $"The body is not JSON of at most {MaxDepth} levels.");
        }
    }
}
