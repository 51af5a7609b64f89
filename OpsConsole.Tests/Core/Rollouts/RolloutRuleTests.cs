using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Rollouts;
using OpsConsole.Tests.Core.Actions.Gate;

namespace OpsConsole.Tests.Core.Rollouts;

public sealed partial class RolloutRuleTests
{
    private static readonly Trigger Errors = Named("http_5xx_rate > 1% for 5m");

    [Theory]
    [InlineData(ReleasePhase.Done)]
    [InlineData(ReleasePhase.RolledBack)]
    [InlineData(ReleasePhase.Superseded)]
    public void What_has_ended_is_done_whatever_fires(ReleasePhase phase) =>
        Expect(Facts(phase) with { Triggers = [Fired()] }, RolloutStep.Done, null);

    [Fact]
    public void Before_the_first_stage_a_person_is_waited_for_or_the_promotion_is_asked_for()
    {
        Expect(Facts(ReleasePhase.Registered, -1), RolloutStep.Waiting, null, "waiting for a person");
        Expect(Deployment(Facts(ReleasePhase.Registered, -1)), RolloutStep.Promoting, ActionVerb.Promote, "5 %");
        Expect(Deployment(Facts(ReleasePhase.Registered, -1)) with { Gates = [Gate(Verdict.Fail)] }, RolloutStep.Waiting, null, "Not yet: the gate change freeze fails.");
        Expect(Deployment(Facts(ReleasePhase.Registered, -1)) with { Gates = [Gate(Verdict.Inconclusive)] }, RolloutStep.Waiting, null, "Inconclusive");
        Expect(Deployment(Facts(ReleasePhase.Registered, -1)) with { Triggers = [Fired()] }, RolloutStep.Promoting, ActionVerb.Promote);
    }

    [Fact]
    public void In_the_hold_it_holds_and_says_until_when()
    {
        var facts = Facts(stageFor: TimeSpan.FromMinutes(5));
        Expect(facts, RolloutStep.Holding, null, "Holds 25 % until 12:15:00 UTC.");
        Expect(Deployment(facts) with { Gates = [Gate(Verdict.Inconclusive)], Triggers = [At(TriggerPhase.Inconclusive)] }, RolloutStep.Holding, null);
    }

    [Fact]
    public void After_the_hold_delivery_shows_that_every_gate_passes_and_never_asks()
    {
        Expect(Facts(), RolloutStep.Verifying, null, "Every gate passes; waiting for a person to promote it to 50 %.");
    }

    [Fact]
    public void What_passes_only_because_it_was_waived_is_said_wherever_all_passes()
    {
        var waived = Gate(Verdict.Pass) with { WaivedBy = "mira", WaivedUntil = Given.Now.AddHours(4) };
        Expect(Facts() with { Gates = [waived] }, RolloutStep.Verifying, null, "Every gate passes or is waived: change freeze waived by mira until 2026-");
        var asked = Expect(Deployment(Facts()) with { Gates = [waived] }, RolloutStep.Promoting, ActionVerb.Promote, "or is waived: change freeze waived by mira");
        Assert.Contains("change freeze waived by mira", asked.Because, StringComparison.Ordinal);
    }

    [Fact]
    public void After_a_rejection_no_gate_that_was_read_before_it_is_called_passing()
    {
        var rejected = Facts(action: Ended(ActionVerb.Promote, ActionPhase.Rejected));
        Assert.Equal("The promotion to 50 % was rejected; waiting for a person.", Expect(rejected, RolloutStep.Verifying, null).Reason);
        Expect(rejected with { Gates = [Gate(Verdict.Fail)] }, RolloutStep.Verifying, null, "was rejected. Not yet: the gate change freeze fails");
    }

    [Fact]
    public void After_the_hold_deployment_asks_when_every_gate_passes()
    {
        var decision = Expect(Deployment(Facts()), RolloutStep.Promoting, ActionVerb.Promote);
        Assert.Contains("web-canary, version 3", decision.Because, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Verdict.Running)]
    [InlineData(Verdict.Fail)]
    public void A_gate_that_does_not_pass_is_waited_for(Verdict verdict) =>
        Expect(Deployment(Facts()) with { Gates = [Gate(verdict)] }, RolloutStep.Verifying, null, $"the gate change freeze {(verdict == Verdict.Fail ? "fails" : "is still waiting")}.");

