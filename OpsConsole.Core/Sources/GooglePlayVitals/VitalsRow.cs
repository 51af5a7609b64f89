using System.Globalization;
using System.Text.Json;

namespace OpsConsole.Core.Sources.GooglePlayVitals;

/// <summary>One row of an answer: one day or hour.</summary>
/// <param name="Begin">When the day or hour began, as a civil time of the API.</param>
/// <param name="Values">The metrics that Google tells, by name, also such as are not finite.</param>
internal sealed record VitalsRow(DateTime Begin, IReadOnlyDictionary<string, double> Values)
{
    /// <summary>Reads the rows of an answer, none where it holds none; null where it is something else.</summary>
    public static IReadOnlyList<VitalsRow>? Read(JsonElement answer, VitalsPeriod period)
    {
        if (!answer.TryGetProperty("rows", out var rows))
        {
            return answer.TryGetProperty("error", out _) ? null : [];
        }

        var read = new List<VitalsRow>();
        foreach (var row in rows.EnumerateArray())
        {
            if (row.GetProperty("aggregationPeriod").GetString() != period.Name || period.Read(row.GetProperty("startTime")) is not { } begin)
            {
                return null;
            }

            var values = new Dictionary<string, double>(StringComparer.Ordinal);
            foreach (var metric in row.GetProperty("metrics").EnumerateArray())
            {
                // Decimals are text there, so that none of them is rounded.
                if (metric.TryGetProperty("decimalValue", out var value))
                {
                    values[metric.GetProperty("metric").GetString() ?? ""] = double.Parse(value.GetProperty("value").GetString() ?? "", NumberStyles.Float, CultureInfo.InvariantCulture);
                }
            }

            read.Add(new VitalsRow(begin, values));
        }

        return read;
    }
}
