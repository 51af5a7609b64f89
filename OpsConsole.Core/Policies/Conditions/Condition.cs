using System.Text.Json;

namespace OpsConsole.Core.Policies.Conditions;

/// <summary>An expression over a measurement's result that is true or false, for example <c>result &lt; 0.05</c> or <c>all(result.items, {#.ok})</c>.</summary>
/// <remarks>
/// Immutable and safe for any number of threads. There are no loops, variables or side effects, and length, nesting and steps are bounded,
/// so that text of unknown origin can be evaluated. The language is in docs/canary-analysis.md.
/// </remarks>
public sealed class Condition
{
    /// <summary>Longest text, in characters.</summary>
    public const int MostCharacters = 1_000;

    /// <summary>Deepest nesting of parentheses, calls, lists and operators.</summary>
    public const int MostDepth = 32;

    /// <summary>Most steps of one evaluation; an element that a list function looks at takes some too.</summary>
    public const int MostSteps = 100_000;

    private readonly ConditionNode _root;

    private Condition(string text, ConditionNode root) => (Text, _root) = (text, root);

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>Reads a condition.</summary>
    /// <param name="text">1 to <see cref="MostCharacters"/> characters.</param>
    /// <exception cref="ConditionException">It is not a condition; says why and in which column.</exception>
    public static Condition Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > MostCharacters)
        {
            throw new ConditionException($"a condition has at most {MostCharacters} characters, and this one has {text.Length}", MostCharacters + 1);
        }

        return new(text, new ConditionParser(ConditionLexer.Read(text)).Parse());
    }

    /// <summary>Evaluates it.</summary>
    /// <param name="result">The measurement's result.</param>
    /// <exception cref="ConditionException">It cannot be evaluated on this result, takes too many steps, or is neither true nor false.</exception>
    public bool Evaluate(JsonElement result)
    {
        var value = _root.Evaluate(new ConditionRun(ConditionValue.Of(result), MostSteps));
        return value.Kind == ValueKind.Bool
            ? value.Bool
            : throw new ConditionException($"expected bool, but got {value.Name}: a condition is true or false", 1);
    }

    public override string ToString() => Text;
}
