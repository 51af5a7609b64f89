using System.Globalization;

namespace OpsConsole.Core.Switches;

/// <summary>One value of an evaluation context. Immutable.</summary>
public abstract record ContextValue
{
    private ContextValue()
    {
    }

    /// <summary>The value as targeting compares it: text as it is, a number in its shortest form, <c>true</c> or <c>false</c>. Null for what has no text.</summary>
    public virtual string? AsText => null;

    public sealed record Text(string Value) : ContextValue
    {
        public override string AsText => Value;
    }

    /// <param name="Value">Always finite.</param>
    public sealed record Number(double Value) : ContextValue
    {
        public override string AsText => Value.ToString("R", CultureInfo.InvariantCulture);
    }

    public sealed record Boolean(bool Value) : ContextValue
    {
        public override string AsText => Value ? "true" : "false";
    }

    /// <summary>Said to be unknown; the same as not said.</summary>
    public sealed record Null : ContextValue
    {
        public static readonly Null Instance = new();

        private Null()
        {
        }
    }

    public sealed record List(IReadOnlyList<ContextValue> Values) : ContextValue;

    public sealed record Map(IReadOnlyDictionary<string, ContextValue> Members) : ContextValue;
}
