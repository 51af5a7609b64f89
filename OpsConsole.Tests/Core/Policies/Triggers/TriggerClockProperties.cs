using FsCheck;
using FsCheck.Fluent;
using OpsConsole.Core.Policies.Triggers;
using OpsConsole.Core.Rollouts;

namespace OpsConsole.Tests.Core.Policies.Triggers;

/// <summary>What holds of the trigger's clock whatever comes.</summary>
public sealed class TriggerClockProperties
{
    private sealed record Look(int Step, double? Value);

    private static Gen<Look[]> Looks(int fewest, int most) =>
        (from step in Gen.Frequency((8, Gen.Choose(0, 5)), (2, Gen.Choose(6, 45)), (1, Gen.Choose(fewest, most)))
         from value in Gen.Frequency((7, Gen.Constant((double?)5)), (2, Gen.Constant((double?)null)), (1, Gen.Constant((double?)0.5)))
         select new Look(step, value)).ArrayOf(120);

    [Fact]
    public void It_fires_exactly_when_the_breach_has_held_with_data_present()
    {
        Prop.ForAll(Looks(0, 400).ToArbitrary(), looks =>
        {
            var clock = new TriggerClock(TriggerClockTests.Errors(forSeconds: 90));
            var at = TriggerClockTests.T0;
            var seen = new List<(DateTimeOffset At, double? Value)>();
            foreach (var look in looks)
            {
                at = at.AddSeconds(look.Step);
                seen.Add((at, look.Value));
                clock.Advance(look.Value, at);
                if (clock.Phase == TriggerPhase.Fired)
                {
                    return HeldAtTheEnd(seen) >= TimeSpan.FromSeconds(90);
                }

                if (look.Value is > 1 && HeldAtTheEnd(seen) >= TimeSpan.FromSeconds(90))
                {
                    return false; // It had held, and did not fire.
                }
            }

            return true;
        }).QuickCheckThrowOnFailure();
    }

    /// <summary>The rule by counting: the time with data of the breach at the end, walked back to the last value inside or the last gap that is too long.</summary>
    private static TimeSpan HeldAtTheEnd(List<(DateTimeOffset At, double? Value)> seen)
    {
        var (longest, limit) = (TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(90));
        var (held, gap) = (TimeSpan.Zero, TimeSpan.Zero);
        for (var i = seen.Count - 1; i > 0; i--)
        {
            var step = seen[i].At - seen[i - 1].At;
            var data = seen[i].Value is not null && seen[i - 1].Value is not null;
            gap = data ? step - longest : seen[i].Value is not null || seen[i - 1].Value is null ? gap + step : step + gap;
            if (gap > limit || seen[i - 1].Value is <= 1)
            {
                break;
            }

            if (data)
            {
                held += step < longest ? step : longest;
            }

            gap = seen[i - 1].Value is not null ? TimeSpan.Zero : gap;
        }

        return held;
    }

    [Fact]
    public void Whatever_the_clock_does_it_never_fires_on_fewer_steps_than_the_duration_has()
    {
        Prop.ForAll(Looks(-100_000, 100_000).ToArbitrary(), looks =>
        {
            var clock = new TriggerClock(TriggerClockTests.Errors(forSeconds: 90));
            var at = TriggerClockTests.T0;
            var breached = 0;
            foreach (var look in looks)
            {
                at = at.AddSeconds(look.Step);
                clock.Advance(look.Value, at);
                breached += look.Value is > 1 ? 1 : 0;
                if (clock.Phase == TriggerPhase.Fired)
                {
                    // 90 s are at least three steps of at most 30 s, and so four breached values.
                    return breached >= 4 && clock.BreachedSince <= clock.Since;
                }
            }

            return true;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_longer_duration_never_fires_earlier()
    {
        Prop.ForAll(Looks(0, 400).ToArbitrary(), looks =>
        {
            // Both survive the same gaps, so only the duration differs.
            var (shorter, longer) = (new TriggerClock(TriggerClockTests.Errors(forSeconds: 20)), new TriggerClock(TriggerClockTests.Errors(forSeconds: 50)));
            var at = TriggerClockTests.T0;
            return looks.All(look =>
            {
                at = at.AddSeconds(look.Step);
                shorter.Advance(look.Value, at);
                longer.Advance(look.Value, at);
                return longer.Firings <= shorter.Firings && (!longer.IsFiring || shorter.IsFiring);
            });
        }).QuickCheckThrowOnFailure();
    }
}
