namespace OpsConsole.Core.Board;

/// <summary>What the console says of a signal or a release. Ordered: of several, the greatest is the worst and wins.</summary>
public enum Verdict
{
    /// <summary>Measured, enough of it, fresh, and inside every limit.</summary>
    Pass,

    /// <summary>Still collecting: the stage is too young to have enough samples. Nothing is wrong and nothing is shown to be right.</summary>
    Running,

    /// <summary>Cannot be judged: stale, missing, or too few samples although there was time enough.</summary>
    Inconclusive,

    /// <summary>The source cannot be read, or says what cannot be right.</summary>
    Error,

    /// <summary>Outside a limit.</summary>
    Fail,
}
