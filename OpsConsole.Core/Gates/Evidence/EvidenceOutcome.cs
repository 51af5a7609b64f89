namespace OpsConsole.Core.Gates.Evidence;

/// <summary>What a piece of evidence says.</summary>
public enum EvidenceOutcome
{
    Passed,

    /// <summary>Nothing failed, and something asks to be looked at.</summary>
    PassedWithWarnings,

    /// <summary>Something failed and passed when it was tried again. Neither a pass nor a failure.</summary>
    Flaky,

    Failed,

    /// <summary>The tool itself did not work, so its silence about the artifact means nothing.</summary>
    Error,

    /// <summary>Nothing was examined, or not enough to say anything.</summary>
    Inconclusive,
}
