using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Core.Recovery;

/// <summary>How long moves took, from memory: asking never waits.</summary>
public interface IMoveTimes
{
    /// <summary>From asking the target to what it confirmed, or null where that was never measured. A kill is measured over all targets: it does not pass through one.</summary>
    MeasuredTime? ToConfirmed(string target, RecoveryMove move);
}
