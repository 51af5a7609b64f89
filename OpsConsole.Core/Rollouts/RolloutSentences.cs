using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Promote;
using OpsConsole.Core.Board;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Policies.Triggers;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Rollouts;

/// <summary>What the engine says. Nothing here counts seconds: a sentence changes only when something does.</summary>
internal static class RolloutSentences
{
    /// <summary>The step as a word.</summary>
    public static string Title(this RolloutStep step) => step == RolloutStep.RollingBack ? "Rolling back" : step.ToString();

    /// <summary>What makes the console act: the first trigger that fired and was not seen, else a check that failed. Null: nothing.</summary>
    public static string? Cause(RolloutFacts facts) =>
        facts.Triggers.FirstOrDefault(t => t.IsCause) is { } fired ? $"Trigger fired: {fired.Trigger.Text}."
        : FailedCheck(facts) is { } check ? $"Check failed: {check.Check.Name}."
        : null;

    /// <summary>The reason of an action, with the values it was decided on.</summary>
    public static string Because(RolloutFacts facts, string? instead)
    {
        var cause = facts.Triggers.FirstOrDefault(t => t.IsCause) is { } fired ? $"Trigger fired: {fired.Trigger.Text}; {Clause(fired.Evidence)}."
            : FailedCheck(facts) is { } check ? $"Check failed: {check.Check.Name}; {Clause(check.Sentence)}."
            : "";
        return Bounded($"{cause} Policy: {facts.PolicyTitle}." + (instead is null ? "" : $" Not rolled back: {Clause(instead)}."));
    }

    /// <summary>A fired trigger or failed check under a policy that only recommends.</summary>
    public static string? LeftToAPerson(RolloutFacts facts) => facts.Delivery.OnTrigger == TriggerReaction.Recommend && Cause(facts) is { } cause
        ? $"{cause} The policy leaves it to a person: halt it or roll it back."
        : null;

    public static string Promoting(ActionSummary promotion) => promotion.Phase switch
    {
        ActionPhase.AwaitingApproval => $"The promotion that {promotion.RequestedBy} asked for waits for approval.",
        ActionPhase.Approved => $"The promotion that {promotion.RequestedBy} asked for is approved and waits for its gates.",
        ActionPhase.Unconfirmed => $"The promotion that {promotion.RequestedBy} asked for is not confirmed by its target yet.",
        _ => $"The promotion that {promotion.RequestedBy} asked for is under way.",
    };

    public static string Watching(RolloutFacts facts) => LeftToAPerson(facts)
        ?? (InTheWay(facts.Triggers.Select(t => t.Standing), facts.Checks) is { } open
            ? $"At 100 % and watched; not done while {open}."
            : "At 100 % and watched.");

    /// <summary>Why a watch cannot end, as a part of a sentence; null where neither triggers nor checks are in the way.</summary>
    public static string? InTheWay(IEnumerable<TriggerStanding> triggers, IEnumerable<CheckStanding> checks)
    {
        if (triggers.FirstOrDefault(t => !t.Trigger.DryRun && t.Phase != TriggerPhase.Clear) is { } trigger)
        {
            return $"the trigger {trigger.Trigger.Text} is {trigger.Phase.ToString().ToLowerInvariant()}";
        }

        return checks.FirstOrDefault(c => !c.Check.DryRun && c.Phase != CheckPhase.Successful) is { } check
            ? $"the check {check.Check.Name} is {check.Phase.ToString().ToLowerInvariant()}"
            : null;
    }

    /// <summary>What does not pass yet, as a sentence; null where all does.</summary>
    public static string? Waits(RolloutFacts facts)
    {
        var open = facts.Gates.Where(g => g.Verdict != Verdict.Pass).Select(g => $"the gate {g.Name} {Stands(g.Verdict)}").ToList();
        if (facts.Release.StageIndex >= 0 && InTheWay(facts.Triggers.Where(t => !(facts.Release.Verdict == Verdict.Running && t.Standing.Phase == TriggerPhase.Inconclusive)).Select(t => t.Standing), facts.Checks) is { } other)
        {
            open.Add(other);
        }

        return open.Count == 0 ? null : $"Not yet: {string.Join("; ", open)}.";
    }

    /// <summary>That all passes, and what passes only because it was waived: the begin of a sentence.</summary>
    public static string Passes(RolloutFacts facts) => WaivedGates.Words(facts.Gates) is { } waived ? $"Every gate passes or is waived: {waived}" : "Every gate passes";

    /// <summary>What became of a promotion that people refused since the present stage began; null where none was.</summary>
    public static string? Refused(ReleaseSnapshot release, string next) =>
        release.Action is { Verb: ActionVerb.Promote, Phase: ActionPhase.Rejected or ActionPhase.Withdrawn } refused && refused.RequestedAt >= release.StageEnteredAt
            ? $"The promotion to {next} was {refused.Phase.ToString().ToLowerInvariant()}"
            : null;

