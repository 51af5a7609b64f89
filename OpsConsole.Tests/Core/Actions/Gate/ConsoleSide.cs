using Microsoft.Extensions.Logging.Abstractions;
using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Kill;
using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Storage;
using OpsConsole.Core.Switches;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Actions.Gate;

/// <summary>One console on a record and a target that others work on too: a gate, a board and an executor of its own.</summary>
internal sealed class ConsoleSide : IDisposable
{
    private static readonly TimeProvider Clock = TimeProvider.System;

    public ConsoleSide(TestDatabase database, FakeTarget target, string name)
    {
        var (flags, queue, targets) = (new SwitchBoard(), new ActionQueue(), new TargetRegistry());
        targets.Add(target);
        Board = new ReleaseBoard(Clock);
        var refusals = new RefusalLog(database.Audit, database.Releases, NullLogger<RefusalLog>.Instance);
        var onReleases = new ReleaseRequests(database.Releases, database.Actions, Board, targets, queue, refusals, database.Gates, Clock);
        var outcomes = new ActionOutcomes(database.Actions, database.Releases, Board, flags, Clock, NullLogger<ActionOutcomes>.Instance);
        var environments = new FlagEnvironments(Board, flags, new FlagClientTable(Clock));
        var stopping = new PromotionStop(database.Actions, database.Releases, onReleases, NullLogger<PromotionStop>.Instance);
        var away = new KillWhileAway(Journal, flags, Board, environments, Clock, NullLogger<KillWhileAway>.Instance);
        Replay = new KillReplay(Journal, away, database.Actions, database.Switches, database.Releases, database.Audit, stopping, flags, Board, Clock, NullLogger<KillReplay>.Instance);
        var onSwitches = new SwitchRequests(database.Switches, database.Actions, Replay, stopping, environments, Board, flags, queue, outcomes, refusals, Clock);
        var briefings = new Briefings(database.Releases, database.Switches, database.Actions, Board, flags, environments, targets, Clock);
        Gate = new ActionGate(onReleases, onSwitches, away, briefings, refusals, new SignedInRoles(), targets, Clock);
        var limits = new ExecutionLimits();
        Executor = new ActionExecutor(database.Actions, database.Releases, database.Switches, targets, outcomes, limits, Clock, NullLogger<ActionExecutor>.Instance);
        Adoption = new ActionAdoption(database.Actions, Executor, queue, limits, Clock, new OtherConsoles(database.Record, name, Clock));
        Register = new RegisterRelease(database.Releases, database.Switches, database.Audit, database.Rejected, Board, flags, Clock, NullLogger<RegisterRelease>.Instance);
    }

    public InMemoryJournal Journal { get; } = new();

    public KillReplay Replay { get; }

    public ReleaseBoard Board { get; }

    public ActionGate Gate { get; }

    public ActionExecutor Executor { get; }

    public ActionAdoption Adoption { get; }

    public RegisterRelease Register { get; }

    /// <summary>The snapshot version once the board has fresh samples of both versions.</summary>
    public async Task<long> SeenAsync(Release release)
    {
        await Eventually.TrueAsync(() =>
        {
            Board.Record(new SignalSample(new(release.Service, "gateway", "production", "2.14.3", new("http_5xx_rate")), Clock.GetUtcNow(), 0.1, 5000));
            Board.BuildDue();
            return Board.Find(release.Id) is { Verdict: Verdict.Running } shown && shown.Signals[0].Baseline is not null;
        });
        return Board.Find(release.Id)!.SnapshotVersion;
    }

    public void Dispose() => Replay.Dispose();
}
