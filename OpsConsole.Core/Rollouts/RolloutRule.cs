using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Promote;
using OpsConsole.Core.Board;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Rollouts;

/// <summary>The rollout's state machine, written out in one place: what the engine does next with a release. Pure: the same facts always get the same decision.</summary>
/// <remarks>
/// Asked once a second, from the top; the first line that fits decides. docs/rollout-engine.md has it as a table.
/// <list type="number">
/// <item>The release has ended: done.</item>
/// <item>A stopping action is being asked for, and the gate has not answered: as that was decided.</item>
/// <item>A trigger fired, or a check failed, and the policy lets the console act: halt or roll back, whatever else is under way but a stopping action. A release that is halted already stays as it is.</item>
/// <item>An action is in flight: promoting, halting, rolling back; a resumption leaves it halted.</item>
/// <item>The release is halted: halted, until a person resumes or rolls back.</item>
/// <item>At 100 %: watching.</item>
/// <item>The policy only recommends and a trigger fired, or a check cannot be judged: paused.</item>
/// <item>The hold is not over: holding.</item>
/// <item>Something cannot be judged (data stale, missing or too little although there was time enough; a gate or trigger inconclusive): paused. Data that is still being collected is waited for.</item>
/// <item>Something does not pass yet: verifying (waiting, before the first stage).</item>
/// <item>Everything passes: a person is waited for, or the promotion is asked for, as the policy says.</item>
/// </list>
/// The rule after a person resumed: what had fired until then has been seen, and is not acted on again until it has recovered and fires anew. It keeps the release from being promoted meanwhile.
/// A promotion that people rejected or withdrew is not asked for again in that stage.
/// </remarks>
public static class RolloutRule
{
    /// <summary>What to do next.</summary>
    public static RolloutDecision Next(RolloutFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var release = facts.Release;
        if (!release.Phase.IsLive())
        {
            return new(RolloutStep.Done, RolloutSentences.Ended(release));
        }

        if (facts.Stopping is { } asking)
        {
            return asking with { Ask = null, Because = null };
        }

        return Reaction(facts) ?? UnderWay(facts) ?? release.Phase switch
        {
            ReleasePhase.Halted => Halted(facts),
            ReleasePhase.Watching => new(RolloutStep.Watching, RolloutSentences.Watching(facts)),
            _ => Forward(facts),
        };
    }

    /// <summary>What the policy does about a fired trigger or a failed check; null where there is nothing to do about.</summary>
    private static RolloutDecision? Reaction(RolloutFacts facts)
    {
        if (facts.Delivery.OnTrigger == TriggerReaction.Recommend || facts.Release.Phase == ReleasePhase.Halted
            || !RolloutFacts.IsExposed(facts.Release) || RolloutSentences.Cause(facts) is not { } cause)
        {
            return null;
        }

        var last = facts.Release.Action;
        var failed = last is { Phase: ActionPhase.Failed } && last.Verb.IsStopping() ? last : null;
        var wayBack = facts.Delivery.OnTrigger == TriggerReaction.Rollback;
        var asked = facts.Stopped;
        var refused = asked is { Verb: ActionVerb.Rollback, Times: > 1, RefusedBecause: { } no } ? no : null;
        var instead = !wayBack ? null
            : facts.NoWayBack ?? (failed?.Verb == ActionVerb.Rollback ? $"the roll back failed: {failed.Outcome}" : refused);
        var reason = instead is null ? cause : $"{cause} Not rolled back, halted instead: {RolloutSentences.Clause(instead)}.";
        if (facts.InFlight is { } action && action.Verb.IsStopping())
        {
            return action.Verb == ActionVerb.Rollback ? new(RolloutStep.RollingBack, cause) : new(RolloutStep.Halting, reason);
        }

        var verb = wayBack && instead is null ? ActionVerb.Rollback : ActionVerb.Halt;
        var step = verb == ActionVerb.Rollback ? RolloutStep.RollingBack : RolloutStep.Halting;
        var trouble = (asked?.Verb == verb ? asked.RefusedBecause : null) ?? (failed?.Verb == verb ? failed.Outcome : null);
        var told = trouble is null ? reason : $"{reason} {verb.Noun()} did not go through and is asked for again: {RolloutSentences.Clause(trouble)}.";
        return asked?.Verb == verb && asked.AgainAt > facts.Now
            ? new(step, told)
            : new(step, told, verb, RolloutSentences.Because(facts, instead));
    }

