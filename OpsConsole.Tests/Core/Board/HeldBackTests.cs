using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Promote;
using OpsConsole.Core.Board;

namespace OpsConsole.Tests.Core.Board;

/// <summary>A release that failed before its first stage and is not measured any more, on a whole board.</summary>
public sealed class HeldBackTests
{
    private readonly BoardRig _rig = new();

    [Fact]
    public void A_release_that_failed_before_its_first_stage_and_fell_silent_is_not_promoted_until_it_is_seen_inside_its_limits()
    {
        var release = BoardRig.Release(registeredAt: _rig.Now);
        _rig.Board.Track(release);
        Measure(null);
        Assert.Equal((Verdict.Running, 0), Standing(_rig.Build(release)));

        Measure(2);
        Assert.Equal((Verdict.Fail, 1), Standing(_rig.Build(release)));

        _rig.Time.Advance(TimeSpan.FromMinutes(20));
        Measure(null);
        var silent = _rig.Build(release);
        Assert.Equal((Verdict.Inconclusive, 2), Standing(silent));
        Assert.Equal("errors stale: newest value 20 m 2 s old; it failed when it was last judged, 20 m 2 s ago", silent.Reason);

        Measure(0.2);
        Assert.Equal((Verdict.Running, 0), Standing(_rig.Build(release)));

        void Measure(double? value)
        {
            _rig.RecordBaseline(release, 0.4);
            if (value is { } errors)
            {
                _rig.Record(release, errors, 3_000);
            }
        }

        // The verdict, and how many gates stand against promoting.
        (Verdict Verdict, int Against) Standing(ReleaseSnapshot snapshot) => (snapshot.Verdict, PromotionGates
            .Judge(ReleaseState.From(release), snapshot, _rig.Now).Count(g => g.Verdict != Verdict.Pass));
    }
}