    /// <summary>A gate that cannot be judged. The details of the gates that always hold count seconds, so those are named only.</summary>
    public static string Gate(RolloutFacts facts, GateResult gate) => gate.Name switch
    {
        PromotionGates.FreshData => "no fresh data",
        PromotionGates.VerdictPass => $"the verdict is {gate.Verdict.ToString().ToLowerInvariant()}"
            + (facts.Release.Signals.Where(s => s.Definition.Required && s.Verdict == gate.Verdict).Select(s => s.Definition.Title).ToList() is { Count: > 0 } names ? $" for {string.Join(", ", names)}" : ""),
        _ => $"the gate {gate.Name} {Stands(gate.Verdict)}",
    };

    /// <summary>How a gate that does not pass stands, after its name.</summary>
    private static string Stands(Verdict verdict) => verdict switch
    {
        Verdict.Fail => "fails",
        Verdict.Running => "is still waiting",
        Verdict.Inconclusive => "is inconclusive",
        _ => "is in error",
    };

    public static string Ended(ReleaseSnapshot release) => release.Phase switch
    {
        ReleasePhase.RolledBack => "Rolled back.",
        ReleasePhase.Superseded => "A later release took over.",
        _ => "Watched at 100 % and found healthy.",
    };

    /// <summary>A value as the trigger compares it: with its unit, a difference with its sign.</summary>
    public static string Value(Trigger trigger, in TriggerReading reading) => trigger.Measure switch
    {
        TriggerMeasure.Delta => SignalText.Delta(reading.Value, reading.Signal?.Definition.Unit ?? trigger.Unit) is { Length: > 0 } delta ? delta : SignalText.None,
        TriggerMeasure.BurnRate => SignalText.Value(reading.Value, SignalUnit.Factor),
        _ => SignalText.Value(reading.Value, reading.Signal?.Definition.Unit ?? trigger.Unit),
    };

    /// <summary>"4.2 % for 5 m 0 s, 1,204 requests", or why there is no value.</summary>
    public static string Evidence(TriggerClock clock, in TriggerReading reading, DateTimeOffset now)
    {
        if (reading.Value is null)
        {
            return reading.Missing ?? "no value";
        }

        var time = clock.BreachedSince is { } since ? $" for {SignalText.Duration(now - since)}" : "";
        var count = reading.Signal is { Samples: > 0 } signal ? $", {SignalText.Observations(signal.Samples, signal.Definition)}" : "";
        return $"{Value(clock.Trigger, reading)}{time}{count}";
    }

    /// <summary>How a trigger stands, as one sentence.</summary>
    public static string Standing(TriggerClock clock, in TriggerReading reading)
    {
        var value = Value(clock.Trigger, reading);
        var anew = clock.BegunAnew ? " The breach before was given up because its data was away for too long." : "";
        return clock.Phase switch
        {
            TriggerPhase.Clear => $"{value}: inside.",
            TriggerPhase.Pending => $"{value}: breached since {Wording.Clock(clock.BreachedSince!.Value)}, fires at {Wording.Clock(clock.FiresAt!.Value)} if it stays.{anew}",
            TriggerPhase.Fired => reading.Value is null
                ? $"Fired; {Clause(reading.Missing ?? "no value")}."
                : $"{value}: fired, breached since {Wording.Clock(clock.BreachedSince!.Value)}.",
            TriggerPhase.Recovering => $"{value}: fired, and inside again; recovered after {SignalText.Duration(clock.Trigger.RecoverFor)} with data.",
            _ => $"Cannot be judged: {Clause(reading.Missing ?? "no value")}."
                + (clock.BreachedSince is { } since ? $" The breach since {Wording.Clock(since)} is kept." : "") + anew,
        };
    }

    public static string Check(CheckClock clock)
    {
        var counts = $"{clock.Successful} successful, {clock.Failed} failed, {clock.Inconclusive} inconclusive, {clock.Errors} in error";
        return clock.Check.DryRun ? $"{counts}; a dry run, it has no vote." : $"{counts}.";
    }

    /// <summary>A sentence as a part of another.</summary>
    public static string Clause(string sentence) => sentence.TrimEnd('.', ' ');

    /// <summary>No longer than a reason may be.</summary>
    public static string Bounded(string text) => text.Length <= ActionCommand.MaxReasonLength ? text : text[..(ActionCommand.MaxReasonLength - 1)] + "…";

    private static CheckStanding? FailedCheck(RolloutFacts facts) => facts.Checks.FirstOrDefault(c => !c.Check.DryRun && c.Phase == CheckPhase.Failed);
}
