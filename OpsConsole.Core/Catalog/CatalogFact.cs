namespace OpsConsole.Core.Catalog;

/// <summary>One thing that is said of a part of the catalogue. It is compared whole, and cut only where it is shown.</summary>
/// <param name="Text">What is said, or the name of the secret that says it.</param>
/// <param name="IsValue">True for a value of a target or source, which is shown in quotes.</param>
/// <param name="IsSecret">True where a secret is named.</param>
/// <param name="IsWithheld">True for what may not be shown.</param>
internal readonly record struct CatalogFact(string Text, bool IsValue = false, bool IsSecret = false, bool IsWithheld = false)
{
    private const string Cut = "...";

    /// <summary>Most characters that are shown of a value.</summary>
    private const int Most = 200;

    /// <summary>How much of what is the same is shown before the first difference.</summary>
    private const int Before = 60;

    private bool IsText => IsValue && !IsSecret && !IsWithheld;

    /// <summary>As it may be shown.</summary>
    public string Shown() => IsValue ? new CatalogValue("", Text, IsSecret) { IsWithheld = IsWithheld }.Shown : Text;

    /// <summary>Both, as they may be shown: of long ones the part around the first difference.</summary>
    public string InsteadOf(CatalogFact was)
    {
        if (!IsText || !was.IsText)
        {
            return Shown() == was.Shown() ? $"{Shown()} instead of something else" : $"{Shown()} instead of {was.Shown()}";
        }

        var (now, then) = (CatalogValue.OneLine(Text), CatalogValue.OneLine(was.Text));
        if (now == then)
        {
            return $"{Shown()} with other line breaks";
        }

        var from = now.Length <= Most && then.Length <= Most ? 0 : Math.Max(0, now.AsSpan().CommonPrefixLength(then) - Before);
        return $"{Part(now, from)} instead of {Part(then, from)}";
    }

    private static string Part(string text, int from)
    {
        var (begin, end) = (Whole(text, from), Whole(text, Math.Min(text.Length, from + Most)));
        return $"'{(begin > 0 ? Cut : "")}{text[begin..end]}{(end < text.Length ? Cut : "")}'";
    }

    /// <summary>A place where no character is cut in two.</summary>
    private static int Whole(string text, int at) => at > 0 && at < text.Length && char.IsLowSurrogate(text[at]) ? at - 1 : at;
}
