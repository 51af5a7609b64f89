using System.Text.Json;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Sources.PrometheusText;

namespace OpsConsole.Core.Sources.Prometheus;

/// <summary>What every answer of Prometheus's HTTP API has around its data: whether it worked, why not, and what is to be remarked.</summary>
/// <param name="Fault">Why the query was refused, one sentence; null where it worked.</param>
/// <param name="Warning">What Prometheus remarks on a query that worked.</param>
internal readonly record struct PrometheusFrame(string? Fault, string? Warning)
{
    private const int MaxSentence = 200;

    /// <summary>Reads an answer.</summary>
    /// <param name="text">The body.</param>
    /// <param name="data">Takes its data; not called where the query was refused. It may throw what reading JSON throws.</param>
    /// <exception cref="SourceAnswerException">It is something else.</exception>
    public static PrometheusFrame Read(ReadOnlySpan<char> text, Action<JsonElement> data)
    {
        try
        {
            using var document = JsonDocument.Parse(text.ToString());
            var root = document.RootElement;
            switch (root.GetProperty("status").GetString())
            {
                case "success":
                    data(root.GetProperty("data"));
                    return new(null, Warned(root));
                case "error":
                    return new($"Prometheus refused the query: {Plain(root.GetProperty("error").GetString())}", null);
                default:
                    throw Odd();
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or IndexOutOfRangeException or ArgumentOutOfRangeException)
        {
            throw Odd();
        }
    }

    /// <summary>A time and a number, <c>[1772366400.5,"1"]</c>. Numbers are text there, because JSON has neither NaN nor infinity.</summary>
    /// <exception cref="SourceAnswerException">It is something else.</exception>
    public static (DateTimeOffset At, double Value) Point(JsonElement pair) =>
        ExpositionNumber.TryParse(pair[1].GetString(), out var value) ? (DateTimeOffset.UnixEpoch.AddSeconds(pair[0].GetDouble()), value) : throw Odd();

    /// <summary>Words of the other side, cut and without markup.</summary>
    public static string Plain(string? words)
    {
        var plain = PlainText.Of(words).Trim().TrimEnd('.');
        return (plain.Length <= MaxSentence ? plain : plain[..MaxSentence] + "…") + ".";
    }

    private static string? Warned(JsonElement root) =>
        root.TryGetProperty("warnings", out var warnings) && warnings.ValueKind == JsonValueKind.Array && warnings.GetArrayLength() > 0 ? $"Prometheus remarks: {Plain(warnings[0].GetString())}" : null;

    private static SourceAnswerException Odd() => new("The source's answer is not one of Prometheus.");
}
