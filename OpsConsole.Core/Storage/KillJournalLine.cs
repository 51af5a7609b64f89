using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OpsConsole.Core.Actions.Kill;

namespace OpsConsole.Core.Storage;

/// <summary>A kill as a line of the journal: JSON with a checksum over it.</summary>
internal static class KillJournalLine
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>The line, with its end.</summary>
    public static string Write(JournalledKill kill)
    {
        var json = JsonSerializer.Serialize(kill, Json);
        return $$"""{"kill":{{json}},"sha256":"{{Sum(json)}}"}""" + "\n";
    }

    /// <summary>What <see cref="Write"/> wrote; null where a part of it is missing or changed.</summary>
    public static JournalledKill? Read(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var (json, sum) = (document.RootElement.GetProperty("kill").GetRawText(), document.RootElement.GetProperty("sha256").GetString());
            return sum == Sum(json) ? JsonSerializer.Deserialize<JournalledKill>(json, Json) : null;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string Sum(string json) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)));
}
