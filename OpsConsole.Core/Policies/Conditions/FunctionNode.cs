using System.Globalization;

namespace OpsConsole.Core.Policies.Conditions;

/// <summary>A function of values.</summary>
internal sealed record FunctionNode(string Name, IReadOnlyList<ConditionNode> Inputs, int Column) : ConditionNode(Column)
{
    private static readonly Dictionary<string, int> Functions = new(StringComparer.Ordinal)
    {
        ["asInt"] = 1, ["asFloat"] = 1, ["len"] = 1, ["isNaN"] = 1, ["isInf"] = 1, ["isNil"] = 1, ["default"] = 2,
    };

    public static string Known => string.Join(", ", Functions.Keys);

    public static bool IsKnown(string name) => Functions.ContainsKey(name);

    /// <summary>How many values it takes.</summary>
    public static int Arguments(string name) => Functions[name];

    protected override ConditionValue Value(ConditionRun run)
    {
        var first = Inputs[0].Evaluate(run);
        return Name switch
        {
            "asInt" => ConditionValue.Of(AsInt(first)),
            "asFloat" => ConditionValue.Of(AsFloat(first)),
            "len" => first.Kind is ValueKind.Text or ValueKind.List or ValueKind.Map ? ConditionValue.Of((double)first.Length) : throw Unfit(first, "a string, list or map"),
            "isNaN" => ConditionValue.Of(double.IsNaN(Number(first))),
            "isInf" => ConditionValue.Of(double.IsInfinity(Number(first))),
            "isNil" => ConditionValue.Of(first.Kind == ValueKind.Null),
            _ => first.Kind == ValueKind.Null ? Inputs[1].Evaluate(run) : first,
        };
    }

    private double AsInt(in ConditionValue value) => value.Kind switch
    {
        ValueKind.Number when double.IsFinite(value.Number) => Math.Truncate(value.Number),
        ValueKind.Text when long.TryParse(value.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        ValueKind.Text => throw Fault($"asInt cannot read '{Shown(value.Text)}' as a whole number"),
        _ => throw Unfit(value, "a finite number or a string"),
    };

    private double AsFloat(in ConditionValue value) => value.Kind switch
    {
        ValueKind.Number => value.Number,
        ValueKind.Text => value.Text switch
        {
            "NaN" => double.NaN,
            "Inf" or "+Inf" or "Infinity" => double.PositiveInfinity,
            "-Inf" or "-Infinity" => double.NegativeInfinity,
            var text when double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number) => number,
            var text => throw Fault($"asFloat cannot read '{Shown(text)}' as a number"),
        },
        _ => throw Unfit(value, "a number or a string"),
    };

    private double Number(in ConditionValue value) => value.Kind == ValueKind.Number ? value.Number : throw Unfit(value, "a number");

    private ConditionException Unfit(in ConditionValue value, string wanted) => Fault($"{Name} needs {wanted}, and this is a {value.Name}");

    private static string Shown(string text) => text.Length > 40 ? text[..40] + "..." : text;
}

/// <summary>A function that asks a question of every element of a list.</summary>
internal sealed record ListFunctionNode(string Name, ConditionNode List, ConditionNode Predicate, int Column) : ConditionNode(Column)
{
    private static readonly string[] Functions = ["all", "any", "none", "one", "count", "filter"];

    public static string Known => string.Join(", ", Functions);

    public static bool IsKnown(string name) => Functions.Contains(name);

    protected override ConditionValue Value(ConditionRun run)
    {
        var list = List.Evaluate(run);
        if (list.Kind != ValueKind.List)
        {
            throw Fault($"{Name} needs a list, and this is a {list.Name}");
        }

        if (list.Length == 0 && Name == "all")
        {
            // It would be true, and a measurement that found nothing would be a success.
            throw Fault("all has no element to ask; say what an empty list means, for example with len");
        }

        var outer = run.Item;
        var held = new List<ConditionValue>();
        foreach (var element in list.Elements())
        {
            run.Item = element;
            if (Truth(Predicate, run, $"the question of {Name}"))
            {
                held.Add(element);
            }
        }

        run.Item = outer;
        return Name switch
        {
            "all" => ConditionValue.Of(held.Count == list.Length),
            "any" => ConditionValue.Of(held.Count > 0),
            "none" => ConditionValue.Of(held.Count == 0),
            "one" => ConditionValue.Of(held.Count == 1),
            "count" => ConditionValue.Of((double)held.Count),
            _ => ConditionValue.Of(held.ToArray()),
        };
    }
}
