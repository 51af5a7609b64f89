using System.Text.Json;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Policies.Triggers;
using OpsConsole.Core.Rollouts;
using OpsConsole.Core.Signals;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Policies.Triggers;

public sealed class CheckClockTests
{
    private static readonly DateTimeOffset T0 = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Trigger Good = Condition(TriggerComparison.Below, 1);
    private static readonly Trigger Bad = Condition(TriggerComparison.Above, 5);

    [Fact]
    public void Judged_as_the_published_cases_say()
    {
        using var document = JsonDocument.Parse(Conformance.Read("argo/evaluate_cases.json"));
        foreach (var test in document.RootElement.GetProperty("evaluateResult").EnumerateArray())
        {
            var (success, failure) = (test.GetProperty("success").GetString()!, test.GetProperty("failure").GetString()!);
            var check = new PolicyCheck { Name = "c", Success = success.Length == 0 ? null : Good, Failure = failure.Length == 0 ? null : Bad };

            Assert.Equal(test.GetProperty("expect").GetString(), CheckClock.Judge(check, Value(success, 0.5, 2), Value(failure, 9, 2)).ToString());
        }

        static double? Value(string condition, double met, double unmet) => condition switch { "true" => met, "false" => unmet, "" => null, _ => null };
    }

    [Fact]
    public void Measures_every_interval_and_not_in_between()
    {
        var clock = new CheckClock(Check());
        Run(clock, T0, 0.5, 61);

        Assert.Equal((3, CheckPhase.Running), (clock.Successful, clock.PhaseAt(false)));
        Assert.Equal(CheckPhase.Successful, clock.PhaseAt(true));
    }

    [Fact]
    public void The_first_failure_ends_it_by_default_and_a_limit_is_passed_when_the_count_is_greater()
    {
        var strict = new CheckClock(Check());
        Run(strict, T0, 9, 1);
        Assert.Equal(CheckPhase.Failed, strict.PhaseAt(true));

        var lenient = new CheckClock(Check(limits: new(Failure: 2)));
        Run(lenient, T0, 9, 31);
        Assert.Equal((2, CheckPhase.Running), (lenient.Failed, lenient.PhaseAt(false)));
        Run(lenient, T0.AddSeconds(60), 9, 1);
        Assert.Equal(CheckPhase.Failed, lenient.PhaseAt(false));
        Run(lenient, T0.AddSeconds(90), 0.5, 600);
        Assert.Equal((3, 0, CheckPhase.Failed), (lenient.Failed, lenient.Successful, lenient.PhaseAt(true)));

        var off = new CheckClock(Check(limits: new(Failure: -1)));
        Run(off, T0, 9, 600);
        Assert.Equal((20, CheckPhase.Running), (off.Failed, off.PhaseAt(false)));
    }

    [Fact]
    public void Inconclusive_beyond_its_limit_goes_on_measuring_and_begins_anew_when_it_can_be_judged()
    {
        var clock = new CheckClock(Check(limits: new(Failure: 3, Inconclusive: 1)));
        Run(clock, T0, 9, 1);
        Run(clock, T0.AddSeconds(30), 2, 31);
        Assert.Equal((2, CheckPhase.Inconclusive), (clock.Inconclusive, clock.PhaseAt(true)));

        Run(clock, T0.AddSeconds(90), 0.5, 1);
        Assert.Equal((CheckPhase.Running, 1, 0, 1), (clock.PhaseAt(false), clock.Successful, clock.Inconclusive, clock.Failed));
    }

    [Fact]
    public void Errors_count_in_a_row_and_four_of_them_are_borne()
    {
        var clock = new CheckClock(Check());
        Run(clock, T0, null, 91);
        Assert.Equal((4, CheckPhase.Running), (clock.Errors, clock.PhaseAt(true)));
        Run(clock, T0.AddSeconds(120), 0.5, 1);
        Run(clock, T0.AddSeconds(150), null, 91);
        Assert.Equal((8, CheckPhase.Running), (clock.Errors, clock.PhaseAt(false)));
        Assert.Equal(CheckPhase.Running, clock.PhaseAt(true)); // The last measurement was an error: nothing is successful on that.
        Run(clock, T0.AddSeconds(270), double.NaN, 1);
        Assert.Equal(CheckPhase.Error, clock.PhaseAt(true));
        Run(clock, T0.AddSeconds(300), 0.5, 1);
        Assert.Equal(CheckPhase.Running, clock.PhaseAt(false));
    }