    /// <summary>An action is in flight, whoever asked for it.</summary>
    private static RolloutDecision? UnderWay(RolloutFacts facts) => facts.InFlight switch
    {
        { Verb: ActionVerb.Promote } promotion => new(RolloutStep.Promoting, RolloutSentences.Promoting(promotion)),
        { Verb: ActionVerb.Halt } halt => new(RolloutStep.Halting, $"A halt by {halt.RequestedBy} is under way."),
        { Verb: ActionVerb.Rollback } rollback => new(RolloutStep.RollingBack, $"A roll back by {rollback.RequestedBy} is under way."),
        { Verb: ActionVerb.Resume } resume => new(RolloutStep.Halted, $"A resumption by {resume.RequestedBy} is under way."),
        _ => null,
    };

    private static RolloutDecision Halted(RolloutFacts facts) => new(
        RolloutStep.Halted,
        facts.Step is RolloutStep.Halting or RolloutStep.Halted or RolloutStep.RollingBack && !facts.Reason.Contains("under way", StringComparison.Ordinal)
            ? facts.Reason
            : facts.Release.Action is { Verb: ActionVerb.Halt } halt ? $"Halted by {halt.RequestedBy}; a person resumes it or rolls it back." : "Halted; a person resumes it or rolls it back.");

    /// <summary>Before the first stage, and in a stage below 100 %.</summary>
    private static RolloutDecision Forward(RolloutFacts facts)
    {
        var release = facts.Release;
        var inStage = release.StageIndex >= 0;
        if (inStage && RolloutSentences.LeftToAPerson(facts) is { } left)
        {
            return new(RolloutStep.Paused, left);
        }

        if (inStage && facts.Checks.FirstOrDefault(c => !c.Check.DryRun && c.Phase is CheckPhase.Inconclusive or CheckPhase.Error) is { } unclear)
        {
            return new(RolloutStep.Paused, $"Inconclusive: the check {unclear.Check.Name} cannot be judged. It goes on by itself when it can.");
        }

        if (inStage && HoldEnds(release) is var ends && facts.Now < ends)
        {
            return new(RolloutStep.Holding, $"Holds {Wording.Percent(release.ExposurePercent)} until {Wording.Clock(ends)}.");
        }

        if (Unknown(facts) is { } unknown)
        {
            return new(inStage ? RolloutStep.Paused : RolloutStep.Waiting, $"Inconclusive: {unknown}. It goes on by itself when it can be judged.");
        }

        var verifying = inStage ? RolloutStep.Verifying : RolloutStep.Waiting;
        var next = Wording.Percent(release.Stages[release.StageIndex + 1].ExposurePercent);
        var waits = RolloutSentences.Waits(facts);

        // Before the gates: those that were read before people refused it may not know of a rejected artifact yet.
        if (RolloutSentences.Refused(release, next) is { } refused)
        {
            return new(verifying, waits is null ? $"{refused}; waiting for a person." : $"{refused}. {waits}");
        }

        if (waits is not null)
        {
            return new(verifying, waits);
        }

        if (facts.Delivery.Mode == DeliveryMode.Delivery)
        {
            return new(verifying, $"{RolloutSentences.Passes(facts)}; waiting for a person to promote it to {next}.");
        }

        return facts.Promoted is { } asked && asked.AgainAt > facts.Now
            ? new(verifying, $"The promotion to {next} did not go through and is asked for again: {RolloutSentences.Clause(asked.RefusedBecause ?? "the target did not take it")}.")
            : new(RolloutStep.Promoting, $"{RolloutSentences.Passes(facts)}; promoting to {next}.", ActionVerb.Promote, RolloutSentences.Bounded($"{RolloutSentences.Passes(facts)}; next is {next}. Policy: {facts.PolicyTitle}."));
    }

    /// <summary>What cannot be judged although there was time enough, as a part of a sentence; null where nothing is. While the board still collects, data is late and not missing.</summary>
    private static string? Unknown(RolloutFacts facts)
    {
        var collecting = facts.Release.Verdict == Verdict.Running;
        if (facts.Gates.FirstOrDefault(g => g.Verdict is Verdict.Inconclusive or Verdict.Error && !(collecting && g.Name == PromotionGates.FreshData)) is { } gate)
        {
            return RolloutSentences.Gate(facts, gate);
        }

        return facts.Release.StageIndex >= 0 && !collecting && facts.Triggers.FirstOrDefault(t => t.Counts && t.Standing.Phase == TriggerPhase.Inconclusive) is { } blind
            ? $"{blind.Trigger.Text} cannot be judged, {RolloutSentences.Clause(blind.Evidence)}"
            : null;
    }

    /// <summary>When the hold of the present stage is over.</summary>
    public static DateTimeOffset HoldEnds(ReleaseSnapshot release)
    {
        ArgumentNullException.ThrowIfNull(release);
        return release.StageIndex >= 0 && release.StageIndex < release.Stages.Count ? release.StageEnteredAt + release.Stages[release.StageIndex].Hold : release.StageEnteredAt;
    }
}
