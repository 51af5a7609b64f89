using System.Text.Json;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Policies.Triggers;
using OpsConsole.Core.Rollouts;
using OpsConsole.Core.Signals;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Policies.Triggers;

public sealed class TriggerClockTests
{
    internal static readonly DateTimeOffset T0 = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    internal static Trigger Errors(int forSeconds = 300, int recoverSeconds = 0) => new()
    {
        Text = "http_5xx_rate > 1% for 5m",
        Signal = "http_5xx_rate",
        Measure = TriggerMeasure.Value,
        Comparison = TriggerComparison.Above,
        Threshold = 1,
        Unit = SignalUnit.Percent,
        For = TimeSpan.FromSeconds(forSeconds),
        RecoverFor = TimeSpan.FromSeconds(recoverSeconds),
    };

    /// <summary>Advances once a second over a time, both ends included.</summary>
    private static void Every(TriggerClock clock, double? value, int from, int to)
    {
        for (var s = from; s <= to; s++)
        {
            clock.Advance(value, T0.AddSeconds(s));
        }
    }

    [Fact]
    public void Before_the_first_value_nothing_is_known()
    {
        var clock = new TriggerClock(Errors());

        Assert.Equal(TriggerPhase.Inconclusive, clock.Phase);
        Assert.Null(clock.Since);
        Assert.False(clock.Advance(null, T0));
        Assert.Equal(T0, clock.Since);
        Assert.True(clock.Advance(0.2, T0.AddSeconds(1)));
        Assert.Equal((TriggerPhase.Clear, T0.AddSeconds(1)), (clock.Phase, clock.Since));
    }

    [Fact]
    public void A_breach_is_pending_until_it_has_held_and_then_fires()
    {
        var clock = new TriggerClock(Errors());
        Every(clock, 4.2, 0, 299);

        Assert.Equal((TriggerPhase.Pending, T0, T0.AddSeconds(300)), (clock.Phase, clock.BreachedSince, clock.FiresAt));
        Assert.True(clock.Advance(4.2, T0.AddSeconds(300)));
        Assert.Equal((TriggerPhase.Fired, T0.AddSeconds(300), 1), (clock.Phase, clock.Since, clock.Firings));
        Assert.Equal(T0, clock.BreachedSince);
        Assert.Null(clock.FiresAt);
    }

    [Fact]
    public void Without_a_duration_it_fires_at_the_first_breached_evaluation()
    {
        var clock = new TriggerClock(Errors(forSeconds: 0));

        Assert.True(clock.Advance(1.1, T0));
        Assert.Equal(TriggerPhase.Fired, clock.Phase);
    }

