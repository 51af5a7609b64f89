using OpsConsole.Core.Signals;
using OpsConsole.Tests.Core.Sources.PrometheusText;

namespace OpsConsole.Tests.Core.Signals;

public sealed class SourceHealthTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Stale = TimeSpan.FromSeconds(15);
    private static readonly SourceBinding Binding = ScriptedSource.Binding(ScriptedSource.Gauge("a"));
    private static readonly SignalKey Queue = new("queue_depth");

    private readonly SourceHealth _health = new(Binding, Noon);

    private SignalHealth Signal => Assert.Single(_health.Signals);

    [Fact]
    public void Nothing_is_known_before_the_first_read() => Assert.Equal((SignalStanding.Awaited, false), (Signal.StandingAt(Noon, Stale), Signal.HasFound));

    [Fact]
    public void A_value_is_fresh_until_it_is_too_old_whatever_was_read_since()
    {
        _health.Take([Measured(7, Noon)]);
        _health.Take([Missing("Nothing was counted in the window.", 3)]);

        Assert.Equal((SignalStanding.Fresh, 7, 4), (Signal.StandingAt(Noon.AddSeconds(14), Stale), Signal.Value, Signal.Count));
        Assert.Equal(SignalStanding.Stale, Signal.StandingAt(Noon.AddSeconds(15), Stale));
    }

    [Fact]
    public void A_day_old_value_is_stale_however_lately_it_was_read()
    {
        _health.Take([Measured(7, Noon.AddDays(-1))]);

        Assert.Equal((SignalStanding.Stale, Noon.AddDays(-1)), (Signal.StandingAt(Noon, Stale), Signal.ValueAt));
    }

    [Fact]
    public void A_failed_read_is_failing_beside_a_fresh_value_and_keeps_it()
    {
        _health.Take([Measured(7, Noon)]);
        _health.Fail("The source answered 503.");

        Assert.Equal((SignalStanding.Failing, "The source answered 503.", 7), (Signal.StandingAt(Noon, Stale), Signal.Last!.Sentence, Signal.Value));
    }

    [Fact]
    public void An_older_value_does_not_take_the_place_of_a_newer_one()
    {
        _health.Take([Measured(7, Noon)]);
        _health.Take([Measured(3, Noon.AddMinutes(-5))]);

        Assert.Equal((7, Noon), (Signal.Value, Signal.ValueAt));
    }

    [Fact]
    public void What_was_never_found_says_since_when_and_with_the_same_text_each_time()
    {
        const string Why = "The source has no metric of that name.";
        _health.Take([Missing(Why, 0)]);

        var first = _health.Why(Sample(Why));

        Assert.Equal("The source has no metric of that name; no series of it was found since reading began at 2026-03-01 12:00:00 UTC.", first);
        Assert.Same(first, _health.Why(Sample(Why)));
        Assert.Equal(SignalStanding.Missing, Signal.StandingAt(Noon, Stale));
    }

    [Fact]
    public void Without_series_nothing_was_found()
    {
        _health.Take([Missing("The query came to no row.", null)]);

        Assert.Equal("The query came to no row; nothing of it was found since reading began at 2026-03-01 12:00:00 UTC.", _health.Why(Sample("The query came to no row.")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_was_found_once_says_only_why_it_has_no_value_now(bool measured)
    {
        _health.Take([measured ? Measured(7, Noon) : Missing("Collecting.", 3)]);
        _health.Take([Missing("It is gone.", 0)]);

        Assert.Equal("It is gone.", _health.Why(Sample("It is gone.")));
    }

    [Fact]
    public void Values_and_errors_are_left_as_they_are()
    {
        Assert.Null(_health.Why(Sample(null) with { Kind = SampleKind.Measured }));
        Assert.Equal("It is down.", _health.Why(Sample("It is down.") with { Kind = SampleKind.Error }));
    }

    private static SignalFinding Measured(double value, DateTimeOffset at) => new(Queue, SampleKind.Measured, value, 4, at, 1, 1, null);

    private static SignalFinding Missing(string why, int? series) => new(Queue, SampleKind.Missing, null, 0, null, series, null, why);

    private static SignalSample Sample(string? detail) => new(Binding.AddressOf(Queue), Noon, 0, 0, SampleKind.Missing, detail);
}
