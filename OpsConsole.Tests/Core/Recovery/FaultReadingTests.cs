using OpsConsole.Core.Board;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Recovery;
using OpsConsole.Core.Rollouts;
using OpsConsole.Core.Signals;
using OpsConsole.Tests.Core.Actions.Gate;

namespace OpsConsole.Tests.Core.Recovery;

/// <summary>What broke, as the board tells it.</summary>
public sealed class FaultReadingTests
{
    [Theory]
    [InlineData("crash_free_users", FaultKind.Crash)]
    [InlineData("http_5xx_rate", FaultKind.Errors)]
    [InlineData("p99_latency", FaultKind.Latency)]
    [InlineData("checkout_success_rate", FaultKind.Business)]
    [InlineData("queue_depth", FaultKind.Cosmetic)]
    [InlineData("dependency_failure_rate", FaultKind.Cosmetic)]
    [InlineData("synthetic_checkout", FaultKind.Errors)]
    public void A_failing_signal_tells_what_broke(string signal, FaultKind fault) => Assert.Equal(fault, Read(Given.Signal(signal, Verdict.Fail)).Fault);

    [Fact]
    public void The_worst_counts_and_the_others_are_named()
    {
        var reading = Read(Given.Signal("p99_latency", Verdict.Fail), Given.Signal("crash_free_users", Verdict.Fail), Given.Signal("queue_depth", Verdict.Fail));

        Assert.Equal(FaultKind.Crash, reading.Fault);
        Assert.Equal("crash-free users, p99 latency and 1 more out of limits", reading.Broke);
    }

    [Theory]
    [InlineData(Verdict.Pass, FaultKind.None)]
    [InlineData(Verdict.Running, FaultKind.Unknown)]
    [InlineData(Verdict.Inconclusive, FaultKind.Unknown)]
    [InlineData(Verdict.Error, FaultKind.Unknown)]
    public void What_cannot_be_judged_is_unknown_and_never_none(Verdict verdict, FaultKind fault) => Assert.Equal(fault, Read(Given.Signal(verdict: verdict)).Fault);

    [Theory]
    [InlineData("p99_latency", 14, false)]
    [InlineData("p99_latency", 15, true)]
    [InlineData("checkout_success_rate", 20, true)]
    [InlineData("http_5xx_rate", 20, false)]
    public void Latency_and_business_that_got_worse_long_after_the_stage_began_crept_in(string signal, int minutes, bool crept)
    {
        var began = Given.Release().StageEnteredAt;

        Assert.Equal(crept, Read(Given.Signal(signal, Verdict.Fail) with { BreachedSince = began.AddMinutes(minutes) }).CreptIn);
    }

    [Theory]
    [InlineData(TriggerPhase.Fired, false, FaultKind.Latency)]
    [InlineData(TriggerPhase.Recovering, false, FaultKind.Latency)]
    [InlineData(TriggerPhase.Pending, false, FaultKind.None)]
    [InlineData(TriggerPhase.Fired, true, FaultKind.None)]
    public void A_fired_trigger_is_a_fault_although_the_signals_are_inside_their_limits(TriggerPhase phase, bool dryRun, FaultKind fault)
    {
        var trigger = new Trigger { Text = "p99_latency > 900ms", Signal = "p99_latency", Measure = TriggerMeasure.Value, Comparison = TriggerComparison.Above, Threshold = 900, Unit = SignalUnit.Milliseconds, DryRun = dryRun };
        var snapshot = Given.Snapshot(Given.Release()) with
        {
            Policy = new PolicyStanding
            {
                PolicyTitle = "web", Mode = default, OnTrigger = default, Step = default, StepSince = Given.Now, Reason = "", AsOf = Given.Now,
                Triggers = [new TriggerStanding(trigger, phase, 950, Given.Now, null, "")],
            },
        };

        var reading = FaultReading.Of(snapshot);
        Assert.Equal(fault, reading.Fault);
        Assert.Equal(fault == FaultKind.None ? "nothing is out of limits" : "trigger p99_latency > 900ms fired", reading.Broke);
    }

    private static FaultReading Read(params SignalSnapshot[] signals) => FaultReading.Of(Given.Snapshot(Given.Release(), signals));
}
