using System.Text.Json;
using System.Text.Json.Serialization;

namespace OpsConsole.Core.Switches;

/// <summary>A <see cref="Targeting"/> as JSON.</summary>
public static class TargetingText
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        NumberHandling = JsonNumberHandling.Strict,
    };

    public static string Write(Targeting value) => JsonSerializer.Serialize(value, Options);

    /// <summary>What <see cref="Write"/> wrote.</summary>
    /// <exception cref="JsonException">The text is something else.</exception>
    public static Targeting Read(string json) => JsonSerializer.Deserialize<Targeting>(json, Options) ?? throw new JsonException("The targeting is null.");

    /// <summary>What is on record; <see cref="Targeting.Unreadable"/> where that is something else, so that one bad row does not keep the other flags from being served.</summary>
    public static Targeting ReadStored(string? json)
    {
        if (json is null)
        {
            return Targeting.Everyone;
        }

        try
        {
            return Read(json);
        }
        catch (JsonException)
        {
            return Targeting.Unreadable;
        }
    }

    /// <summary>What a person wrote, or everything that is wrong with it.</summary>
    public static (Targeting? Value, IReadOnlyList<TargetingFault> Faults) ReadGiven(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (json.Length > TargetingCheck.MaxLength)
        {
            return (null, [new("", $"The targeting is longer than {TargetingCheck.MaxLength:N0} characters; give shorter lists.")]);
        }

        try
        {
            var value = Read(json);
            var faults = TargetingCheck.Faults(value);
            return (faults.Count == 0 ? value : null, faults);
        }
        catch (JsonException e)
        {
            var path = e.Path is { } at && at.StartsWith("$.", StringComparison.Ordinal) ? at[2..] : "";
            var operators = string.Join(", ", Enum.GetNames<TargetingOperator>().Select(JsonNamingPolicy.CamelCase.ConvertName));
            var sentence = path.EndsWith("operator", StringComparison.Ordinal)
                ? $"There is no such operator; there are {operators}."
                : $"This is not JSON of a targeting: a member is missing, unknown, there twice or of a wrong kind (line {e.LineNumber + 1}).";
            return (null, [new(path, sentence)]);
        }
    }
}