    [Theory]
    [InlineData(Verdict.Inconclusive)]
    [InlineData(Verdict.Error)]
    public void A_gate_that_cannot_be_judged_pauses(Verdict verdict) =>
        Expect(Deployment(Facts()) with { Gates = [Gate(verdict)] }, RolloutStep.Paused, null, "Inconclusive: the gate change freeze");

    [Fact]
    public void A_trigger_without_data_pauses_and_a_pending_one_is_waited_for()
    {
        Expect(Deployment(Facts()) with { Triggers = [At(TriggerPhase.Inconclusive)] }, RolloutStep.Paused, null, "cannot be judged");
        Expect(Deployment(Facts()) with { Triggers = [At(TriggerPhase.Pending)] }, RolloutStep.Verifying, null, "is pending");
        Expect(Deployment(Facts()) with { Triggers = [At(TriggerPhase.Clear)] }, RolloutStep.Promoting, ActionVerb.Promote);
    }

    [Fact]
    public void While_the_board_still_collects_nothing_is_missing_yet()
    {
        var collecting = Deployment(Facts(signals: Given.Signal(verdict: Verdict.Running))) with
        {
            Gates = [new GateResult("fresh data", Verdict.Inconclusive, "", "", null), new GateResult("verdict", Verdict.Running, "", "", null)],
            Triggers = [At(TriggerPhase.Inconclusive)],
        };
        Expect(collecting, RolloutStep.Verifying, null, "Not yet");
    }

    [Theory]
    [InlineData(CheckPhase.Inconclusive)]
    [InlineData(CheckPhase.Error)]
    public void A_check_beyond_its_limit_pauses_also_in_the_hold(CheckPhase phase)
    {
        Expect(Deployment(Facts()) with { Checks = [Check(phase)] }, RolloutStep.Paused, null, "the check smoke");
        Expect(Deployment(Facts(stageFor: TimeSpan.FromMinutes(1))) with { Checks = [Check(phase)] }, RolloutStep.Paused, null, "the check smoke");
        Expect(Deployment(Facts()) with { Checks = [Check(phase, dryRun: true)] }, RolloutStep.Promoting, ActionVerb.Promote);
    }

    [Fact]
    public void A_check_that_runs_is_waited_for_and_one_that_failed_is_acted_on()
    {
        Expect(Deployment(Facts()) with { Checks = [Check(CheckPhase.Running)] }, RolloutStep.Verifying, null, "smoke is running");
        Expect(Deployment(Facts()) with { Checks = [Check(CheckPhase.Failed)] }, RolloutStep.Halting, ActionVerb.Halt, "Check failed: smoke.");
        Expect(Deployment(Facts()) with { Checks = [Check(CheckPhase.Failed, dryRun: true)] }, RolloutStep.Promoting, ActionVerb.Promote);
    }

    [Theory]
    [InlineData(ReleasePhase.RollingOut, 1)]
    [InlineData(ReleasePhase.Watching, 3)]
    public void A_fired_trigger_halts_in_every_exposed_step(ReleasePhase phase, int stage)
    {
        var decision = Expect(Facts(phase, stage) with { Triggers = [Fired()] }, RolloutStep.Halting, ActionVerb.Halt, "Trigger fired: http_5xx_rate > 1% for 5m.");
        Assert.Equal("Trigger fired: http_5xx_rate > 1% for 5m; 4.2 % for 5 m 0 s, 1,204 requests. Policy: web-canary, version 3.", decision.Because);
        Expect(Facts(phase, stage, stageFor: TimeSpan.FromSeconds(10)) with { Triggers = [Fired()] }, RolloutStep.Halting, ActionVerb.Halt);
        Expect(Facts(phase, stage) with { Triggers = [Fired(dryRun: true)] }, phase == ReleasePhase.Watching ? RolloutStep.Watching : RolloutStep.Verifying, null);
    }

    [Theory]
    [InlineData(ActionPhase.AwaitingApproval)]
    [InlineData(ActionPhase.Approved)]
    [InlineData(ActionPhase.Executing)]
    [InlineData(ActionPhase.Unconfirmed)]
    public void A_fired_trigger_does_not_wait_for_a_promotion(ActionPhase phase)
    {
        var waiting = Facts(action: Given.InFlight(ActionVerb.Promote, phase));
        Expect(waiting, RolloutStep.Promoting, null);
        Expect(waiting with { Triggers = [Fired()] }, RolloutStep.Halting, ActionVerb.Halt);
    }

