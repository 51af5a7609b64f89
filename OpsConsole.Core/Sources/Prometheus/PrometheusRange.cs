using System.Text.Json;
using OpsConsole.Core.Sources.PrometheusText;

namespace OpsConsole.Core.Sources.Prometheus;

/// <summary>What a range query came to: the points of one series, or why there are none.</summary>
/// <param name="Points">The points, oldest first, also NaN and infinite ones; empty where nothing was selected.</param>
/// <param name="Fault">Why there are none although something was answered, one sentence.</param>
internal sealed record PrometheusRange(IReadOnlyList<(DateTimeOffset At, double Value)> Points, string? Fault = null)
{
    /// <summary>Reads an answer of <c>/api/v1/query_range</c> as Prometheus's HTTP API describes it.</summary>
    /// <exception cref="SourceAnswerException">It is something else.</exception>
    public static PrometheusRange Read(ReadOnlySpan<char> text)
    {
        var range = new PrometheusRange([]);
        var frame = PrometheusFrame.Read(text, data => range = Of(data));
        return range with { Fault = frame.Fault ?? range.Fault };
    }

    /// <summary>A query that comes to one series now may have come to another before, and there is no telling which of them is meant.</summary>
    private static PrometheusRange Of(JsonElement data)
    {
        var result = data.GetProperty("result");
        return data.GetProperty("resultType").GetString() != "matrix" ? new([], "Prometheus answered a range query with something else.")
            : result.GetArrayLength() > 1 ? new([], $"The query came to {result.GetArrayLength()} series in that time, and one is needed.")
            : result.GetArrayLength() == 0 ? new([])
            : new([.. result[0].GetProperty("values").EnumerateArray().Select(PrometheusFrame.Point)]);
    }
}
