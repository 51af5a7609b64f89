namespace OpsConsole.Web.Api;

/// <summary>Bodies are taken as they are: a compressed one is refused in words, not read as broken JSON.</summary>
internal static class ContentCoding
{
    /// <summary>The answer to a request whose body is encoded, else null.</summary>
    public static IResult? Refusal(HttpRequest request)
    {
        var coding = request.Headers.ContentEncoding.ToString();
        return coding.Length == 0 || coding.Equals("identity", StringComparison.OrdinalIgnoreCase)
            ? null
            : Results.Problem(
                statusCode: StatusCodes.Status415UnsupportedMediaType,
                title: "Content encoding not supported",
                detail: "The body has a Content-Encoding. Send it as it is, without compression.");
    }
}
