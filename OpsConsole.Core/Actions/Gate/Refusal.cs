namespace OpsConsole.Core.Actions.Gate;

/// <summary>Why an action is not allowed. Each kind is a type of its own, beside the rule that finds it.</summary>
public abstract record Refusal
{
    /// <summary>Stable name for machines: the type's name in kebab case without "Refusal", for example <c>stage-hold-not-over</c>.</summary>
    public string Code
    {
        get
        {
            var name = GetType().Name;
            if (name.EndsWith(nameof(Refusal), StringComparison.Ordinal))
            {
                name = name[..^nameof(Refusal).Length];
            }

            return string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "-" : "") + char.ToLowerInvariant(c) : c.ToString()));
        }
    }

    /// <summary>One sentence for people: what stands in the way and, where there is something, what to do.</summary>
    public abstract string Sentence { get; }
}
