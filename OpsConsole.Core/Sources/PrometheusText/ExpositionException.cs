namespace OpsConsole.Core.Sources.PrometheusText;

/// <summary>Text that is not in the exposition format. The message says where and why, and repeats no label's value but a bucket's bound.</summary>
public sealed class ExpositionException : Exception
{
    public ExpositionException(int line, int column, string problem)
        : base($"line {line}, column {column}: {problem}")
    {
        Line = line;
        Column = column;
    }

    /// <summary>Line of the fault, from 1.</summary>
    public int Line { get; }

    /// <summary>Character in the line, from 1.</summary>
    public int Column { get; }
}
