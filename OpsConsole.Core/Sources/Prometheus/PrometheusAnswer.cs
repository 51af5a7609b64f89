using System.Text.Json;
using OpsConsole.Core.Sources.PrometheusText;

namespace OpsConsole.Core.Sources.Prometheus;

/// <summary>What an instant query came to: a number, nothing, or why there is none.</summary>
/// <param name="Value">The number, also NaN or infinite; null where there is none.</param>
/// <param name="At">When it was evaluated, by Prometheus's clock.</param>
/// <param name="Fault">Why there is none although something was answered, one sentence.</param>
/// <param name="Warning">What Prometheus remarks on a query that worked.</param>
internal sealed record PrometheusAnswer(double? Value, DateTimeOffset? At, string? Fault = null, string? Warning = null)
{
    /// <summary>Reads an answer of <c>/api/v1/query</c> as Prometheus's HTTP API describes it.</summary>
    /// <exception cref="SourceAnswerException">It is something else.</exception>
    public static PrometheusAnswer Read(ReadOnlySpan<char> text)
    {
        var answer = new PrometheusAnswer(null, null);
        var frame = PrometheusFrame.Read(text, data => answer = Of(data));
        return answer with { Fault = frame.Fault ?? answer.Fault, Warning = frame.Warning };
    }

    private static PrometheusAnswer Of(JsonElement data)
    {
        var result = data.GetProperty("result");
        switch (data.GetProperty("resultType").GetString())
        {
            case "scalar":
                return Number(result);
            case "vector" when result.GetArrayLength() == 0:
                return new(null, null);
            case "vector" when result.GetArrayLength() == 1:
                return Number(result[0].GetProperty("value"));
            case "vector":
                return new(null, null, $"The query came to {result.GetArrayLength()} series, and one is needed: add them up, for example with sum().");
            case var other:
                return new(null, null, $"The query came to a {PrometheusFrame.Plain(other).TrimEnd('.')}, and one number is needed.");
        }
    }

    private static PrometheusAnswer Number(JsonElement pair)
    {
        var (at, value) = PrometheusFrame.Point(pair);
        return new(value, at);
    }
}
