using System.Text.RegularExpressions;
using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Sources.Sql;

/// <summary>What a query has to be before it is sent anywhere.</summary>
internal static partial class SqlQueryText
{
    public const string Version = "@version";
    public const string Since = "@since";
    public const string Now = "@now";

    private const int Longest = 8_000;

    /// <summary>The statement as it is sent.</summary>
    public static string Statement(SignalRule rule) => rule.Numerator.Trim().TrimEnd(';').TrimEnd();

    /// <summary>Everything that is wrong with a rule, one sentence each.</summary>
    /// <param name="rule">With the query.</param>
    /// <param name="followsReleases">Whether it is asked for each version.</param>
    /// <param name="isTransact">Whether it is asked of SQL Server, which needs nothing between two statements.</param>
    public static IEnumerable<string> Faults(SignalRule rule, bool followsReleases, bool isTransact)
    {
        if (rule.Kind != SignalRuleKind.Query)
        {
            yield return $"a source of the kind {SqlSource.KindName} takes the rule query alone";
            yield break;
        }

        var text = Statement(rule);
        if (text.Length is 0 or > Longest)
        {
            yield return $"a query has 1 to {Longest} characters";
        }
        else if (!Beginning().IsMatch(text))
        {
            yield return "a query begins with SELECT or WITH";
        }

        if (text.Contains(';', StringComparison.Ordinal))
        {
            yield return "a query is one statement: no semicolon stands in it, not even in a text";
        }
        else if (isTransact && TransactWords.Fault(text) is { } several)
        {
            yield return several;
        }

        if (rule.Denominator is not null)
        {
            yield return "the query says by itself how many observations there are, in its column 'count'";
        }

        if (text.Contains(SourceBinding.VersionPlace, StringComparison.Ordinal))
        {
            yield return $"the version is a parameter of a query: {Version} without quotes, not {SourceBinding.VersionPlace}";
        }
        else if (followsReleases && !Uses(text, Version))
        {
            yield return $"the query has no {Version}, so the new version and the previous one would show the same";
        }

        if (Uses(text, Since) != rule.Window > TimeSpan.Zero)
        {
            yield return rule.Window > TimeSpan.Zero ? $"the query has no {Since}, which the window is for" : $"{Since} needs a window: it is the time that long ago";
        }
    }

    private static bool Uses(string text, string parameter) => Regex.IsMatch(text, parameter + @"\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    [GeneratedRegex(@"\A(SELECT|WITH)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Beginning();
}
