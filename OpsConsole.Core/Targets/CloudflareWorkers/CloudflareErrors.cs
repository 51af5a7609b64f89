using System.Globalization;
using System.Text.Json;

namespace OpsConsole.Core.Targets.CloudflareWorkers;

/// <summary>What Cloudflare says of an error.</summary>
internal static class CloudflareErrors
{
    /// <summary>The first of <c>{ "errors": [ { "code": 10007, "message": "..." } ] }</c>; null where there is none. GraphQL gives no code, and null or an empty list where nothing is wrong.</summary>
    public static string? Words(JsonElement answer)
    {
        if (answer.GetProperty("errors") is not { ValueKind: JsonValueKind.Array } errors || errors.GetArrayLength() == 0)
        {
            return null;
        }

        var message = errors[0].GetProperty("message").GetString();
        return errors[0].TryGetProperty("code", out var code) ? string.Create(CultureInfo.InvariantCulture, $"{message?.TrimEnd('.')} (code {code})") : message;
    }
}
