using System.Text.Json;

namespace OpsConsole.Web.Api.Push;

/// <summary>One sample of a body, or why it is none.</summary>
/// <param name="Line">Line of the body, from 1; null for a JSON document.</param>
/// <param name="Sample">The sample; null when it cannot be read.</param>
/// <param name="Error">Why it cannot be read.</param>
internal readonly record struct BatchItem(int? Line, PushedSample? Sample, string? Error);

/// <summary>A body that is not a batch. The message is a sentence.</summary>
internal sealed class BatchException(string sentence) : Exception(sentence);

/// <summary>Takes a body apart into samples, one at a time, so that a bad one does not spoil the others.</summary>
internal static class BatchText
{
    private const string Shape = "The body has to be an array of samples, or an object with one under 'samples'.";

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Reads a JSON document: an array of samples, or an object with one under <c>samples</c>.</summary>
    /// <param name="body">The document.</param>
    /// <param name="most">Samples after which reading stops; one more than this is given.</param>
    /// <exception cref="BatchException">The document is not JSON, or has no array where the samples should be.</exception>
    public static List<BatchItem> ReadDocument(ReadOnlySpan<byte> body, int most)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartArray)
            {
                var items = ReadArray(ref reader, body, most);
                RequireEnd(ref reader, items.Count <= most);
                return items;
            }

            return reader.TokenType == JsonTokenType.StartObject ? ReadObject(ref reader, body, most) : throw new BatchException(Shape);
        }
        catch (JsonException e)
        {
            throw new BatchException($"The body is not JSON: line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}. NaN and Infinity are not JSON either.");
        }
    }

    /// <summary>Reads one sample from each line that is not blank.</summary>
    /// <param name="body">The lines.</param>
    /// <param name="most">Samples after which reading stops; one more than this is given.</param>
    public static List<BatchItem> ReadLines(ReadOnlySpan<byte> body, int most)
    {
        var items = new List<BatchItem>();
        for (var line = 1; !body.IsEmpty && items.Count <= most; line++)
        {
            var end = body.IndexOf((byte)'\n');
            var text = (end < 0 ? body : body[..end]).Trim(" \t\r"u8);
            body = end < 0 ? default : body[(end + 1)..];
            if (!text.IsEmpty)
            {
                items.Add(ReadLine(text, line));
            }
        }

        return items;
    }

    private static List<BatchItem> ReadObject(ref Utf8JsonReader reader, ReadOnlySpan<byte> body, int most)
    {
        List<BatchItem>? items = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var samples = reader.ValueTextEquals("samples"u8);
            reader.Read();
            if (!samples || reader.TokenType != JsonTokenType.StartArray)
            {
                reader.Skip();
                continue;
            }

            if (items is not null)
            {
                throw new BatchException("The body has 'samples' twice.");
            }

            items = ReadArray(ref reader, body, most);
            if (items.Count > most)
            {
                return items;
            }
        }

        RequireEnd(ref reader, whole: true);
        return items ?? throw new BatchException(Shape);
    }

    /// <summary>Leaves the reader on the array's end, or before it when there are too many.</summary>
    private static List<BatchItem> ReadArray(ref Utf8JsonReader reader, ReadOnlySpan<byte> body, int most)
    {
        var items = new List<BatchItem>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray && items.Count <= most)
        {
            var start = (int)reader.TokenStartIndex;
            var token = reader.TokenType;
            reader.Skip();
            items.Add(token == JsonTokenType.StartObject ? ReadSample(body[start..(int)reader.BytesConsumed], null) : new(null, null, "A sample is a JSON object."));
        }

        return items;
    }

    private static void RequireEnd(ref Utf8JsonReader reader, bool whole)
    {
        if (whole && reader.Read())
        {
            throw new BatchException("Something follows after the end of the JSON document.");
        }
    }

    private static BatchItem ReadLine(ReadOnlySpan<byte> text, int line) =>
        text[0] == (byte)'{' ? ReadSample(text, line) : new(line, null, "A line is one sample, a JSON object.");

    private static BatchItem ReadSample(ReadOnlySpan<byte> text, int? line)
    {
        try
        {
            return new(line, JsonSerializer.Deserialize<PushedSample>(text, Json), null);
        }
        catch (JsonException e)
        {
            // A path names a property whose value does not fit; without one, the text itself is broken.
            return e.Path is { Length: > 2 } path && IsJson(text)
                ? new(line, null, $"'{path[2..]}' is not of the right type: texts for names, id and at, numbers for value, count, good and total.")
                : new(line, null, "This is not JSON. NaN and Infinity are not JSON either.");
        }
    }

    private static bool IsJson(ReadOnlySpan<byte> text)
    {
        try
        {
            var reader = new Utf8JsonReader(text);
            while (reader.Read())
            {
                reader.Skip();
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
