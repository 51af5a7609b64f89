using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Board;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Recovery;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Switches;
using OpsConsole.Tests.Core.Actions.Gate;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Recovery;

/// <summary>What the playbook keeps of the record.</summary>
public sealed class RecoveryMemoryTests
{
    private readonly FakeTime _time = new(Given.Now);
    private readonly InMemoryRecord _record = new();
    private readonly ReleaseBoard _board;
    private readonly InMemoryGates _gates;
    private readonly RecoveryMemory _memory;

    public RecoveryMemoryTests()
    {
        _board = new ReleaseBoard(_time);
        _gates = new InMemoryGates(_record);
        _memory = new RecoveryMemory(_record, _record, _gates, _board, _time);
    }

    [Fact]
    public async Task Nothing_is_known_before_it_was_read_and_that_stands_in_no_ones_way()
    {
        var release = Put("2.15.0", "2.14.3");

        Assert.Null(_memory.ToConfirmed("gateway", RecoveryMove.Rollback));
        Assert.Equal(PreviousStanding.Good, _memory.Of(release.Id));
        await _memory.RefreshAsync(default);
        Assert.Null(_memory.ToConfirmed("gateway", RecoveryMove.Rollback));
        Assert.Equal(PreviousStanding.Good, _memory.Of(release.Id));
    }

    [Fact]
    public async Task A_previous_version_that_was_rolled_back_is_in_doubt()
    {
        var before = Put("2.14.3", "2.14.2", tracked: false);
        before.RollBack(Given.Now);
        _record.Put(before);
        var release = Put("2.15.0", "2.14.3");

        await _memory.RefreshAsync(default);

        Assert.Equal(PreviousStanding.RolledBack, _memory.Of(release.Id));
    }

    [Fact]
    public async Task A_previous_version_that_a_later_release_fixes_is_in_doubt()
    {
        var bad = Put("2.14.3", "2.14.2", tracked: false);
        var release = Put("2.15.0", "2.14.3", fixes: bad.Id);

        await _memory.RefreshAsync(default);

        Assert.Equal(PreviousStanding.Fixed, _memory.Of(release.Id));
    }

    [Fact]
    public async Task A_previous_version_whose_artifact_is_rejected_is_in_doubt_once_it_is_looked_at_again()
    {
        Put("2.14.3", "2.14.2", tracked: false);
        var release = Put("2.15.0", "2.14.3");
        await _memory.RefreshAsync(default);
        _gates.Put(new RejectedDigest { Id = Guid.NewGuid(), Digest = "sha256:2.14.3", Title = "shop 2.14.3", Reason = "leaks memory", By = "ana", At = Given.Now });

        await _memory.RefreshAsync(default);
        Assert.Equal(PreviousStanding.Good, _memory.Of(release.Id));
        _time.Advance(RecoveryMemory.LookAgain);
        await _memory.RefreshAsync(default);

        Assert.Equal(PreviousStanding.Rejected, _memory.Of(release.Id));
    }

    [Fact]
    public async Task Times_are_the_targets_own_and_a_kill_has_none_of_any_target()
    {
        Put("2.15.0", "2.14.3");
        Done(ActionVerb.Rollback, "gateway", 40);
        Done(ActionVerb.Rollback, "app-store", 4000);
        Done(ActionVerb.Kill, null, 7);

        await _memory.RefreshAsync(default);

        Assert.Equal(TimeSpan.FromMilliseconds(40), _memory.ToConfirmed("gateway", RecoveryMove.Rollback)?.Median);
        Assert.Equal(TimeSpan.FromMilliseconds(7), _memory.ToConfirmed("gateway", RecoveryMove.Kill)?.Median);
        Assert.Null(_memory.ToConfirmed("gateway", RecoveryMove.Halt));
    }

    [Fact]
    public async Task A_record_that_is_away_leaves_what_is_known()
    {
        var before = Put("2.14.3", "2.14.2", tracked: false);
        before.RollBack(Given.Now);
        _record.Put(before);
        var release = Put("2.15.0", "2.14.3");
        await _memory.RefreshAsync(default);
        _record.Away = true;
        _time.Advance(RecoveryMemory.LookAgain);

        await Assert.ThrowsAsync<RecordUnavailableException>(() => _memory.RefreshAsync(default));

        Assert.Equal(PreviousStanding.RolledBack, _memory.Of(release.Id));
    }

    [Fact]
    public async Task A_record_that_hangs_is_given_up()
    {
        Put("2.15.0", "2.14.3");
        var memory = new RecoveryMemory(new HangingActions(), _record, _gates, _board, _time);

        var refresh = memory.RefreshAsync(default);
        Assert.False(refresh.IsCompleted);
        _time.Advance(RecoveryMemory.Limit);

        await Assert.ThrowsAsync<RecordUnavailableException>(() => refresh);
    }

    [Fact]
    public void A_reading_that_says_nothing_new_is_the_same_object_and_is_made_once_for_a_snapshot()
    {
        var release = Put("2.15.0", "2.14.3");
        var reading = new PlaybookReading(new TargetRegistry(), new SwitchBoard(), _memory, _memory, _time);
        var snapshot = _board.Find(release.Id)!;

        var advice = reading.Of(snapshot);

        Assert.Same(advice, reading.Of(snapshot));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Same(advice, reading.Advise(snapshot with { SnapshotVersion = snapshot.SnapshotVersion + 1 }));
        Assert.NotSame(advice, reading.Advise(snapshot with { Phase = ReleasePhase.RolledBack }));
    }

