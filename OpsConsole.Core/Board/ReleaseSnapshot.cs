using System.Collections.Immutable;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Recovery;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Rollouts;
using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Board;

/// <summary>A value at a time, for charts. <see cref="Value"/> is NaN where there was none: a gap, drawn as one.</summary>
public readonly record struct ChartPoint(DateTimeOffset At, double Value);

/// <summary>What the board knows of one signal of one release. Immutable; everything a row shows is worked out once here and not once per open board.</summary>
public sealed record SignalSnapshot
{
    public required SignalDefinition Definition { get; init; }

    public required SignalQuality Quality { get; init; }

    public required Verdict Verdict { get; init; }

    /// <summary>One sentence: metric, value, limit, count, age.</summary>
    public required string Reason { get; init; }

    /// <summary>Value of the new version over the window, or null without one.</summary>
    public double? Canary { get; init; }

    /// <summary>Value of the previous version over the same window, or null without one.</summary>
    public double? Baseline { get; init; }

    /// <summary>The baseline that limits and triggers are held against: fresh, with enough observations, or what stands in for it at 100 %; null where there is none.</summary>
    public double? ComparedWith { get; init; }

    /// <summary>Canary against baseline: percentage points for percent, else relative percent. Null without both.</summary>
    public double? Delta { get; init; }

    /// <summary>Time of the newest sample of the new version.</summary>
    public DateTimeOffset? AsOf { get; init; }

    /// <summary>Observations of the new version in the window.</summary>
    public long Samples { get; init; }

    /// <summary>Observations of the previous version in the window.</summary>
    public long BaselineSamples { get; init; }

    /// <summary>Since when the value has been outside a limit, while it is.</summary>
    public DateTimeOffset? BreachedSince { get; init; }

    /// <summary>When it failed last, where it has not been seen inside its limits since then; null otherwise, and while it fails.</summary>
    public DateTimeOffset? FailedAt { get; init; }

    /// <summary>Value with unit, at most three significant digits; a dash without one.</summary>
    public required string CanaryText { get; init; }

    public required string BaselineText { get; init; }

    /// <summary>Signed delta with unit, or empty.</summary>
    public required string DeltaText { get; init; }

    /// <summary>Path data of a 96 x 24 sparkline of the new version, empty without points.</summary>
    public required string SparklinePath { get; init; }

    /// <summary>Height of the limit in that sparkline, 0 (top) to 24, or null where there is no limit.</summary>
    public double? LimitY { get; init; }

    /// <summary>At most 120 points, oldest first.</summary>
    public ImmutableArray<ChartPoint> CanaryPoints { get; init; } = [];

    public ImmutableArray<ChartPoint> BaselinePoints { get; init; } = [];
}

/// <summary>The action on a release that is under way or was the last.</summary>
public sealed record ActionSummary(
    Guid Id,
    ActionVerb Verb,
    ActionPhase Phase,
    string RequestedBy,
    DateTimeOffset RequestedAt,
    DateTimeOffset? FinishedAt,
    string? Outcome)
{
    /// <summary>When its target was asked; null while it waits for approval.</summary>
    public DateTimeOffset? ExecutingAt { get; init; }

    /// <summary>Approvals that it needs; 0: none.</summary>
    public int ApprovalsNeeded { get; init; }

    /// <summary>Approvals that hold now.</summary>
    public int ApprovalsGiven { get; init; }

    /// <summary>Why this console does not go on with it although it is approved, in words: it hangs on people of whom it knows nothing. Null where that is not so.</summary>
    public string? HangsOn { get; init; }

    /// <summary>From being carried out to what the target confirmed; null while it has not.</summary>
    public TimeSpan? TimeToConfirmed => Phase == ActionPhase.Confirmed ? FinishedAt - (ExecutingAt ?? RequestedAt) : null;
}

/// <summary>A kill switch as it stands: everywhere, or in one environment alone. On a release it is what holds for that release: killed where its switch is killed everywhere or in its own environment.</summary>
public sealed record SwitchSummary(string Key, bool Killed, DateTimeOffset ChangedAt, string TurnsOff)
{
    /// <summary>The one environment that this is about; null: everywhere. On a release: the environment that the kill in force is limited to.</summary>
    public string? Environment { get; init; }

    /// <summary>When it was put away: nobody is served it any more. Null while it is served.</summary>
    public DateTimeOffset? ArchivedAt { get; init; }
}

