using System.Text.Json;
using System.Text.Unicode;

namespace OpsConsole.Core.Gates.Evidence.Documents;

/// <summary>Opens JSON strictly: UTF-8, no member twice, nothing deep, no comments.</summary>
internal static class JsonText
{
    /// <summary>Deepest nesting.</summary>
    public const int MaxDepth = 64;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <summary>The document, of which the outermost value is an object.</summary>
    /// <exception cref="UnreadableEvidenceException">It is not.</exception>
    public static JsonDocument Object(ReadOnlyMemory<byte> json)
    {
        var bytes = json.Span;
        if (bytes.StartsWith("\uFEFF"u8))
        {
            json = json[3..];
        }
        else if (bytes is [0xFE, 0xFF, ..] or [0xFF, 0xFE, ..])
        {
            throw new UnreadableEvidenceException("The JSON is in UTF-16; send it in UTF-8.", 1, 1);
        }

        if (!Utf8.IsValid(json.Span))
        {
            throw new UnreadableEvidenceException("The JSON is not in UTF-8.");
        }

        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json, Options);
        }
        catch (JsonException e)
        {
            throw new UnreadableEvidenceException(Sentence(e), e.LineNumber + 1, e.BytePositionInLine + 1);
        }

        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            document.Dispose();
            throw new UnreadableEvidenceException("The document has to be a JSON object.", 1, 1);
        }

        return document;
    }

    /// <summary>A member that is an object; null where it is absent or null.</summary>
    public static JsonElement? Object(this JsonElement of, string name) => Member(of, name, JsonValueKind.Object, "an object");

    /// <summary>The items of a member that is an array; null where it is absent or null.</summary>
    public static JsonElement? Array(this JsonElement of, string name) => Member(of, name, JsonValueKind.Array, "an array");

    /// <summary>A member that is a text; null where it is absent or null.</summary>
    public static string? Text(this JsonElement of, string name) => Member(of, name, JsonValueKind.String, "a text") is { } value ? Whole(name, value) : null;

    /// <summary>A member as text, whatever it is; null where it is absent.</summary>
    public static string? AnyText(this JsonElement of, string name) =>
        of.TryGetProperty(name, out var value) ? value.ValueKind == JsonValueKind.String ? Whole(name, value) : value.GetRawText() : null;

    /// <summary>A member that is true or false; null where it is absent or null.</summary>
    public static bool? Flag(this JsonElement of, string name) => of.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
        ? value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw Wrong(name, "true or false"),
        }
        : null;

    /// <summary>A member that is a finite number; null where it is absent or null.</summary>
    public static double? Number(this JsonElement of, string name) =>
        Member(of, name, JsonValueKind.Number, "a number") is { } value ? value.TryGetDouble(out var number) && double.IsFinite(number) ? number : throw Wrong(name, "a number") : null;

    /// <summary>A member that is an instant in RFC 3339; null where it is anything else. For what a document says beside its point.</summary>
    public static DateTimeOffset? AnyInstant(this JsonElement of, string name) =>
        of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out var at) ? at : null;

    /// <summary>A member that is an instant in RFC 3339; null where it is absent or null.</summary>
    public static DateTimeOffset? Instant(this JsonElement of, string name) =>
        Member(of, name, JsonValueKind.String, "an instant") is { } value ? value.TryGetDateTimeOffset(out var at) ? at : throw Wrong(name, "an instant such as 2026-03-01T12:00:00Z") : null;

    /// <summary>The items of an array, each of which has to be an object.</summary>
    public static IEnumerable<JsonElement> Objects(this JsonElement array, string name)
    {
        foreach (var item in array.EnumerateArray())
        {
            yield return item.ValueKind == JsonValueKind.Object ? item : throw Wrong(name, "a list of objects");
        }
    }

    /// <summary>The items of an array, each of which has to be a text.</summary>
    public static IEnumerable<string> Texts(this JsonElement array, string name)
    {
        foreach (var item in array.EnumerateArray())
        {
            yield return item.ValueKind == JsonValueKind.String ? Whole(name, item) : throw Wrong(name, "a list of texts");
        }
    }

    /// <summary>Refuses members that a strict form does not have: what is misspelt would be lost.</summary>
    public static void OnlyMembers(this JsonElement of, string where, params string[] known)
    {
        foreach (var member in of.EnumerateObject())
        {
            if (!known.Contains(member.Name, StringComparer.Ordinal))
            {
                throw new UnreadableEvidenceException($"'{Words.Name(member.Name)}' is not a member of {where}; known are {string.Join(", ", known)}.");
            }
        }
    }

    private static JsonElement? Member(JsonElement of, string name, JsonValueKind kind, string form) =>
        !of.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == kind ? value
        : throw Wrong(name, form);

    private static string Whole(string name, JsonElement text)
    {
        try
        {
            return text.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new UnreadableEvidenceException($"'{name}' has half a character.");
        }
    }

    private static UnreadableEvidenceException Wrong(string name, string form) => new($"'{name}' has to be {form}.");

    private static string Sentence(JsonException e) =>
        e.Message.Contains("uplicate", StringComparison.Ordinal) ? "The JSON has one member twice."
        : e.Message.Contains("maximum configured depth", StringComparison.Ordinal) ? $"The JSON is nested deeper than {MaxDepth}."
        : "The JSON is malformed.";
}
