using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Promote;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Releases;
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
    private async Task<ReleaseAction> ExecutingAsync(Release release)
    {
        var action = Sample.Action((await Database.Releases.FindAsync(release.Id, Token))!);
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