    [Fact]
    public void A_count_ends_it_well_without_errors_counting_towards_it()
    {
        var clock = new CheckClock(Check(count: 3));
        Run(clock, T0, 0.5, 31);
        Run(clock, T0.AddSeconds(60), null, 1);
        Assert.Equal(CheckPhase.Running, clock.PhaseAt(true));
        Run(clock, T0.AddSeconds(90), 0.5, 1);
        Assert.Equal(CheckPhase.Successful, clock.PhaseAt(false));
        Assert.False(clock.IsDue(T0.AddDays(1)));
    }

    [Fact]
    public void Successes_in_a_row_end_it_early_and_a_count_without_them_is_inconclusive()
    {
        var early = new CheckClock(Check(count: 10, limits: new(Failure: -1, ConsecutiveSuccess: 2)));
        Run(early, T0, 9, 1);
        Run(early, T0.AddSeconds(30), 0.5, 31);
        Assert.Equal((CheckPhase.Successful, 2), (early.PhaseAt(false), early.Successful));

        var never = new CheckClock(Check(count: 4, limits: new(Failure: -1, ConsecutiveSuccess: 2)));
        for (var i = 0; i < 4; i++)
        {
            Run(never, T0.AddSeconds(30 * i), i % 2 == 0 ? 0.5 : 9, 1);
        }

        Assert.Equal(CheckPhase.Inconclusive, never.PhaseAt(true));
    }

    [Theory]
    [InlineData(2.0, 0, -1)]
    [InlineData(9.0, -1, 0)]
    public void A_count_without_one_success_is_inconclusive_whatever_is_tolerated(double value, int failures, int inconclusive)
    {
        var clock = new CheckClock(Check(count: 3, limits: new(Failure: failures, Inconclusive: inconclusive)));
        Run(clock, T0, value, 61);
        Assert.Equal((3, CheckPhase.Inconclusive), (clock.Failed + clock.Inconclusive, clock.PhaseAt(true)));

        // It pauses the release and goes on measuring; successes let it end well.
        Run(clock, T0.AddSeconds(90), 0.5, 61);
        Assert.Equal(CheckPhase.Successful, clock.PhaseAt(false));
    }

    [Fact]
    public void A_clock_that_is_set_back_does_not_put_it_to_sleep()
    {
        var clock = new CheckClock(Check());
        Run(clock, T0, 0.5, 1);
        Assert.False(clock.IsDue(T0.AddSeconds(29)));
        Assert.True(clock.IsDue(T0.AddHours(-1)));
    }

    [Fact]
    public void Goes_on_after_a_restart_where_it_was_and_begins_anew_in_a_new_stage()
    {
        var before = new CheckClock(Check(limits: new(Failure: 5)));
        Run(before, T0, 9, 61);
        var after = new CheckClock(before.Check);
        after.Restore(JsonSerializer.Deserialize<CheckMemory>(JsonSerializer.Serialize(before.Save()))!);
        Assert.Equal(before.Save(), after.Save());
        Assert.False(after.IsDue(T0.AddSeconds(61)));
        Assert.True(after.IsDue(T0.AddSeconds(90)));

        after.Restart();
        Assert.Equal(new CheckClock(before.Check).Save(), after.Save());
    }

    private static void Run(CheckClock clock, DateTimeOffset from, double? value, int seconds)
    {
        for (var s = 0; s < seconds; s++)
        {
            clock.Advance(new TriggerReading(value, null), new TriggerReading(value, null), from.AddSeconds(s));
        }
    }

    private static PolicyCheck Check(int count = 0, CheckLimits? limits = null) =>
        new() { Name = "smoke", Success = Good, Failure = Bad, Interval = TimeSpan.FromSeconds(30), Count = count, Limits = limits ?? new() };

    private static Trigger Condition(TriggerComparison comparison, double threshold) => new()
    {
        Text = $"http_5xx_rate {comparison} {threshold}%", Signal = "http_5xx_rate", Measure = TriggerMeasure.Value, Comparison = comparison, Threshold = threshold, Unit = SignalUnit.Percent,
    };
}
