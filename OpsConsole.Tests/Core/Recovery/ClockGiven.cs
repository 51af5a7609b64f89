using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Recovery;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Rollouts;
using OpsConsole.Core.Signals;
using OpsConsole.Tests.Core.Actions.Gate;

namespace OpsConsole.Tests.Core.Recovery;

/// <summary>Releases, actions and triggers for clocks. The fault begins at <see cref="Onset"/> and is seen two seconds later.</summary>
internal static class ClockGiven
{
    public static readonly DateTimeOffset Onset = Given.Now;
    public static readonly DateTimeOffset Detected = Onset.AddSeconds(2);
    public static readonly Guid Id = Guid.Parse("0198c1f0-0000-7000-8000-0000000000cc");

    public static ReleaseSnapshot Failing(params SignalSnapshot[] signals) => Given.Snapshot(Given.Release(), signals.Length > 0 ? signals : [Errors(Verdict.Fail)]) with { VerdictSince = Detected };

    public static ReleaseSnapshot Healthy(params SignalSnapshot[] signals) => Given.Snapshot(Given.Release(), signals.Length > 0 ? signals : [Errors(Verdict.Pass)]);

    public static ReleaseSnapshot RolledBack(double? baseline = 0.1, double exposure = 0) => Given.Snapshot(Given.Release(ReleasePhase.RolledBack), Errors(Verdict.Inconclusive) with
    {
        Quality = SignalQuality.Stale, Samples = 0, Baseline = baseline, BaselineSamples = baseline is null ? 0 : 4000,
        BaselinePoints = [new ChartPoint(Onset, 0.1)],
    }) with { ExposurePercent = exposure };

    public static SignalSnapshot Errors(Verdict verdict) =>
        Given.Signal(verdict: verdict) with { BreachedSince = verdict == Verdict.Fail ? Onset : null, Canary = verdict == Verdict.Fail ? 4 : 0.2, Samples = 1000, BaselineSamples = 3000 };

    public static RecoveryClock Open() => ClockRule.Open(Failing(), Id, DateTimeOffset.MinValue, Detected)!;

    public static ActionSummary Action(ActionVerb verb, ActionPhase phase, double requested = 10, double? executing = null, double? finished = null, string id = "0198c1f0-0000-7000-8000-0000000000a1") =>
        new(Guid.Parse(id), verb, phase, "ole", At(requested), finished is { } f ? At(f) : null, null) { ExecutingAt = executing is { } e ? At(e) : null };

    public static ActionSummary Confirmed(ActionVerb verb, double requested = 10) => Action(verb, ActionPhase.Confirmed, requested, requested + 0.1, requested + 0.5);

    public static DateTimeOffset At(double seconds) => Onset.AddSeconds(seconds);

    public static PolicyStanding Policy(params TriggerStanding[] triggers) => new()
    {
        PolicyTitle = "web-canary, version 3", Mode = default, OnTrigger = default, Step = RolloutStep.Holding, StepSince = Onset, Reason = "Holds.", Triggers = triggers, AsOf = Onset,
    };

    public static TriggerStanding Trigger(TriggerPhase phase, double since, TimeSpan? recover = null, TriggerMeasure measure = TriggerMeasure.Value, bool dry = false) => new(
        new Trigger
        {
            Text = "http_5xx_rate > 1% for 20s", Signal = "http_5xx_rate", Measure = measure, Comparison = TriggerComparison.Above, Threshold = 1, Unit = SignalUnit.Percent,
            For = TimeSpan.FromSeconds(20), RecoverFor = recover ?? TimeSpan.Zero, DryRun = dry,
        },
        phase, 4, At(since), null, "As it is.");

    /// <summary>A check that wants less than 1 % of errors.</summary>
    public static PolicyStanding Checked(CheckPhase phase, bool dry = false, TriggerMeasure measure = TriggerMeasure.Value) => Policy() with
    {
        Checks =
        [
            new CheckStanding(
                new PolicyCheck { Name = "errors-low", DryRun = dry, Failure = Trigger(TriggerPhase.Clear, 0, measure: measure).Trigger }, phase, 0, 1, 0, 0, "As it is."),
        ],
    };

    public static ClockFacts Facts(ReleaseSnapshot? release, double now, double? back = null, KillFact? kill = null, ReleaseSnapshot? successor = null, bool noKill = false) =>
        new() { NoKill = noKill, Release = release, Now = At(now), BackSince = back is { } b ? At(b) : null, Kill = kill, Successor = successor };
}
