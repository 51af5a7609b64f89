using System.Text.RegularExpressions;

namespace OpsConsole.Core.Sources.PrometheusText;

/// <summary>How a matcher compares.</summary>
public enum MatchKind
{
    /// <summary>=</summary>
    Equal,

    /// <summary>!=</summary>
    NotEqual,

    /// <summary>=~, an expression that the whole value has to match.</summary>
    Like,

    /// <summary>!~</summary>
    NotLike,
}

/// <summary>One condition on one label. Expressions are matched without backtracking, so that none can take for ever, as the language they come from does.</summary>
public sealed class LabelMatcher
{
    /// <summary>Longest time one match may take. Matching takes time in proportion to the text, so only a machine that hands out no time at all comes near it.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.Singleline | RegexOptions.CultureInvariant;

    private readonly MatchKind _kind;
    private readonly string _value;
    private readonly Regex? _expression;

    /// <exception cref="ArgumentException">The expression is not understood.</exception>
    public LabelMatcher(string label, MatchKind kind, string value)
    {
        Label = label;
        _kind = kind;
        _value = value;
        if (kind is MatchKind.Like or MatchKind.NotLike)
        {
            try
            {
                // Read alone first: an expression that only the brackets around it make whole is none.
                _ = new Regex(value, Options);
                _expression = new Regex($@"\A(?:{value})\z", Options, Timeout);
            }
            catch (NotSupportedException e)
            {
                throw new ArgumentException("it looks ahead, looks back or refers to itself", nameof(value), e);
            }
        }
    }

    public string Label { get; }

    /// <summary>True when a value of the label, empty where there is none, passes.</summary>
    public bool Matches(string value) => _kind switch
    {
        MatchKind.Equal => value == _value,
        MatchKind.NotEqual => value != _value,
        MatchKind.Like => _expression!.IsMatch(value),
        _ => !_expression!.IsMatch(value),
    };
}
