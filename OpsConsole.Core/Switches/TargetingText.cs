using System.Text.Json;
using System.Text.Json.Serialization;

namespace OpsConsole.Core.Switches;

/// <summary>A <see cref="Targeting"/> as JSON.</summary>
public static class TargetingText
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    public static string Write(Targeting value) => JsonSerializer.Serialize(value, Options);

    /// <summary>What <see cref="Write"/> wrote.</summary>
    /// <exception cref="JsonException">The text is something else.</exception>
    public static Targeting Read(string json) => JsonSerializer.Deserialize<Targeting>(json, Options) ?? throw new JsonException("The targeting is null.");
}
