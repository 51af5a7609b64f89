using OpsConsole.Core.Board;
using OpsConsole.Core.Signals;

namespace OpsConsole.Tests.Core.Board;

/// <summary>When snapshots are built, and the versions they get.</summary>
public sealed class BoardPaceTests
{
    private readonly BoardRig _rig = new();

    [Fact]
    public void After_a_quiet_time_a_sample_is_shown_at_once()
    {
        var release = _rig.Rolling();
        _rig.Time.Advance(TimeSpan.FromSeconds(1));
        _rig.Record(release, 1);
        Assert.Equal(1, _rig.Board.BuildDue());
    }

    [Fact]
    public void The_sample_after_that_waits_a_tenth_of_a_second_and_no_more()
    {
        var release = _rig.Rolling();
        _rig.Time.Advance(TimeSpan.FromSeconds(1));
        _rig.Record(release, 1);
        _rig.Board.BuildDue();
        _rig.Time.Advance(TimeSpan.FromMilliseconds(99));
        _rig.Record(release, 2);
        Assert.Equal(0, _rig.Board.BuildDue());
        _rig.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, _rig.Board.BuildDue());
    }

    [Fact]
    public void A_board_knows_when_the_oldest_sample_came_that_it_is_the_first_to_show()
    {
        var release = _rig.Rolling();
        _rig.Time.Advance(TimeSpan.FromSeconds(1));
        _rig.Record(release, 1);
        _rig.Board.BuildDue();
        Assert.Equal(_rig.Now, _rig.Board.Current.Since);

        var waiting = _rig.Now;
        _rig.Record(release, 2);
        _rig.Time.Advance(TimeSpan.FromMilliseconds(60));
        _rig.Record(release, 3);
        _rig.Time.Advance(TimeSpan.FromMilliseconds(60));
        Assert.Equal(1, _rig.Board.BuildDue());
        Assert.Equal(waiting, _rig.Board.Current.Since);

        // What moves without a sample is no measure of how long samples take.
        release.Halt(_rig.Now);
        _rig.Board.Track(release);
        _rig.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, _rig.Board.BuildDue());
        Assert.Null(_rig.Board.Current.Since);
    }

    [Fact]
    public void Never_more_than_four_in_any_second_and_never_long_between()
    {
        var release = _rig.Rolling();
        _rig.Time.Advance(TimeSpan.FromSeconds(3));
        var builds = new List<DateTimeOffset>();
        for (var i = 0; i < 1000; i++)
        {
            _rig.Record(release, i % 7);
            if (_rig.Board.BuildDue() > 0)
            {
                builds.Add(_rig.Now);
            }

            _rig.Time.Advance(TimeSpan.FromMilliseconds(10));
        }

        for (var i = 4; i < builds.Count; i++)
        {
            Assert.True(builds[i] - builds[i - 4] >= TimeSpan.FromSeconds(1), $"five builds in {builds[i] - builds[i - 4]}");
        }

        // The first second spends its credit early; after it the pace is even.
        var late = builds.Where(b => b > builds[0].AddSeconds(1)).ToList();
        Assert.All(late.Zip(late.Skip(1)), pair => Assert.Equal(BuildThrottleSteady, pair.Second - pair.First));
    }

    private static TimeSpan BuildThrottleSteady => TimeSpan.FromMilliseconds(250);

    [Fact]
    public void What_did_not_change_keeps_its_snapshot_and_is_not_announced()
    {
        var release = _rig.Rolling();
        release.RollBack(_rig.Now);
        _rig.Board.Track(release);
        var before = _rig.Build(release);
        var board = _rig.Board.Current;
        for (var i = 0; i < 20; i++)
        {
            Assert.Same(before, _rig.Build(release));
        }

        Assert.Same(board, _rig.Board.Current);
    }

    [Fact]
    public void Of_two_releases_only_the_changed_one_is_built()
    {
        var changed = _rig.Rolling("a");
        var same = _rig.Rolling("b");
        _rig.Time.Advance(TimeSpan.FromSeconds(1));
        _rig.Board.BuildDue();
        var before = _rig.Board.Find(same.Id);
        _rig.Record(changed, 1);
        _rig.Time.Advance(TimeSpan.FromMilliseconds(300));
        Assert.Equal(1, _rig.Board.BuildDue());
        Assert.Same(before, _rig.Board.Find(same.Id));
    }

    [Fact]
    public void Going_stale_is_shown_on_its_deadline_without_a_sample()
    {
        var release = _rig.Rolling();
        _rig.Time.Advance(TimeSpan.FromSeconds(60.3));
        _rig.Record(release, 0.1);
        _rig.Board.BuildDue();
        Assert.Equal(Verdict.Pass, _rig.Board.Find(release.Id)!.Verdict);
        var deadline = _rig.Now.AddSeconds(15);
        while (_rig.Now < deadline)
        {
            Assert.Equal(Verdict.Pass, _rig.Board.Find(release.Id)!.Verdict);
            _rig.Time.Advance(TimeSpan.FromMilliseconds(50));
            _rig.Board.BuildDue();
        }

        var shown = _rig.Board.Find(release.Id)!;
        Assert.Equal((Verdict.Inconclusive, SignalQuality.Stale), (shown.Verdict, shown.Quality));
    }

    [Fact]
    public void A_release_without_a_value_stops_being_young_on_its_deadline()
    {
        var release = _rig.Rolling();
        Assert.Equal(Verdict.Running, _rig.Build(release, 44.9).Verdict);
        Assert.Equal(Verdict.Inconclusive, _rig.Build(release, 0.1 + 0.2).Verdict);
    }

    [Fact]
    public void A_shown_age_is_never_more_than_five_seconds_behind()
    {
        var release = _rig.Rolling();
        _rig.Record(release, 0.1);
        _rig.Build(release, 20);
        Assert.Contains("25 s old", _rig.Build(release, 5).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Versions_start_from_the_clock_and_grow()
    {
        var release = _rig.Rolling();
        var epoch = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var first = _rig.Board.Find(release.Id)!;
        Assert.Equal((long)((_rig.Now - epoch) / TimeSpan.FromMilliseconds(250)), first.SnapshotVersion);
        Assert.Equal(first.SnapshotVersion, first.DecisionVersion);
        Assert.True(_rig.Board.Current.Version >= first.SnapshotVersion);
        _rig.Record(release, 1);
        Assert.True(_rig.Build(release).SnapshotVersion > first.SnapshotVersion);
    }

    [Fact]
    public void The_decision_version_moves_with_what_a_decision_rests_on_only()
    {
        var release = _rig.Rolling();
        _rig.Record(release, 0.1);
        var passing = _rig.Build(release);
        Assert.Equal(passing.SnapshotVersion, passing.DecisionVersion);
        _rig.Record(release, 0.2);
        var same = _rig.Build(release);
        Assert.Equal(passing.DecisionVersion, same.DecisionVersion);
        Assert.True(same.SnapshotVersion > same.DecisionVersion);
        Assert.Equal(passing.VerdictSince, same.VerdictSince);

        _rig.Board.Show(release.Id, _rig.Action());
        var acted = _rig.Build(release);
        Assert.Equal(acted.SnapshotVersion, acted.DecisionVersion);
        release.Halt(_rig.Now);
        _rig.Board.Track(release);
        var halted = _rig.Build(release);
        Assert.Equal(halted.SnapshotVersion, halted.DecisionVersion);
        _rig.Record(release, 40, 1000);
        var failing = _rig.Build(release);
        Assert.Equal(failing.SnapshotVersion, failing.DecisionVersion);
        Assert.Equal(halted.SnapshotVersion, failing.StateVersion);
        Assert.Equal(_rig.Now, failing.VerdictSince);
    }

    [Fact]
    public void A_clock_that_jumps_back_stops_nothing_and_shows_nothing_falsely_fresh()
    {
        var release = _rig.Rolling();
        _rig.Record(release, 0.1);
        var before = _rig.Build(release);
        Assert.Equal(SignalQuality.Fresh, before.Quality);
        _rig.Time.JumpTo(_rig.Now.AddHours(-2));
        _rig.Board.BuildDue();
        var after = _rig.Board.Find(release.Id)!;
        Assert.Equal(SignalQuality.Missing, after.Quality);
        Assert.NotEqual(Verdict.Pass, after.Verdict);
        Assert.Equal(before.SnapshotVersion + 1, after.SnapshotVersion);
        Assert.Equal(RecordOutcome.Recorded, _rig.Record(release, 0.3));
        var measured = _rig.Build(release);
        Assert.Equal("0.3 %", measured.Signals[0].CanaryText);
        Assert.True(measured.SnapshotVersion > after.SnapshotVersion);
    }
}
