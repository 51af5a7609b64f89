namespace OpsConsole.Web.Api;

/// <summary>Settings of the flag endpoints, section <c>Flags</c> (environment: <c>Flags__AllowedOrigins__0</c>).</summary>
public sealed class FlagOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Flags";

    /// <summary>Name of the policy by which browsers let pages of other origins read flags.</summary>
    public const string CorsPolicy = "flags";

    /// <summary>Origins of web apps that read flags from the browser, such as <c>https://shop.example</c>; <c>*</c> for all. None by default.</summary>
    public IList<string> AllowedOrigins { get; init; } = [];

    /// <summary>Questions a second that one token may keep up, 1 to 1,000,000.</summary>
    public int RequestsPerSecond { get; set; } = 2_000;

    /// <summary>Questions that one token may ask at once after it was quiet, 1 to 10,000,000.</summary>
    public int Burst { get; set; } = 10_000;

    /// <summary>What is wrong with the settings, or null.</summary>
    public string? Fault() => this switch
    {
        { RequestsPerSecond: < 1 or > 1_000_000 } => "Flags:RequestsPerSecond is not between 1 and 1,000,000.",
        { Burst: < 1 or > 10_000_000 } => "Flags:Burst is not between 1 and 10,000,000.",
        _ when AllowedOrigins.FirstOrDefault(origin => !IsOrigin(origin)) is { } wrong => $"Flags:AllowedOrigins has '{wrong}', which is no origin: give scheme, host and port alone, such as https://shop.example.",
        _ => null,
    };

    private static bool IsOrigin(string text) => text == "*"
        || (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.GetLeftPart(UriPartial.Authority) == text);
}
