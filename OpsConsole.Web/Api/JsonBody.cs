using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace OpsConsole.Web.Api;

/// <summary>Reads a request's JSON within a bound, and says where it is wrong.</summary>
internal static class JsonBody
{
    private static readonly ConditionalWeakTable<JsonSerializerOptions, JsonSerializerOptions> Readers = [];

    /// <summary>The value, or the answer to give instead of it.</summary>
    public static async Task<(T? Value, IResult? Problem)> ReadAsync<T>(HttpContext context, int maxBytes, CancellationToken cancellationToken)
        where T : class
    {
        if (!context.Request.HasJsonContentType())
        {
            return (null, Problem(StatusCodes.Status415UnsupportedMediaType, "Media type not supported", "Send the body as application/json."));
        }

        if (ContentCoding.Refusal(context.Request) is { } refusal)
        {
            return (null, refusal);
        }

        if (await BoundedAsync(context.Request, maxBytes, cancellationToken) is not { } body)
        {
            return (null, Problem(StatusCodes.Status413PayloadTooLarge, "Too large", $"The body may have at most {maxBytes} bytes."));
        }

        try
        {
            return JsonSerializer.Deserialize<T>(body.Span, Options(context)) is { } value
                ? (value, null)
                : (null, Problem(StatusCodes.Status400BadRequest, "The body cannot be read", "The body is null; send a JSON object."));
        }
        catch (JsonException e)
        {
            var where = e.Path is { Length: > 0 } path ? $" at {path}" : "";
            return (null, Problem(StatusCodes.Status400BadRequest, "The body cannot be read", $"The JSON is malformed, or has a value of a wrong kind, an unknown member or one member twice{where} (line {e.LineNumber + 1})."));
        }
    }

    /// <summary>How the API reads JSON, for what comes in as a part of something else.</summary>
    public static JsonSerializerOptions Options(HttpContext context) =>
        Readers.GetValue(context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions, Reader);

    /// <summary>The whole body, or null when it is longer than it may be, whatever its header says.</summary>
    private static async Task<ReadOnlyMemory<byte>?> BoundedAsync(HttpRequest request, int maxBytes, CancellationToken cancellationToken)
    {
        if (request.ContentLength > maxBytes)
        {
            return null;
        }

        var buffer = new byte[Math.Min(maxBytes + 1, 16 * 1024)];
        var length = 0;
        int read;
        while ((read = await request.Body.ReadAsync(buffer.AsMemory(length), cancellationToken)) > 0)
        {
            length += read;
            if (length > maxBytes)
            {
                return null;
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, Math.Min(buffer.Length * 2, maxBytes + 1));
            }
        }

        return buffer.AsMemory(0, length);
    }

    /// <summary>What is missing is the subject's to say, all of it at once and in its own words, not the reader's one by one. What is misspelt or there twice would be lost, so it is refused.</summary>
    private static JsonSerializerOptions Reader(JsonSerializerOptions options) => new(options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        TypeInfoResolver = (options.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver()).WithAddedModifier(static type =>
        {
            foreach (var property in type.Properties)
            {
                property.IsRequired = false;
            }
        }),
    };

    private static IResult Problem(int status, string title, string detail) => Results.Problem(statusCode: status, title: title, detail: detail);
}
