using System.Net;
using System.Text.Json;
using OpsConsole.Core.Remote;

namespace OpsConsole.Core.Targets.Aws;

/// <summary>What AWS, and storage that speaks its protocol, says of an error.</summary>
internal static class AwsErrors
{
    /// <summary>Words of the JSON protocol: <c>{ "__type": "ServiceNotFoundException", "message": "..." }</c>.</summary>
    public static string? Words(JsonElement answer) => Told(Code(answer), answer.Text("message") ?? answer.Text("Message"));

    /// <summary>Words of S3: <c>&lt;Error&gt;&lt;Code&gt;NoSuchKey&lt;/Code&gt;&lt;Message&gt;...&lt;/Message&gt;&lt;/Error&gt;</c>.</summary>
    public static string? Words(string xml) => PlainXml.Read(xml)?.Root is { Name.LocalName: "Error" } error
        ? Told(error.Element(error.Name.Namespace + "Code")?.Value, error.Element(error.Name.Namespace + "Message")?.Value)
        : null;

    /// <summary>The code of an error of the JSON protocol, without the name of its model; null where there is none.</summary>
    public static string? Code(JsonElement answer) => answer.Text("__type") is { } type ? type[(type.LastIndexOf('#') + 1)..] : null;

    /// <summary>The same of an answer; null where it is no such error.</summary>
    public static string? Code(RemoteAnswer answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer.Text);
            return Code(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Whether a service that speaks the JSON protocol says that it is asked too often: by 400, and not by 429.</summary>
    public static bool IsThrottled(RemoteAnswer answer) =>
        answer.Status == HttpStatusCode.BadRequest && Code(answer) is "ThrottlingException" or "Throttling" or "TooManyRequestsException" or "RequestLimitExceeded";

    /// <summary>Whether a service that speaks the JSON protocol says that the credential holds, and that its policy does not allow this: by 400, and not by 403.</summary>
    public static bool IsDenied(RemoteAnswer answer) => !answer.IsSuccess && Code(answer) is "AccessDeniedException" or "AccessDenied";

    /// <summary>Whether storage says that it is asked too often: by 503 and a code of its own.</summary>
    public static bool IsSlowDown(RemoteAnswer answer) => answer.Status == HttpStatusCode.ServiceUnavailable && Words(answer.Text)?.Contains("(SlowDown)", StringComparison.Ordinal) == true;

    private static string? Told(string? code, string? message) => string.IsNullOrWhiteSpace(message) ? code : string.IsNullOrWhiteSpace(code) ? message : $"{message.TrimEnd('.')} ({code}).";
}
