using Microsoft.Extensions.Logging.Abstractions;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Halt;
using OpsConsole.Core.Actions.Promote;
using OpsConsole.Core.Actions.Rollback;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Switches;
using OpsConsole.Tests.Core.Storage;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Actions.Gate;

/// <summary>Two consoles on one record and one target, each with a gate, a board and an executor of its own.</summary>
public sealed class TwoConsolesTests(PostgresFixture postgres) : StoreContract(postgres)
{
    private const int Rounds = 20;

    private static readonly TimeProvider Clock = TimeProvider.System;

    [Fact]
    public async Task Of_two_that_race_for_one_action_exactly_one_has_an_effect()
    {
        var target = new FakeTarget("gateway", Given.Gateway, Clock);
        using var one = new ConsoleSide(Database, target, "one");
        using var two = new ConsoleSide(Database, target, "two");
        await SayThereAsync("one", "two");
        for (var round = 0; round < Rounds; round++)
        {
            var service = $"shop-{round}";
            var release = await RegisterAsync(one, service);
            two.Board.Track((await Database.Releases.FindAsync(release.Id, Token))!);
            ConsoleSide[] sides = [one, two];
            var seen = await Task.WhenAll(sides.Select(side => side.SeenAsync(release)));

            var answers = await Task.WhenAll(sides.Select((side, i) =>
                side.Gate.RequestAsync(new PromoteCommand(release.Id, "looks fine", seen[i], null), Given.Manager with { Name = $"person {i}" }, Token)));

            // One is let through; its console carries it out, and the other one's schedule leaves it alone.
            var action = Assert.Single(answers.OfType<GateAnswer.Accepted>()).Action.Id;
            var winner = answers[0] is GateAnswer.Accepted ? one : two;
            await Task.WhenAll(winner.Executor.RunAsync(action, Token), (winner == one ? two : one).Adoption.RunAsync(Token));
            Assert.Equal(ActionPhase.Confirmed, (await Database.Actions.FindAsync(action, Token))!.Phase);
            Assert.Equal(5, (await Database.Releases.FindAsync(release.Id, Token))!.ExposurePercent);
            Assert.Equal(action, Assert.Single(target.Asked, c => c.Service == service).ActionId);
        }

        var lines = await Database.Audit.PageAsync(new AuditQuery { Event = "promote", Outcome = "confirmed", Take = 200 }, Token);
        Assert.Equal(Rounds, lines.Total);
        Assert.Empty(await Database.Actions.ListInFlightAsync(Token));
        using var verifier = new AuditVerifier(Database.Chain, new NoNotes(), Clock);
        Assert.Empty((await verifier.VerifyAsync(Token)).Faults);
    }

    [Fact]
    public async Task A_console_that_starts_leaves_alone_what_another_has_in_hand()
    {
        var target = new FakeTarget("gateway", Given.Gateway, Clock);
        using var one = new ConsoleSide(Database, target, "one");
        var release = await RegisterAsync(one, "shop");
        var action = await ExecutingAsync(release);
        var reached = new TaskCompletionSource();
        var let = new TaskCompletionSource();
        target.OnApply = async (change, _) =>
        {
            reached.TrySetResult();
            await let.Task;
            target.Take(change);
        };
        var carrying = one.Executor.RunAsync(action.Id, Token);
        await reached.Task;

        // It started after the action did, and sees the first console's word in the scheduler's table.
        using var two = new ConsoleSide(Database, target, "two");
        await SayThereAsync("one", "two");
        Assert.Equal(0, await two.Adoption.RunAsync(Token));
        let.SetResult();
        await carrying;

        Assert.Equal(ActionPhase.Confirmed, (await Database.Actions.FindAsync(action.Id, Token))!.Phase);

        // Alone, what was executing before it started is taken up at once.
        var left = await ExecutingAsync(await RegisterAsync(one, "search"));
        await Database.ExecuteAsync("DELETE FROM qrtz_scheduler_state");
        using var three = new ConsoleSide(Database, target, "three");
        Assert.Equal(1, await three.Adoption.RunAsync(Token));
        Assert.NotEqual(ActionPhase.Executing, (await Database.Actions.FindAsync(left.Id, Token))!.Phase);
    }

