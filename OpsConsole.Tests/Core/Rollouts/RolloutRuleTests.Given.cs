using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Rollouts;
using OpsConsole.Core.Signals;
using OpsConsole.Tests.Core.Actions.Gate;

namespace OpsConsole.Tests.Core.Rollouts;

/// <content>What the tests are given.</content>
public sealed partial class RolloutRuleTests
{
    private static RolloutFacts Facts(
        ReleasePhase phase = ReleasePhase.RollingOut, int stage = 1, TimeSpan? stageFor = null, ActionSummary? action = null, params SignalSnapshot[] signals) => new()
    {
        Step = RolloutStep.Waiting,
        Reason = "",
        Release = Given.Snapshot(Given.Release(phase, stage) with { StageEnteredAt = Given.Now - (stageFor ?? TimeSpan.FromHours(1)) }, signals) with { Action = action },
        Delivery = new(),
        PolicyTitle = "web-canary, version 3",
        Triggers = [],
        Checks = [],
        Gates = [Gate(Verdict.Pass)],
        Now = Given.Now,
    };

    private static RolloutFacts Deployment(RolloutFacts facts) => facts with { Delivery = facts.Delivery with { Mode = DeliveryMode.Deployment } };

    private static GateResult Gate(Verdict verdict) => new("change freeze", verdict, "As it is.", "test", null);

    private static ActionSummary Ended(ActionVerb verb, ActionPhase phase) =>
        new(Guid.NewGuid(), verb, phase, "ana", Given.Now.AddMinutes(-1), Given.Now.AddSeconds(-30), "The target said no.");

    private static CheckStanding Check(CheckPhase phase, bool dryRun = false) => new(new PolicyCheck { Name = "smoke", DryRun = dryRun }, phase, 1, 0, 0, 0, "1 successful.");

    private static TriggerReport Fired(string? text = null, bool dryRun = false) => At(TriggerPhase.Fired, text, dryRun);

    private static TriggerReport At(TriggerPhase phase, string? text = null, bool dryRun = false)
    {
        var trigger = (text is null ? Errors : Named(text)) with { DryRun = dryRun };
        return new(
            new TriggerStanding(trigger, phase, 4.2, Given.Now, null, "As it is."), phase is TriggerPhase.Fired or TriggerPhase.Recovering, false, "4.2 % for 5 m 0 s, 1,204 requests");
    }

    private static Trigger Named(string text) => new()
    {
        Text = text, Signal = "http_5xx_rate", Measure = TriggerMeasure.Value, Comparison = TriggerComparison.Above, Threshold = 1, Unit = SignalUnit.Percent, For = TimeSpan.FromMinutes(5),
    };
}
