using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Actions.Promote;

/// <summary>What a release must show before more people get it.</summary>
/// <remarks>
/// Before the first stage nobody has the version, so no telemetry of its own is asked for: the hold and the sample count do not apply,
/// only signals that fail, cannot be read, or failed last and were not seen inside their limits since count against the verdict, and fresh data is asked of the baseline that it will be compared with.
/// Without a previous version there is no baseline either, and the first stage is what produces the first data.
/// </remarks>
public static class PromotionGates
{
    public const string FreshData = "fresh data";
    public const string VerdictPass = "verdict";
    public const string StageHold = "hold time";
    public const string SampleCount = "sample count";
    public const string NoHalt = "no halt";
    public const string NoKill = "no kill";

    /// <summary>How much later than a signal's stale time the board may notice, so that a gate does not flicker between two builds.</summary>
    private static readonly TimeSpan BuildTolerance = TimeSpan.FromSeconds(1);

    /// <summary>Every gate as it stands: always the same five, and that it was not killed where a switch can do that.</summary>
    public static IReadOnlyList<GateResult> Judge(ReleaseState release, ReleaseSnapshot? snapshot, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(release);
        return [Fresh(release, snapshot, now), Passing(release, snapshot), Held(release, now), Counted(release, snapshot), NotHalted(release), .. NotKilled(snapshot)];
    }

    private static GateResult Fresh(ReleaseState release, ReleaseSnapshot? snapshot, DateTimeOffset now)
    {
        if (snapshot is null)
        {
            return new(FreshData, Verdict.Inconclusive, "The release is not on the live board, so it has no fresh data; wait until its signals arrive.", "board", null);
        }

        var required = snapshot.Signals.Where(s => s.Definition.Required).ToList();
        DateTimeOffset? oldest = required.Count == 0 ? null : required.Min(s => s.AsOf);
        if (release.StageIndex < 0)
        {
            return FreshBaseline(release, snapshot, required, now);
        }

        if (required.Count == 0)
        {
            return new(FreshData, Verdict.Inconclusive, "The release has no required signal, so nothing shows that it is healthy; register it with one.", Source(snapshot), null);
        }

        // The board's word is checked against the gate's own clock: a board that stopped building must not look fresh.
        var old = required.Where(s => s.Quality != SignalQuality.Fresh || s.AsOf is not { } at || now - at > s.Definition.StaleAfter + BuildTolerance).ToList();
        return old.Count == 0
            ? new(FreshData, Verdict.Pass, $"All {required.Count} required signals are fresh.", Source(snapshot), oldest)
            : new(FreshData, Verdict.Inconclusive, $"No fresh data: {string.Join("; ", old.Select(s => Staleness(s, now)))}. Look at the source; promote when data comes again.", Source(snapshot), oldest);
    }

    private static GateResult FreshBaseline(ReleaseState release, ReleaseSnapshot snapshot, List<SignalSnapshot> required, DateTimeOffset now)
    {
        var failed = snapshot.Signals.Where(s => s.FailedAt is not null).ToList();
        if (failed.Count > 0)
        {
            var which = string.Join(", ", failed.Select(s => $"{s.Definition.Title} failed {Wording.Duration(now - s.FailedAt!.Value)} ago"));
            return new(FreshData, Verdict.Inconclusive, $"Not seen inside its limits since then: {which}. Look at the source; promote when it is measured inside its limits again.", Source(snapshot), failed.Min(s => s.FailedAt));
        }

        if (release.PreviousVersion is not { } previous)
        {
            return new(FreshData, Verdict.Pass, "There is no previous version to measure, and before the first stage no data of the release itself is needed.", Source(snapshot), null);
        }

        var unknown = required.Where(s => s.Definition.DeltaLimit is not null && s.Baseline is null).ToList();
        return unknown.Count == 0
            ? new(FreshData, Verdict.Pass, $"The baseline {previous} is being measured; before the first stage no data of the release itself is needed.", Source(snapshot), snapshot.AsOf)
            : new(FreshData, Verdict.Inconclusive, $"No data of the baseline {previous} to compare with: {string.Join(", ", unknown.Select(s => s.Definition.Title))}. Look at the source.", Source(snapshot), null);
    }

