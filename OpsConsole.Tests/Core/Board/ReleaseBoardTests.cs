using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;

namespace OpsConsole.Tests.Core.Board;

public sealed class ReleaseBoardTests
{
    private readonly BoardRig _rig = new();

    [Fact]
    public void A_sample_shows_as_canary_of_its_release_and_as_baseline_of_the_next()
    {
        var release = _rig.Rolling();
        _rig.Record(release, 4.21, 200);
        _rig.RecordBaseline(release, 0.27, 800);
        var signal = _rig.Build(release).Signals[0];
        Assert.Equal((4.21, 0.27), (Math.Round(signal.Canary!.Value, 6), Math.Round(signal.Baseline!.Value, 6)));
        Assert.Equal(("4.21 %", "0.27 %", "+3.94 pp", 200L), (signal.CanaryText, signal.BaselineText, signal.DeltaText, signal.Samples));
        Assert.Equal(Verdict.Fail, _rig.Board.Find(release.Id)!.Verdict);
        Assert.Equal(SignalQuality.Fresh, signal.Quality);
    }

    [Fact]
    public void One_sample_serves_every_release_it_concerns()
    {
        var first = _rig.Rolling();
        var next = BoardRig.Release(previous: "2.0.0", version: "3.0.0");
        _rig.Board.Track(next);
        _rig.Record(first, 0.5);
        Assert.NotNull(_rig.Build(first).Signals[0].Canary);
        Assert.NotNull(_rig.Board.Find(next.Id)!.Signals[0].Baseline);
        _rig.Board.Untrack(first.Id);
        Assert.Equal(RecordOutcome.Recorded, _rig.Record(first, 0.7));
        _rig.Board.Untrack(next.Id);
        Assert.Equal(RecordOutcome.NoRelease, _rig.Record(first, 0.7));
    }

    [Theory]
    [InlineData(double.NaN, 1, 0, RecordOutcome.NotANumber)]
    [InlineData(double.PositiveInfinity, 1, 0, RecordOutcome.NotANumber)]
    [InlineData(1, -1, 0, RecordOutcome.NotANumber)]
    [InlineData(1, 1, 5, RecordOutcome.Recorded)]
    [InlineData(1, 1, 5.1, RecordOutcome.FromTheFuture)]
    [InlineData(1, 1, -600, RecordOutcome.Recorded)]
    [InlineData(1, 1, -600.1, RecordOutcome.TooOld)]
    public void What_cannot_be_right_stays_out(double value, long count, double seconds, RecordOutcome expected)
    {
        var release = _rig.Rolling();
        Assert.Equal(expected, _rig.Record(release, value, count, at: _rig.Now.AddSeconds(seconds)));
    }

    [Fact]
    public void What_no_release_has_is_told() =>
        Assert.Equal(RecordOutcome.NoRelease, _rig.Record(BoardRig.Release(), 1));

    [Fact]
    public void A_sample_from_a_clock_that_is_ahead_is_of_now()
    {
        var release = _rig.Rolling();
        _rig.Record(release, 1, at: _rig.Now.AddSeconds(4));
        var now = _rig.Now;
        Assert.Equal(now, _rig.Build(release).Signals[0].AsOf);
    }

    [Fact]
    public void Late_samples_inside_the_window_count_and_do_not_make_it_older()
    {
        var release = _rig.Rolling();
        _rig.Time.Advance(TimeSpan.FromSeconds(20));
        _rig.Record(release, 4, 100);
        var newest = _rig.Now;
        _rig.Record(release, 0, 100, at: _rig.Now.AddSeconds(-10));
        var signal = _rig.Build(release).Signals[0];
        Assert.Equal((2.0, 200L, newest), (Math.Round(signal.Canary!.Value, 6), signal.Samples, signal.AsOf));
    }

    [Fact]
    public void The_window_moves_on()
    {
        var release = _rig.Rolling();
        _rig.Record(release, 100, 100);
        _rig.Time.Advance(TimeSpan.FromSeconds(31));
        _rig.Record(release, 0, 100);
        Assert.Equal(0, _rig.Build(release, 0).Signals[0].Canary);
    }

