using OpsConsole.Core.Board;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Policies.Triggers;
using OpsConsole.Core.Signals;
using OpsConsole.Tests.Core.Actions.Gate;

namespace OpsConsole.Tests.Core.Policies.Triggers;

public sealed class TriggerReadingTests
{
    private static readonly SignalSnapshot Errors = Given.Signal() with { Canary = 4.2, ComparedWith = 0.2 };

    [Fact]
    public void The_value_is_that_of_the_new_version() => Assert.Equal((4.2, null), Read(TriggerMeasure.Value, Errors));

    [Fact]
    public void A_difference_of_percentages_is_in_points_and_of_others_relative_with_its_sign()
    {
        Assert.Equal((4.0, null), Read(TriggerMeasure.Delta, Errors));
        Assert.Equal((-3.0, null), Read(TriggerMeasure.Delta, Errors with { Canary = 1, ComparedWith = 4 }));
        var latency = Given.Signal("p95_latency") with { Canary = 300, ComparedWith = 200 };
        Assert.Equal((50.0, null), Read(TriggerMeasure.Delta, latency, "p95_latency"));
        Assert.Equal((-25.0, null), Read(TriggerMeasure.Delta, latency with { Canary = 150 }, "p95_latency"));
    }

    [Fact]
    public void Without_a_baseline_that_counts_there_is_no_difference()
    {
        Assert.Equal((null, "errors has no baseline to compare with"), Read(TriggerMeasure.Delta, Errors with { ComparedWith = null, Baseline = 0.2 }));
        Assert.Equal((null, "p95 latency has a baseline of zero, to which nothing is relative"), Read(TriggerMeasure.Delta, Given.Signal("p95_latency") with { Canary = 300, ComparedWith = 0 }, "p95_latency"));
    }

    [Theory]
    [InlineData("stale")]
    [InlineData("old board")]
    [InlineData("few")]
    [InlineData("none")]
    [InlineData("error")]
    [InlineData("nan")]
    public void Old_too_little_or_unreadable_data_is_none(string what)
    {
        var signal = what switch
        {
            "stale" => Errors with { Quality = SignalQuality.Stale },
            "old board" => Errors with { AsOf = Given.Now.AddSeconds(-17) },
            "few" => Errors with { Samples = 49 },
            "none" => Errors with { AsOf = null, Canary = null, Quality = SignalQuality.Missing },
            "error" => Errors with { Verdict = Verdict.Error },
            _ => Errors with { Canary = double.NaN },
        };
        var (value, missing) = Read(TriggerMeasure.Value, signal);
        Assert.Null(value);
        Assert.StartsWith("errors ", missing, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_mean_signals_as_the_policy_says_and_an_unknown_one_is_said()
    {
        Assert.Equal((4.2, null), Read(TriggerMeasure.Value, Errors, "http_5xx"));
        Assert.Equal((4.2, null), Read(TriggerMeasure.Value, Errors, "error_rate"));
        Assert.Equal((null, "the release has no signal checkout_success"), Read(TriggerMeasure.Value, Errors, "checkout_success"));
    }

    [Fact]
    public void A_burn_rate_is_taken_while_it_is_of_now()
    {
        var trigger = Trigger(TriggerMeasure.BurnRate, "error_budget_burn_rate");
        var release = Given.Snapshot(Given.Release());
        Assert.Equal(4.5, TriggerReading.Of(trigger, release, (4.5, Given.Now.AddSeconds(-15)), Given.Now).Value);
        Assert.Null(TriggerReading.Of(trigger, release, (4.5, Given.Now.AddSeconds(-61)), Given.Now).Value);
        Assert.Null(TriggerReading.Of(trigger, release, (null, null), Given.Now).Value);
        Assert.Null(TriggerReading.Of(trigger, release, (double.PositiveInfinity, Given.Now), Given.Now).Value);
    }

    private static (double? Value, string? Missing) Read(TriggerMeasure measure, SignalSnapshot signal, string name = "http_5xx_rate")
    {
        var reading = TriggerReading.Of(Trigger(measure, name), Given.Snapshot(Given.Release(), signal), default, Given.Now);
        return (reading.Value is { } value ? Math.Round(value, 9) : null, reading.Missing);
    }

    private static Trigger Trigger(TriggerMeasure measure, string name) =>
        new() { Text = name, Signal = name, Measure = measure, Comparison = TriggerComparison.Above, Threshold = 1, Unit = SignalUnit.Percent };
}