    private static GateResult Passing(ReleaseState release, ReleaseSnapshot? snapshot)
    {
        if (snapshot is null)
        {
            return new(VerdictPass, Verdict.Inconclusive, "The release is not on the live board, so it has no verdict; wait until its signals arrive.", "board", null);
        }

        var worse = snapshot.Signals.Where(s => StandsAgainst(s, release.StageIndex < 0)).OrderByDescending(s => s.Verdict).ToList();
        var verdict = worse.Count > 0 ? worse[0].Verdict : release.StageIndex < 0 ? Verdict.Pass : snapshot.Verdict;
        if (verdict == Verdict.Pass)
        {
            return new(VerdictPass, Verdict.Pass, release.StageIndex < 0 ? "Nothing fails; the release is judged from its first stage on." : "Every verdict is pass.", Source(snapshot), snapshot.AsOf);
        }

        var reasons = worse.Count > 0 ? string.Join("; ", worse.Select(s => s.Reason.TrimEnd('.'))) : snapshot.Reason.TrimEnd('.');
        return new(VerdictPass, verdict, $"The verdict is {verdict.ToString().ToLowerInvariant()}, and pass is needed: {reasons}.", Source(snapshot), snapshot.AsOf);
    }

    /// <summary>A required signal must pass; another one must only not fail. Before the first stage only what fails, cannot be read, or failed last counts.</summary>
    private static bool StandsAgainst(SignalSnapshot signal, bool beforeFirstStage) => (beforeFirstStage && signal.FailedAt is not null) || (signal.Definition.Required
        ? beforeFirstStage ? signal.Verdict >= Verdict.Error : signal.Verdict != Verdict.Pass
        : signal.Verdict == Verdict.Fail);

    private static GateResult Held(ReleaseState release, DateTimeOffset now)
    {
        if (release.CurrentStage is not { } stage)
        {
            return new(StageHold, Verdict.Pass, "The release is in no stage yet, so there is nothing to hold.", "release record", null);
        }

        var left = release.StageEnteredAt + stage.Hold - now;
        return left <= TimeSpan.Zero
            ? new(StageHold, Verdict.Pass, $"In the {Wording.Percent(stage.ExposurePercent)} stage for {Wording.Duration(now - release.StageEnteredAt)} of at least {Wording.Duration(stage.Hold)}.", "release record", release.StageEnteredAt)
            : new(StageHold, Verdict.Running, $"The {Wording.Percent(stage.ExposurePercent)} stage holds for {Wording.Duration(stage.Hold)}, {Wording.Duration(left)} are left; promote at {Wording.Clock(now + left)}.", "release record", release.StageEnteredAt);
    }

    private static GateResult Counted(ReleaseState release, ReleaseSnapshot? snapshot)
    {
        if (release.StageIndex < 0)
        {
            return new(SampleCount, Verdict.Pass, "Before the first stage no observations are needed.", "release record", null);
        }

        if (snapshot is null)
        {
            return new(SampleCount, Verdict.Inconclusive, "The release is not on the live board, so nothing is counted; wait until its signals arrive.", "board", null);
        }

        var few = snapshot.Signals.Where(s => s.Definition.Required && s.Samples < s.Definition.MinimumCount).ToList();
        return few.Count == 0
            ? new(SampleCount, Verdict.Pass, "Every required signal has enough observations.", Source(snapshot), snapshot.AsOf)
            : new(SampleCount, Verdict.Running, $"Too few observations: {string.Join("; ", few.Select(s => $"{s.Definition.Title} has {s.Samples} of {s.Definition.MinimumCount}"))}. Wait for more traffic.", Source(snapshot), snapshot.AsOf);
    }

    private static GateResult NotHalted(ReleaseState release) => release.Phase == ReleasePhase.Halted
        ? new(NoHalt, Verdict.Fail, "A halt is in force; resume the release before promoting it.", "release record", null)
        : new(NoHalt, Verdict.Pass, "No halt is in force.", "release record", null);

    /// <remarks>A kill in the release's own time was a decision against what it brings, and what is measured since is measured without that. A fix that was registered while its switch was killed goes on.</remarks>
    private static IEnumerable<GateResult> NotKilled(ReleaseSnapshot? snapshot) => snapshot is not { Switch: { } bound }
        ? []
        : bound.Killed && bound.ChangedAt > snapshot.RegisteredAt
            ? [new(NoKill, Verdict.Fail, $"The switch {bound.Key} was killed since this release was registered, so what it brings is off and is not measured: restore the switch first, or register a corrected version.", Source(snapshot), bound.ChangedAt)]
            : [new(NoKill, Verdict.Pass, $"The switch {bound.Key} was not killed in this release's time.", Source(snapshot), snapshot.AsOf)];

    private static string Staleness(SignalSnapshot signal, DateTimeOffset now) => signal.AsOf is { } at
        ? $"{signal.Definition.Title} is {Wording.Duration(now - at)} old and {Wording.Duration(signal.Definition.StaleAfter)} are allowed"
        : $"{signal.Definition.Title} has no value";

    private static string Source(ReleaseSnapshot snapshot) => $"board, snapshot {snapshot.SnapshotVersion}";
}