/// <summary>Everything the board knows of one release at one time. Immutable.</summary>
public sealed record ReleaseSnapshot
{
    public required Guid Id { get; init; }

    public required string Service { get; init; }

    public required string Target { get; init; }

    public required string Environment { get; init; }

    public required string Version { get; init; }

    public string? PreviousVersion { get; init; }

    public required string Owner { get; init; }

    /// <summary>The bad release that this one fixes forward; null for any other.</summary>
    public Guid? FixesReleaseId { get; init; }

    /// <summary>Decides whether the previous version can still read the database, and so whether a roll back is offered.</summary>
    public MigrationClass Migration { get; init; }

    public required ReleasePhase Phase { get; init; }

    public required IReadOnlyList<Stage> Stages { get; init; }

    /// <summary>Index into <see cref="Stages"/>; -1 before the first.</summary>
    public required int StageIndex { get; init; }

    /// <summary>Exposure that the target last confirmed, 0 to 100.</summary>
    public required double ExposurePercent { get; init; }

    public required DateTimeOffset RegisteredAt { get; init; }

    public required DateTimeOffset StageEnteredAt { get; init; }

    /// <summary>Revision of the stored release that this was built from.</summary>
    public required int Revision { get; init; }

    /// <summary>Grows with every build of this release's snapshot, also across restarts.</summary>
    public required long SnapshotVersion { get; init; }

    /// <summary>The snapshot version at which phase, stage, verdict or action last changed. Whoever saw an older one decides on what no longer holds.</summary>
    public required long DecisionVersion { get; init; }

    /// <summary>The same without the verdict: the snapshot version at which phase, stage, exposure, action or switch last changed. A roll back is held to this one.</summary>
    public required long StateVersion { get; init; }

    public required DateTimeOffset AsOf { get; init; }

    public required Verdict Verdict { get; init; }

    /// <summary>The worst quality among required signals.</summary>
    public required SignalQuality Quality { get; init; }

    /// <summary>One sentence: why the verdict is what it is.</summary>
    public required string Reason { get; init; }

    public DateTimeOffset VerdictSince { get; init; }

    /// <summary>In the order of the release's definitions.</summary>
    public required ImmutableArray<SignalSnapshot> Signals { get; init; }

    /// <summary>True once the rollout is over (done, rolled back, superseded): its verdict is no call to act and is shown calmly, and never as healthy where nobody is sent to the version.</summary>
    public bool IsSettled => !Phase.IsLive();

    /// <summary>The latest action, if any.</summary>
    public ActionSummary? Action { get; init; }

    public SwitchSummary? Switch { get; init; }

    /// <summary>What its policy makes of it; null for a release without one, and until the engine has looked.</summary>
    public PolicyStanding? Policy { get; init; }

    /// <summary>What the playbook says, and the clock while something is wrong; null until it was looked at.</summary>
    public RecoveryStanding? Recovery { get; init; }

    /// <summary>The signal that stands for a family in the board's four columns: the first of that family, or the worst where several are judged. What is not required and was never measured stands behind what was, unless it cannot be read at all.</summary>
    public SignalSnapshot? Leading(SignalFamily family)
    {
        SignalSnapshot? leading = null;
        foreach (var signal in Signals)
        {
            if (signal.Definition.Family == family && (leading is null || Rank(signal).CompareTo(Rank(leading)) > 0))
            {
                leading = signal;
            }
        }

        return leading;

        static (bool Counts, Verdict Verdict) Rank(SignalSnapshot signal) =>
            (signal.Definition.Required || signal.Quality != SignalQuality.Missing || signal.Verdict == Verdict.Error, signal.Verdict);
    }
}

/// <summary>All releases, worst first.</summary>
/// <param name="Version">Grows with every change of any release.</param>
/// <param name="AsOf">When it was put together.</param>
/// <param name="Releases">The rows: worst verdict first, then the most exposed, then by name.</param>
public sealed record BoardSnapshot(long Version, DateTimeOffset AsOf, ImmutableArray<ReleaseSnapshot> Releases)
{
    /// <summary>Releases that one of the rows fixes. They have no row, and are measured because people still have them.</summary>
    public ImmutableArray<ReleaseSnapshot> Replaced { get; init; } = [];

    /// <summary>When the oldest of the samples was received that this board is the first to show; null where it shows no new sample.</summary>
    public DateTimeOffset? Since { get; init; }
}
