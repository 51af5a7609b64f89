using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OpsConsole.Core.Releases;

/// <summary>A change set as JSON, in the one form that is kept and compared.</summary>
public static class ChangeSetText
{
    private static readonly JsonSerializerOptions Form = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    public static string Write(ChangeSet changes) => JsonSerializer.Serialize(changes, Form);

    /// <exception cref="JsonException">The text is no change set.</exception>
    public static ChangeSet Read(string text) => JsonSerializer.Deserialize<ChangeSet>(text, Form) ?? throw new JsonException("A change set is null.");

    /// <summary>SHA-256 of the text in UTF-8, lower-case hex.</summary>
    public static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
