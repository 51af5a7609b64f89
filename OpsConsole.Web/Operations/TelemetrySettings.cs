using System.Globalization;

namespace OpsConsole.Web.Operations;

/// <summary>Where spans and metrics are sent to: the settings that OpenTelemetry has for every program, checked at start. The library reads the rest of them itself, from the same places.</summary>
internal static class TelemetrySettings
{
    public const string Protocol = "OTEL_EXPORTER_OTLP_PROTOCOL";
    public const string Sampler = "OTEL_TRACES_SAMPLER";
    public const string ServiceName = "OTEL_SERVICE_NAME";

    private static readonly string[] Endpoints = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"];
    private static readonly string[] Protocols = [Protocol, "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL"];
    private static readonly string[] Milliseconds =
    [
        "OTEL_EXPORTER_OTLP_TIMEOUT", "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "OTEL_EXPORTER_OTLP_METRICS_TIMEOUT", "OTEL_METRIC_EXPORT_INTERVAL", "OTEL_METRIC_EXPORT_TIMEOUT",
        "OTEL_BSP_SCHEDULE_DELAY", "OTEL_BSP_EXPORT_TIMEOUT",
    ];

    /// <summary>True where there is somewhere to send to.</summary>
    public static bool IsOn(IConfiguration configuration) => Given(configuration, Endpoints).Any();

    /// <summary>Everything that is wrong, one sentence each. The library would go on without a word, and send nothing or elsewhere.</summary>
    public static IEnumerable<string> Faults(IConfiguration configuration) =>
    [
        .. Given(configuration, Endpoints).Where(s => !IsAddress(s.Value)).Select(s => $"{s.Name} is not an http or https address such as http://127.0.0.1:4318."),
        .. Given(configuration, Protocols).Where(s => s.Value is not ("grpc" or "http/protobuf")).Select(s => $"{s.Name} is '{s.Value}', and must be http/protobuf or grpc."),
        .. Given(configuration, Milliseconds).Where(s => !int.TryParse(s.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var time) || time == 0)
            .Select(s => $"{s.Name} is '{s.Value}', and must be a whole number of milliseconds above 0."),
    ];

    private static IEnumerable<(string Name, string Value)> Given(IConfiguration configuration, string[] names) =>
        names.Select(n => (n, configuration[n] ?? "")).Where(s => !string.IsNullOrWhiteSpace(s.Item2));

    private static bool IsAddress(string text) => Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https";
}
