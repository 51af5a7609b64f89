using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;

namespace OpsConsole.Tests.Core.Board;

/// <summary>Samples that a source was asked for afterwards fill what is not known, and change nothing that is.</summary>
public sealed class PastSampleTests
{
    private static readonly SignalDefinition Minute = KnownSignals.Find(BoardRig.Errors)! with { Window = TimeSpan.FromMinutes(5), MinimumCount = 0 };

    private readonly BoardRig _rig = new();

    [Fact]
    public void They_fill_the_window_and_the_chart_of_a_release_that_was_just_put_on_the_board()
    {
        var release = _rig.Rolling(signals: Minute);

        Fill(release, 60, 30, value: 1);
        _rig.Record(release, 4, 100);

        var signal = _rig.Build(release, 6).Signals[0];
        Assert.Equal((2.0, 300L), (signal.Canary!.Value, signal.Samples));
        Assert.Equal([1, 1, 4], signal.CanaryPoints.Where(p => !double.IsNaN(p.Value)).Select(p => p.Value));
    }

    [Fact]
    public void What_was_heard_already_is_not_counted_again()
    {
        var release = _rig.Rolling(signals: Minute);
        _rig.Record(release, 4, 100, at: _rig.Now.AddSeconds(-30));

        Fill(release, 60, 30, value: 1);
        Fill(release, 20, 10, value: 1);

        Assert.Equal((2.0, 300L), (_rig.Build(release).Signals[0].Canary!.Value, _rig.Build(release).Signals[0].Samples));
    }

    [Fact]
    public void They_make_no_old_value_one_of_now_and_no_failure_good()
    {
        var release = _rig.Rolling(signals: Minute with { StaleAfter = TimeSpan.FromSeconds(15) });
        Fill(release, 120, 60, value: 1);
        Assert.Equal(SignalQuality.Stale, _rig.Build(release).Signals[0].Quality);

        _rig.Record(release, 0, kind: SampleKind.Error, detail: "The source answered 500.");
        Fill(release, 50, 40, value: 1);

        Assert.Equal(Verdict.Error, _rig.Build(release).Signals[0].Verdict);
    }

    private void Fill(Release release, int from, int every, double value)
    {
        for (var ago = from; ago > 0; ago -= every)
        {
            _rig.Board.Record(new SignalSample(new(release.Service, release.Target, release.Environment, release.Version, Minute.Key), _rig.Now.AddSeconds(-ago), value, 100, IsPast: true));
        }
    }
}
