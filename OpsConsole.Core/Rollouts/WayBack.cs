using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Rollback;
using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Rollouts;

/// <summary>Whether the console can roll a release back by itself, asked of the same rule that the gate asks.</summary>
internal static class WayBack
{
    /// <summary>Why not, as a sentence; null when it can.</summary>
    /// <param name="release">As the board shows it.</param>
    /// <param name="target">What its target can do.</param>
    /// <param name="migration">What a roll back is held to.</param>
    /// <param name="now">The time.</param>
    public static string? WhyNone(ReleaseSnapshot release, TargetCapabilities? target, MigrationStanding migration, DateTimeOffset now)
    {
        var refusals = RollbackRule.Judge(new ActionContext
        {
            By = RolloutEngine.Console,
            Release = ReleaseState.From(release).With(migration),
            Snapshot = release,
            Target = target,
            Now = now,
        });
        return refusals.FirstOrDefault(r => r is NoPreviousVersionRefusal or MigrationForbidsRollbackRefusal or OnlyAPersonRollsBackRefusal or TargetCannotRefusal or TargetNotConnectedRefusal)?.Sentence;
    }
}
