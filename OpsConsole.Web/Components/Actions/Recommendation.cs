using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;

namespace OpsConsole.Web.Components.Actions;

/// <summary>Which verb a release is offered first, and which others there are.</summary>
/// <param name="First">The recommended verb, or null where there is nothing to do.</param>
/// <param name="Others">The rest, in the order of a menu.</param>
public sealed record Recommendation(ActionVerb? First, IReadOnlyList<ActionVerb> Others)
{
    private static readonly ActionVerb[] OnRelease = [ActionVerb.Promote, ActionVerb.Halt, ActionVerb.Rollback, ActionVerb.Resume];

    /// <summary>Works out the recommendation: away from a failing release by the surest way its target has, forward where nothing is wrong.</summary>
    public static Recommendation For(ReleaseSnapshot release, ITargetRegistry targets)
    {
        ArgumentNullException.ThrowIfNull(release);
        ArgumentNullException.ThrowIfNull(targets);
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

        var first = FirstOf(release, targets, verbs);
        return new Recommendation(first, [.. verbs.Where(v => v != first)]);
    }

    private static ActionVerb? FirstOf(ReleaseSnapshot release, ITargetRegistry targets, List<ActionVerb> verbs)
    {
        if (!release.Phase.IsLive())
        {
            return null;
        }

        if (release.Verdict == Verdict.Fail)
        {
            var able = targets.Find(release.Target)?.Capabilities.Verbs;
            foreach (var verb in (ReadOnlySpan<ActionVerb>)[ActionVerb.Rollback, ActionVerb.Halt, ActionVerb.Kill])
            {
                if (verbs.Contains(verb) && !(verb == ActionVerb.Rollback && ForbidsRollback(release)) && (verb == ActionVerb.Kill || able is null || able.Contains(verb)) && !InForce(release, verb))
                {
                    return verb;
                }
            }

            return null;
        }

        return release.Phase switch
        {
            ReleasePhase.Halted => ActionVerb.Resume,
            ReleasePhase.Registered or ReleasePhase.RollingOut when verbs.Contains(ActionVerb.Promote) => ActionVerb.Promote,
            _ => null,
        };
    }

    /// <summary>A migration that removed structure or data, declared or found in the submitted SQL: the way is forward, once someone has the release.</summary>
    private static bool ForbidsRollback(ReleaseSnapshot release) =>
        ReleaseState.From(release) is { Migration: MigrationClass.Contract, IsUnexposed: false };

    private static bool InForce(ReleaseSnapshot release, ActionVerb verb) =>
        release.Action is { } action && action.Verb == verb && action.Phase.IsInFlight() && action.Phase != ActionPhase.Unconfirmed;
}
