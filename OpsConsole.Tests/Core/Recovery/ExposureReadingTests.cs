using OpsConsole.Core.Board;
using OpsConsole.Core.Recovery;
using OpsConsole.Core.Signals;
using OpsConsole.Tests.Core.Actions.Gate;
using static OpsConsole.Tests.Core.Recovery.ClockGiven;

namespace OpsConsole.Tests.Core.Recovery;

/// <summary>Who has the bad version and how many were hurt, from what was measured and from nothing else.</summary>
public sealed class ExposureReadingTests
{
    [Fact]
    public void Requests_by_version_give_the_share_with_both_its_counts()
    {
        var read = Measured(null, Errors(Verdict.Fail) with { Samples = 200, BaselineSamples = 600, AsOf = At(1) })!;

        Assert.Equal("requests by version", read.Source);
        Assert.Equal(new ExposurePoint(At(1), 25, 200, 800), Assert.Single(read.Curve));
        Assert.Equal(new Hurt(8, 200, "requests", At(-29), At(1)), read.Hurt);
    }

    [Fact]
    public void Sessions_count_before_requests_where_both_are_measured()
    {
        var crash = Given.Signal("crash_free_sessions", Verdict.Fail) with { Canary = 90, Samples = 30, BaselineSamples = 70, AsOf = At(31) };
        var read = Measured(null, Errors(Verdict.Fail), crash)!;

        Assert.Equal(("sessions by version", 30), (read.Source, read.Curve[0].Percent));
        Assert.Equal(new Hurt(3, 30, "sessions", At(1), At(31)), read.Hurt);
    }

    [Fact]
    public void Without_counts_it_is_what_the_target_confirmed_and_nobody_is_counted()
    {
        var read = Measured(null, Given.Signal("p99_latency", Verdict.Fail))!;
        Assert.Equal((ExposureReading.ByTarget, 25d, 0L), (read.Source, read.Curve[0].Percent, read.Curve[0].Of));
        Assert.Null(read.Hurt);
    }

    [Fact]
    public void A_silent_version_is_unknown_until_the_target_shows_that_nobody_has_it()
    {
        var silent = Errors(Verdict.Inconclusive) with { Quality = SignalQuality.Stale, Samples = 400, BaselineSamples = 600 };
        Assert.Null(Measured(null, silent));
        Assert.Null(Measured(null, silent with { Quality = SignalQuality.Fresh, Samples = 0, BaselineSamples = 0 }));

        var gone = ExposureReading.Measure(null, RolledBack(), Onset, true)!;
        Assert.Equal((0d, 0L, 4000L), (gone.Curve[0].Percent, gone.Curve[0].Count, gone.Curve[0].Of));
    }

    [Fact]
    public void Whoever_has_the_fix_is_among_all_that_are_seen()
    {
        var bad = Failing(Errors(Verdict.Inconclusive) with { Samples = 50, BaselineSamples = 150, AsOf = At(1) });
        var fix = Healthy(Errors(Verdict.Pass) with { Samples = 300, BaselineSamples = 150, AsOf = At(1) });
        Assert.Equal((10d, 50L, 500L), Left(bad, fix));

        // Silence of the bad version is an answer where few had it and its fix is heard by the same signal, and none where that is silent too.
        var silent = Failing(Errors(Verdict.Inconclusive) with { Quality = SignalQuality.Stale, Samples = 50, BaselineSamples = 0 }) with { AsOf = At(20) };
        var few = new Exposure("requests by version", [new(At(1), 5, 20, 400)], null);
        Assert.Equal((0d, 0L, 300L), ExposureReading.Measure(few, silent, Onset, false, successor: fix)!.Curve[^1] is var gone ? (gone.Percent, gone.Count, gone.Of) : default);
        Assert.Null(ExposureReading.Measure(null, silent, Onset, false, successor: Healthy(Errors(Verdict.Inconclusive) with { Quality = SignalQuality.Stale })));

        // A version that falls silent while many have it may have lost its measurements instead.
        var many = few with { Curve = [new(At(1), 25, 100, 400)] };
        Assert.Same(many, ExposureReading.Measure(many, silent, Onset, false, successor: fix));

        static (double Percent, long Count, long Of) Left(ReleaseSnapshot bad, ReleaseSnapshot fix) =>
            ExposureReading.Measure(null, bad, Onset, false, successor: fix)!.Curve[^1] is var point ? (point.Percent, point.Count, point.Of) : default;
    }

    [Fact]
    public void Windows_do_not_overlap_and_the_first_is_the_one_in_which_the_fault_was_seen()
    {
        Exposure? read = null;
        for (var second = 0; second <= 95; second++)
        {
            read = Measured(read, Errors(Verdict.Fail) with { Samples = 1000, Canary = 4, AsOf = At(second) });
        }

        Assert.Equal(new Hurt(160, 4000, "requests", At(-30), At(90)), read!.Hurt);
        Assert.Null(Measured(null, Errors(Verdict.Fail) with { Samples = 1000, Canary = 4, AsOf = At(-1) })!.Hurt);
    }

    [Fact]
    public void Stale_values_hurt_nobody_and_after_the_clock_nobody_is_counted()
    {
        var stale = Errors(Verdict.Inconclusive) with { Quality = SignalQuality.Stale, AsOf = At(60) };
        Assert.Null(ExposureReading.Measure(null, Failing(stale) with { ExposurePercent = 0 }, Onset, true)?.Hurt);
        Assert.Null(ExposureReading.Measure(null, Failing(Errors(Verdict.Fail) with { AsOf = At(60) }), Onset, counting: false)!.Hurt);
    }

    [Fact]
    public void What_adds_nothing_is_the_same_object()
    {
        var read = Measured(null, Errors(Verdict.Fail) with { AsOf = At(1) });
        Assert.Same(read, Measured(read, Errors(Verdict.Fail) with { AsOf = At(3) }));
        Assert.NotSame(read, Measured(read, Errors(Verdict.Fail) with { AsOf = At(7) }));
    }

    [Fact]
    public void A_day_of_it_stays_within_the_limit_and_keeps_both_ends()
    {
        Exposure? read = null;
        for (var second = 0; second <= 86400; second += 5)
        {
            read = Measured(read, Errors(Verdict.Fail) with { AsOf = At(second) });
            Assert.True(read!.Curve.Length <= ExposureReading.MostPoints);
        }

        Assert.Equal(Onset, read!.Curve[0].At);
        Assert.True(At(86400) - read.Curve[^1].At < TimeSpan.FromMinutes(15));
        Assert.InRange(read.Curve.Length, 100, ExposureReading.MostPoints);
    }

    [Fact]
    public void It_is_kept_as_text_and_read_again()
    {
        var read = Measured(null, Given.Signal("crash_free_sessions", Verdict.Fail) with { Canary = 90, Samples = 30, BaselineSamples = 70, AsOf = At(31) })!;
        var again = ExposureReading.Read(ExposureReading.Write(read))!;

        Assert.Equal(read.Curve.AsSpan(), again.Curve.AsSpan());
        Assert.Equal((read.Source, read.Hurt), (again.Source, again.Hurt));
        Assert.Null(ExposureReading.Read("{}"));
        Assert.Null(ExposureReading.Read("no json"));
    }

    private static Exposure? Measured(Exposure? before, params SignalSnapshot[] signals) => ExposureReading.Measure(before, Failing(signals), Onset, counting: true);
}
