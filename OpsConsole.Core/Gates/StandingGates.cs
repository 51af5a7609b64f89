using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Rollouts;

namespace OpsConsole.Core.Gates;

/// <summary>The gates on triggers and checks of a release with a policy, judged on what the rollout engine shows on the board. They hold whoever promotes.</summary>
/// <remarks>Before the first stage nobody has the release, and both pass. From then on an engine that has not looked lately is not a pass.</remarks>
public static class StandingGates
{
    private const string Source = "rollout engine";

    /// <summary>Both gates of a release that has a policy.</summary>
    /// <param name="stageIndex">Stage that the release is in; -1 before the first.</param>
    /// <param name="stageEnteredAt">Since when.</param>
    /// <param name="snapshot">What the board shows of it; null when it is not there.</param>
    /// <param name="now">The gate's own clock.</param>
    public static IReadOnlyList<GateResult> Judge(int stageIndex, DateTimeOffset stageEnteredAt, ReleaseSnapshot? snapshot, DateTimeOffset now)
    {
        if (stageIndex < 0)
        {
            return Both(Verdict.Pass, "Nobody has the release yet; judged from its first stage on.", null);
        }

        if (snapshot?.Policy is not { } standing || !standing.IsCurrent(now))
        {
            return Both(Verdict.Inconclusive, $"The engine has not looked at the release within {Wording.Duration(PolicyStanding.Oldest)}, so nobody knows how it stands.", snapshot?.Policy?.AsOf);
        }

        return standing.AsOf < stageEnteredAt
            ? Both(Verdict.Running, "The engine has not looked since this stage began; it looks every second.", standing.AsOf)
            : [Triggers(standing, snapshot), Checks(standing)];
    }

    /// <summary>The policy's gates as the board shows them, with these two judged now; a waiver that was read with them is kept.</summary>
    public static IReadOnlyList<GateResult> Shown(ReleaseSnapshot release, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(release);
        return release.Policy is not { } standing ? [] :
        [
            .. standing.Gates.Where(g => !Includes(g.Name)),
            .. Judge(release.StageIndex, release.StageEnteredAt, release, now)
                .Select(gate => gate.Verdict == Verdict.Pass ? gate : standing.Gates.FirstOrDefault(g => g.Name == gate.Name && g.WaivedBy is not null) ?? gate),
        ];
    }

    /// <summary>True for the two gates judged here.</summary>
    public static bool Includes(string gate) => gate is GateNames.Triggers or GateNames.Checks;

    private static GateResult Triggers(PolicyStanding standing, ReleaseSnapshot snapshot)
    {
        var collecting = snapshot.Verdict == Verdict.Running;
        var advice = snapshot.Phase == ReleasePhase.Halted ? "The release is halted already: roll it back, or resume it" : "Halt the release or roll it back";
        var counting = standing.Triggers.Where(t => !t.Trigger.DryRun).ToList();
        return Named(TriggerPhase.Fired, Verdict.Fail, $"Fired: {{0}}. {advice}; a firing is over when the trigger has recovered.")
            ?? Named(TriggerPhase.Recovering, Verdict.Fail, "Fired and not recovered yet: {0}.")
            ?? Named(TriggerPhase.Inconclusive, collecting ? Verdict.Running : Verdict.Inconclusive, collecting ? "Data is still being collected for: {0}." : "Cannot be judged without data: {0}.")
            ?? (counting.FirstOrDefault(t => t.Phase == TriggerPhase.Pending) is { } pending
                ? new(GateNames.Triggers, Verdict.Running, $"Breached: {pending.Trigger.Text}{(pending.FiresAt is { } at ? $"; it would fire at {Wording.Clock(at)}" : "")}.", Source, standing.AsOf)
                : new(GateNames.Triggers, Verdict.Pass, counting.Count == 0 ? "The policy has no trigger that votes." : "Every trigger is clear.", Source, standing.AsOf));

        GateResult? Named(TriggerPhase phase, Verdict verdict, string text)
        {
            var names = string.Join("; ", counting.Where(t => t.Phase == phase).Select(t => t.Trigger.Text));
            return names.Length == 0 ? null : new(GateNames.Triggers, verdict, text.Replace("{0}", names, StringComparison.Ordinal), Source, standing.AsOf);
        }
    }

    private static GateResult Checks(PolicyStanding standing)
    {
        var counting = standing.Checks.Where(c => !c.Check.DryRun).ToList();
        return Named(CheckPhase.Failed, Verdict.Fail, "Failed") ?? Named(CheckPhase.Error, Verdict.Inconclusive, "In error") ?? Named(CheckPhase.Inconclusive, Verdict.Inconclusive, "Cannot be judged")
            ?? Named(CheckPhase.Running, Verdict.Running, "Not ended in this stage yet")
            ?? new(GateNames.Checks, Verdict.Pass, counting.Count == 0 ? "The policy has no check that votes." : "Every check has ended well in this stage.", Source, standing.AsOf);

        GateResult? Named(CheckPhase phase, Verdict verdict, string text)
        {
            var names = string.Join("; ", counting.Where(c => c.Phase == phase).Select(c => c.Check.Name));
            return names.Length == 0 ? null : new(GateNames.Checks, verdict, $"{text}: {names}.", Source, standing.AsOf);
        }
    }

    private static IReadOnlyList<GateResult> Both(Verdict verdict, string text, DateTimeOffset? asOf) =>
        [new(GateNames.Triggers, verdict, text, Source, asOf), new(GateNames.Checks, verdict, text, Source, asOf)];
}
