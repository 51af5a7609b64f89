using System.Text.Json;

namespace OpsConsole.Web.Identity;

/// <summary>The claims of an ID token that was found valid.</summary>
internal sealed class IdToken(JsonElement claims)
{
    private const int MaxNameLength = 128;

    /// <summary>Who it is at the issuer, for ever.</summary>
    public string Subject => Text("sub") ?? "";

    /// <summary>When it ends; null where it does not say so.</summary>
    public DateTimeOffset? Expires => claims.TryGetProperty("exp", out var value) && value.TryGetInt64(out var seconds) && seconds is >= 0 and < 253_402_300_800 ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    /// <summary>True where Microsoft Entra ID left the groups out because there are too many.</summary>
    public bool GroupsAreLeftOut => claims.TryGetProperty("hasgroups", out _) || (claims.TryGetProperty("_claim_names", out var names) && names.ValueKind == JsonValueKind.Object && names.TryGetProperty("groups", out _));

    /// <summary>A claim that is a text; null where it is missing or something else.</summary>
    public string? Text(string name) => claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>The name as the record keeps it: the claim, or the subject where it is missing.</summary>
    public string Name(string claim)
    {
        var name = new string([.. (Text(claim) ?? "").Where(c => !char.IsControl(c))]).Trim();
        return name.Length is > 0 and <= MaxNameLength ? name : Subject[..Math.Min(Subject.Length, MaxNameLength)];
    }

    /// <summary>Every value of a claim that is a text or a list of texts.</summary>
    public IReadOnlyCollection<string> Values(string claim)
    {
        if (!Find(claim, out var value))
        {
            return [];
        }

        return value.ValueKind switch
        {
            JsonValueKind.String => [value.GetString()!],
            JsonValueKind.Array => [.. value.EnumerateArray().Where(v => v.ValueKind == JsonValueKind.String).Select(v => v.GetString()!)],
            _ => [],
        };
    }

    private bool Find(string claim, out JsonElement value)
    {
        if (claims.TryGetProperty(claim, out value))
        {
            return true;
        }

        value = claims;
        foreach (var part in claim.Split('.'))
        {
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(part, out value))
            {
                return false;
            }
        }

        return true;
    }
}
