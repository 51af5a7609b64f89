using System.Text.Json;
using System.Text.Json.Serialization;

namespace OpsConsole.Web.Api.Analysis;

/// <summary>The points of one side as they were sent.</summary>
/// <param name="Values">The points up to the bound; not-a-number for a point without a value.</param>
/// <param name="Fault">What is wrong with the array or with its first wrong point; null when it is sound.</param>
/// <param name="FaultIndex">Place of that point, from 0; null when the fault is the array's.</param>
[JsonConverter(typeof(PointArrayConverter))]
internal sealed record PointArray(double[] Values, string? Fault = null, int? FaultIndex = null)
{
    /// <summary>Most points of one side.</summary>
    public const int Most = 100_000;
}

/// <summary>Reads numbers, null and the texts that stand for what JSON has no number for; what else there is becomes a fault with its place.</summary>
internal sealed class PointArrayConverter : JsonConverter<PointArray>
{
    public override PointArray Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return new([], "has to be an array of numbers");
        }

        var values = new List<double>();
        (string Reason, int Index)? fault = null;
        var count = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (Point(ref reader) is not { } value)
            {
                fault ??= ("is not a number, null or \"NaN\"", count);
                reader.Skip();
            }
            else if (count < PointArray.Most)
            {
                values.Add(value);
            }

            count++;
        }

        return count > PointArray.Most ? new([], $"has {count:N0} points, and {PointArray.Most:N0} are the most")
            : new([.. values], fault?.Reason, fault?.Index);
    }

    public override void Write(Utf8JsonWriter writer, PointArray value, JsonSerializerOptions options) => throw new NotSupportedException("Points are only read.");

    private static double? Point(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Number => reader.GetDouble(),
        JsonTokenType.Null => double.NaN,
        JsonTokenType.String when reader.ValueTextEquals("NaN"u8) => double.NaN,
        JsonTokenType.String when reader.ValueTextEquals("Infinity"u8) => double.PositiveInfinity,
        JsonTokenType.String when reader.ValueTextEquals("-Infinity"u8) => double.NegativeInfinity,
        _ => null,
    };
}
