using System.Text.Json;

namespace OpsConsole.Core.Remote;

/// <summary>Reads single values of an answer that may be left out of it. What is no object at all is not taken for one without values: it throws <see cref="InvalidOperationException"/>, as <see cref="JsonElement"/> does.</summary>
internal static class RemoteJson
{
    /// <summary>An object in another one; where there is none, one in which nothing is found.</summary>
    public static JsonElement Part(this JsonElement of, string name) => of.Find(name) is { ValueKind: JsonValueKind.Object } part ? part : default;

    /// <summary>A text; null where there is none.</summary>
    public static string? Text(this JsonElement of, string name) => of.Find(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>A number; null where there is none.</summary>
    public static double? Number(this JsonElement of, string name) => of.Find(name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : null;

    /// <summary>A whole number; null where there is none.</summary>
    /// <exception cref="FormatException">It is a number, and no whole one.</exception>
    public static int? Whole(this JsonElement of, string name) => of.Find(name) is { ValueKind: JsonValueKind.Number } number ? number.GetInt32() : null;

    /// <summary>What a list holds; nothing where there is none.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement of, string name) => of.Find(name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().AsEnumerable() : [];

    private static JsonElement Find(this JsonElement of, string name) => of.ValueKind != JsonValueKind.Undefined && of.TryGetProperty(name, out var value) ? value : default;
}
