using Microsoft.Extensions.Logging.Abstractions;
using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Kill;
using OpsConsole.Core.Actions.Promote;
using OpsConsole.Core.Actions.Rollback;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Switches;
using OpsConsole.Tests.Core.Storage;
using OpsConsole.Tests.Shared;
using static OpsConsole.Tests.Core.Actions.Gate.GateWorld;

namespace OpsConsole.Tests.Core.Actions.Gate;

/// <summary>The gate over the stores that run in production: what many do at once ends as one action, one change and one record.</summary>
public sealed class GateOnPostgresTests(PostgresFixture postgres) : StoreContract(postgres)
{
    private static readonly TimeProvider Clock = TimeProvider.System;

    [Fact]
    public async Task What_many_ask_for_at_once_is_done_once()
    {
        var board = new ReleaseBoard(Clock);
        var (flags, queue, targets) = (new SwitchBoard(), new ActionQueue(), new TargetRegistry());
        var target = new FakeTarget("gateway", Given.Gateway, Clock);
        targets.Add(target);
        var refusals = new RefusalLog(Database.Audit, Database.Releases, NullLogger<RefusalLog>.Instance);
        var onReleases = new ReleaseRequests(Database.Releases, Database.Actions, board, targets, queue, refusals, Database.Gates, Clock);
        var outcomes = new ActionOutcomes(Database.Actions, Database.Releases, board, flags, Clock, NullLogger<ActionOutcomes>.Instance);
        var environments = new FlagEnvironments(board, flags, new FlagClientTable(Clock));
        var stopping = new PromotionStop(Database.Actions, Database.Releases, onReleases, NullLogger<PromotionStop>.Instance);
        var journal = new InMemoryJournal();
        var away = new KillWhileAway(journal, flags, board, environments, Clock, NullLogger<KillWhileAway>.Instance);
        using var replay = new KillReplay(
            journal, away, Database.Actions, Database.Switches, Database.Releases, Database.Audit, stopping, flags, board, Clock, NullLogger<KillReplay>.Instance);
        var onSwitches = new SwitchRequests(
            Database.Switches, Database.Actions, replay, stopping, environments, board, flags, queue, outcomes, refusals, Clock);
        var briefings = new Briefings(Database.Releases, Database.Switches, Database.Actions, board, flags, environments, targets, Clock);
        var gate = new ActionGate(onReleases, onSwitches, away, briefings, refusals, new SignedInRoles(), targets, Clock);
        var executor = new ActionExecutor(
            Database.Actions, Database.Releases, Database.Switches, targets, outcomes, new ExecutionLimits(), Clock, NullLogger<ActionExecutor>.Instance);
        var register = new RegisterRelease(
            Database.Releases, Database.Switches, Database.Audit, Database.Rejected, board, flags, Clock, NullLogger<RegisterRelease>.Instance);

        var release = Assert.IsType<RegisterAnswer.Registered>(await register.RegisterAsync(
            new ReleaseRegistration
            {
                Service = "shop", Target = "gateway", Environment = "production", Version = "2.15.0", PreviousVersion = "2.14.3", Owner = "commerce",
                Artifact = new("sha256:" + new string('a', 64), "abc1234", null, null), SwitchKey = "recommendations",
                Stages = [new(5, 0), new(50, 0), new(100, 0)], Signals = [new() { Key = "http_5xx_rate" }],
            },
            Given.Manager, Token)).Release;
        var seen = await SeenAsync(board, release, Verdict.Running);

        // Six people promote at the same moment.
        var promotions = await Task.WhenAll(Enumerable.Range(0, 6).Select(i =>
            gate.RequestAsync(new PromoteCommand(release.Id, "looks fine", seen, null), Given.Manager with { Name = $"person {i}" }, Token)));
        var first = Accepted(Assert.Single(promotions, a => a is GateAnswer.Accepted));
        Assert.All(promotions.Where(a => a is not GateAnswer.Accepted), a => Assert.Equal(["already-in-flight"], Refused(a)));
        await executor.RunAsync(first.Id, Token);
        Assert.Equal(ActionPhase.Confirmed, (await Database.Actions.FindAsync(first.Id, Token))!.Phase);
        Assert.Equal(5, (await Database.Releases.FindAsync(release.Id, Token))!.ExposurePercent);
        Assert.Single(target.Asked);

        // Four roll back while the next promotion is under way.
        seen = await SeenAsync(board, release, Verdict.Pass);
        var second = Accepted(await gate.RequestAsync(new PromoteCommand(release.Id, "still fine", seen, null), Given.Manager, Token));
        seen = await SeenAsync(board, release, Verdict.Pass, second.Id);
        var rollbacks = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => gate.RequestAsync(new RollbackCommand(release.Id, "errors", seen, "shop"), Given.OnCall with { Name = $"on-call {i}" }, Token)));
        var rollback = Assert.Single(rollbacks.Select(a => Accepted(a).Id).Distinct());
        await Task.WhenAll(executor.RunAsync(second.Id, Token), executor.RunAsync(rollback, Token), executor.RunAsync(rollback, Token));
        Assert.Equal(ActionPhase.PreEmpted, (await Database.Actions.FindAsync(second.Id, Token))!.Phase);
        Assert.Equal(ReleasePhase.RolledBack, (await Database.Releases.FindAsync(release.Id, Token))!.Phase);

        // Four kill the switch, and two more when it is killed.
        var kills = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => gate.RequestAsync(new KillCommand("recommendations", "errors"), Given.OnCall with { Name = $"on-call {i}" }, Token)));
        var kill = Assert.Single(kills.Select(a => Accepted(a).Id).Distinct());
        await executor.RunAsync(kill, Token);
        Assert.Equal(kill, Accepted(await gate.RequestAsync(new KillCommand("recommendations", "again"), Given.OnCall, Token)).Id);
        Assert.Equal(1, (await Database.Switches.FindAsync("recommendations", Token))!.Revision);

        var stored = (await Database.Actions.FindAsync(first.Id, Token))!;
        Assert.True(EvidenceSeal.Holds(stored.EvidenceJson, stored.EvidenceSeal));
        var audit = await Database.Audit.PageAsync(new AuditQuery { Take = 200 }, Token);
        Assert.Equal(
            ["confirmed 3", "done 9", "intent 4", "pre-empted 1", "refused 5"],
            audit.Items.GroupBy(e => e.Outcome).Select(g => $"{g.Key} {g.Count()}").Order(StringComparer.Ordinal));
        Assert.Equal(1, (await Database.Actions.MeasureAsync("gateway", ActionVerb.Rollback, Token))!.Count);
        Assert.Empty(await Database.Actions.ListInFlightAsync(Token));
    }

    /// <summary>The snapshot version once the board shows the verdict (and action), on samples that come all the time.</summary>
    private static async Task<long> SeenAsync(ReleaseBoard board, Release release, Verdict verdict, Guid? action = null)
    {
        await Eventually.TrueAsync(() =>
        {
            foreach (var version in verdict == Verdict.Running ? ["2.14.3"] : new[] { "2.15.0", "2.14.3" })
            {
                board.Record(new SignalSample(new("shop", "gateway", "production", version, new("http_5xx_rate")), Clock.GetUtcNow(), 0.1, 5000));
            }

            board.BuildDue();
            var shown = board.Find(release.Id);
            return shown?.Verdict == verdict && (verdict != Verdict.Running || shown.Signals[0].Baseline is not null) && (action is null || shown.Action?.Id == action);
        });
        return board.Find(release.Id)!.SnapshotVersion;
    }
}