    [Theory]
    [InlineData(ActionVerb.Rollback, "accepted")]
    [InlineData(ActionVerb.Rollback, "broken")]
    [InlineData(ActionVerb.Halt, "accepted")]
    public async Task A_promotion_whose_call_arrives_after_the_stop_on_another_console_was_confirmed_does_not_stay(ActionVerb verb, string answer)
    {
        var target = new FakeTarget("gateway", Given.Gateway, Clock);
        using var one = new ConsoleSide(Database, target, "one");
        using var two = new ConsoleSide(Database, target, "two");
        var release = await RegisterAsync(one, "shop");
        var promotion = await ExecutingAsync(release, to: 50);
        var (reached, let) = (new TaskCompletionSource(), new TaskCompletionSource());
        target.OnApply = async (change, _) =>
        {
            if (change.ActionId == promotion.Id)
            {
                reached.SetResult();
                await let.Task;
            }

            target.Take(change);
            if (change.ActionId == promotion.Id && answer == "broken")
            {
                throw new TargetUnreachableException("connection reset");
            }
        };
        var promoting = one.Executor.RunAsync(promotion.Id, Token);
        await reached.Task;

        two.Board.Track((await Database.Releases.FindAsync(release.Id, Token))!);
        ReleaseCommand stop = verb == ActionVerb.Halt ? new HaltCommand(release.Id, "errors grow", null, null) : new RollbackCommand(release.Id, "errors grow", null, "shop");
        var stopping = Assert.IsType<GateAnswer.Accepted>(await two.Gate.RequestAsync(stop, Given.OnCall, Token)).Action;
        await two.Executor.RunAsync(stopping.Id, Token);
        Assert.Equal(ActionPhase.Confirmed, (await Database.Actions.FindAsync(stopping.Id, Token))!.Phase);

        let.SetResult();
        await promoting;

        // Asked for once more, under another key: a target does nothing for one that it knows.
        Assert.Equal(3, target.Asked.Count);
        Assert.Equal(3, target.Asked.Select(c => c.ActionId).Distinct().Count());
        var stored = (await Database.Releases.FindAsync(release.Id, Token))!;
        Assert.Equal(verb == ActionVerb.Halt ? (50d, true, ReleasePhase.Halted) : (0d, false, ReleasePhase.RolledBack), (target.State.ExposurePercent, target.State.Halted, stored.Phase));
        Assert.Equal(target.State.ExposurePercent, stored.ExposurePercent);
        var late = (await Database.Actions.FindAsync(promotion.Id, Token))!;
        Assert.Equal(ActionPhase.PreEmpted, late.Phase);
        Assert.Contains($"so the {verb.Phrase()} by {Given.OnCall.Name} was asked for again: gateway shows", late.Outcome, StringComparison.Ordinal);
        Assert.Contains((await Database.Audit.PageAsync(new AuditQuery { Outcome = "pre-empted" }, Token)).Items, e => e.Actor == "console" && e.Detail!.Contains("still on its way", StringComparison.Ordinal));
        Assert.Contains(await Database.Releases.EventsAsync(release.Id, 20, Token), e => e.Kind == ReleaseEventKind.ActionPreEmpted && e.Text.Contains("still on its way", StringComparison.Ordinal));
        Assert.Empty(await Database.Actions.ListInFlightAsync(Token));
    }

    [Fact]
    public async Task A_promotion_whose_place_was_taken_on_another_console_before_its_target_was_asked_never_asks()
    {
        var target = new FakeTarget("gateway", Given.Gateway, Clock);
        using var one = new ConsoleSide(Database, target, "one");
        using var two = new ConsoleSide(Database, target, "two");
        var release = await RegisterAsync(one, "shop");
        var promotion = await ExecutingAsync(release, to: 50);
        var reading = Between.Calls(Database.Releases, nameof(IReleaseStore.FindAsync), () => two.Gate.RequestAsync(new HaltCommand(release.Id, "errors grow", null, null), Given.OnCall, Token).Wait(Token));
        var targets = new TargetRegistry();
        targets.Add(target);
        var outcomes = new ActionOutcomes(Database.Actions, Database.Releases, one.Board, new SwitchBoard(), Clock, NullLogger<ActionOutcomes>.Instance);
        var executor = new ActionExecutor(Database.Actions, reading, Database.Switches, targets, outcomes, new ExecutionLimits(), Clock, NullLogger<ActionExecutor>.Instance);

        await executor.RunAsync(promotion.Id, Token);

        Assert.Equal(ActionPhase.PreEmpted, (await Database.Actions.FindAsync(promotion.Id, Token))!.Phase);
        Assert.Empty(target.Asked);
    }

    /// <summary>What the consoles' schedulers say every few seconds, for as long as the test takes.</summary>
    private Task<int> SayThereAsync(params string[] names) => Database.ExecuteAsync(string.Join(';', names.Select(name =>
        $"INSERT INTO qrtz_scheduler_state (sched_name, instance_name, last_checkin_time, checkin_interval) VALUES ('opsconsole', '{name}', {Clock.GetUtcNow().AddMinutes(10).UtcTicks}, 3000)")));

    private static async Task<Release> RegisterAsync(ConsoleSide console, string service)
    {
        var answer = await console.Register.RegisterAsync(
            new ReleaseRegistration
            {
                Service = service, Target = "gateway", Environment = "production", Version = "2.15.0", PreviousVersion = "2.14.3", Owner = "commerce",
                Artifact = new("sha256:" + new string('a', 64), "abc1234", null, null),
                Stages = [new(5, 0), new(50, 0), new(100, 0)], Signals = [new() { Key = "http_5xx_rate" }],
            },
            Given.Manager, Token);
        return Assert.IsType<RegisterAnswer.Registered>(answer).Release;
    }

    /// <summary>A promotion that was let through and recorded.</summary>
    private async Task<ReleaseAction> ExecutingAsync(Release release, double? to = null)
    {
        var now = Clock.GetUtcNow();
        var action = new ReleaseAction
        {
            Id = Guid.CreateVersion7(now), Verb = ActionVerb.Promote, ReleaseId = release.Id, Service = release.Service, Target = release.Target, Environment = release.Environment,
            RequestedBy = "anna", Role = "ReleaseManager", Reason = "because", ToExposure = to, EvidenceJson = "{}", EvidenceSeal = new string('a', 64), RequestedAt = now,
        };
        action.Move(ActionPhase.Executing, Clock.GetUtcNow());
        Assert.Equal(ActionSave.Saved, await Database.Actions.SaveAsync(new ActionChange { Action = action, IsNew = true, Audit = [Sample.Audit()] }, Token));
        return action;
    }

    private sealed class NoNotes : IAuditNotes
    {
        public Task<IReadOnlyList<AuditNote>> ReadAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<AuditNote>>([]);

        public Task AddAsync(AuditNote note, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
