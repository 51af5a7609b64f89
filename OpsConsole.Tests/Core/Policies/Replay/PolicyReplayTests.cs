using OpsConsole.Core.Policies;
using OpsConsole.Core.Policies.Replay;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Rollouts;
using OpsConsole.Core.Signals;

namespace OpsConsole.Tests.Core.Policies.Replay;

public sealed class PolicyReplayTests
{
    private const string Errors = "http_5xx_rate";
    private static readonly Trigger OverOne = Recorded.Trigger("http_5xx_rate > 1% for 2m", Errors, 1, seconds: 120);

    /// <summary>Ten minutes at 5 %, good for five and bad from then on; a person rolled it back at the end.</summary>
    private static Recorded Bad() => new Recorded()
        .Moved(0, 5).Measured(Errors, 10, 300, 0.1).Measured(Errors, 310, 600, 4).Moved(600, 0, ReleaseEventKind.RolledBack);

    [Fact]
    public void A_trigger_fires_when_it_was_breached_for_its_time_and_the_rest_of_the_requests_would_not_have_come()
    {
        var outcome = PolicyReplay.Run(Recorded.Policy(TriggerReaction.Rollback, OverOne), Bad().History());

        Assert.Equal(ReplayVerdict.Stopped, outcome.Verdict);
        Assert.Equal((TriggerReaction.Rollback, Recorded.At(430), 5.0), (outcome.Reaction!.Kind, outcome.Reaction.At, outcome.Reaction.ExposurePercent));

        // 600 observations in a window of 30 s are 20 a second: 600 s of them in all, 170 s after the stop.
        Assert.Equal((12_000L, 3_400L, 3_400L), (outcome.Exposure.Total, outcome.Exposure.AfterStop, outcome.Exposure.Fewer));
        Assert.Equal((TimeSpan.Zero, "requests", Errors), (outcome.Exposure.Uncounted, outcome.Exposure.Noun, outcome.Exposure.Signal!.Value.Value));
        Assert.Equal("Would have rolled back at 14:07:10 UTC (within 10 s), about 2 m 50 s before it was rolled back; 3,400 requests fewer (of 12,000) would have met it.", outcome.Sentence);
        Assert.Equal([TriggerPhase.Pending, TriggerPhase.Fired], outcome.Triggers[0].Changes.Select(c => c.Phase).SkipWhile(p => p is not TriggerPhase.Pending));
    }

