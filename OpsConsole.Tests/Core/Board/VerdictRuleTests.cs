using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;

namespace OpsConsole.Tests.Core.Board;

public sealed class VerdictRuleTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    // errors: limit 1 %, delta 0.5 pp, window 30 s, stale after 15 s, 50 requests wanted.
    private static readonly SignalDefinition Errors = KnownSignals.Find("http_5xx_rate")!;
    private static readonly SignalDefinition Checkout = KnownSignals.Find("checkout_success_rate")!;

    private static SeriesReading Measured(double value, long count = 100, int age = 2) =>
        new(value, value, count, Now.AddSeconds(-age), Now.AddSeconds(-age), SampleKind.Measured, null);

    private static RolloutState Rolling(int collecting = 600) => new(ReleasePhase.RollingOut, 5, Now.AddSeconds(-collecting), "2.14.3");

    public static TheoryData<string, SeriesReading, SeriesReading, RolloutState, Verdict, SignalQuality, string> Table() => new()
    {
        { "inside", Measured(0.4), Measured(0.3), Rolling(), Verdict.Pass, SignalQuality.Fresh, "errors 0.4 %, limit 1 %, 100 requests, 2 s old" },
        { "at the limit", Measured(1), Measured(0.9), Rolling(), Verdict.Pass, SignalQuality.Fresh, "errors 1 %, limit 1 %, 100 requests, 2 s old" },
        { "past the limit", Measured(4.21, 18203), Measured(0.27), Rolling(), Verdict.Fail, SignalQuality.Fresh, "errors 4.21 % > 1 % for 2 s, 18,203 requests, 2 s old" },
        { "past the limit, no baseline", Measured(4.21), default, Rolling(), Verdict.Fail, SignalQuality.Fresh, "errors 4.21 % > 1 % for 2 s, 100 requests, 2 s old" },
        { "worse than the baseline", Measured(0.9), Measured(0.1), Rolling(), Verdict.Fail, SignalQuality.Fresh, "errors 0.9 %, +0.8 pp against 0.1 % before (limit +0.5 pp) for 2 s, 100 requests, 2 s old" },
        { "worse than a stale baseline", Measured(0.9), Measured(0.1, age: 15), Rolling(), Verdict.Pass, SignalQuality.Fresh, "errors 0.9 %, limit 1 %, 100 requests, 2 s old; not compared: 2.14.3 is 15 s old" },
        { "worse than a baseline of too few", Measured(0.9), Measured(0.1, 49), Rolling(), Verdict.Pass, SignalQuality.Fresh, "errors 0.9 %, limit 1 %, 100 requests, 2 s old; not compared: 2.14.3 has 49 of 50 requests" },
        { "inside, no baseline", Measured(0.9), default, Rolling(), Verdict.Pass, SignalQuality.Fresh, "errors 0.9 %, limit 1 %, 100 requests, 2 s old; not compared: 2.14.3 has no value" },
        { "inside, no previous version", Measured(0.9), default, Rolling() with { PreviousVersion = null }, Verdict.Pass, SignalQuality.Fresh, "errors 0.9 %, limit 1 %, 100 requests, 2 s old; not compared: there is no previous version" },
        { "just fresh", Measured(0.4, age: 14), Measured(0.4), Rolling(), Verdict.Pass, SignalQuality.Fresh, "errors 0.4 %, limit 1 %, 100 requests, 14 s old" },
        { "stale", Measured(0.4, age: 15), default, Rolling(), Verdict.Inconclusive, SignalQuality.Stale, "errors stale: newest value 15 s old" },
        { "stale and bad", Measured(40, age: 90), default, Rolling(), Verdict.Inconclusive, SignalQuality.Stale, "errors stale: newest value 1 m 30 s old" },
        { "stale, source lives", Measured(0.4, age: 20) with { HeardAt = Now.AddSeconds(-1), HeardKind = SampleKind.Missing }, default, Rolling(), Verdict.Inconclusive, SignalQuality.Stale, "errors stale: newest value 20 s old; the source answered 1 s ago that it has none" },
        { "too few, young", Measured(40, 31), default, Rolling(59), Verdict.Running, SignalQuality.Fresh, "errors 40 %: 31 of 50 requests needed in 30 s, 2 s old" },
        { "too few, old", Measured(40, 31), default, Rolling(60), Verdict.Inconclusive, SignalQuality.Fresh, "errors 40 %: 31 of 50 requests needed in 30 s, 2 s old" },
        { "missing, young", default, default, Rolling(44), Verdict.Running, SignalQuality.Missing, "errors awaited: no value yet" },
        { "missing, old", default, default, Rolling(45), Verdict.Inconclusive, SignalQuality.Missing, "errors missing: never a value" },
        { "missing, source lives", new(null, null, 0, null, Now.AddSeconds(-1), SampleKind.Missing, null), default, Rolling(), Verdict.Inconclusive, SignalQuality.Missing, "errors missing: never a value; the source answered 1 s ago that it has none" },
        { "missing, source says why", new(null, null, 0, null, Now.AddSeconds(-1), SampleKind.Missing, "No series of it was found."), default, Rolling(), Verdict.Inconclusive, SignalQuality.Missing, "errors missing: never a value; the source answered 1 s ago that it has none: No series of it was found" },
        { "missing, young, source says why", new(null, null, 0, null, Now.AddSeconds(-1), SampleKind.Missing, "Collecting."), default, Rolling(44), Verdict.Running, SignalQuality.Missing, "errors awaited: no value yet; the source answered 1 s ago that it has none: Collecting" },
        { "error", Measured(0.4) with { HeardAt = Now.AddSeconds(-1), HeardKind = SampleKind.Error, Detail = "no answer in 3 s" }, default, Rolling(), Verdict.Error, SignalQuality.Fresh, "errors cannot be read: no answer in 3 s, 1 s ago" },
        { "error of a whole sentence", Measured(0.4) with { HeardAt = Now.AddSeconds(-1), HeardKind = SampleKind.Error, Detail = "The source does not accept connections." }, default, Rolling(), Verdict.Error, SignalQuality.Fresh, "errors cannot be read: The source does not accept connections, 1 s ago" },
        { "error, past the limit", Measured(40) with { HeardKind = SampleKind.Error }, default, Rolling(), Verdict.Error, SignalQuality.Fresh, "errors cannot be read: the source failed, 2 s ago" },
        { "not exposed, inside", Measured(0.4), default, new(ReleasePhase.Registered, 0, Now.AddHours(-1), "2.14.3"), Verdict.Running, SignalQuality.Fresh, "errors not judged: not exposed yet" },
        { "not exposed, missing", default, default, new(ReleasePhase.Registered, 0, Now.AddHours(-1), "2.14.3"), Verdict.Running, SignalQuality.Missing, "errors not judged: not exposed yet" },
        { "not exposed, unreadable", Measured(0.4) with { HeardKind = SampleKind.Error }, default, new(ReleasePhase.Registered, 0, Now.AddHours(-1), "2.14.3"), Verdict.Error, SignalQuality.Fresh, "errors cannot be read: the source failed, 2 s ago" },
        { "not exposed, past the limit", Measured(4), default, new(ReleasePhase.Registered, 0, Now.AddHours(-1), "2.14.3"), Verdict.Fail, SignalQuality.Fresh, "errors 4 % > 1 % for 2 s, 100 requests, 2 s old" },
        { "halted and bad", Measured(4), default, new(ReleasePhase.Halted, 25, Now.AddHours(-1), "2.14.3"), Verdict.Fail, SignalQuality.Fresh, "errors 4 % > 1 % for 2 s, 100 requests, 2 s old" },
        { "rolled back, inside", Measured(0.4), default, new(ReleasePhase.RolledBack, 0, Now.AddHours(-1), "2.14.3"), Verdict.Inconclusive, SignalQuality.Fresh, "errors not judged: rolled back" },
        { "rolled back, bad", Measured(40), default, new(ReleasePhase.RolledBack, 0, Now.AddHours(-1), "2.14.3"), Verdict.Inconclusive, SignalQuality.Fresh, "errors not judged: rolled back" },
        { "superseded", Measured(0.4), default, new(ReleasePhase.Superseded, 100, Now.AddHours(-1), "2.14.3"), Verdict.Inconclusive, SignalQuality.Fresh, "errors not judged: superseded" },
        { "done and measured", Measured(0.4), Measured(0.4), new(ReleasePhase.Done, 100, Now.AddHours(-1), "2.14.3"), Verdict.Pass, SignalQuality.Fresh, "errors 0.4 %, limit 1 %, 100 requests, 2 s old" },
        { "done and bad", Measured(4), default, new(ReleasePhase.Done, 100, Now.AddHours(-1), "2.14.3"), Verdict.Fail, SignalQuality.Fresh, "errors 4 % > 1 % for 2 s, 100 requests, 2 s old" },
        { "done, source gone", Measured(0.4) with { HeardKind = SampleKind.Error }, default, new(ReleasePhase.Done, 100, Now.AddHours(-1), "2.14.3"), Verdict.Inconclusive, SignalQuality.Fresh, "errors cannot be read: the source failed, 2 s ago" },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void Judges(string name, SeriesReading canary, SeriesReading baseline, RolloutState rollout, Verdict verdict, SignalQuality quality, string reason)
    {
        var judged = VerdictRule.Judge(Errors, canary, baseline, rollout, null, Now);
        Assert.Equal((name, verdict, quality, reason), (name, judged.Verdict, judged.Quality, judged.Reason));
    }

    // checkout: no limit, delta 3 pp.
    public static TheoryData<string, SeriesReading, RolloutState, Verdict, string> OnlyCompared() => new()
    {
        { "fresh", Measured(97), Rolling(), Verdict.Pass, "checkout success 96 %, 100 observations, 2 s old" },
        { "stale, young", Measured(97, age: 18), Rolling(59), Verdict.Running, "checkout success 96 %: no baseline to compare with: 2.14.3 is 18 s old" },
        { "stale, old", Measured(97, age: 18), Rolling(60), Verdict.Inconclusive, "checkout success 96 %: no baseline to compare with: 2.14.3 is 18 s old" },
        { "too few", Measured(97, 3), Rolling(), Verdict.Inconclusive, "checkout success 96 %: no baseline to compare with: 2.14.3 has 3 of 50 observations" },
        { "missing", default, Rolling(), Verdict.Inconclusive, "checkout success 96 %: no baseline to compare with: 2.14.3 has no value" },
        { "empty window", Measured(97) with { Value = null, Count = 50 }, Rolling(), Verdict.Inconclusive, "checkout success 96 %: no baseline to compare with: 2.14.3 has no value in the window" },
        { "no previous version, young", default, Rolling(1) with { PreviousVersion = null }, Verdict.Inconclusive, "checkout success 96 %: no baseline to compare with: there is no previous version" },
        { "not exposed", default, Rolling() with { Phase = ReleasePhase.Registered, ExposurePercent = 0 }, Verdict.Running, "checkout success not judged: not exposed yet" },
    };

    [Theory]
    [MemberData(nameof(OnlyCompared))]
    public void A_signal_that_is_only_compared_does_not_pass_without_a_baseline(string name, SeriesReading baseline, RolloutState rollout, Verdict verdict, string reason)
    {
        var judged = VerdictRule.Judge(Checkout, Measured(96), baseline, rollout, null, Now);
        Assert.Equal((name, verdict, reason), (name, judged.Verdict, judged.Reason));
    }

    [Theory]
    [InlineData(96, 100, 97.0, Verdict.Pass, "checkout success 96 %, 100 observations, 2 s old")]
    [InlineData(90, 100, 97.0, Verdict.Fail, "checkout success 90 %, \u22127 pp against 97 % before, 5 m 0 s ago (limit \u22123 pp) for 2 s, 100 observations, 2 s old")]
    [InlineData(90, 99.9, 97.0, Verdict.Inconclusive, "checkout success 90 %: no baseline to compare with: 2.14.3 has no value")]
    [InlineData(90, 100, null, Verdict.Inconclusive, "checkout success 90 %: no baseline to compare with: 2.14.3 has no value")]
    public void At_100_percent_what_was_measured_before_stands_in_for_a_silent_baseline(double canary, double exposure, double? before, Verdict verdict, string reason)
    {
        var kept = before is { } value ? Measured(value, age: 300) : default;
        var judged = VerdictRule.Judge(Checkout, Measured(canary), default, Rolling() with { ExposurePercent = exposure }, null, Now, kept);
        Assert.Equal((verdict, reason, null), (judged.Verdict, judged.Reason, judged.Delta));
    }

    [Theory]
    [InlineData(BetterWhen.Lower, 5, Verdict.Fail, "queue 5 against 0 before for 2 s, 100 observations, 2 s old")]
    [InlineData(BetterWhen.Lower, 0, Verdict.Pass, "queue 0, 100 observations, 2 s old")]
    [InlineData(BetterWhen.Higher, 5, Verdict.Pass, "queue 5, 100 observations, 2 s old")]
    public void Against_a_baseline_of_zero_anything_worse_is_too_far(BetterWhen better, double canary, Verdict verdict, string reason)
    {
        var queue = KnownSignals.Find("queue_depth")! with { DeltaLimit = 50, Better = better };
        var judged = VerdictRule.Judge(queue, Measured(canary), Measured(0), Rolling(), null, Now);
        Assert.Equal((verdict, reason), (judged.Verdict, judged.Reason));
    }

    [Theory]
    [InlineData(59, Verdict.Running)]
    [InlineData(60, Verdict.Inconclusive)]
    public void Without_a_value_in_the_window_nothing_passes(int collecting, Verdict expected)
    {
        var queue = KnownSignals.Find("queue_depth")! with { Limit = 100, StaleAfter = TimeSpan.FromMinutes(5) };
        var judged = VerdictRule.Judge(queue, Measured(7, 0, 45) with { Value = null }, Measured(7), Rolling(collecting), null, Now);
        Assert.Equal((expected, "queue: no value in the window of 30 s, newest 45 s old"), (judged.Verdict, judged.Reason));
    }

    [Theory]
    [InlineData(96.9, 100, Verdict.Fail)]
    [InlineData(97.1, 100, Verdict.Pass)]
    [InlineData(100, 90, Verdict.Pass)]
    public void Where_higher_is_better_a_drop_fails(double canary, double baseline, Verdict expected) =>
        Assert.Equal(expected, VerdictRule.Judge(Checkout, Measured(canary), Measured(baseline), Rolling(), null, Now).Verdict);

    [Fact]
    public void Where_higher_is_better_the_limit_is_a_floor()
    {
        var crashFree = KnownSignals.Find("crash_free_users")!;
        var judged = VerdictRule.Judge(crashFree, Measured(97.2), default, Rolling(), null, Now);
        Assert.Equal(Verdict.Fail, judged.Verdict);
        Assert.StartsWith("crash-free users 97.2 % < 99 %", judged.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_breach_keeps_its_beginning_until_the_signal_is_seen_inside_its_limits()
    {
        var since = Now.AddSeconds(-192);
        var bad = VerdictRule.Judge(Errors, Measured(4.21), default, Rolling(), since, Now);
        Assert.Equal(since, bad.BreachedSince);
        Assert.Contains("for 3 m 12 s", bad.Reason, StringComparison.Ordinal);
        Assert.Equal(since, VerdictRule.Judge(Errors, Measured(4, age: 30), default, Rolling(), since, Now).BreachedSince);
        Assert.Null(VerdictRule.Judge(Errors, Measured(0.1), default, Rolling(), since, Now).BreachedSince);
    }

    [Theory]
    [InlineData(SignalUnit.Percent, 4.0, 1.0, 3.0)]
    [InlineData(SignalUnit.Milliseconds, 300.0, 100.0, 200.0)]
    [InlineData(SignalUnit.Milliseconds, 0.0, 0.0, 0.0)]
    [InlineData(SignalUnit.Milliseconds, 5.0, 0.0, null)]
    [InlineData(SignalUnit.Percent, 5.0, 0.0, 5.0)]
    [InlineData(SignalUnit.Percent, null, 1.0, null)]
    [InlineData(SignalUnit.Percent, 1.0, null, null)]
    public void Difference_is_in_points_for_percent_and_relative_otherwise(SignalUnit unit, double? canary, double? baseline, double? expected) =>
        Assert.Equal(expected, VerdictRule.Difference(unit, canary, baseline));

    [Fact]
    public void A_breach_begins_with_the_first_bad_sample_also_while_there_are_too_few_to_fail_it()
    {
        var few = VerdictRule.Judge(Errors, Measured(50, 2, age: 4), default, Rolling(10), null, Now);
        Assert.Equal((Verdict.Running, Now.AddSeconds(-4)), (few.Verdict, few.BreachedSince));
        Assert.Equal(few.BreachedSince, VerdictRule.Judge(Errors, Measured(50), default, Rolling(), few.BreachedSince, Now).BreachedSince);
        Assert.Null(VerdictRule.Judge(Errors, Measured(0, 2), default, Rolling(10), null, Now).BreachedSince);
    }

    public static TheoryData<string, SeriesReading, Verdict, string> Held() => new()
    {
        { "silent", Measured(2, age: 1200), Verdict.Inconclusive, "errors stale: newest value 20 m 0 s old; it failed when it was last judged, 20 m 0 s ago" },
        { "nothing is kept of it", default, Verdict.Inconclusive, "errors missing: never a value; it failed when it was last judged, 20 m 0 s ago" },
        { "too few", Measured(0, 49), Verdict.Inconclusive, "errors 0 %: 49 of 50 requests needed in 30 s, 2 s old; it failed when it was last judged, 20 m 0 s ago" },
        { "unreadable", Measured(2, age: 1200) with { HeardAt = Now.AddSeconds(-1), HeardKind = SampleKind.Error }, Verdict.Error, "errors cannot be read: the source failed, 1 s ago" },
        { "inside its limits", Measured(0.4), Verdict.Running, "errors not judged: not exposed yet" },
    };

    [Theory]
    [MemberData(nameof(Held))]
    public void What_failed_before_the_first_stage_is_held_back_until_it_is_seen_inside_its_limits(string name, SeriesReading canary, Verdict verdict, string reason)
    {
        var registered = Rolling() with { Phase = ReleasePhase.Registered, ExposurePercent = 0 };
        var failed = VerdictRule.Judge(Errors, Measured(2), default, registered, null, Now);
        Assert.Equal((Verdict.Fail, Now.AddSeconds(-2)), (failed.Verdict, failed.FailedAt));

        var last = Now.AddMinutes(-20);
        var judged = VerdictRule.Judge(Errors, canary, default, registered, last, Now, failedAt: last);

        Assert.Equal((name, verdict, reason, verdict == Verdict.Running ? null : last), (name, judged.Verdict, judged.Reason, judged.FailedAt));
    }

    [Fact]
    public void A_gauge_needs_no_observations()
    {
        var queue = KnownSignals.Find("queue_depth")! with { Limit = 100 };
        Assert.Equal(Verdict.Pass, VerdictRule.Judge(queue, Measured(7, 0), default, Rolling(), null, Now).Verdict);
        Assert.Equal(Verdict.Fail, VerdictRule.Judge(queue, Measured(700, 0), default, Rolling(), null, Now).Verdict);
    }
}
