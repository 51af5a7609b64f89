using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Rollouts;
using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Policies.Replay;

/// <summary>Holds the promotions that were really made against a policy.</summary>
internal sealed class PromotionReview(ReleasePolicy policy, IReadOnlyList<Stage> stages, ReleaseHistory history, RecordedSignals signals, PromotionAnalysis? analysis)
{
    private const double Tolerance = 0.05;

    /// <summary>What the policy would have said, with its triggers as they stood then.</summary>
    public PromotionOutcome Review(ExposureStep promotion, IReadOnlyList<TriggerReplay> voting, PolicyReaction? reaction)
    {
        List<string> against = [], unknown = [];
        var before = history.Exposure.LastOrDefault(s => s.At < promotion.At);
        var exposed = before is { Percent: > 0 };
        if (reaction is { Kind: not TriggerReaction.Recommend } stop && stop.At <= promotion.At)
        {
            against.Add($"{(stop.Kind == TriggerReaction.Rollback ? "rolled back" : "halted")} since {ReplaySentences.Clock(stop.At)} by {stop.Trigger.Text}");
        }

        Stages(promotion, before, exposed, against);
        if (exposed)
        {
            Triggers(voting, against, unknown);
            Conditions(promotion.At, against, unknown);
        }

        var verdict = against.Count > 0 ? PromotionVerdict.Withheld : unknown.Count > 0 ? PromotionVerdict.NotKnown : PromotionVerdict.Allowed;
        return new(promotion.At, promotion.Percent, verdict, [.. against, .. unknown]);
    }

    private void Stages(ExposureStep promotion, ExposureStep? before, bool exposed, List<string> against)
    {
        var current = exposed ? stages.Where(s => s.ExposurePercent <= before!.Percent + Tolerance).Select((s, i) => (Stage: s, Index: i)).LastOrDefault() : default;
        var next = current.Stage is null ? stages[0] : current.Index + 1 < stages.Count ? stages[current.Index + 1] : null;
        if (next is not null && promotion.Percent > next.ExposurePercent + Tolerance)
        {
            against.Add($"goes to {Wording.Percent(promotion.Percent)}, and its next stage is {Wording.Percent(next.ExposurePercent)}");
        }

        if (current.Stage is { } stage && promotion.At - before!.At is var held && held < stage.Hold)
        {
            against.Add($"held {SignalText.Duration(held)} of {SignalText.Duration(stage.Hold)} at {Wording.Percent(before!.Percent)}");
        }
    }

    private static void Triggers(IReadOnlyList<TriggerReplay> voting, List<string> against, List<string> unknown)
    {
        foreach (var trigger in voting)
        {
            if (trigger.NotKnown is { } why)
            {
                unknown.Add($"{trigger.Trigger.Text}: {why}");
            }
            else if (trigger.Phase != TriggerPhase.Clear)
            {
                against.Add($"{trigger.Trigger.Text}: {ReplaySentences.Of(trigger.Phase)}");
            }
        }
    }

    private void Conditions(DateTimeOffset at, List<string> against, List<string> unknown)
    {
        foreach (var condition in policy.Canary?.PromoteIf ?? [])
        {
            switch (condition)
            {
                case PromoteCondition.BusinessMetricsStable:
                    Business(at, against);
                    break;
                case PromoteCondition.AnalysisPasses when analysis is not null:
                    var (passes, reason) = analysis(at);
                    if (!passes)
                    {
                        against.Add(reason);
                    }

                    break;
                default:
                    unknown.Add($"{ReplaySentences.Of(condition)}: not part of the recorded signals");
                    break;
            }
        }
    }

    private void Business(DateTimeOffset at, List<string> against)
    {
        var business = signals.Definitions.Where(d => d.Family == SignalFamily.Business).ToList();
        if (business.Count == 0)
        {
            against.Add("business metrics stable: the release has no business signal");
        }

        foreach (var definition in business)
        {
            var judgement = signals.Judge(definition, at);
            if (judgement.Verdict != Verdict.Pass)
            {
                against.Add($"business metrics stable: {judgement.Reason}");
            }
        }
    }
}

/// <summary>What the judge would have said at a time.</summary>
internal delegate (bool Passes, string Reason) PromotionAnalysis(DateTimeOffset at);
