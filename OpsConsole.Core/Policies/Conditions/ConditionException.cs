namespace OpsConsole.Core.Policies.Conditions;

/// <summary>A condition that cannot be read, or cannot be evaluated on this result. The message is a sentence with the column.</summary>
public sealed class ConditionException : Exception
{
    internal ConditionException(string what, int column)
        : base($"Column {column}: {what}.") => Column = column;

    /// <summary>Where in the condition, from 1.</summary>
    public int Column { get; }
}
