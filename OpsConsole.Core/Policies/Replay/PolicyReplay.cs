using OpsConsole.Core.Policies.Judging;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Rollouts;

namespace OpsConsole.Core.Policies.Replay;

/// <summary>Runs a policy against the recorded history of a release. Pure: the same history gives the same outcome.</summary>
/// <remarks>
/// The points are walked in time order. Nothing is made up: a value counts for thirty seconds, then there is no data; what was measured was measured at the
/// exposure that the release really had; what a policy asks for and the record does not hold is not known, and never counts as well.
/// </remarks>
public static class PolicyReplay
{
    /// <summary>What the policy would have done.</summary>
    public static ReplayOutcome Run(ReleasePolicy policy, ReleaseHistory history)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(history);
        return new ReplayRun(policy, history).Walk();
    }
}

/// <summary>One replay under way.</summary>
internal sealed class ReplayRun
{
    private readonly ReleasePolicy _policy;
    private readonly ReleaseHistory _history;
    private readonly RecordedSignals _signals;
    private readonly List<TriggerReplay> _triggers;
    private readonly List<TriggerReplay> _voting;
    private readonly PlannedRollout _plan;
    private readonly PromotionReview _review;
    private readonly List<PromotionOutcome> _promotions = [];
    private PolicyReaction? _reaction;

    public ReplayRun(ReleasePolicy policy, ReleaseHistory history)
    {
        (_policy, _history, _signals) = (policy, history, new RecordedSignals(history));
        var stages = policy.Canary?.Stages is { Count: > 0 } own ? own : history.Release.Stages;
        _triggers = [.. policy.Triggers.Take(ReleaseHistory.MostSignals).Select(t => new TriggerReplay(t, _signals))];
        _voting = [.. _triggers.Where(t => !t.Trigger.DryRun)];
        _plan = new PlannedRollout(stages);
        _review = new PromotionReview(policy, stages, history, _signals, policy.Analysis is { Metrics.Count: > 0 } analysis ? at => Analyse(analysis, at) : null);
    }

    public ReplayOutcome Walk()
    {
        if (_history.ExposedAt is not null && _history.Points.Count > 0)
        {
            var promotions = new Queue<ExposureStep>(_history.Exposure.Where(s => s.Change == ExposureChange.Promoted));
            foreach (var at in _signals.Instants())
            {
                ReviewUntil(promotions, at);
                Advance(at);
            }

            ReviewUntil(promotions, DateTimeOffset.MaxValue);
            _plan.End(_history.Until);
        }

        var outcome = new ReplayOutcome
        {
            Verdict = ReplayVerdict.NotKnown,
            Sentence = "",
            Caveats = ReplaySentences.Caveats(_policy, _history, _triggers),
            Triggers = [.. _triggers.Select(t => t.Outcome())],
            Reaction = _reaction,
            Promotions = _promotions,
            Pauses = _plan.Pauses,
            Plan = _plan.Steps,
            Exposure = ExposureCount.Count(_history, _signals, _reaction),
            From = _history.From,
            Until = _history.Until,
        };
        var verdict = Verdict();
        return outcome with { Verdict = verdict, Sentence = ReplaySentences.Of(verdict, outcome, _history, _triggers) };
    }

    private void ReviewUntil(Queue<ExposureStep> promotions, DateTimeOffset at)
    {
        while (promotions.TryPeek(out var next) && next.At < at)
        {
            _promotions.Add(_review.Review(promotions.Dequeue(), _voting, _reaction));
        }
    }

    private void Advance(DateTimeOffset at)
    {
        foreach (var trigger in _triggers)
        {
            trigger.Advance(at);
        }

        var stopped = _reaction is { Kind: not TriggerReaction.Recommend };
        if (_reaction is null && _voting.Find(t => t.FiredAt == at) is { } fired)
        {
            _reaction = React(fired, at);
            stopped = _reaction.Kind != TriggerReaction.Recommend;
            if (stopped)
            {
                _plan.Stop(_reaction);
            }
        }

        if (!stopped)
        {
            _plan.Advance(_voting, at);
        }
    }

    /// <summary>What the judge would have said just before a promotion, over the points that it would have had.</summary>
    private (bool Passes, string Reason) Analyse(AnalysisPolicy analysis, DateTimeOffset at)
    {
        var stage = _history.Exposure.Last(s => s.At < at);
        var from = StageAnalysis.WindowFrom(_history.Release, analysis, stage.At, stage.Percent, _history.From, at);
        var report = StageAnalysis.Judge(_history.Release, analysis, _history.Points, from, at, isAskedFor: true);
        return (report.Verdict == CanaryVerdict.Pass, $"analysis passes: it came to {report.Verdict.ToString().ToLowerInvariant()}. {report.Reason}");
    }

    private PolicyReaction React(TriggerReplay fired, DateTimeOffset at)
    {
        var wanted = _policy.Delivery.OnTrigger;
        var release = _history.Release;
        var hindered = wanted != TriggerReaction.Rollback ? null
            : release.PreviousVersion is null ? "there is no previous version"
            : release.Migration == MigrationClass.Contract || _policy.Release?.DatabaseMigration == MigrationClass.Contract ? "the release removed database structure or data"
            : null;
        var instead = hindered is null ? null : $"It would have halted and not rolled back: {hindered}.";
        return new(hindered is null ? wanted : TriggerReaction.Halt, at, fired.Trigger, fired.Value, _history.ExposureAt(at), instead);
    }

    private ReplayVerdict Verdict() => _reaction switch
    {
        _ when _history.ExposedAt is null || _history.Points.Count == 0 || _voting.Count == 0 || _voting.TrueForAll(t => t.NotKnown is not null) => ReplayVerdict.NotKnown,
        { Kind: TriggerReaction.Recommend } => ReplayVerdict.Recommended,
        not null => ReplayVerdict.Stopped,
        _ when IsWhole() => ReplayVerdict.NothingFired,
        _ => ReplayVerdict.Inconclusive,
    };

    /// <summary>True when everything that the policy votes with was judged on data until the end.</summary>
    private bool IsWhole() => !ReplaySentences.IsTrimmed(_history)
        && (_policy.Canary?.Checks.All(c => c.DryRun) ?? true)
        && _voting.TrueForAll(t => t.NotKnown is null && t.Unmeasured == TimeSpan.Zero && t.Phase == TriggerPhase.Clear);
}
