using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;

namespace OpsConsole.Tests.Core.Board;

/// <summary>Signals whose source tells them over windows of its own, which lie over each other.</summary>
public sealed class SnapshotSignalTests
{
    private static readonly SignalDefinition Hourly = KnownSignals.Find(BoardRig.Errors)! with { Window = TimeSpan.FromHours(2), StaleAfter = TimeSpan.FromHours(2), MinimumCount = 500 };

    private readonly BoardRig _rig = new();

    [Fact]
    public void Of_a_signal_that_was_registered_as_a_mean_the_newest_counts_alone_and_the_reason_says_so()
    {
        var release = _rig.Rolling(signals: Hourly);

        foreach (var (minutes, value) in new[] { (40, 0.1), (30, 0.2), (20, 3.0) })
        {
            Say(release, _rig.Now.AddMinutes(-minutes), value, 600);
        }

        var signal = _rig.Build(release).Signals[0];
        Assert.Equal((Verdict.Fail, 3.0, 600L), (signal.Verdict, signal.Canary!.Value, signal.Samples));
        Assert.EndsWith("; its source tells it over windows of its own, so the newest counts alone and no mean is taken: register it with aggregation latest", signal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Few_observations_are_not_made_many_by_being_told_again()
    {
        var release = _rig.Rolling(signals: Hourly);

        for (var minutes = 40; minutes > 0; minutes -= 5)
        {
            Say(release, _rig.Now.AddMinutes(-minutes), 0.1, 100);
        }

        var signal = _rig.Build(release).Signals[0];
        Assert.Equal((Verdict.Running, 100L), (signal.Verdict, signal.Samples));
        Assert.Contains("100 of 500 requests needed, ", signal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_pushed_before_is_no_part_of_it()
    {
        var release = _rig.Rolling(signals: Hourly);
        _rig.Record(release, 0, 1_000_000, at: _rig.Now.AddMinutes(-5));

        Say(release, _rig.Now.AddMinutes(-1), 3, 600);

        Assert.Equal((Verdict.Fail, 600L), (_rig.Build(release).Signals[0].Verdict, _rig.Build(release).Signals[0].Samples));
    }

    [Fact]
    public void One_that_was_registered_as_its_newest_has_nothing_to_say_of_it()
    {
        var release = _rig.Rolling(signals: Hourly with { Aggregation = SignalAggregation.Latest });

        Say(release, _rig.Now.AddMinutes(-1), 0.1, 600);

        var signal = _rig.Build(release).Signals[0];
        Assert.Equal(Verdict.Pass, signal.Verdict);
        Assert.DoesNotContain("windows of its own", signal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_source_corrects_counts_instead_of_what_it_said_before()
    {
        var release = _rig.Rolling(signals: Hourly);
        var at = _rig.Now.AddMinutes(-1);
        Say(release, at, 0, 900, isSnapshot: false);
        Say(release, at.AddSeconds(1), 4, 100, isSnapshot: false);

        Say(release, at.AddSeconds(1), 2, 300, isSnapshot: false, corrects: (4, 100));

        var signal = _rig.Build(release).Signals[0];
        Assert.Equal((0.5, 1200L), (signal.Canary!.Value, signal.Samples));
    }

    [Fact]
    public void A_release_that_never_heard_what_is_corrected_has_nothing_taken_away()
    {
        var release = _rig.Rolling(signals: Hourly);
        var at = _rig.Now.AddMinutes(-1);
        _rig.Record(release, 1, 600, at: at);

        Say(release, at, 1, 600, isSnapshot: false, corrects: (0, 500));

        Assert.Equal(1200L, _rig.Build(release).Signals[0].Samples);
    }

    private void Say(Release release, DateTimeOffset at, double value, long count, bool isSnapshot = true, (double, long)? corrects = null) => _rig.Board.Record(new SignalSample(
        new(release.Service, release.Target, release.Environment, release.Version, Hourly.Key), at, value, count, Heard: _rig.Now, IsSnapshot: isSnapshot, Corrects: corrects));
}
