using System.Globalization;
using System.Text;

namespace OpsConsole.Tests.Benchmarks;

/// <summary>The same question, what all flags are for a user, as two servers want it.</summary>
internal static class FlagsQuestion
{
    /// <summary>To the console, by the OpenFeature Remote Evaluation Protocol.</summary>
    public static Func<string, string?, byte[]> Console(Uri server, string token) => (user, tag) =>
    {
        var body = $$"""{"context":{"targetingKey":"{{user}}","plan":"silver","country":"DE","app":{"version":"2.15.0"} } }""";
        return Request("POST /ofrep/v1/evaluate/flags", server, "Bearer " + token, tag, body);
    };

    /// <summary>To unleash-server's frontend API.</summary>
    public static Func<string, string?, byte[]> Unleash(Uri server, string token) => (user, tag) =>
        Request($"GET /api/frontend?userId={user}&properties%5Bplan%5D=silver&properties%5Bcountry%5D=DE&properties%5BappVersion%5D=2.15.0", server, token, tag, null);

    private static byte[] Request(string what, Uri server, string token, string? tag, string? body) => Encoding.ASCII.GetBytes(
        $"{what} HTTP/1.1\r\nHost: {server.Authority}\r\nAuthorization: {token}\r\n" + (tag is null ? "" : $"If-None-Match: {tag}\r\n")
        + (body is null ? "\r\n" : string.Create(CultureInfo.InvariantCulture, $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}")));
}