    [Fact]
    public void What_a_decision_rests_on_counts_at_once_and_values_within_a_second()
    {
        var release = Put("2.15.0", "2.14.3");
        var reading = new PlaybookReading(new TargetRegistry(), new SwitchBoard(), _memory, _memory, _time);
        var snapshot = _board.Find(release.Id)!;
        var advice = reading.Of(snapshot);
        var next = snapshot with { SnapshotVersion = snapshot.SnapshotVersion + 1, Phase = ReleasePhase.RolledBack };

        Assert.Same(advice, reading.Of(next));
        Assert.NotSame(advice, reading.Of(next with { DecisionVersion = next.SnapshotVersion }));

        advice = reading.Of(snapshot with { SnapshotVersion = snapshot.SnapshotVersion + 2 });
        _time.Advance(PlaybookReading.Holds);
        Assert.NotSame(advice, reading.Of(snapshot with { SnapshotVersion = snapshot.SnapshotVersion + 3, Phase = ReleasePhase.Superseded }));
    }

    [Theory]
    [InlineData(false, false, FlagStanding.On)]
    [InlineData(true, false, FlagStanding.Off)]
    [InlineData(false, true, FlagStanding.Off)]
    [InlineData(true, false, FlagStanding.JustOff, 119)]
    [InlineData(false, true, FlagStanding.JustOff, 119)]
    public void A_flag_is_off_when_it_is_killed_where_the_release_is(bool everywhere, bool here, FlagStanding flag, int seconds = 120)
    {
        var release = Put("2.15.0", "2.14.3");
        var value = new KillSwitch { Key = "recommendations", Owner = "commerce", TurnsOff = "recommendations", ChangedAt = Given.Now };
        var place = new SwitchEnvironment { Key = value.Key, Environment = release.Environment, ChangedAt = Given.Now };
        if (everywhere)
        {
            value.Kill("ole", "errors grow", Given.Now);
        }

        if (here)
        {
            place.Kill("ole", "errors grow", Given.Now);
        }

        var switches = new SwitchBoard();
        switches.Load([value], [place]);
        var reading = new PlaybookReading(new TargetRegistry(), switches, _memory, _memory, _time);
        _time.Advance(TimeSpan.FromSeconds(seconds));

        Assert.Equal(flag, reading.FactsOf(_board.Find(release.Id)! with { Switch = new SwitchSummary(value.Key, everywhere, Given.Now, value.TurnsOff) }).Flag);
    }

    [Fact]
    public void A_flag_that_was_put_away_is_none()
    {
        var release = Put("2.15.0", "2.14.3");
        var switches = new SwitchBoard();
        switches.Load([], []);
        var reading = new PlaybookReading(new TargetRegistry(), switches, _memory, _memory, _time);

        Assert.Equal(FlagStanding.None, reading.FactsOf(_board.Find(release.Id)! with { Switch = new SwitchSummary("gone", false, Given.Now, "what it guards") }).Flag);
    }

    private Release Put(string version, string? previous, bool tracked = true, Guid? fixes = null)
    {
        var release = new Release
        {
            Id = Guid.CreateVersion7(Given.Now), Service = "shop", Target = "gateway", Environment = "production", Version = version, PreviousVersion = previous,
            Artifact = new Artifact($"sha256:{version}", "abc1234", null, null), Owner = "commerce", Stages = Given.Stages, Signals = [], RegisteredAt = Given.Now, FixesReleaseId = fixes,
        };
        _record.Put(release);
        if (tracked)
        {
            _board.Track(release);
            _board.BuildDue();
        }

        return release;
    }

    private void Done(ActionVerb verb, string? target, double milliseconds)
    {
        var action = new ReleaseAction
        {
            Id = Guid.NewGuid(), Verb = verb, Target = target, RequestedBy = "ole", Role = "OnCall", Reason = "errors grow", EvidenceJson = "{}", EvidenceSeal = "90", RequestedAt = Given.Now,
        };
        action.Move(ActionPhase.Confirmed, Given.Now.AddMilliseconds(milliseconds));
        _record.Put(action);
    }

    /// <summary>Answers nothing before it is given up.</summary>
    private sealed class HangingActions : IActionStore
    {
        public Task<ActionSave> SaveAsync(ActionChange change, CancellationToken cancellationToken) => Never<ActionSave>(cancellationToken);

        public Task<ReleaseAction?> FindAsync(Guid id, CancellationToken cancellationToken) => Never<ReleaseAction?>(cancellationToken);

        public Task<ReleaseAction?> FindInFlightAsync(string subjectKey, CancellationToken cancellationToken) => Never<ReleaseAction?>(cancellationToken);

        public Task<IReadOnlyList<ReleaseAction>> ListInFlightAsync(CancellationToken cancellationToken) => Never<IReadOnlyList<ReleaseAction>>(cancellationToken);

        public Task<IReadOnlyList<ReleaseAction>> ForReleaseAsync(Guid releaseId, CancellationToken cancellationToken) => Never<IReadOnlyList<ReleaseAction>>(cancellationToken);

        public Task<IReadOnlyList<ReleaseAction>> ForSwitchAsync(string switchKey, int take, CancellationToken cancellationToken) => Never<IReadOnlyList<ReleaseAction>>(cancellationToken);

        public Task<IReadOnlyDictionary<Guid, ReleaseAction>> LatestAsync(IReadOnlyCollection<Guid> releases, CancellationToken cancellationToken) => Never<IReadOnlyDictionary<Guid, ReleaseAction>>(cancellationToken);

        public Task<MeasuredTime?> MeasureAsync(string? target, ActionVerb verb, CancellationToken cancellationToken) => Never<MeasuredTime?>(cancellationToken);

        private static async Task<T> Never<T>(CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            throw new InvalidOperationException("It never answers.");
        }
    }
}
