namespace OpsConsole.Core.Switches;

/// <summary>A version of the form that semver.org 2.0.0 lays down, compared by its precedence (section 11).</summary>
/// <remarks>Numbers are compared as digits, so that none is too long. Build metadata counts for nothing.</remarks>
public sealed class SemanticVersion
{
    /// <summary>Longest text that is read, in characters.</summary>
    public const int MaxLength = 256;

    private readonly string[] _core;
    private readonly string[] _preRelease;

    private SemanticVersion(string[] core, string[] preRelease) => (_core, _preRelease) = (core, preRelease);

    /// <summary>The version that a text is, or null when it is none.</summary>
    public static SemanticVersion? Read(string? text)
    {
        if (text is null or { Length: 0 or > MaxLength })
        {
            return null;
        }

        var plus = text.IndexOf('+', StringComparison.Ordinal);
        if (plus >= 0 && !Array.TrueForAll(text[(plus + 1)..].Split('.'), IsIdentifier))
        {
            return null;
        }

        var version = plus < 0 ? text : text[..plus];
        var dash = version.IndexOf('-', StringComparison.Ordinal);
        var core = (dash < 0 ? version : version[..dash]).Split('.');
        string[] preRelease = dash < 0 ? [] : version[(dash + 1)..].Split('.');
        return core.Length == 3
            && Array.TrueForAll(core, IsNumber)
            && Array.TrueForAll(preRelease, part => IsIdentifier(part) && (!IsDigits(part) || IsNumber(part)))
                ? new SemanticVersion(core, preRelease)
                : null;
    }

    /// <summary>Below zero when this one comes before the other, above when after, zero when neither does.</summary>
    public int OrderTo(SemanticVersion other)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (var i = 0; i < _core.Length; i++)
        {
            if (CompareNumbers(_core[i], other._core[i]) is var order and not 0)
            {
                return order;
            }
        }

        // A version without a pre-release part is above all that have one.
        return (_preRelease.Length, other._preRelease.Length) switch
        {
            (0, 0) => 0,
            (0, _) => 1,
            (_, 0) => -1,
            _ => ComparePreReleases(_preRelease, other._preRelease),
        };
    }

    private static int ComparePreReleases(string[] left, string[] right)
    {
        for (var i = 0; i < Math.Min(left.Length, right.Length); i++)
        {
            var order = (IsDigits(left[i]), IsDigits(right[i])) switch
            {
                (true, true) => CompareNumbers(left[i], right[i]),
                (true, false) => -1,
                (false, true) => 1,
                _ => string.CompareOrdinal(left[i], right[i]),
            };
            if (order != 0)
            {
                return order;
            }
        }

        return left.Length.CompareTo(right.Length);
    }

    /// <summary>Without leading zeros, the longer number is the larger one.</summary>
    private static int CompareNumbers(string left, string right) =>
        left.Length != right.Length ? left.Length.CompareTo(right.Length) : string.CompareOrdinal(left, right);

    private static bool IsNumber(string text) => IsDigits(text) && (text.Length == 1 || text[0] != '0');

    private static bool IsDigits(string text) => text.Length > 0 && text.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0;

    private static bool IsIdentifier(string text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '-')
            {
                return false;
            }
        }

        return text.Length > 0;
    }
}