    [Fact]
    public void A_missing_sample_refreshes_nothing()
    {
        var release = _rig.Rolling();
        _rig.Record(release, 0.1);
        for (var i = 0; i < 15; i++)
        {
            _rig.Time.Advance(TimeSpan.FromSeconds(1));
            _rig.Record(release, 0, 0, kind: SampleKind.Missing);
        }

        var signal = _rig.Build(release, 0).Signals[0];
        Assert.Equal((SignalQuality.Stale, Verdict.Inconclusive), (signal.Quality, signal.Verdict));
        Assert.Contains("source answered 0 s ago", signal.Reason, StringComparison.Ordinal);
        Assert.Equal("0.1 %", signal.CanaryText);
    }

    [Fact]
    public void An_error_is_an_error_until_the_source_answers_again()
    {
        var release = _rig.Rolling();
        _rig.Record(release, 0.1);
        _rig.Time.Advance(TimeSpan.FromSeconds(1));
        _rig.Record(release, 0, 0, kind: SampleKind.Error, detail: "connection refused");
        var failed = _rig.Build(release);
        Assert.Equal(Verdict.Error, failed.Verdict);
        Assert.Contains("connection refused", failed.Reason, StringComparison.Ordinal);
        _rig.Record(release, 0.1);
        Assert.Equal(Verdict.Pass, _rig.Build(release).Verdict);
    }

    [Fact]
    public void An_error_of_a_required_signal_is_seen_after_a_late_value()
    {
        var release = _rig.Rolling();
        _rig.Time.Advance(TimeSpan.FromSeconds(5));
        _rig.Record(release, 0, 0, kind: SampleKind.Error);
        _rig.Record(release, 0.1, at: _rig.Now.AddSeconds(-3));
        Assert.Equal(Verdict.Error, _rig.Build(release).Verdict);
    }

    [Fact]
    public void A_breach_is_dated_and_told_in_the_reason()
    {
        var release = _rig.Rolling();
        DateTimeOffset? since = null;
        for (var i = 0; i < 192; i++)
        {
            _rig.Time.Advance(TimeSpan.FromSeconds(1));
            since ??= _rig.Now;
            _rig.Record(release, 4.21, 1000);
            _rig.Board.BuildDue();
        }

        var shown = _rig.Board.Find(release.Id)!;
        Assert.Equal(since, shown.Signals[0].BreachedSince);
        Assert.Equal("errors 4.21 % > 1 % for 3 m 11 s, 30,000 requests, 0 s old", shown.Reason);
    }

    [Fact]
    public void Track_takes_over_what_moved_and_nothing_older()
    {
        var release = _rig.Rolling();
        release.EnterNextStage(_rig.Now);
        _rig.Board.Track(release);
        Assert.Equal(50, _rig.Build(release).ExposurePercent);
        var older = BoardRig.Release();
        var stale = new Release
        {
            Id = release.Id, Service = older.Service, Target = older.Target, Environment = older.Environment, Version = older.Version, PreviousVersion = older.PreviousVersion,
            Artifact = older.Artifact, Owner = older.Owner, Stages = older.Stages, Signals = older.Signals, RegisteredAt = older.RegisteredAt,
        };
        _rig.Board.Track(stale);
        Assert.Equal(50, _rig.Build(release).ExposurePercent);
    }

    [Fact]
    public void An_untracked_release_is_gone_and_that_is_announced()
    {
        var release = _rig.Rolling();
        using var mail = _rig.Board.Feed.Subscribe();
        var before = _rig.Board.Current.Version;
        _rig.Board.Untrack(release.Id);
        _rig.Board.Untrack(Guid.NewGuid());
        Assert.Equal(0, _rig.Board.BuildDue());
        Assert.Null(_rig.Board.Find(release.Id));
        Assert.True(_rig.Board.Current.Version > before);
        Assert.True(mail.WaitAsync(CancellationToken.None).IsCompletedSuccessfully);
    }

