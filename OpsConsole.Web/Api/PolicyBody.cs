using System.Text;
using Microsoft.Net.Http.Headers;
using OpsConsole.Web.Api.Push;

namespace OpsConsole.Web.Api;

/// <summary>Reads a policy's text out of a request, within a bound.</summary>
internal static class PolicyBody
{
    /// <summary>Longest body, in bytes. What is between the longest policy and this is answered as a fault of the text.</summary>
    public const int MostBytes = 1024 * 1024;

    public const string Yaml = "application/yaml";

    private static readonly string[] Types = [Yaml, "application/x-yaml", "text/yaml", "text/x-yaml", "text/plain"];
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text, or the answer to give instead of it.</summary>
    public static async Task<(string? Text, IResult? Problem)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !Types.Contains(type.MediaType.Value, StringComparer.OrdinalIgnoreCase))
        {
            return (null, Problem(StatusCodes.Status415UnsupportedMediaType, "Media type not supported", $"Send the policy's text as {Yaml}, in UTF-8."));
        }

        if (ContentCoding.Refusal(request) is { } refusal)
        {
            return (null, refusal);
        }

        using var body = await BoundedBody.ReadAsync(request, MostBytes, cancellationToken);
        if (body is null)
        {
            return (null, Problem(StatusCodes.Status413PayloadTooLarge, "Too large", $"The body may have at most {MostBytes} bytes."));
        }

        try
        {
            return (Strict.GetString(body.Bytes).TrimStart('\uFEFF'), null);
        }
        catch (DecoderFallbackException)
        {
            return (null, Problem(StatusCodes.Status400BadRequest, "The body cannot be read", "The body is not UTF-8."));
        }
    }

    private static IResult Problem(int status, string title, string detail) => Results.Problem(statusCode: status, title: title, detail: detail);
}
