using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Kill;
using OpsConsole.Core.Catalog;

namespace OpsConsole.Core.Storage;

/// <summary>A kill as a line of the journal: JSON with a checksum over it.</summary>
internal static partial class KillJournalLine
{
    /// <summary>Put after a line that a crash left unfinished before the next is written, so that it is never taken for one that was confirmed.</summary>
    public const char Unfinished = '\u0018';

    /// <summary>The reason on record of a kill that was read from a damaged line.</summary>
    public const string DamagedReason = "A line of the console's journal that was confirmed as a kill is damaged; it still names this switch, so the switch is held off.";

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

    /// <summary>What a damaged line still says was killed, as a kill by the console itself with the role that every kill needs, because nothing else in the line can be relied on; null where the switch or the environment cannot be read.</summary>
    /// <param name="line">The line.</param>
    /// <param name="now">Taken for the time of the kill.</param>
    public static JournalledKill? Recover(string line, DateTimeOffset now)
    {
        var place = Place().Match(line);
        var environment = place.Groups["environment"] is { Success: true } named ? named.Value : null;
        if (!place.Success || !CatalogName.IsValid(place.Groups["key"].Value) || (environment is not null && !CatalogName.IsValid(environment)))
        {
            return null;
        }

        // The same at each start, so that it is on record once.
        var id = Guid.TryParse(Id().Match(line).Groups["id"].ValueSpan, out var known) ? known : new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(line)).AsSpan(0, 16));
        return new JournalledKill(id, place.Groups["key"].Value, environment, "console", nameof(Role.OnCall), DamagedReason, now);
    }

    [GeneratedRegex("""
        "key":"(?<key>[^"]{1,64})","environment":(?:null|"(?<environment>[^"]{1,64})")
        """, RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Place();

    [GeneratedRegex("""
        "id":"(?<id>[0-9a-f-]{36})"
        """, RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Id();

    private static string Sum(string json) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)));
}
