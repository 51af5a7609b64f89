using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Core.Recovery;

/// <summary>How long moves took, from memory: asking never waits.</summary>
public interface IMoveTimes
{
    /// <summary>From asking the target to what it confirmed, or null where that was never measured. A kill is measured over all targets: it does not pass through one.</summary>
    MeasuredTime? ToConfirmed(string target, RecoveryMove move);
}

/// <summary>What the record says of the versions that roll backs would lead to, from memory: asking never waits.</summary>
public interface IPreviousVersions
{
    /// <summary>Of a release on the board; <see cref="PreviousStanding.Good"/> until it was looked up, so that going back never waits for the record.</summary>
    PreviousStanding Of(Guid releaseId);
}