    [Fact]
    public void One_value_inside_ends_a_pending_breach()
    {
        var clock = new TriggerClock(Errors());
        Every(clock, 4.2, 0, 299);
        clock.Advance(1, T0.AddSeconds(300));
        Assert.Equal(TriggerPhase.Clear, clock.Phase);

        Every(clock, 4.2, 301, 600);
        Assert.Equal((TriggerPhase.Pending, T0.AddSeconds(301)), (clock.Phase, clock.BreachedSince));
        clock.Advance(4.2, T0.AddSeconds(601));
        Assert.Equal(TriggerPhase.Fired, clock.Phase);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void In_a_gap_the_clock_of_a_breach_stands_still_and_goes_on_afterwards(double? none)
    {
        var clock = new TriggerClock(Errors());
        Every(clock, 4.2, 0, 200);
        Assert.True(clock.Advance(none, T0.AddSeconds(201)));
        Every(clock, none, 202, 300);
        Assert.Equal((TriggerPhase.Inconclusive, T0), (clock.Phase, clock.BreachedSince));
        Assert.Null(clock.FiresAt);

        // 200 s are behind it, so 100 s with data are left, counted from the first value after the gap.
        Every(clock, 4.2, 301, 400);
        Assert.Equal((TriggerPhase.Pending, T0.AddSeconds(401)), (clock.Phase, clock.FiresAt));
        clock.Advance(4.2, T0.AddSeconds(401));
        Assert.Equal(TriggerPhase.Fired, clock.Phase);
        Assert.False(clock.BegunAnew);
    }

    [Fact]
    public void A_gap_longer_than_the_limit_gives_the_breach_up_and_says_so()
    {
        var clock = new TriggerClock(Errors(forSeconds: 120));
        Every(clock, 4.2, 0, 100);
        Every(clock, null, 101, 240);
        Assert.Equal(TimeSpan.FromMinutes(2), clock.GapLimit);
        Assert.Equal((TriggerPhase.Inconclusive, true), (clock.Phase, clock.BegunAnew));

        Every(clock, 4.2, 241, 360);
        Assert.Equal((TriggerPhase.Pending, T0.AddSeconds(241), true), (clock.Phase, clock.BreachedSince, clock.BegunAnew));
        clock.Advance(4.2, T0.AddSeconds(361));
        Assert.Equal((TriggerPhase.Fired, false), (clock.Phase, clock.BegunAnew));
    }

    [Theory]
    [InlineData(69, false)]
    [InlineData(70, true)]
    public void A_gap_of_exactly_the_limit_is_survived_and_a_longer_one_is_not(int backAt, bool begunAnew)
    {
        var clock = new TriggerClock(Errors(forSeconds: 10));
        Every(clock, 4.2, 0, 9);
        Every(clock, null, 10, backAt - 1);
        Every(clock, 4.2, backAt, backAt);

        Assert.Equal(begunAnew, clock.BegunAnew);
        Assert.Equal(begunAnew ? TimeSpan.Zero : TimeSpan.FromSeconds(9), clock.Held);
    }

    [Fact]
    public void A_fired_trigger_stays_fired_through_any_gap()
    {
        var clock = new TriggerClock(Errors(forSeconds: 0));
        clock.Advance(4.2, T0);
        Every(clock, null, 1, 4000);
        Assert.Equal((TriggerPhase.Fired, T0), (clock.Phase, clock.Since));
        clock.Advance(4.2, T0.AddSeconds(4001));
        Assert.Equal((TriggerPhase.Fired, 1), (clock.Phase, clock.Firings));
    }

    [Fact]
    public void A_recovery_may_have_to_hold_and_a_breach_in_between_is_no_new_firing()
    {
        var clock = new TriggerClock(Errors(forSeconds: 0, recoverSeconds: 60));
        clock.Advance(4.2, T0);
        Every(clock, 0.1, 1, 60);
        Assert.Equal((TriggerPhase.Recovering, true), (clock.Phase, clock.IsFiring));
        clock.Advance(4.2, T0.AddSeconds(61));
        Assert.Equal((TriggerPhase.Fired, 1), (clock.Phase, clock.Firings));

        Every(clock, 0.1, 62, 121);
        Assert.Equal(TriggerPhase.Recovering, clock.Phase);
        clock.Advance(0.1, T0.AddSeconds(122));
        Assert.Equal((TriggerPhase.Clear, false), (clock.Phase, clock.IsFiring));
        Assert.Null(clock.BreachedSince);

        clock.Advance(4.2, T0.AddSeconds(123));
        Assert.Equal((TriggerPhase.Fired, 2), (clock.Phase, clock.Firings));
    }

    [Fact]
    public void A_recovery_does_not_grow_in_a_gap_and_begins_anew_after_a_long_one()
    {
        var clock = new TriggerClock(Errors(forSeconds: 0, recoverSeconds: 60));
        clock.Advance(4.2, T0);
        Every(clock, 0.1, 1, 50);
        Every(clock, null, 51, 100);
        Assert.Equal(TriggerPhase.Recovering, clock.Phase);
        Every(clock, null, 101, 200);
        Assert.Equal(TriggerPhase.Fired, clock.Phase);
        Every(clock, 0.1, 201, 260);
        Assert.Equal(TriggerPhase.Recovering, clock.Phase);
        clock.Advance(0.1, T0.AddSeconds(261));
        Assert.Equal(TriggerPhase.Clear, clock.Phase);
    }

    [Fact]
    public void Equal_times_add_nothing_and_the_last_value_of_them_holds()
    {
        var clock = new TriggerClock(Errors(forSeconds: 2));
        for (var i = 0; i < 100; i++)
        {
            clock.Advance(4.2, T0);
        }

        Assert.Equal((TriggerPhase.Pending, TimeSpan.Zero), (clock.Phase, clock.Held));
        clock.Advance(0.1, T0);
        Assert.Equal(TriggerPhase.Clear, clock.Phase);
    }

    [Fact]
    public void A_jump_forward_counts_as_one_bounded_step()
    {
        var clock = new TriggerClock(Errors());
        Every(clock, 4.2, 0, 100);
        clock.Advance(4.2, T0.AddSeconds(100 + 200));

        Assert.Equal((TriggerPhase.Pending, TimeSpan.FromSeconds(130)), (clock.Phase, clock.Held));
    }

    [Fact]
    public void A_jump_forward_beyond_the_gap_limit_begins_the_breach_anew_and_fires_nothing()
    {
        var clock = new TriggerClock(Errors());
        Every(clock, 4.2, 0, 299);
        clock.Advance(4.2, T0.AddDays(2));

        Assert.Equal((TriggerPhase.Pending, TimeSpan.Zero, true), (clock.Phase, clock.Held, clock.BegunAnew));
    }

    [Fact]
    public void A_clock_that_is_set_back_neither_fires_early_nor_loses_the_breach()
    {
        var clock = new TriggerClock(Errors());
        Every(clock, 4.2, 0, 200);
        var back = T0.AddHours(-1);
        clock.Advance(4.2, back);
        Assert.Equal((TriggerPhase.Pending, TimeSpan.FromSeconds(200), back.AddSeconds(100)), (clock.Phase, clock.Held, clock.FiresAt));
        Assert.Equal(back.AddSeconds(-200), clock.BreachedSince);

        for (var s = 1; s < 100; s++)
        {
            Assert.False(clock.Advance(4.2, back.AddSeconds(s)));
        }

        Assert.True(clock.Advance(4.2, back.AddSeconds(100)));
        Assert.Equal(TriggerPhase.Fired, clock.Phase);
    }

    [Fact]
    public void Evaluations_a_little_out_of_order_count_no_time_twice()
    {
        var clock = new TriggerClock(Errors(forSeconds: 60));
        for (var s = 0; s < 50; s++)
        {
            clock.Advance(4.2, T0.AddSeconds(s));
            clock.Advance(4.2, T0.AddSeconds(s - 5));
        }

        Assert.Equal((TriggerPhase.Pending, TimeSpan.FromSeconds(49)), (clock.Phase, clock.Held));
    }

    [Fact]
    public void What_is_kept_survives_a_restart_as_json_and_the_time_away_does_not_count()
    {
        var before = new TriggerClock(Errors());
        Every(before, 4.2, 0, 200);
        var json = JsonSerializer.Serialize(before.Save());

        var after = new TriggerClock(Errors());
        after.Restore(JsonSerializer.Deserialize<TriggerMemory>(json)!);
        Assert.Equal((before.Phase, before.Since, before.BreachedSince, before.Held), (after.Phase, after.Since, after.BreachedSince, after.Held));

        Every(after, 4.2, 290, 389);
        Assert.Equal((TriggerPhase.Pending, TimeSpan.FromSeconds(299)), (after.Phase, after.Held));
        after.Advance(4.2, T0.AddSeconds(390));
        Assert.Equal(TriggerPhase.Fired, after.Phase);
    }

    [Fact]
    public void A_fired_trigger_is_fired_after_a_restart_and_its_firing_is_the_same_one()
    {
        var before = new TriggerClock(Errors(forSeconds: 0));
        before.Advance(4.2, T0);
        var after = new TriggerClock(Errors(forSeconds: 0));
        after.Restore(before.Save());
        after.Advance(4.2, T0.AddHours(1));

        Assert.Equal((TriggerPhase.Fired, 1), (after.Phase, after.Firings));
        Assert.Throws<ArgumentException>(() => new TriggerClock(Errors() with { Text = "another" }).Restore(before.Save()));
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        var clock = new TriggerClock(Errors(recoverSeconds: 10));
        var s = 0;

        Assert.Equal(0, Allocated.ByEach(() =>
        {
            for (var end = s + 1400; s < end; s++)
            {
                clock.Advance(s % 700 < 400 ? 4.2 : s % 700 < 500 ? null : 0.1, T0.AddSeconds(s));
            }
        }));
    }
}
