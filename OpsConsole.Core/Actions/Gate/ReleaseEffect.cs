using OpsConsole.Core.Gates;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Actions.Gate;

/// <summary>What a confirmed action does to its release.</summary>
/// <param name="Changed">Whether the release was changed and must be saved.</param>
/// <param name="Text">One sentence on what was seen.</param>
/// <param name="Events">Lines for the timeline.</param>
internal sealed record ReleaseEffect(bool Changed, string Text, IReadOnlyList<ReleaseEvent> Events)
{
    /// <summary>Moves the release to where its target was seen.</summary>
    public static ReleaseEffect Apply(ReleaseAction action, Release release, TargetObservation seen, DateTimeOffset at)
    {
        var (exposure, shadowed) = (seen.StandsAt, seen.Beneath is null ? "" : " Its switch is killed, so nobody gets it until that is restored.");
        switch (action.Verb)
        {
            case ActionVerb.Promote when release.NextStage is { } next && TargetConversation.Same(next.ExposurePercent, action.ToExposure ?? -1)
                && release.Phase is ReleasePhase.Registered or ReleasePhase.RollingOut:
                release.EnterNextStage(at);
                return Done(action, release, ReleaseEventKind.StageChanged, $"{release.Version} is at {Wording.Percent(exposure)} on {release.Target}.{shadowed}{WaivedGates.Sentence(EvidenceSeal.PolicyGatesOf(action.EvidenceJson))}", at, exposure);

            case ActionVerb.Halt when release.Phase.IsLive():
                return Halted(action, release, exposure, seen.HaltCost is { } cost ? $"{shadowed} {cost}" : shadowed, at);

            case ActionVerb.Resume when release.Phase == ReleasePhase.Halted:
                release.Resume(at);
                return Done(action, release, ReleaseEventKind.Resumed, $"{release.Version} goes on at {Wording.Percent(exposure)} on {release.Target}.{shadowed}", at, exposure);

            case ActionVerb.Rollback when release.Phase.IsLive() || release.Phase == ReleasePhase.Done:
                release.RollBack(at);
                return Done(action, release, ReleaseEventKind.RolledBack, seen.Besides is { } besides
                    ? $"{release.Version} is at 0 % on {release.Target}. {besides}"
                    : $"Nobody is sent to {release.Version} on {release.Target} any more.", at, 0);

            default:
                return new(false, $"The target shows {Wording.Percent(exposure)}; the release had moved on and stays as it is.", []);
        }
    }

    /// <summary>Ends a release that nobody has, without its target.</summary>
    public static ReleaseEffect EndUnexposed(ReleaseAction action, Release release, DateTimeOffset at)
    {
        release.RollBack(at);
        return Done(action, release, ReleaseEventKind.RolledBack, $"{release.Version} was never exposed, so there was nothing to take back.", at, 0);
    }

    private static ReleaseEffect Halted(ReleaseAction action, Release release, double exposure, string more, DateTimeOffset at)
    {
        // A promotion that was stopped may have reached the target all the same, and a share can be raised in the target itself: the release is where the target shows it.
        var recorded = release.ExposurePercent;
        var moved = !TargetConversation.Same(exposure, recorded);
        release.Halt(moved ? exposure : recorded, at);
        var done = Done(action, release, ReleaseEventKind.Halted, $"{release.Version} is halted at {Wording.Percent(exposure)} on {release.Target}.{more}", at, exposure);
        return !moved ? done : done with
        {
            Events = [.. done.Events, action.Event(release.Id, ReleaseEventKind.Drift, $"{release.Target} shows {Wording.Percent(exposure)} where {Wording.Percent(recorded)} were recorded.", at, exposure)],
        };
    }

    private static ReleaseEffect Done(ReleaseAction action, Release release, ReleaseEventKind kind, string text, DateTimeOffset at, double exposure) =>
        new(true, text, [action.Event(release.Id, kind, text, at, exposure)]);
}
