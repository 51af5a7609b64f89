using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
using OpsConsole.Core.Recovery;
using OpsConsole.Core.Releases;
using OpsConsole.Web.Components.Kit;

namespace OpsConsole.Web.Components.Actions;

/// <summary>The playbook's word as buttons: which verb a release is offered first, and which others there are.</summary>
/// <param name="First">The verb of the first button, or null where the first is none or is no action.</param>
/// <param name="Others">The rest, in the order of a menu.</param>
/// <param name="FixForward">True where fixing forward comes first: no action of the gate, so a way to where it is explained.</param>
/// <param name="Sentence">What is recommended and why, where something is wrong; else empty.</param>
public sealed record Recommendation(ActionVerb? First, IReadOnlyList<ActionVerb> Others, bool FixForward = false, string Sentence = "")
{
    private static readonly ActionVerb[] OnRelease = [ActionVerb.Promote, ActionVerb.Halt, ActionVerb.Rollback, ActionVerb.Resume];

    /// <summary>The recommended move first; where watching is recommended, the way on of a release in which nothing is wrong.</summary>
    public static Recommendation For(ReleaseSnapshot release, PlaybookAdvice advice)
    {
        ArgumentNullException.ThrowIfNull(release);
        ArgumentNullException.ThrowIfNull(advice);
        List<ActionVerb> verbs = release.Phase.IsLive() ? [.. OnRelease.Where(v => v != ActionVerb.Resume || release.Phase == ReleasePhase.Halted)] : [];
        if (release.Switch is { } bound)
        {
            verbs.Add(bound.Killed ? ActionVerb.Restore : ActionVerb.Kill);
        }

        if (release.StageIndex >= release.Stages.Count - 1)
        {
            verbs.Remove(ActionVerb.Promote);
        }

        if (release.Phase == ReleasePhase.Halted)
        {
            verbs.Remove(ActionVerb.Halt);
        }

        // What is done is rolled back only where that is recommended.
        if (advice.Recommended.Verb() is { } recommended && !verbs.Contains(recommended))
        {
            verbs.Add(recommended);
        }

        var first = advice.Recommended.Verb() ?? (advice.Recommended == RecoveryMove.Watch ? WayOn(release, advice.Fault, verbs) : null);
        var isQuiet = advice.Recommended == RecoveryMove.Watch && (advice.Fault <= FaultKind.Unknown || !release.Phase.IsLive());
        var sentence = isQuiet ? "" : $"Recommended: {Words.Of(advice.Recommended)}. {advice.Why}";
        return new Recommendation(first, [.. verbs.Where(v => v != first)], advice.Recommended == RecoveryMove.FixForward, sentence);
    }

    /// <summary>Its rule says on the button what is still in its way. A halted release that cannot be judged is not led on.</summary>
    private static ActionVerb? WayOn(ReleaseSnapshot release, FaultKind fault, List<ActionVerb> verbs) => (release.Phase, fault) switch
    {
        (ReleasePhase.Halted, FaultKind.None) => ActionVerb.Resume,
        (ReleasePhase.Registered or ReleasePhase.RollingOut, FaultKind.None or FaultKind.Unknown) when verbs.Contains(ActionVerb.Promote) => ActionVerb.Promote,
        _ => null,
    };
}
