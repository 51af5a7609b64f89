namespace OpsConsole.Core.Releases;

/// <summary>Names of keys, flags and secrets. What looks like a value is refused, so that no secret gets on the record by a slip.</summary>
public static class SecretNames
{
    /// <summary>Longest name.</summary>
    public const int MaxLength = 128;

    private const int LongestWord = 32;
    private const int SuspectLength = 16;
    private const int SuspectDigits = 4;

    /// <summary>How tokens and keys of known makers begin.</summary>
    private static readonly string[] Beginnings =
        ["ghp_", "gho_", "ghu_", "ghs_", "github_pat_", "glpat-", "xoxb-", "xoxp-", "sk-", "sk_live_", "sk_test_", "rk_live_", "AKIA", "ASIA", "AIza", "eyJ", "npm_", "pypi-", "hvs.", "SG.", "shpat_", "dop_v1_"];

    /// <summary>Why a text is no name, or null where it is one.</summary>
    public static string? Fault(string? name)
    {
        if (name is null || name.Length is 0 or > MaxLength || !char.IsAsciiLetter(name[0]) || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '/' or ':'))
        {
            return $"Must be a name of 1 to {MaxLength} letters, digits, '.', '_', '-', '/' or ':', beginning with a letter.";
        }

        return LooksLikeValue(name) ? "Looks like a value and not like a name; send names only, and change the secret if this is one." : null;
    }

    private static bool LooksLikeValue(string name)
    {
        if (Beginnings.Any(b => name.StartsWith(b, StringComparison.Ordinal) && name.Length > b.Length + 8))
        {
            return true;
        }

        return name.Split('.', '_', '-', '/', ':').Any(word => word.Length > LongestWord || (word.Length >= SuspectLength && word.Count(char.IsAsciiDigit) >= SuspectDigits));
    }
}
