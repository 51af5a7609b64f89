using System.Text.Json;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Sources.PrometheusText;

namespace OpsConsole.Core.Sources.Prometheus;

/// <summary>What an instant query came to: a number, nothing, or why there is none.</summary>
/// <param name="Value">The number, also NaN or infinite; null where there is none.</param>
/// <param name="At">When it was evaluated, by Prometheus's clock.</param>
/// <param name="Fault">Why there is none although something was answered, one sentence.</param>
/// <param name="Warning">What Prometheus remarks on a query that worked.</param>
internal sealed record PrometheusAnswer(double? Value, DateTimeOffset? At, string? Fault = null, string? Warning = null)
{
    private const int MaxSentence = 200;

    /// <summary>Reads an answer of <c>/api/v1/query</c> as Prometheus's HTTP API describes it. Numbers are text there, because JSON has neither NaN nor infinity.</summary>
    /// <exception cref="SourceAnswerException">It is something else.</exception>
    public static PrometheusAnswer Read(ReadOnlySpan<char> text)
    {
        try
        {
            using var document = JsonDocument.Parse(text.ToString());
            var root = document.RootElement;
            return root.GetProperty("status").GetString() switch
            {
                "success" => Of(root.GetProperty("data")) with { Warning = Warned(root) },
                "error" => new(null, null, $"Prometheus refused the query: {Plain(root.GetProperty("error").GetString())}"),
                _ => throw Odd(),
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or IndexOutOfRangeException)
        {
            throw Odd();
        }
    }

    private static PrometheusAnswer Of(JsonElement data)
    {
        var result = data.GetProperty("result");
        switch (data.GetProperty("resultType").GetString())
        {
            case "scalar":
                return Sample(result);
            case "vector" when result.GetArrayLength() == 0:
                return new(null, null);
            case "vector" when result.GetArrayLength() == 1:
                return Sample(result[0].GetProperty("value"));
            case "vector":
                return new(null, null, $"The query came to {result.GetArrayLength()} series, and one is needed: add them up, for example with sum().");
            case var other:
                return new(null, null, $"The query came to a {Plain(other)}, and one number is needed.");
        }
    }

    private static PrometheusAnswer Sample(JsonElement pair) =>
        ExpositionNumber.TryParse(pair[1].GetString(), out var value) ? new(value, DateTimeOffset.UnixEpoch.AddSeconds(pair[0].GetDouble())) : throw Odd();

    private static string? Warned(JsonElement root) =>
        root.TryGetProperty("warnings", out var warnings) && warnings.ValueKind == JsonValueKind.Array && warnings.GetArrayLength() > 0 ? $"Prometheus remarks: {Plain(warnings[0].GetString())}" : null;

    private static string Plain(string? words)
    {
        var plain = PlainText.Of(words).Trim().TrimEnd('.');
        return (plain.Length <= MaxSentence ? plain : plain[..MaxSentence] + "…") + ".";
    }

    private static SourceAnswerException Odd() => new("The source's answer is not one of Prometheus.");
}
