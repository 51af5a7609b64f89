using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Board;
using OpsConsole.Core.Recovery;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Switches;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Recovery;

/// <summary>A board with one release at 5 %, measured every second, and what looks after its recovery.</summary>
internal sealed class OneConsole
{
    public OneConsole(InMemoryRecoveries? store = null, Release? release = null)
    {
        Store = store ?? new InMemoryRecoveries();
        Release = release ?? Sample.Release();
        if (release is null)
        {
            Release.EnterNextStage(Time.GetUtcNow());
        }

        Restart();
    }

    public FakeTime Time { get; } = new(Sample.Noon);

    public InMemoryRecoveries Store { get; }

    public InMemoryRecord Audit { get; } = new();

    public Release Release { get; }

    public SwitchBoard Switches { get; private set; } = new();

    public ReleaseBoard Board { get; private set; } = null!;

    public RecoveryTracker Tracker { get; private set; } = null!;

    public RecoveryKeeper Keeper { get; private set; } = null!;

    public ReleaseSnapshot Shown => Board.Find(Release.Id)!;

    public void Restart()
    {
        Board = new ReleaseBoard(Time);
        Switches = new SwitchBoard();
        Tracker = new RecoveryTracker(Board, new PlaybookReading(new TargetRegistry(), Switches, new PlaybookGiven.NoTimes(), new AllGood(), Time), Switches, Time);
        Keeper = new RecoveryKeeper(Tracker, Store, Audit, Audit, Time);
        Board.Track(Release);
    }

    public void RollBack() => Confirm(ActionVerb.Rollback, Release.RollBack);

    public void Halt() => Confirm(ActionVerb.Halt, Release.Halt);

    private void Confirm(ActionVerb verb, Action<DateTimeOffset> change)
    {
        var action = Sample.Action(Release, verb, at: Time.GetUtcNow());
        action.Move(ActionPhase.Executing, Time.GetUtcNow());
        action.Move(ActionPhase.Confirmed, Time.GetUtcNow());
        change(Time.GetUtcNow());
        Board.Track(Release);
        Board.Show(Release.Id, action.Summary());
    }

    /// <summary>The record says that a kill of the sample switch was read back; where: null for everywhere.</summary>
    public async Task ConfirmKillAsync(string? environment = null)
    {
        var now = Time.GetUtcNow();
        var action = new ReleaseAction
        {
            Id = Guid.CreateVersion7(now), Verb = ActionVerb.Kill, SwitchKey = "personal-recommendations", Environment = environment, RequestedBy = "ole", Role = "OnCall", Reason = "bad",
            EvidenceJson = "{}", EvidenceSeal = new string('a', 64), RequestedAt = now,
        };
        Audit.Put(action);
        await Audit.AppendAsync(action.Audit("confirmed", null, now), TestContext.Current.CancellationToken);
    }

    public Release FixForward()
    {
        if (Release.Phase != ReleasePhase.Halted)
        {
            Release.Halt(Time.GetUtcNow());
        }

        Release.Supersede(Time.GetUtcNow());
        var fix = Sample.Release(version: "2.15.1", at: Time.GetUtcNow(), fixes: Release.Id);
        fix.EnterNextStage(Time.GetUtcNow());
        Board.Replace(fix, [Release]);
        return fix;
    }

    public async Task SecondsAsync(int seconds, double? errors, string? fix = null, long bad = 100)
    {
        for (var i = 0; i < seconds; i++)
        {
            Time.Advance(TimeSpan.FromMilliseconds(500));
            Record(Release.PreviousVersion!, "http_5xx_rate", 0.1, 300);
            Record(Release.PreviousVersion!, "checkout_success_rate", 99, 300);
            if (fix is not null)
            {
                Record(fix, "http_5xx_rate", 0.1, 200);
                Record(fix, "checkout_success_rate", 99, 200);
            }

            if (errors is { } value)
            {
                Record(Release.Version, "http_5xx_rate", value, bad);
                Record(Release.Version, "checkout_success_rate", 99, bad);
            }

            Board.BuildDue();
            Tracker.Look();
            try
            {
                await Keeper.KeepAsync(TestContext.Current.CancellationToken);
            }
            catch (RecordUnavailableException)
            {
                // As the pump does: the next second tries again.
            }

            Time.Advance(TimeSpan.FromMilliseconds(500));
            Board.BuildDue();
        }
    }

    private void Record(string version, string signal, double value, long count) =>
        Board.Record(new SignalSample(new(Release.Service, Release.Target, Release.Environment, version, new(signal)), Time.GetUtcNow(), value, count));

    private sealed class AllGood : IPreviousVersions
    {
        public PreviousStanding Of(Guid releaseId) => PreviousStanding.Good;
    }
}
