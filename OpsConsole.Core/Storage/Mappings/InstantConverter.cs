using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Storage.Mappings;

/// <summary>Keeps instants in UTC at microseconds, which is what both providers can keep, so that a value read back equals the value compared with.</summary>
public sealed class InstantConverter() : ValueConverter<DateTimeOffset, DateTimeOffset>(value => ToMicroseconds(value), value => value)
{
    /// <summary>The instant in UTC, cut (not rounded) to whole microseconds.</summary>
    public static DateTimeOffset ToMicroseconds(DateTimeOffset value) =>
        new(value.UtcTicks - (value.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
}

/// <summary>Keeps a signal's name as text.</summary>
public sealed class SignalKeyConverter() : ValueConverter<SignalKey, string>(key => key.Value, text => new SignalKey(text));

/// <summary>Writes a signal's name into JSON columns as a plain string.</summary>
internal sealed class SignalKeyJsonConverter : JsonConverter<SignalKey>
{
    public override SignalKey Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(reader.GetString() ?? throw new JsonException("A signal's name is missing."));

    public override void Write(Utf8JsonWriter writer, SignalKey value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
}