    [Fact]
    public void Actions_and_switches_are_shown_on_the_releases_they_concern()
    {
        var release = BoardRig.Release(switchKey: "offers");
        _rig.Board.Show(new SwitchSummary("offers", true, _rig.Now, "offers in the shop"));
        _rig.Board.Track(release);
        var other = _rig.Rolling("search");
        var action = _rig.Action();
        _rig.Board.Show(release.Id, action);
        _rig.Board.Show(Guid.NewGuid(), action);
        var shown = _rig.Build(release);
        Assert.Equal(action, shown.Action);
        Assert.True(shown.Switch!.Killed);
        Assert.Null(_rig.Board.Find(other.Id)!.Switch);

        _rig.Board.Show(new SwitchSummary("offers", false, _rig.Now.AddSeconds(1), "offers in the shop"));
        _rig.Board.Show(new SwitchSummary("offers", true, _rig.Now.AddSeconds(-60), "offers in the shop"));
        _rig.Board.Show(release.Id, _rig.Action() with { RequestedAt = _rig.Now.AddMinutes(-5) });
        _rig.Board.Show(release.Id, action with { Phase = ActionPhase.Confirmed });
        shown = _rig.Build(release);
        Assert.False(shown.Switch!.Killed);
        Assert.Equal((action.Id, ActionPhase.Confirmed), (shown.Action!.Id, shown.Action.Phase));
    }

    [Fact]
    public void A_rolled_back_release_is_calm_not_green_and_still_measured()
    {
        var release = _rig.Rolling();
        _rig.Record(release, 4.21, 1000);
        Assert.Equal(Verdict.Fail, _rig.Build(release).Verdict);
        release.RollBack(_rig.Now);
        _rig.Board.Track(release);
        _rig.Time.Advance(TimeSpan.FromSeconds(31));
        _rig.Record(release, 0.1, 1000);
        var shown = _rig.Build(release);
        Assert.True(shown.IsSettled);
        Assert.Equal((Verdict.Inconclusive, "0.1 %"), (shown.Verdict, shown.Signals[0].CanaryText));
        Assert.StartsWith("rolled back", shown.Reason, StringComparison.Ordinal);
        Assert.Null(shown.Signals[0].BreachedSince);
    }

    [Fact]
    public void Rows_are_worst_first()
    {
        var pass = _rig.Rolling("a-pass");
        var fail = _rig.Rolling("z-fail");
        var rolledBack = _rig.Rolling("b-back");
        rolledBack.RollBack(_rig.Now);
        _rig.Board.Track(rolledBack);
        var stuck = _rig.Rolling("y-stuck");
        var bigger = _rig.Rolling("w-pass");
        bigger.EnterNextStage(_rig.Now);
        _rig.Board.Track(bigger);
        _rig.Record(pass, 0.1);
        _rig.Record(bigger, 0.1);
        _rig.Record(fail, 9);
        _rig.Time.Advance(TimeSpan.FromSeconds(59));
        _rig.Record(pass, 0.1);
        _rig.Record(bigger, 0.1);
        _rig.Record(fail, 9);
        _rig.Build(pass);
        Assert.Equal(["z-fail", "y-stuck", "b-back", "w-pass", "a-pass"], _rig.Board.Current.Releases.Select(r => r.Service));
        Assert.Equal(Verdict.Inconclusive, _rig.Board.Find(stuck.Id)!.Verdict);
    }

    [Fact]
    public void Charts_hold_ten_minutes_in_at_most_120_points_and_break_at_gaps()
    {
        var release = _rig.Rolling();
        for (var i = 0; i < 1200; i++)
        {
            _rig.Time.Advance(TimeSpan.FromSeconds(1));
            if (i is < 900 or > 960)
            {
                _rig.Record(release, 0.5);
                _rig.RecordBaseline(release, 0.3);
            }
        }

        var signal = _rig.Build(release).Signals[0];
        Assert.InRange(signal.CanaryPoints.Length, 100, 120);
        Assert.Single(signal.CanaryPoints, p => double.IsNaN(p.Value));
        Assert.Equal(signal.CanaryPoints.OrderBy(p => p.At), signal.CanaryPoints);
        Assert.InRange(signal.CanaryPoints[0].At, _rig.Now.AddMinutes(-10), _rig.Now.AddMinutes(-9.5));
        Assert.Equal(2, signal.SparklinePath.Count(c => c == 'M'));
        Assert.InRange(signal.SparklinePath.Length, 50, 400);
        Assert.Equal(0.3, signal.BaselinePoints[^1].Value, 6);
        Assert.Equal(2, signal.LimitY);
    }
}
