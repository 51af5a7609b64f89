using OpsConsole.Core.Board;
using OpsConsole.Core.Signals;

namespace OpsConsole.Tests.Core.Board;

/// <summary>Signals whose numbers come hours after what they measure, and sources that say the same for hours.</summary>
public sealed class SlowSignalTests
{
    private static readonly SignalDefinition Daily = KnownSignals.Find(BoardRig.Errors)! with { Window = TimeSpan.FromDays(2), StaleAfter = TimeSpan.FromDays(2), MinimumCount = 1 };

    private readonly BoardRig _rig = new();

    [Fact]
    public void A_number_of_yesterday_is_shown_with_its_age_where_its_signal_may_be_that_old()
    {
        var release = _rig.Rolling(signals: Daily);

        Assert.Equal(RecordOutcome.Recorded, _rig.Record(release, 0.5, 1000, at: _rig.Now.AddDays(-1)));

        var signal = _rig.Build(release).Signals[0];
        Assert.Equal((0.5, SignalQuality.Fresh, _rig.Now.AddDays(-1).AddSeconds(-1)), (signal.Canary!.Value, signal.Quality, signal.AsOf!.Value));
        Assert.Equal(SignalQuality.Stale, _rig.Build(release, TimeSpan.FromDays(1).TotalSeconds).Signals[0].Quality);
    }

    [Fact]
    public void What_is_older_than_its_signal_may_be_stays_out()
    {
        var release = _rig.Rolling(signals: Daily);

        Assert.Equal(RecordOutcome.TooOld, _rig.Record(release, 0.5, at: _rig.Now.AddDays(-2).AddSeconds(-1)));
        Assert.Null(_rig.Build(release).Signals[0].Canary);
    }

    [Fact]
    public void The_same_measurement_again_counts_once()
    {
        var release = _rig.Rolling(signals: Daily);
        var at = _rig.Now.AddHours(-5);
        _rig.Record(release, 0.5, 1000, at: at);

        Repeat(release.Version, at);
        Repeat(release.Version, at);

        Assert.Equal(1000, _rig.Build(release).Signals[0].Samples);
    }

    [Fact]
    public void A_source_that_says_the_same_again_after_a_fault_is_well_again()
    {
        var release = _rig.Rolling(signals: Daily);
        var at = _rig.Now.AddHours(-5);
        _rig.Record(release, 0.5, 1000, at: at);
        _rig.Record(release, 0, 0, kind: SampleKind.Error, detail: "The source failed.");
        Assert.Equal(Verdict.Error, _rig.Build(release).Signals[0].Verdict);

        Repeat(release.Version, at);

        Assert.Equal(Verdict.Pass, _rig.Build(release).Signals[0].Verdict);
    }

    [Fact]
    public void A_source_that_says_something_new_of_before_its_fault_is_well_again()
    {
        var release = _rig.Rolling(signals: Daily);
        _rig.Record(release, 0, 0, kind: SampleKind.Error, detail: "The source failed.");
        _rig.Build(release);

        _rig.Board.Record(new SignalSample(new("shop", "gateway", "production", release.Version, new SignalKey(BoardRig.Errors)), _rig.Now.AddMinutes(-5), 0.5, 1000, Heard: _rig.Now));

        var signal = _rig.Build(release).Signals[0];
        Assert.Equal((Verdict.Pass, _rig.Now.AddSeconds(-1).AddMinutes(-5)), (signal.Verdict, signal.AsOf!.Value));
    }

    [Fact]
    public void A_repetition_is_the_first_for_a_release_that_came_later()
    {
        var release = _rig.Rolling(signals: Daily);

        Repeat(release.Version, _rig.Now.AddHours(-5));

        Assert.Equal(0.5, _rig.Build(release).Signals[0].Canary);
    }

    private void Repeat(string version, DateTimeOffset at) => Assert.Equal(
        RecordOutcome.Recorded,
        _rig.Board.Record(new SignalSample(new("shop", "gateway", "production", version, new SignalKey(BoardRig.Errors)), at, 0.5, 1000, Repeats: true)));
}
