namespace OpsConsole.Core.Policies.Conditions;

/// <summary>A part of a condition that has a value.</summary>
/// <param name="Column">Where it is written, from 1.</param>
internal abstract record ConditionNode(int Column)
{
    public ConditionValue Evaluate(ConditionRun run)
    {
        run.Step(Column);
        return Value(run);
    }

    protected abstract ConditionValue Value(ConditionRun run);

    protected bool Truth(ConditionNode node, ConditionRun run, string what)
    {
        var value = node.Evaluate(run);
        return value.Kind == ValueKind.Bool ? value.Bool : throw Fault($"{what} needs a bool, and this is a {value.Name}");
    }

    protected ConditionException Fault(string what) => new(what, Column);
}

internal sealed record LiteralNode(ConditionValue Constant, int Column) : ConditionNode(Column)
{
    protected override ConditionValue Value(ConditionRun run) => Constant;
}

internal sealed record ResultNode(int Column) : ConditionNode(Column)
{
    protected override ConditionValue Value(ConditionRun run) => run.Result;
}

internal sealed record ItemNode(int Column) : ConditionNode(Column)
{
    protected override ConditionValue Value(ConditionRun run) => run.Item;
}

internal sealed record ListNode(IReadOnlyList<ConditionNode> Items, int Column) : ConditionNode(Column)
{
    protected override ConditionValue Value(ConditionRun run) => ConditionValue.Of([.. Items.Select(i => i.Evaluate(run))]);
}

internal sealed record NotNode(ConditionNode Inner, int Column) : ConditionNode(Column)
{
    protected override ConditionValue Value(ConditionRun run) => ConditionValue.Of(!Truth(Inner, run, "'not'"));
}

internal sealed record MinusNode(ConditionNode Inner, int Column) : ConditionNode(Column)
{
    protected override ConditionValue Value(ConditionRun run)
    {
        var value = Inner.Evaluate(run);
        return value.Kind == ValueKind.Number ? ConditionValue.Of(-value.Number) : throw Fault($"'-' needs a number, and this is a {value.Name}");
    }
}

/// <summary>An element of a list by its place, or a member of a map by its name.</summary>
internal sealed record IndexNode(ConditionNode Of, ConditionNode Key, int Column) : ConditionNode(Column)
{
    protected override ConditionValue Value(ConditionRun run)
    {
        var (of, key) = (Of.Evaluate(run), Key.Evaluate(run));
        return (of.Kind, key.Kind) switch
        {
            (ValueKind.Map, ValueKind.Text) => of.Member(key.Text),
            (ValueKind.List, ValueKind.Number) when key.Number >= 0 && key.Number < of.Length && key.Number == Math.Floor(key.Number) => of.Element((int)key.Number),
            (ValueKind.List, ValueKind.Number) => throw Fault($"the list has {of.Length} elements, and none at {key.Number:R}"),
            (_, ValueKind.Text) => throw Fault($"a {of.Name} has no member '{key.Text}'"),
            _ => throw Fault($"a {of.Name} has no element by a {key.Name}"),
        };
    }
}