    [Fact]
    public void Rolls_back_where_the_policy_says_so_and_halts_with_the_reason_where_it_cannot()
    {
        var facts = Facts() with { Triggers = [Fired()], Delivery = new() { OnTrigger = TriggerReaction.Rollback } };
        Expect(facts, RolloutStep.RollingBack, ActionVerb.Rollback);
        var halted = Expect(facts with { NoWayBack = "App Store cannot roll back." }, RolloutStep.Halting, ActionVerb.Halt, "Not rolled back, halted instead: App Store cannot roll back.");
        Assert.Contains("App Store cannot roll back", halted.Because, StringComparison.Ordinal);
        Expect(facts with { Release = facts.Release with { Action = Ended(ActionVerb.Rollback, ActionPhase.Failed) } }, RolloutStep.Halting, ActionVerb.Halt, "halted instead: the roll back failed: The target said no.");
        Expect(facts with { Stopped = new(ActionVerb.Rollback, Given.Now, "You saw an older snapshot.", 1) }, RolloutStep.RollingBack, ActionVerb.Rollback, "asked for again: You saw");
        Expect(facts with { Stopped = new(ActionVerb.Rollback, Given.Now.AddSeconds(2), "Not allowed.", 2) }, RolloutStep.Halting, ActionVerb.Halt, "halted instead: Not allowed.");
    }

    [Fact]
    public void A_policy_that_only_recommends_pauses_and_leaves_it_to_a_person()
    {
        var facts = Deployment(Facts()) with { Triggers = [Fired()], Delivery = new() { Mode = DeliveryMode.Deployment, OnTrigger = TriggerReaction.Recommend } };
        Expect(facts, RolloutStep.Paused, null, "leaves it to a person");
        Expect(facts with { Release = Facts(ReleasePhase.Watching, 3).Release }, RolloutStep.Watching, null, "leaves it to a person");
    }

    [Theory]
    [InlineData(ActionVerb.Halt, RolloutStep.Halting)]
    [InlineData(ActionVerb.Rollback, RolloutStep.RollingBack)]
    public void A_stopping_action_in_flight_is_not_asked_for_again_whoever_asked(ActionVerb verb, RolloutStep step)
    {
        foreach (var reaction in new[] { TriggerReaction.Halt, TriggerReaction.Rollback })
        {
            var facts = Facts(action: Given.InFlight(verb)) with { Delivery = new() { OnTrigger = reaction } };
            Expect(facts, step, null, "by ana is under way");
            Expect(facts with { Triggers = [Fired()] }, step, null, "Trigger fired");
        }
    }

    [Fact]
    public void A_refused_halt_is_asked_for_again_when_its_time_has_come_and_says_so()
    {
        var facts = Facts(action: Ended(ActionVerb.Halt, ActionPhase.Failed)) with { Triggers = [Fired()] };
        Expect(facts with { Stopped = new(ActionVerb.Halt, Given.Now.AddSeconds(1), null) }, RolloutStep.Halting, null, "asked for again: The target said no.");
        Expect(facts with { Stopped = new(ActionVerb.Halt, Given.Now, "Not now.") }, RolloutStep.Halting, ActionVerb.Halt, "Not now.");
        Expect(facts with { Promoted = new(ActionVerb.Promote, Given.Now.AddMinutes(5), "No.") }, RolloutStep.Halting, ActionVerb.Halt);
    }

    [Fact]
    public void A_refused_promotion_is_asked_for_again_later()
    {
        Expect(Deployment(Facts()) with { Promoted = new(ActionVerb.Promote, Given.Now.AddSeconds(1), "The board is behind.") }, RolloutStep.Verifying, null, "The board is behind.");
        Expect(Deployment(Facts()) with { Promoted = new(ActionVerb.Promote, Given.Now, "The board is behind.") }, RolloutStep.Promoting, ActionVerb.Promote);
        Expect(Deployment(Facts()) with { Stopped = new(ActionVerb.Halt, Given.Now.AddSeconds(1), null) }, RolloutStep.Promoting, ActionVerb.Promote);
    }

    [Theory]
    [InlineData(ActionPhase.Rejected, false)]
    [InlineData(ActionPhase.Withdrawn, false)]
    [InlineData(ActionPhase.Expired, true)]
    [InlineData(ActionPhase.Failed, true)]
    public void What_people_rejected_is_not_asked_for_again_in_that_stage(ActionPhase phase, bool again)
    {
        Expect(Deployment(Facts(action: Ended(ActionVerb.Promote, phase))), again ? RolloutStep.Promoting : RolloutStep.Verifying, again ? ActionVerb.Promote : null);
        var earlier = Ended(ActionVerb.Promote, phase) with { RequestedAt = Given.Now.AddHours(-2) };
        Expect(Deployment(Facts(action: earlier)), RolloutStep.Promoting, ActionVerb.Promote);
    }

