using System.Globalization;
using System.Text.RegularExpressions;
using OpsConsole.Core.Switches;

namespace OpsConsole.Web.Components.Switches;

/// <summary>A targeting while someone edits it: what was typed, whether it can be used or not.</summary>
public sealed partial class TargetingDraft
{
    public List<RuleDraft> Rules { get; } = [];

    /// <summary>Share of those who match no rule, as typed.</summary>
    public string Percent { get; set; } = "100";

    /// <summary>A draft of what holds now.</summary>
    public static TargetingDraft Of(Targeting value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var draft = new TargetingDraft { Percent = Shown(value.Percent) };
        draft.Rules.AddRange(value.Rules.Select(RuleDraft.Of));
        return draft;
    }

    /// <summary>What was typed as a targeting; what is no number becomes one that <see cref="TargetingCheck"/> refuses.</summary>
    public Targeting Value() => new([.. Rules.Select(r => r.Value())], Number(Percent));

    /// <summary>A place in a targeting's JSON as people count: "Rule 1, condition 2, value 1".</summary>
    public static string Place(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var words = Index().Replace(path, match => $"{match.Groups[1].Value} {int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture) + 1}").Replace(".", ", ", StringComparison.Ordinal);
        return words.Length == 0 ? "" : words == "percent" ? "Everyone else: " : $"{char.ToUpperInvariant(words[0])}{words[1..]}: ";
    }

    internal static double Number(string text) => double.TryParse(text.Trim().TrimEnd('%').Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN;

    internal static string Shown(double percent) => percent.ToString("0.###", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(rule|condition|value)s\[(\d+)\]", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Index();

    /// <summary>A rule while it is edited.</summary>
    public sealed class RuleDraft
    {
        public string Name { get; set; } = "";

        public string Percent { get; set; } = "100";

        public List<ConditionDraft> Conditions { get; } = [];

        public static RuleDraft Of(TargetingRule rule)
        {
            ArgumentNullException.ThrowIfNull(rule);
            var draft = new RuleDraft { Name = rule.Name, Percent = Shown(rule.Percent) };
            draft.Conditions.AddRange(rule.Conditions.Select(c => new ConditionDraft { Attribute = c.Attribute, Operator = c.Operator, Values = string.Join('\n', c.Values) }));
            return draft;
        }

        public TargetingRule Value() => new(Name.Trim(), [.. Conditions.Select(c => c.Value())], Number(Percent));
    }

    /// <summary>A condition while it is edited.</summary>
    public sealed class ConditionDraft
    {
        public string Attribute { get; set; } = "";

        public TargetingOperator Operator { get; set; }

        /// <summary>One on each line.</summary>
        public string Values { get; set; } = "";

        public TargetingCondition Value() => new(Attribute.Trim(), Operator, Values.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
    }
}
