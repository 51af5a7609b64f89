using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Promote;
using OpsConsole.Core.Board;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Rollouts;
using OpsConsole.Tests.Core.Actions.Approve;
using OpsConsole.Tests.Core.Actions.Gate;
using OpsConsole.Tests.Core.Rollouts;
using static OpsConsole.Tests.Core.Actions.Gate.GateWorld;

namespace OpsConsole.Tests.Core.Actions.Promote;

/// <summary>Triggers and checks hold every promotion, whoever asks for it.</summary>
public sealed class TriggerGateTests : ApprovalWorld
{
    private static readonly PolicyCheck Smoke = new() { Name = "smoke", Failure = Errors(false).Trigger, Interval = TimeSpan.FromSeconds(10) };

    private static TriggerStanding Errors(bool dryRun, TriggerPhase phase = TriggerPhase.Clear) =>
        new(EngineWorld.Trigger("http_5xx_rate > 1% for 5m", "http_5xx_rate", TriggerMeasure.Value, TriggerComparison.Above, 1, 5, dryRun), phase, 4.2, Given.Now, Given.Now.AddMinutes(5), "4.2 %.");

    [Theory]
    [InlineData(TriggerPhase.Clear, false, Verdict.Pass)]
    [InlineData(TriggerPhase.Pending, false, Verdict.Running)]
    [InlineData(TriggerPhase.Inconclusive, false, Verdict.Inconclusive)]
    [InlineData(TriggerPhase.Fired, false, Verdict.Fail)]
    [InlineData(TriggerPhase.Recovering, false, Verdict.Fail)]
    [InlineData(TriggerPhase.Fired, true, Verdict.Pass)]
    public async Task A_trigger_is_a_gate(TriggerPhase phase, bool dryRun, Verdict verdict)
    {
        World.Standing = World.Standing with { Triggers = [Errors(dryRun, phase)] };
        await ExpectAsync(GateNames.Triggers, verdict);
    }

    [Theory]
    [InlineData(CheckPhase.Successful, false, Verdict.Pass)]
    [InlineData(CheckPhase.Running, false, Verdict.Running)]
    [InlineData(CheckPhase.Inconclusive, false, Verdict.Inconclusive)]
    [InlineData(CheckPhase.Error, false, Verdict.Inconclusive)]
    [InlineData(CheckPhase.Failed, false, Verdict.Fail)]
    [InlineData(CheckPhase.Failed, true, Verdict.Pass)]
    public async Task A_check_is_a_gate(CheckPhase phase, bool dryRun, Verdict verdict)
    {
        World.Standing = World.Standing with { Checks = [new(Smoke with { DryRun = dryRun }, phase, 1, 1, 1, 1, "Counted.")] };
        await ExpectAsync(GateNames.Checks, verdict);
    }

    [Fact]
    public async Task An_engine_that_has_not_looked_holds_an_exposed_release_and_none_before_its_first_stage()
    {
        World.EngineRuns = false;
        var release = World.Release(policy: Policy);
        Assert.Equal([GateNames.Triggers, GateNames.Checks], Against(await World.PromoteAsync(release)));

        World.EngineRuns = true;
        World.Measure(release);
        World.EngineRuns = false;
        World.Time.Advance(TimeSpan.FromSeconds(31));
        World.Measure(release);
        Assert.Equal([GateNames.Triggers, GateNames.Checks], Against(await World.PromoteAsync(release)));
        Assert.Equal(Verdict.Inconclusive, World.Gate.Gates(World.Board.Find(release.Id)!).Single(g => g.Name == GateNames.Triggers).Verdict);

        var early = World.Release(stage: -1, service: "search", policy: Policy);
        Accepted(await World.PromoteAsync(early));
    }

    [Fact]
    public async Task A_promotion_that_was_approved_before_a_trigger_fired_is_not_carried_out()
    {
        var release = Waiting(needed: 2);
        var action = await AskAsync(release);
        Accepted(await ApproveAsync(action.Id, Ana));
        World.Standing = World.Standing with { Triggers = [Errors(false, TriggerPhase.Fired)] };
        World.Measure(release);
        await ApproveAsync(action.Id, Bob);
        Assert.Equal(0, await World.Promotions.RunAsync(default));
        Assert.Contains("waits: triggers", (await World.ActionAsync(action.Id)).Outcome, StringComparison.Ordinal);
        Assert.Empty(World.Target.Asked);

        World.Standing = World.Standing with { Triggers = [Errors(false)] };
        World.Measure(release);
        Assert.Equal(1, await World.Promotions.RunAsync(default));
    }

    [Fact]
    public void A_check_can_be_waived_and_a_trigger_cannot()
    {
        Assert.True(WaivableGates.Includes(GateNames.Checks));
        Assert.Contains("harm", WaivableGates.WhyNot(GateNames.Triggers), StringComparison.Ordinal);
    }

    private async Task ExpectAsync(string gate, Verdict verdict)
    {
        var release = World.Release(policy: Policy);
        Assert.Equal(verdict, World.Gate.Gates(World.Board.Find(release.Id)!).Single(g => g.Name == gate).Verdict);
        var answer = await World.PromoteAsync(release);
        if (verdict == Verdict.Pass)
        {
            Accepted(answer);
        }
        else
        {
            Assert.Equal([gate], Against(answer));
        }
    }

    private static IEnumerable<string> Against(GateAnswer answer) => Assert.IsType<GateAnswer.Refused>(answer).Refusals.Select(r => Assert.IsType<PolicyGateRefusal>(r).Gate.Name);
}
