using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace OpsConsole.Core.Storage.Mappings;

/// <summary>Keeps a value that is only ever read and written as a whole as JSON text in one column, the same on every provider.</summary>
internal static class JsonColumn
{
    private static readonly JsonSerializerOptions Form = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false), new SignalKeyJsonConverter() },
    };

    public static PropertyBuilder<T> AsJson<T>(this PropertyBuilder<T> property)
        where T : class => property.HasConversion(
            new ValueConverter<T, string>(value => Write(value), text => Read<T>(text)),
            new ValueComparer<T>((a, b) => Same(a, b), value => Write(value).GetHashCode(StringComparison.Ordinal), value => value));

    /// <summary>The same for a value that may not be there.</summary>
    public static PropertyBuilder<T?> AsOptionalJson<T>(this PropertyBuilder<T?> property)
        where T : class => property.HasConversion(
            new ValueConverter<T?, string?>(value => value == null ? null : Write(value), text => text == null ? null : Read<T>(text)),
            new ValueComparer<T?>((a, b) => Same(a, b), value => value == null ? 0 : Write(value).GetHashCode(StringComparison.Ordinal), value => value));

    private static string Write<T>(T value) => JsonSerializer.Serialize(value, Form);

    private static T Read<T>(string text) => JsonSerializer.Deserialize<T>(text, Form) ?? throw new JsonException("A JSON column holds null.");

    private static bool Same<T>(T? a, T? b)
        where T : class => ReferenceEquals(a, b) || (a is not null && b is not null && Write(a) == Write(b));
}
