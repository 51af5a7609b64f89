namespace OpsConsole.Core.Switches;

/// <summary>Who a flag is evaluated for: a key that tells people apart, and what is known about them. Immutable.</summary>
/// <param name="TargetingKey">Tells people apart, and gives each of them their share of a percentage. Null when there is none; never empty.</param>
/// <param name="Attributes">What is known, by name; the targeting key is not among it.</param>
public sealed record EvaluationContext(string? TargetingKey, IReadOnlyDictionary<string, ContextValue> Attributes)
{
    /// <summary>Name of the key among the attributes.</summary>
    public const string KeyName = "targetingKey";

    /// <summary>Nothing known about anyone.</summary>
    public static readonly EvaluationContext Nobody = new(null, new Dictionary<string, ContextValue>());

    /// <summary>A person of whom only the key is known.</summary>
    public static EvaluationContext Of(string targetingKey) => Nobody with { TargetingKey = targetingKey };

    /// <summary>The attribute of that name, or null. Dots lead into objects ("app.version"); an attribute that has the dots in its own name comes first.</summary>
    public ContextValue? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name == KeyName)
        {
            return TargetingKey is null ? null : new ContextValue.Text(TargetingKey);
        }

        return Find(Attributes, name);
    }

    private static ContextValue? Find(IReadOnlyDictionary<string, ContextValue> members, string name)
    {
        if (members.TryGetValue(name, out var whole))
        {
            return whole is ContextValue.Null ? null : whole;
        }

        for (var dot = name.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = name.IndexOf('.', dot + 1))
        {
            if (members.TryGetValue(name[..dot], out var part) && part is ContextValue.Map map && Find(map.Members, name[(dot + 1)..]) is { } inside)
            {
                return inside;
            }
        }

        return null;
    }
}
