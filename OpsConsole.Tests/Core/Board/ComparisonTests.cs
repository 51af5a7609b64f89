using OpsConsole.Core.Board;
using OpsConsole.Core.Signals;

namespace OpsConsole.Tests.Core.Board;

public sealed class ComparisonTests
{
    private readonly BoardRig _rig = new();

    [Theory]
    [InlineData(96, Verdict.Pass)]
    [InlineData(90, Verdict.Fail)]
    public void When_everybody_has_the_release_it_is_compared_with_what_was_before(double value, Verdict expected)
    {
        const string Checkout = "checkout_success_rate";
        var release = _rig.Rolling(signals: KnownSignals.Find(Checkout)!);
        _rig.RecordBaseline(release, 97, signal: Checkout);
        _rig.Record(release, 97, signal: Checkout);
        Assert.Equal(Verdict.Pass, _rig.Build(release).Verdict);

        release.EnterNextStage(_rig.Now);
        release.EnterNextStage(_rig.Now);
        _rig.Board.Track(release);
        _rig.Build(release);
        for (var minute = 0; minute < 15; minute++)
        {
            _rig.Time.Advance(TimeSpan.FromMinutes(1));
            _rig.Record(release, value, signal: Checkout);
            Assert.Equal((minute, expected), (minute, _rig.Build(release).Verdict));
        }
    }

    [Fact]
    public void A_baseline_that_falls_silent_is_noticed_when_it_becomes_stale()
    {
        const string Checkout = "checkout_success_rate";
        var release = _rig.Rolling(signals: KnownSignals.Find(Checkout)! with { StaleAfter = TimeSpan.FromSeconds(20) });
        _rig.Time.Advance(TimeSpan.FromMinutes(2));
        _rig.RecordBaseline(release, 97, signal: Checkout);
        _rig.Time.Advance(TimeSpan.FromSeconds(18));
        _rig.Record(release, 97, signal: Checkout);
        Assert.Equal(Verdict.Pass, _rig.Build(release).Verdict);
        var signal = _rig.Build(release).Signals[0];
        Assert.Equal((Verdict.Inconclusive, "checkout success 97 %: no baseline to compare with: 1.0.0 is 20 s old"), (signal.Verdict, signal.Reason));
    }
}