    [Fact]
    public void A_policy_that_reacts_later_than_people_did_says_how_much_later()
    {
        var record = new Recorded().Moved(0, 5).Measured(Errors, 10, 900, 4).Moved(60, 5, ReleaseEventKind.Halted);
        record.AsOf = Recorded.At(900);

        var outcome = PolicyReplay.Run(Recorded.Policy(TriggerReaction.Halt, OverOne), record.History());

        Assert.Contains("1 m 10 s after it was halted", outcome.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(120)]
    [InlineData(130)]
    [InlineData(140)]
    public void A_policy_that_did_stop_the_release_is_not_told_to_be_earlier_or_later_than_points_can_tell(int halted)
    {
        var record = new Recorded().Moved(0, 5).Measured(Errors, 10, 600, 4).Moved(halted, 5, ReleaseEventKind.Halted);
        record.AsOf = Recorded.At(600);

        var sentence = PolicyReplay.Run(Recorded.Policy(TriggerReaction.Halt, OverOne), record.History()).Sentence;

        Assert.StartsWith("Would have halted at 14:02:10 UTC (within 10 s), as it really was halted, as far as points 10 s apart can tell", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_halt_spares_only_what_came_with_growth()
    {
        var record = new Recorded().Moved(0, 10).Measured(Errors, 10, 300, 4, count: 300).Moved(300, 40).Measured(Errors, 310, 600, 4, count: 1200).Moved(600, 0, ReleaseEventKind.RolledBack);

        var outcome = PolicyReplay.Run(Recorded.Policy(TriggerReaction.Halt, OverOne), record.History());

        // Fired at 130 s, at 10 %. From 300 s on 40 requests a second came, three quarters of them because it had grown.
        Assert.Equal(10, outcome.Reaction!.ExposurePercent);
        Assert.Equal((15_000L, 13_700L, 9_000L), (outcome.Exposure.Total, outcome.Exposure.AfterStop, outcome.Exposure.Fewer));
        Assert.Contains("9,000 requests fewer (of 15,000)", outcome.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rate_of_requests_is_counted_before_observations()
    {
        var record = new Recorded(Errors, "request_rate").Moved(0, 5).Measured(Errors, 10, 600, 4).Measured("request_rate", 10, 600, 2.5, count: 25).Moved(600, 0, ReleaseEventKind.RolledBack);

        var effect = PolicyReplay.Run(Recorded.Policy(TriggerReaction.Rollback, OverOne), record.History()).Exposure;

        Assert.Equal(("request_rate", 1500L, 1175L), (effect.Signal!.Value.Value, effect.Total, effect.Fewer));
    }

    [Fact]
    public void Without_a_signal_that_counts_nobody_knows_how_many()
    {
        var record = new Recorded("p99_latency").Moved(0, 5).Measured("p99_latency", 10, 600, 2000).Moved(600, 0, ReleaseEventKind.RolledBack);
        var slow = Recorded.Trigger("p99_latency > 1s", "p99_latency", 1000);

        var outcome = PolicyReplay.Run(Recorded.Policy(TriggerReaction.Rollback, slow), record.History());

        Assert.Equal((null, null), (outcome.Exposure.Total, outcome.Exposure.Fewer));
        Assert.Contains("not known", outcome.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_fired_is_said_only_of_a_history_without_holes()
    {
        var whole = new Recorded().Moved(0, 5).Measured(Errors, 10, 600, 0.1).Moved(600, 0, ReleaseEventKind.RolledBack);
        Assert.Equal(ReplayVerdict.NothingFired, PolicyReplay.Run(Recorded.Policy(TriggerReaction.Halt, OverOne), whole.History()).Verdict);

        var holed = new Recorded().Moved(0, 5).Measured(Errors, 10, 200, 0.1).Measured(Errors, 350, 600, 0.1).Moved(600, 0, ReleaseEventKind.RolledBack);
        var outcome = PolicyReplay.Run(Recorded.Policy(TriggerReaction.Halt, OverOne), holed.History());

        Assert.Equal(ReplayVerdict.Inconclusive, outcome.Verdict);
        Assert.Equal(TimeSpan.FromSeconds(110), outcome.Triggers[0].Unmeasured);
        Assert.Equal((Recorded.At(240), Recorded.At(350)), outcome.Pauses.Select(p => (p.From, p.Until)).Single());
        Assert.Equal(TimeSpan.FromSeconds(140), outcome.Exposure.Uncounted);
        Assert.Contains(outcome.Caveats, c => c.Contains("had no data for 1 m 50 s", StringComparison.Ordinal));
    }

    [Fact]
    public void A_gap_neither_fires_nor_lets_a_breach_be_forgotten_for_good()
    {
        var record = new Recorded().Moved(0, 5).Measured(Errors, 10, 100, 4).Measured(Errors, 300, 320, 4).Moved(330, 0, ReleaseEventKind.RolledBack);

        var outcome = PolicyReplay.Run(Recorded.Policy(TriggerReaction.Halt, Recorded.Trigger("http_5xx_rate > 1% for 5m", Errors, 1, seconds: 300)), record.History());

        Assert.Null(outcome.Triggers[0].FiredAt);
        Assert.Contains(outcome.Triggers[0].Changes, c => c.Phase == TriggerPhase.Inconclusive && c.At > Recorded.At(100));
        Assert.Equal(ReplayVerdict.Inconclusive, outcome.Verdict);
    }

    [Fact]
    public void Too_few_observations_are_no_data()
    {
        var record = new Recorded().Moved(0, 5).Measured(Errors, 10, 600, 50, count: 12).Moved(600, 0, ReleaseEventKind.RolledBack);

        var outcome = PolicyReplay.Run(Recorded.Policy(TriggerReaction.Halt, OverOne), record.History());

        Assert.Null(outcome.Reaction);
        Assert.Equal(ReplayVerdict.Inconclusive, outcome.Verdict);
    }

    [Fact]
    public void A_fired_trigger_that_recovers_is_listed_with_both_times()
    {
        var record = new Recorded().Moved(0, 5).Measured(Errors, 10, 200, 4).Measured(Errors, 210, 600, 0.1).Moved(600, 0, ReleaseEventKind.RolledBack);

        var outcome = PolicyReplay.Run(Recorded.Policy(TriggerReaction.Recommend, OverOne with { RecoverFor = TimeSpan.FromSeconds(60) }), record.History());

        Assert.Equal(ReplayVerdict.Recommended, outcome.Verdict);
        Assert.Equal(
            [(TriggerPhase.Fired, 130), (TriggerPhase.Recovering, 210), (TriggerPhase.Clear, 270)],
            outcome.Triggers[0].Changes.SkipWhile(c => c.Phase != TriggerPhase.Fired).Select(c => (c.Phase, (int)(c.At - Recorded.Start).TotalSeconds)));
        Assert.Null(outcome.Exposure.Fewer);
    }

    [Fact]
    public void A_delta_of_a_rate_is_in_points_and_one_of_a_latency_relative()
    {
        var record = new Recorded(Errors, "p95_latency").Moved(0, 5)
            .Measured(Errors, 10, 600, 0.9).Measured(Errors, 10, 600, 0.3, side: SignalSide.Baseline)
            .Measured("p95_latency", 10, 600, 230).Measured("p95_latency", 10, 600, 200, side: SignalSide.Baseline)
            .Moved(600, 0, ReleaseEventKind.RolledBack);
        var points = Recorded.Trigger("error_rate_delta > 0.5%", "error_rate", 0.5, measure: TriggerMeasure.Delta);
        var relative = Recorded.Trigger("p95_latency_delta > 20%", "p95_latency", 20, measure: TriggerMeasure.Delta);

        var outcome = PolicyReplay.Run(Recorded.Policy(TriggerReaction.Halt, relative, points), record.History());

        Assert.Null(outcome.Triggers[0].FiredAt);
        Assert.Equal(0.6, outcome.Reaction!.Value!.Value, 6);
        Assert.Equal(points.Text, outcome.Reaction.Trigger.Text);
    }

    [Fact]
    public void Once_everybody_has_it_the_ten_minutes_before_stand_in_for_a_silent_baseline()
    {
        var record = new Recorded().Moved(0, 50).Measured(Errors, 10, 300, 0.3).Measured(Errors, 10, 300, 0.3, side: SignalSide.Baseline)
            .Moved(300, 100).Measured(Errors, 310, 600, 2).Moved(600, 0, ReleaseEventKind.RolledBack);

        var outcome = PolicyReplay.Run(Recorded.Policy(TriggerReaction.Rollback, Recorded.Trigger("error_rate_delta > 0.5%", "error_rate", 0.5, measure: TriggerMeasure.Delta)), record.History());

        Assert.Equal(Recorded.At(310), outcome.Reaction!.At);
        Assert.Equal(1.7, outcome.Reaction.Value!.Value, 6);
    }

    [Fact]
    public void Without_a_previous_version_on_record_a_comparison_is_not_known()
    {
        var record = new Recorded().Moved(0, 5).Measured(Errors, 10, 600, 4).Moved(600, 0, ReleaseEventKind.RolledBack);

        var outcome = PolicyReplay.Run(Recorded.Policy(TriggerReaction.Halt, Recorded.Trigger("error_rate_delta > 0.5%", "error_rate", 0.5, measure: TriggerMeasure.Delta)), record.History());

        Assert.Equal(ReplayVerdict.NotKnown, outcome.Verdict);
        Assert.Contains("previous version", outcome.Triggers[0].NotKnown, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_judged_is_never_green()
    {
        var burn = OverOne with { Text = "slo_burn_rate > 4x", Measure = TriggerMeasure.BurnRate };
        var good = new Recorded().Moved(0, 5).Measured(Errors, 10, 600, 0.1).Moved(600, 0, ReleaseEventKind.RolledBack);
        var beside = PolicyReplay.Run(Recorded.Policy(TriggerReaction.Halt, OverOne, burn), good.History());
        Assert.Equal((ReplayVerdict.Inconclusive, 0), (beside.Verdict, beside.Pauses.Count));
        Assert.Contains(beside.Caveats, c => c.Contains("slo_burn_rate > 4x was not judged", StringComparison.Ordinal));
        Assert.Equal(ReplayVerdict.NotKnown, PolicyReplay.Run(Recorded.Policy(TriggerReaction.Halt, burn), good.History()).Verdict);
        Assert.Equal(ReplayVerdict.NotKnown, PolicyReplay.Run(Recorded.Policy(TriggerReaction.Halt), good.History()).Verdict);
        Assert.Equal(ReplayVerdict.NotKnown, PolicyReplay.Run(Recorded.Policy(TriggerReaction.Halt, OverOne), new Recorded().Moved(0, 5).History()).Verdict);
        Assert.Equal(ReplayVerdict.NotKnown, PolicyReplay.Run(Recorded.Policy(TriggerReaction.Halt, OverOne), new Recorded().Measured(Errors, 10, 60, 4).History()).Verdict);

        good.KeptSince = Recorded.At(120);
        var trimmed = PolicyReplay.Run(Recorded.Policy(TriggerReaction.Halt, OverOne), good.History());
        Assert.Equal(ReplayVerdict.Inconclusive, trimmed.Verdict);
        Assert.Contains(trimmed.Caveats, c => c.Contains("no longer kept", StringComparison.Ordinal));
    }

    [Fact]
    public void A_dry_run_trigger_is_shown_and_stops_nothing()
    {
        var outcome = PolicyReplay.Run(Recorded.Policy(TriggerReaction.Rollback, OverOne with { DryRun = true }, Recorded.Trigger("http_5xx_rate > 50%", Errors, 50)), Bad().History());

        Assert.NotNull(outcome.Triggers[0].FiredAt);
        Assert.Null(outcome.Reaction);
    }

    [Fact]
    public void Where_there_is_no_way_back_a_roll_back_is_a_halt_that_says_why()
    {
        var record = new Recorded { Migration = MigrationClass.None }.Moved(0, 5).Measured(Errors, 10, 600, 4);
        var policy = Recorded.Policy(TriggerReaction.Rollback, OverOne) with { Release = new ReleaseChecklist { DatabaseMigration = MigrationClass.Contract } };

        var reaction = PolicyReplay.Run(policy, record.History()).Reaction!;

        Assert.Equal(TriggerReaction.Halt, reaction.Kind);
        Assert.Contains("database structure", reaction.Instead, StringComparison.Ordinal);
    }

    [Fact]
    public void Recorded_promotions_are_held_to_stages_holds_triggers_and_the_reaction()
    {
        var record = new Recorded().Moved(0, 5).Measured(Errors, 10, 900, 0.1).Moved(300, 50).Measured(Errors, 910, 1500, 4).Moved(950, 100);
        record.AsOf = Recorded.At(1500);
        var policy = Recorded.Policy(TriggerReaction.Halt, OverOne);

        var outcome = PolicyReplay.Run(policy, record.History());

        Assert.Equal([PromotionVerdict.Allowed, PromotionVerdict.Withheld, PromotionVerdict.Withheld], outcome.Promotions.Select(p => p.Verdict));
        Assert.Contains("held 5 m 0 s of 10 m 0 s at 5 %", outcome.Promotions[1].Reasons.Single(), StringComparison.Ordinal);
        Assert.Contains("breached", outcome.Promotions[2].Reasons.Single(), StringComparison.Ordinal);

        var cautious = policy with { Canary = policy.Canary! with { Stages = [new(5, TimeSpan.FromMinutes(1)), new(25, TimeSpan.FromMinutes(1)), new(100, TimeSpan.Zero)] } };
        Assert.Contains("next stage is 25 %", PolicyReplay.Run(cautious, record.History()).Promotions[1].Reasons.Single(), StringComparison.Ordinal);
        Assert.Equal([5, 25, 100], PolicyReplay.Run(cautious, record.History()).Plan.Select(s => s.Percent).Take(3));

        var asksMore = policy with { Canary = policy.Canary! with { Stages = [new(5, TimeSpan.FromMinutes(1)), new(50, TimeSpan.FromMinutes(1)), new(100, TimeSpan.Zero)], PromoteIf = [PromoteCondition.SyntheticChecksPass] } };
        Assert.Equal(PromotionVerdict.NotKnown, PolicyReplay.Run(asksMore, record.History()).Promotions[1].Verdict);
    }

    [Fact]
    public void Business_signals_are_judged_as_the_board_does()
    {
        var record = new Recorded(Errors, "checkout_success_rate").Moved(0, 5).Measured(Errors, 10, 1200, 0.1)
            .Measured("checkout_success_rate", 10, 1200, 90).Measured("checkout_success_rate", 10, 1200, 96, side: SignalSide.Baseline).Moved(700, 50);
        var policy = Recorded.Policy(TriggerReaction.Halt, OverOne);
        policy = policy with { Canary = policy.Canary! with { PromoteIf = [PromoteCondition.BusinessMetricsStable] } };

        var promotion = PolicyReplay.Run(policy, record.History()).Promotions[1];

        Assert.Equal(PromotionVerdict.Withheld, promotion.Verdict);
        Assert.Contains("checkout success", promotion.Reasons.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_judge_is_asked_with_the_points_that_there_were_before_a_promotion()
    {
        var record = new Recorded().Moved(0, 5).Measured(Errors, 10, 1600, 0.5).Measured(Errors, 10, 1600, 0.1, side: SignalSide.Baseline).Moved(100, 50).Moved(1601, 100);
        var policy = Recorded.Policy(TriggerReaction.Halt, OverOne) with { Analysis = new AnalysisPolicy { Metrics = [new(Errors)] } };
        policy = policy with { Canary = policy.Canary! with { Stages = [new(5, TimeSpan.Zero), new(50, TimeSpan.Zero), new(100, TimeSpan.Zero)], PromoteIf = [PromoteCondition.AnalysisPasses] } };

        var promotions = PolicyReplay.Run(policy, record.History()).Promotions;

        Assert.Contains("came to inconclusive", promotions[1].Reasons.Single(), StringComparison.Ordinal);
        Assert.Contains("came to fail", promotions[2].Reasons.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_policies_on_one_release_differ_in_when()
    {
        var history = Bad().History();
        var quick = PolicyReplay.Run(Recorded.Policy(TriggerReaction.Rollback, OverOne with { For = TimeSpan.FromSeconds(30) }), history);
        var slow = PolicyReplay.Run(Recorded.Policy(TriggerReaction.Rollback, OverOne with { For = TimeSpan.FromMinutes(30) }), history);

        Assert.Equal(Recorded.At(340), quick.Reaction!.At);
        Assert.Null(slow.Reaction);
        Assert.Equal(ReplayVerdict.Inconclusive, slow.Verdict);
        Assert.Contains("had been breached for 4 m 50 s of 30 m 0 s", slow.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_days_of_many_signals_are_bounded()
    {
        var record = new Recorded().Moved(0, 5);
        record.AsOf = Recorded.Start.AddHours(60);
        record.Measured(Errors, 10, (int)TimeSpan.FromHours(60).TotalSeconds, 0.1);

        var outcome = PolicyReplay.Run(Recorded.Policy(TriggerReaction.Halt, OverOne), record.History());

        Assert.Equal(TimeSpan.FromHours(48), outcome.Until - outcome.From);
        Assert.Contains(outcome.Caveats, c => c.Contains("last 48 h", StringComparison.Ordinal));
        Assert.Equal(ReplayVerdict.Inconclusive, outcome.Verdict);
    }
}
