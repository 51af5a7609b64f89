namespace OpsConsole.Core.Policies.Conditions;

/// <summary>Two values and an operator between them.</summary>
internal sealed record BinaryNode(string Operator, ConditionNode Left, ConditionNode Right, int Column) : ConditionNode(Column)
{
    protected override ConditionValue Value(ConditionRun run) => Operator switch
    {
        "&&" => ConditionValue.Of(Truth(Left, run, "'&&'") && Truth(Right, run, "'&&'")),
        "||" => ConditionValue.Of(Truth(Left, run, "'||'") || Truth(Right, run, "'||'")),
        _ => Apply(Left.Evaluate(run), Right.Evaluate(run), run),
    };

    private ConditionValue Apply(ConditionValue left, ConditionValue right, ConditionRun run) => Operator switch
    {
        "==" => ConditionValue.Of(Same(left, right, run)),
        "!=" => ConditionValue.Of(!Same(left, right, run)),
        "in" => ConditionValue.Of(Contains(right, left, run)),
        "contains" => ConditionValue.Of(left.Kind == ValueKind.Text ? Texts(left, right, static (l, r) => l.Contains(r, StringComparison.Ordinal)) : Contains(left, right, run)),
        "startsWith" => ConditionValue.Of(Texts(left, right, static (l, r) => l.StartsWith(r, StringComparison.Ordinal))),
        "endsWith" => ConditionValue.Of(Texts(left, right, static (l, r) => l.EndsWith(r, StringComparison.Ordinal))),
        _ when (left.Kind, right.Kind) == (ValueKind.Number, ValueKind.Number) => OfNumbers(left.Number, right.Number),
        _ when (left.Kind, right.Kind) == (ValueKind.Text, ValueKind.Text) => OfTexts(left.Text, right.Text),
        _ => throw Mismatch(left, right),
    };

    private ConditionValue OfNumbers(double left, double right) => Operator switch
    {
        "<" => ConditionValue.Of(left < right),
        "<=" => ConditionValue.Of(left <= right),
        ">" => ConditionValue.Of(left > right),
        ">=" => ConditionValue.Of(left >= right),
        "+" => ConditionValue.Of(left + right),
        "-" => ConditionValue.Of(left - right),
        "*" => ConditionValue.Of(left * right),
        _ when right == 0 => throw Fault("division by zero"),
        "/" => ConditionValue.Of(left / right),
        _ => ConditionValue.Of(left % right),
    };

    private ConditionValue OfTexts(string left, string right) => Operator switch
    {
        "<" => ConditionValue.Of(string.CompareOrdinal(left, right) < 0),
        "<=" => ConditionValue.Of(string.CompareOrdinal(left, right) <= 0),
        ">" => ConditionValue.Of(string.CompareOrdinal(left, right) > 0),
        ">=" => ConditionValue.Of(string.CompareOrdinal(left, right) >= 0),
        "+" => ConditionValue.Of(left + right),
        _ => throw Fault($"'{Operator}' is not for strings"),
    };

    private bool Texts(in ConditionValue left, in ConditionValue right, Func<string, string, bool> compare) =>
        (left.Kind, right.Kind) == (ValueKind.Text, ValueKind.Text) ? compare(left.Text, right.Text) : throw Mismatch(left, right);

    private bool Contains(in ConditionValue where, in ConditionValue what, ConditionRun run)
    {
        switch (where.Kind)
        {
            case ValueKind.Map when what.Kind == ValueKind.Text:
                return where.HasMember(what.Text);
            case ValueKind.List:
                foreach (var element in where.Elements())
                {
                    run.Step(Column);
                    if (element.Kind == what.Kind && Same(element, what, run))
                    {
                        return true;
                    }
                }

                return false;
            default:
                throw Mismatch(what, where);
        }
    }

    /// <summary>Values of two kinds are never compared in silence: what is wrong in the result would look like a plain no. Only nil may be asked of anything.</summary>
    private bool Same(in ConditionValue left, in ConditionValue right, ConditionRun run)
    {
        if (left.Kind != right.Kind)
        {
            return left.Kind == ValueKind.Null || right.Kind == ValueKind.Null ? false : throw Mismatch(left, right);
        }

        switch (left.Kind)
        {
            case ValueKind.Null:
                return true;
            case ValueKind.Bool:
            case ValueKind.Number:
                return left.Number == right.Number;
            case ValueKind.Text:
                return left.Text == right.Text;
            case ValueKind.Map:
                return ConditionValue.SameMap(left, right);
            default:
                return left.Length == right.Length && SameElements(left, right, run);
        }
    }

    private bool SameElements(in ConditionValue left, in ConditionValue right, ConditionRun run)
    {
        foreach (var (one, other) in left.Elements().Zip(right.Elements()))
        {
            run.Step(Column);
            if (one.Kind != other.Kind || !Same(one, other, run))
            {
                return false;
            }
        }

        return true;
    }

    private ConditionException Mismatch(in ConditionValue left, in ConditionValue right) =>
        Fault($"'{Operator}' is not for a {left.Name} and a {right.Name}");
}
