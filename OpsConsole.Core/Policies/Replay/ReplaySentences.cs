using System.Globalization;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Policies.Judging;
using OpsConsole.Core.Rollouts;
using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Policies.Replay;

/// <summary>What a replay came to, in words.</summary>
public static class ReplaySentences
{
    /// <summary>How exact the times of a replay are: points are recorded this far apart.</summary>
    private static string Step => SignalText.Duration(PointSpacing.Step);

    /// <summary>A time of day in UTC.</summary>
    public static string Clock(DateTimeOffset at) => Wording.Clock(at);

    /// <summary>How a trigger stands.</summary>
    public static string Of(TriggerPhase phase) => phase switch
    {
        TriggerPhase.Clear => "clear",
        TriggerPhase.Pending => "breached, not yet for long enough",
        TriggerPhase.Fired => "fired",
        TriggerPhase.Recovering => "fired, recovering",
        _ => "no data",
    };

    /// <summary>A condition of a promotion.</summary>
    public static string Of(PromoteCondition condition) => condition switch
    {
        PromoteCondition.SyntheticChecksPass => "synthetic checks pass",
        PromoteCondition.ErrorBudgetHealthy => "error budget healthy",
        PromoteCondition.NoCriticalAlerts => "no critical alerts",
        PromoteCondition.BusinessMetricsStable => "business metrics stable",
        _ => "analysis passes",
    };

    internal static bool IsTrimmed(ReleaseHistory history) => history.KeptSince > history.ExposedAt || history.From > history.ExposedAt;

    internal static IReadOnlyList<string> Caveats(ReleasePolicy policy, ReleaseHistory history, IReadOnlyList<TriggerReplay> triggers)
    {
        var caveats = new List<string>();
        if (history.KeptSince is { } kept && kept > history.ExposedAt)
        {
            caveats.Add($"Points from before {Clock(kept)} are no longer kept, and the release was first exposed at {Clock(history.ExposedAt.Value)}: that part is not known.");
        }

        if (history.From > history.ExposedAt)
        {
            caveats.Add($"Only the last {ReleaseHistory.Longest.TotalHours:0} h were replayed.");
        }

        if (history.Release.Signals.Count > ReleaseHistory.MostSignals)
        {
            caveats.Add($"Only {ReleaseHistory.MostSignals} of {history.Release.Signals.Count} signals were replayed.");
        }

        if (history.Points.Count > 0 && !history.Points.Any(p => p.Side == SignalSide.Baseline))
        {
            caveats.Add("No point of the previous version is on record: nothing can be compared with it.");
        }

        foreach (var trigger in triggers.Where(t => t.NotKnown is not null))
        {
            caveats.Add($"{trigger.Trigger.Text} was not judged: {trigger.NotKnown}.");
        }

        foreach (var trigger in triggers.Where(t => t.NotKnown is null && t.Unmeasured > TimeSpan.Zero))
        {
            caveats.Add($"{trigger.Trigger.Text} had no data for {SignalText.Duration(trigger.Unmeasured)} of {SignalText.Duration(history.Until - history.From)}.");
        }

        if (policy.Canary?.Checks is { Count: > 0 } checks)
        {
            caveats.Add($"Checks are not replayed: {string.Join(", ", checks.Select(c => c.Name))}.");
        }

        if (history.ExposedAt is not null)
        {
            caveats.Add("Values were measured at the exposure that the release really had; at another one they could have been others. People, evidence and windows are not replayed.");
        }

        return caveats;
    }

    internal static string Of(ReplayVerdict verdict, ReplayOutcome outcome, ReleaseHistory history, IReadOnlyList<TriggerReplay> triggers) => verdict switch
    {
        ReplayVerdict.NotKnown => NotKnown(history, triggers),
        ReplayVerdict.Stopped => $"Would have {(outcome.Reaction!.Kind == TriggerReaction.Rollback ? "rolled back" : "halted")} at {Clock(outcome.Reaction.At)} (within {Step}), {Against(outcome.Reaction.At, history)}; {Spared(outcome)}.",
        ReplayVerdict.Recommended => $"Would have recommended to stop at {Clock(outcome.Reaction!.At)} (within {Step}), {Against(outcome.Reaction.At, history)}; it would have waited for a person.",
        ReplayVerdict.NothingFired => $"Nothing would have fired in {SignalText.Duration(history.Until - history.From)}: every trigger was judged on data all the way.",
        _ => Inconclusive(history, triggers),
    };

    private static string NotKnown(ReleaseHistory history, IReadOnlyList<TriggerReplay> triggers) =>
        history.ExposedAt is null ? "Not known: nobody was ever exposed to this release."
        : history.Points.Count == 0 ? "Not known: no signal of this release is on record any more."
        : triggers.All(t => t.Trigger.DryRun) ? "Not known: the policy has no trigger that acts."
        : "Not known: none of the policy's triggers can be judged on what is on record.";

    private static string Inconclusive(ReleaseHistory history, IReadOnlyList<TriggerReplay> triggers)
    {
        if (triggers.FirstOrDefault(t => !t.Trigger.DryRun && t.Phase == TriggerPhase.Pending) is { } pending)
        {
            var held = SignalText.Duration(pending.Held);
            return $"Would not have stopped it before the record ends at {Clock(history.Until)}: {pending.Trigger.Text} had been breached for {held} of {SignalText.Duration(pending.Trigger.For)}.";
        }

        var longest = triggers.Where(t => !t.Trigger.DryRun).Max(t => t.Unmeasured);
        return longest > TimeSpan.Zero
            ? $"Inconclusive: nothing fired in what was measured, and {SignalText.Duration(longest)} of {SignalText.Duration(history.Until - history.From)} were not."
            : "Inconclusive: nothing fired in what was replayed, and not all of the policy or of the history could be.";
    }

    private static string Against(DateTimeOffset at, ReleaseHistory history)
    {
        if (history.FirstStop is not { } real)
        {
            return "and it never really was";
        }

        var was = real.Change == ExposureChange.RolledBack ? "was rolled back" : "was halted";
        var apart = SignalText.Duration((real.At - at).Duration());
        return (real.At - at).Duration() <= PointSpacing.Step ? $"as it really {was}, as far as points {Step} apart can tell" : $"about {apart} {(real.At > at ? "before" : "after")} it {was}";
    }

    private static string Spared(ReplayOutcome outcome)
    {
        if (outcome.Exposure is not { Fewer: { } fewer, Total: { } total, AfterStop: { } after } effect)
        {
            return "how many fewer would have met it is not known";
        }

        var noun = effect.Noun;
        var spared = $"{Number(fewer)} {noun} fewer (of {Number(total)}) would have met it";
        return outcome.Reaction!.Kind == TriggerReaction.Rollback
            ? spared
            : $"{spared}, kept from growing above {Wording.Percent(outcome.Reaction.ExposurePercent)}; {Number(after)} met it after that, which only a roll back spares";
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