    [Fact]
    public void Halted_stays_halted_with_the_reason_it_was_halted_for()
    {
        var facts = Facts(ReleasePhase.Halted, action: Ended(ActionVerb.Halt, ActionPhase.Confirmed)) with { Triggers = [Fired()] };
        Expect(facts with { Step = RolloutStep.Halting, Reason = "Trigger fired: x." }, RolloutStep.Halted, null, "Trigger fired: x.");
        Expect(Deployment(facts), RolloutStep.Halted, null, "Halted by ana");
        Expect(facts with { Delivery = new() { OnTrigger = TriggerReaction.Rollback } }, RolloutStep.Halted, null);
        Expect(facts with { Release = facts.Release with { Action = Given.InFlight(ActionVerb.Resume) } }, RolloutStep.Halted, null, "resumption by ana");
    }

    [Fact]
    public void After_a_person_resumed_the_same_firing_is_not_acted_on_but_keeps_it_from_being_promoted()
    {
        Expect(Deployment(Facts()) with { Triggers = [Fired() with { IsSeen = true }] }, RolloutStep.Verifying, null, "is fired");
        Expect(Deployment(Facts()) with { Triggers = [Fired() with { IsSeen = true }, Fired("p95_latency > 800ms")] }, RolloutStep.Halting, ActionVerb.Halt, "p95_latency");
    }

    [Fact]
    public void In_the_watch_it_watches_and_says_what_is_in_the_way_of_the_end()
    {
        Expect(Facts(ReleasePhase.Watching, 3), RolloutStep.Watching, null, "At 100 % and watched.");
        Expect(Facts(ReleasePhase.Watching, 3) with { Triggers = [At(TriggerPhase.Pending)] }, RolloutStep.Watching, null, "not done while the trigger");
        Expect(Facts(ReleasePhase.Watching, 3) with { Checks = [Check(CheckPhase.Running)] }, RolloutStep.Watching, null, "not done while the check smoke is running");
    }

    [Fact]
    public void Before_anybody_has_it_no_trigger_acts_and_while_the_first_promotion_is_carried_out_they_do()
    {
        var first = Facts(ReleasePhase.Registered, -1) with { Triggers = [Fired()] };
        Expect(first, RolloutStep.Waiting, null);
        Expect(first with { Release = first.Release with { Action = Given.InFlight(ActionVerb.Promote, ActionPhase.AwaitingApproval) } }, RolloutStep.Promoting, null);
        Expect(first with { Release = first.Release with { Action = Given.InFlight(ActionVerb.Promote) } }, RolloutStep.Halting, ActionVerb.Halt);
    }

    [Fact]
    public void Nothing_but_a_pass_of_everything_ever_asks_for_a_promotion()
    {
        foreach (var gate in Enum.GetValues<Verdict>())
        {
            foreach (var trigger in Enum.GetValues<TriggerPhase>())
            {
                foreach (var check in Enum.GetValues<CheckPhase>())
                {
                    foreach (var held in new[] { false, true })
                    {
                        var facts = Deployment(Facts(stageFor: held ? TimeSpan.FromHours(1) : TimeSpan.FromMinutes(1))) with { Gates = [Gate(gate)], Triggers = [At(trigger)], Checks = [Check(check)] };
                        var passes = gate == Verdict.Pass && trigger == TriggerPhase.Clear && check == CheckPhase.Successful && held;
                        Assert.Equal(passes, RolloutRule.Next(facts).Ask == ActionVerb.Promote);
                    }
                }
            }
        }
    }

    private static RolloutDecision Expect(RolloutFacts facts, RolloutStep step, ActionVerb? ask, string? says = null)
    {
        var decision = RolloutRule.Next(facts);
        Assert.Equal((step, ask), (decision.Step, decision.Ask));
        Assert.Matches(@"^[A-Z0-9].+\.$", decision.Reason);
        if (says is not null)
        {
            Assert.Contains(says, decision.Reason, StringComparison.Ordinal);
        }

        Assert.Equal(ask is not null, decision.Because is not null);
        return decision;
    }
}
