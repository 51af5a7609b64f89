using OpsConsole.Core.Policies;
using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Releases;

/// <summary>One artifact on its way to one target in one environment.</summary>
/// <remarks>What identifies it never changes; what moves (phase, stage, exposure) changes only through the methods here, which the action gate calls.</remarks>
public sealed class Release
{
    /// <summary>Targets keep weights in whole or tenth percents, so a stage is reached this little below it.</summary>
    private const double StageTolerance = 0.05;

    /// <summary>Unique, ordered by time of registration (UUID version 7).</summary>
    public required Guid Id { get; init; }

    public required string Service { get; init; }

    public required string Target { get; init; }

    public required string Environment { get; init; }

    public required string Version { get; init; }

    /// <summary>The version that serves whoever does not have this one: the baseline, and the way back. Null for a first release.</summary>
    public string? PreviousVersion { get; init; }

    public required Artifact Artifact { get; init; }

    /// <summary>Digest of the artifact of <see cref="PreviousVersion"/>, if known.</summary>
    public string? PreviousDigest { get; init; }

    /// <summary>Team that is asked when something is wrong.</summary>
    public required string Owner { get; init; }

    /// <summary>Who made the change, if known.</summary>
    public string? Author { get; init; }

    /// <summary>Key of the kill switch that turns off what this release adds, if it has one.</summary>
    public string? SwitchKey { get; init; }

    /// <summary>The bad release that this one fixes forward; null for any other.</summary>
    public Guid? FixesReleaseId { get; init; }

    public MigrationClass Migration { get; init; }

    public ReleaseLinks Links { get; init; } = ReleaseLinks.None;

    /// <summary>The way up, lowest exposure first; the last one is 100 %.</summary>
    public required IReadOnlyList<Stage> Stages { get; init; }

    /// <summary>What is measured for this release and which limits it is held to, frozen at registration.</summary>
    public required IReadOnlyList<SignalDefinition> Signals { get; init; }

    /// <summary>How long the release is watched at 100 % before it counts as done.</summary>
    public TimeSpan WatchTime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The policy that it was registered with, frozen; null for one without.</summary>
    public PolicySnapshot? Policy { get; init; }

    public required DateTimeOffset RegisteredAt { get; init; }

    public ReleasePhase Phase { get; private set; }

    /// <summary>Index into <see cref="Stages"/>; -1 before the first stage.</summary>
    public int StageIndex { get; private set; } = -1;

    /// <summary>Exposure that the target last confirmed, 0 to 100.</summary>
    public double ExposurePercent { get; private set; }

    /// <summary>When the target confirmed the current stage.</summary>
    public DateTimeOffset StageEnteredAt { get; private set; }

    /// <summary>When the phase last changed.</summary>
    public DateTimeOffset PhaseChangedAt { get; private set; }

    /// <summary>Grows with every change; two writers of the same revision cannot both win.</summary>
    public int Revision { get; private set; }

    /// <summary>The stage the release is in, or null before the first.</summary>
    public Stage? CurrentStage => StageIndex >= 0 && StageIndex < Stages.Count ? Stages[StageIndex] : null;

    /// <summary>The stage a promotion would lead to, or null at the last.</summary>
    public Stage? NextStage => StageIndex + 1 < Stages.Count ? Stages[StageIndex + 1] : null;

    /// <summary>The target confirmed the next stage.</summary>
    public void EnterNextStage(DateTimeOffset confirmedAt)
    {
        if (NextStage is not { } next)
        {
            throw new InvalidOperationException($"Release {Id} is in its last stage.");
        }

        StageIndex++;
        ExposurePercent = next.ExposurePercent;
        StageEnteredAt = confirmedAt;
        Move(next.ExposurePercent >= 100 ? ReleasePhase.Watching : ReleasePhase.RollingOut, confirmedAt);
    }

    /// <summary>The target confirmed that growth is stopped at the recorded exposure.</summary>
    public void Halt(DateTimeOffset confirmedAt) => Halt(ExposurePercent, confirmedAt);

    /// <summary>The target confirmed that growth is stopped, and where.</summary>
    /// <param name="exposurePercent">What the target shows, 0 to 100. The release is then in the highest stage that this reaches; below the first one it keeps its stage.</param>
    /// <param name="confirmedAt">When.</param>
    public void Halt(double exposurePercent, DateTimeOffset confirmedAt)
    {
        if (!exposurePercent.Equals(ExposurePercent))
        {
            ExposurePercent = exposurePercent;
            var reached = Stages.Count(s => s.ExposurePercent <= exposurePercent + StageTolerance) - 1;
            if (reached >= 0 && reached != StageIndex)
            {
                StageIndex = reached;
                StageEnteredAt = confirmedAt;
            }
        }

        Move(ReleasePhase.Halted, confirmedAt);
    }

    /// <summary>The target confirmed that growth may go on; the hold of the stage starts again.</summary>
    public void Resume(DateTimeOffset confirmedAt)
    {
        StageEnteredAt = confirmedAt;
        Move(
            StageIndex < 0 ? ReleasePhase.Registered : ExposurePercent >= 100 ? ReleasePhase.Watching : ReleasePhase.RollingOut,
            confirmedAt);
    }

    /// <summary>The target confirmed that nobody is sent to this version any more.</summary>
    public void RollBack(DateTimeOffset confirmedAt)
    {
        ExposurePercent = 0;
        Move(ReleasePhase.RolledBack, confirmedAt);
    }

    /// <summary>The watch time at 100 % passed in good health.</summary>
    public void Complete(DateTimeOffset at) => Move(ReleasePhase.Done, at);

    /// <summary>A later release of the same service took over.</summary>
    public void Supersede(DateTimeOffset at) => Move(ReleasePhase.Superseded, at);

    private void Move(ReleasePhase phase, DateTimeOffset at)
    {
        Phase = phase;
        PhaseChangedAt = at;
        Revision++;
    }
}
