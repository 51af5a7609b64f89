using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;

namespace OpsConsole.Tests.Core.Board;

/// <summary>What becomes of a release on the board when another takes its place.</summary>
public sealed class ReplacedReleaseTests
{
    private readonly BoardRig _rig = new();

    [Fact]
    public void A_fixed_release_has_no_row_and_stays_measured_while_its_fix_is_on_the_board()
    {
        var bad = _rig.Rolling();
        bad.Halt(_rig.Now);
        bad.Supersede(_rig.Now);
        var fix = BoardRig.Release(version: "2.0.1", fixes: bad.Id);
        _rig.Board.Replace(fix, [bad]);
        _rig.Record(bad, 0.5);
        _rig.Build(fix);

        Assert.Equal(fix.Id, Assert.Single(_rig.Board.Current.Releases).Id);
        var replaced = Assert.Single(_rig.Board.Current.Replaced);
        Assert.Equal((bad.Id, ReleasePhase.Superseded, 100L), (replaced.Id, replaced.Phase, replaced.Signals[0].Samples));
        Assert.Same(replaced, _rig.Board.Find(bad.Id));

        fix.Supersede(_rig.Now);
        var next = BoardRig.Release(version: "3.0.0");
        _rig.Board.Replace(next, [fix]);
        _rig.Build(next);
        Assert.Equal(next.Id, Assert.Single(_rig.Board.Current.Releases).Id);
        Assert.Empty(_rig.Board.Current.Replaced);
        Assert.Equal(RecordOutcome.NoRelease, _rig.Record(bad, 0.5));
    }

    [Fact]
    public void A_release_takes_the_place_of_those_that_ended_there_and_leaves_other_places_alone()
    {
        var (here, elsewhere) = (_rig.Rolling(), _rig.Rolling("search"));
        here.RollBack(_rig.Now);
        _rig.Board.Track(here);
        var next = BoardRig.Release(version: "3.0.0");
        _rig.Board.Replace(next, []);
        _rig.Build(next);

        Assert.Equal(new[] { elsewhere.Id, next.Id }.Order(), _rig.Board.Current.Releases.Select(r => r.Id).Order());
    }
}
