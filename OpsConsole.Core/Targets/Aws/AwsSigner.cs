using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace OpsConsole.Core.Targets.Aws;

/// <summary>Signs requests by Signature Version 4, as AWS and storage that speaks the S3 protocol ask for it.</summary>
/// <remarks>
/// A path is signed as it is sent, each part encoded once, which is what S3 wants; the other services that the console asks have the path <c>/</c> alone.
/// Every header that stands in the request when it is signed is part of the signature.
/// </remarks>
/// <param name="accessKey">Id of the access key.</param>
/// <param name="secretKey">The access key's secret.</param>
/// <param name="sessionToken">The token of temporary credentials; null or empty where they last.</param>
/// <param name="region">For example <c>eu-central-1</c>.</param>
/// <param name="service">As AWS names it in a signature, for example <c>s3</c>.</param>
internal sealed partial class AwsSigner(string accessKey, string secretKey, string? sessionToken, string region, string service)
{
    /// <summary>How a signature writes the time.</summary>
    public const string TimeFormat = "yyyyMMdd'T'HHmmss'Z'";

    private const string Algorithm = "AWS4-HMAC-SHA256";
    private const string DateHeader = "X-Amz-Date", TokenHeader = "X-Amz-Security-Token", BodyHeader = "X-Amz-Content-Sha256";

    /// <summary>Adds the time, the token where there is one, and the signature.</summary>
    /// <param name="request">With every header that is to be signed, and without those that this adds.</param>
    /// <param name="body">What the request carries.</param>
    /// <param name="now">When it is sent; a service refuses a signature of another time.</param>
    public void Sign(HttpRequestMessage request, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(request);
        var bodyHash = Hex(SHA256.HashData(body));
        var time = now.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);
        Add(request, DateHeader, time);
        if (!string.IsNullOrEmpty(sessionToken))
        {
            Add(request, TokenHeader, sessionToken);
        }

        if (service == "s3")
        {
            Add(request, BodyHeader, bodyHash);
        }

        var headers = Headers(request);
        var names = string.Join(';', headers.Keys);
        string[] asked =
        [
            request.Method.Method,
            Path(request.RequestUri!),
            Query(request.RequestUri!),
            .. headers.Select(h => $"{h.Key}:{h.Value}"),
            "",
            names,
            bodyHash,
        ];
        var scope = $"{time[..8]}/{region}/{service}/aws4_request";
        var toSign = string.Join('\n', Algorithm, time, scope, Hex(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', asked)))));
        Add(request, "Authorization", $"{Algorithm} Credential={accessKey}/{scope}, SignedHeaders={names}, Signature={Hex(Hmac(Key(time[..8]), toSign))}");
    }

    private byte[] Key(string day) => Hmac(Hmac(Hmac(Hmac(Encoding.UTF8.GetBytes("AWS4" + secretKey), day), region), service), "aws4_request");

    private static void Add(HttpRequestMessage request, string name, string value) => request.Headers.TryAddWithoutValidation(name, value);

    /// <summary>The headers by name in small letters, in the order of their names.</summary>
    private static SortedDictionary<string, string> Headers(HttpRequestMessage request)
    {
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["host"] = request.RequestUri!.Authority };
        foreach (var header in request.Headers.NonValidated)
        {
            headers[Lower(header.Key)] = string.Join(',', header.Value.Select(Trimmed));
        }

        if (request.Content is { } content)
        {
            foreach (var header in content.Headers.NonValidated.Where(h => !h.Key.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)))
            {
                headers[Lower(header.Key)] = string.Join(',', header.Value.Select(Trimmed));
            }
        }

        return headers;
    }

    private static string Path(Uri address) => string.Join('/', address.AbsolutePath.Split('/').Select(Encoded));

    private static string Query(Uri address) => string.Join('&', address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(static part => part.Split('=', 2))
        .Select(static part => (Name: Encoded(part[0]), Value: part.Length > 1 ? Encoded(part[1]) : ""))
        .OrderBy(static part => part.Name, StringComparer.Ordinal).ThenBy(static part => part.Value, StringComparer.Ordinal)
        .Select(static part => $"{part.Name}={part.Value}"));

    /// <summary>Everything but letters, digits and <c>-._~</c> encoded, whatever was before.</summary>
    private static string Encoded(string part) => Uri.EscapeDataString(Uri.UnescapeDataString(part));

    private static string Trimmed(string value) => Spaces().Replace(value.Trim(), " ");

#pragma warning disable CA1308 // The signature wants small letters.
    private static string Lower(string name) => name.ToLowerInvariant();
#pragma warning restore CA1308

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);

    private static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    [GeneratedRegex(" {2,}")]
    private static partial Regex Spaces();
}
