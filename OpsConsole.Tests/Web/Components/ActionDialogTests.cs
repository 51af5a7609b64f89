using Microsoft.AspNetCore.Components.Web;
using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Rollback;
using OpsConsole.Core.Board;
using OpsConsole.Tests.Core.Actions.Gate;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Components.Actions;

namespace OpsConsole.Tests.Web.Components;

/// <summary>From the button to what the target confirmed.</summary>
public sealed class ActionDialogTests
{
    private static async Task<ActionAsk> OpenAsync(Interface pages, ActionVerb verb = ActionVerb.Rollback)
    {
        var ask = new ActionAsk(verb, Guid.CreateVersion7(Pretend.Now), null, 100);
        await pages.Harness.RenderAsync<ActionDialog>(cascading: Pretend.OnCall);
        await pages.Harness.OnContextAsync(() => pages.Harness.Get<ActionDesk>().Ask(ask));
        await pages.Harness.FindAsync("#action-reason");
        return ask;
    }

    private static async Task<bool> CanSendAsync(Interface pages) => (await pages.Harness.FindAsync("#action-send"))["disabled"] is null;

    [Fact]
    public async Task A_button_that_the_rule_refuses_stays_reachable_says_every_reason_and_opens_nothing()
    {
        await using var pages = new Interface();
        pages.Gate.Rule = _ => [new HoldNotOverRefusal()];
        await pages.Harness.RenderAsync<ActionButton>(new Dictionary<string, object?> { ["Verb"] = ActionVerb.Promote, ["Release"] = Pretend.Snapshot() }, Pretend.OnCall);
        var asked = 0;
        pages.Harness.Get<ActionDesk>().Asked += _ => asked++;

        var button = await pages.Harness.FindAsync("button");
        await pages.Harness.FireAsync(button, "onclick", new MouseEventArgs());

        Assert.Equal("true", button["aria-disabled"]);
        Assert.Null(button["disabled"]);
        var why = (await pages.Harness.ShownAsync()).Find("#" + button["aria-describedby"])!;
        Assert.Equal("The stage holds for another 6 m 10 s.", why.Text);
        Assert.Equal(0, asked);
    }

    [Fact]
    public async Task An_allowed_button_hands_in_what_was_on_the_screen()
    {
        await using var pages = new Interface();
        var release = Pretend.Snapshot(version: 8412);
        await pages.Harness.RenderAsync<ActionButton>(new Dictionary<string, object?> { ["Verb"] = ActionVerb.Rollback, ["Release"] = release }, Pretend.OnCall);
        ActionAsk? asked = null;
        pages.Harness.Get<ActionDesk>().Asked += ask => asked = ask;

        await pages.Harness.ClickAsync("button");

        Assert.Equal(new ActionAsk(ActionVerb.Rollback, release.Id, null, 8412), asked);
        Assert.Empty(pages.Gate.Asked);
    }

    [Fact]
    public async Task The_dialog_names_what_its_text_is_for_and_every_other_subject_has_another_name()
    {
        await using var pages = new Interface();
        var ask = await OpenAsync(pages);

        Assert.Equal(ask.Subject, (await pages.Harness.FindAsync("#action-dialog"))["data-typed-for"]);
        var kill = new ActionAsk(ActionVerb.Kill, null, "gift-wrap", null);
        var subjects = new[]
        {
            ask, ask with { Verb = ActionVerb.Halt }, ask with { ReleaseId = Guid.NewGuid() },
            kill, kill with { Verb = ActionVerb.Restore }, kill with { SwitchKey = "offers" }, kill with { Environment = "production" }, kill with { Environment = "staging" },
        };
        Assert.Equal(subjects.Length, subjects.Select(s => s.Subject).Distinct().Count());

        // A kill is narrowed down in its dialog, and what was typed there stays.
        var wide = kill with { Places = ["production"] };
        Assert.Equal(wide.Subject, (wide with { Environment = "production" }).Subject);
    }

    [Fact]
    public async Task The_dialog_says_what_will_happen_and_waits_for_a_reason_and_the_typed_name()
    {
        await using var pages = new Interface();
        await OpenAsync(pages);

        foreach (var line in new[] { "All requests go to 2.14.3.", "The 50 % of requests", "4 s here", "Rows written by 2.15.0 stay.", "Start 2.15.0 again", "snapshot 100", "You act as on-call." })
        {
            await pages.Harness.SeesAsync(line);
        }

        Assert.False(await CanSendAsync(pages));
        await pages.Harness.TypeAsync("#action-reason", "errors grow");
        await pages.Harness.SeesAsync("Type shop to confirm.");
        await pages.Harness.TypeAsync("#action-confirmation", "shopp");
        Assert.False(await CanSendAsync(pages));
        await pages.Harness.TypeAsync("#action-confirmation", "shop");
        Assert.True(await CanSendAsync(pages));
        Assert.Equal(1, pages.Harness.Js.Count("./js/dialog.js.open"));
    }

    [Theory]
    [InlineData(false, "Nothing: nobody has it, and the target is not asked.")]
    [InlineData(true, "the target is read, and asked to take 2.15.0 back where it may be there")]
    public async Task The_dialog_of_a_release_that_nobody_has_says_whether_the_target_is_asked(bool wasAsked, string said)
    {
        await using var pages = new Interface();
        var world = new GateWorld();
        var release = world.Release(stage: -1);
        if (wasAsked)
        {
            world.Target.OnApply = static (_, _) => Task.CompletedTask;
            await world.RunAsync(GateWorld.Accepted(await world.PromoteAsync(release)).Id);
            world.Build();
        }

        var flow = new ActionFlow(world.Gate, world.Record, world.Time);
        await flow.OpenAsync(new ActionAsk(ActionVerb.Rollback, release.Id, null, 100), Pretend.OnCall, TestContext.Current.CancellationToken);
        await pages.Harness.RenderAsync<BriefingText>(new Dictionary<string, object?> { ["Flow"] = flow }, Pretend.OnCall);

        await pages.Harness.SeesAsync(said);
    }

    [Theory]
    [InlineData("staging", "You act as release manager in staging.")]
    [InlineData("production", "You act as viewer in production.")]
    [InlineData(null, "You act as viewer, the least of your roles, because it is for all environments at once.")]
    public async Task The_dialog_says_the_role_for_where_the_action_is(string? environment, string said)
    {
        await using var pages = new Interface();
        pages.Gate.Briefing = Pretend.Briefing() with { Environment = environment };
        var by = Pretend.OnCall with { Role = Role.Viewer, ByEnvironment = new EnvironmentRoles(Role.ReleaseManager, [new("production", Role.Viewer)]) };
        await pages.Harness.RenderAsync<ActionDialog>(cascading: by);

        await pages.Harness.OnContextAsync(() => pages.Harness.Get<ActionDesk>().Ask(new ActionAsk(ActionVerb.Halt, Guid.CreateVersion7(Pretend.Now), null, 100)));

        await pages.Harness.SeesAsync(said);
    }

    [Theory]
    [InlineData("staging", "staging")]
    [InlineData("production", null)]
    public async Task A_kill_begins_where_one_may_and_everywhere_for_whoever_may_there(string row, string? begins)
    {
        await using var pages = new Interface();
        var by = Pretend.OnCall with { Role = Role.Viewer, ByEnvironment = new EnvironmentRoles(Role.Viewer, [new("staging", Role.OnCall)]) };
        var (ask, flow) = (new ActionAsk(ActionVerb.Kill, null, "recommendations", null) { Places = [row] }, new ActionFlow(pages.Gate, pages.Record, pages.Time));

        await flow.OpenAsync(ask, by, default);
        Assert.Equal(begins, flow.Ask!.Environment);
        Assert.Equal(ask.Subject, flow.Ask.Subject);

        await flow.OpenAsync(ask, Pretend.OnCall, default);
        Assert.Null(flow.Ask.Environment);
    }

    [Fact]
    public async Task Asked_then_confirmed_is_shown_with_the_measured_time_and_a_double_click_asks_once()
    {
        await using var pages = new Interface();
        var ask = await OpenAsync(pages);
        var action = Pretend.Action(ActionVerb.Rollback, ask.ReleaseId);
        action.Move(ActionPhase.Executing, Pretend.Now);
        pages.Record.Actions.Add(action);
        var answer = new TaskCompletionSource<GateAnswer>();
        pages.Gate.Answer = _ => answer.Task;
        await pages.Harness.TypeAsync("#action-reason", " errors grow ");
        await pages.Harness.TypeAsync("#action-confirmation", "shop");

        var send = await pages.Harness.FindAsync("#action-send");
        var first = pages.Harness.FireAsync(send, "onclick", new MouseEventArgs());
        await pages.Harness.SeesAsync("Handing it to the gate");
        Assert.False(await CanSendAsync(pages));
        var second = pages.Harness.ClickAsync("#action-send");
        answer.SetResult(new GateAnswer.Accepted(action));
        await pages.Harness.SeesAsync("Waiting for the target to confirm");

        action.Move(ActionPhase.Confirmed, Pretend.Now.AddSeconds(1.4), "Nobody is sent to 2.15.0 any more.");
        pages.Time.Advance(TimeSpan.FromSeconds(1));
        await pages.Harness.SeesAsync("Confirmed in 1.4 s");
        await Task.WhenAll(first, second);

        Assert.Equal([new RollbackCommand(ask.ReleaseId!.Value, "errors grow", 100, "shop")], pages.Gate.Asked);
    }

    [Fact]
    public async Task A_refusal_is_shown_in_its_sentences_and_nothing_typed_is_lost()
    {
        await using var pages = new Interface();
        await OpenAsync(pages);
        pages.Gate.Answer = _ => Task.FromResult<GateAnswer>(new GateAnswer.Refused([new HoldNotOverRefusal()]));
        await pages.Harness.TypeAsync("#action-reason", "errors grow");
        await pages.Harness.TypeAsync("#action-confirmation", "shop");

        await pages.Harness.ClickAsync("#action-send");

        await pages.Harness.SeesAsync("Refused; nothing was done.");
        await pages.Harness.SeesAsync("The stage holds for another 6 m 10 s.");
        Assert.Equal("errors grow", (await pages.Harness.FindAsync("#action-reason"))["value"]);
        Assert.Equal(2, pages.Gate.Briefed);
    }

    [Fact]
    public async Task A_gate_that_hangs_is_given_up_on_with_what_to_do()
    {
        await using var pages = new Interface();
        await OpenAsync(pages);
        pages.Gate.Answer = _ => new TaskCompletionSource<GateAnswer>().Task;
        await pages.Harness.TypeAsync("#action-reason", "errors grow");
        await pages.Harness.TypeAsync("#action-confirmation", "shop");

        var send = await pages.Harness.FindAsync("#action-send");
        var sending = pages.Harness.FireAsync(send, "onclick", new MouseEventArgs());
        await pages.Harness.SeesAsync("Handing it to the gate");
        pages.Time.Advance(TimeSpan.FromSeconds(21));

        await pages.Harness.SeesAsync("Whether the request was taken is not known");
        await sending;
    }

    [Fact]
    public async Task What_stands_against_it_is_listed_and_keeps_the_button_shut()
    {
        await using var pages = new Interface();
        pages.Gate.Briefing = Pretend.Briefing(type: null, refusals: [new HoldNotOverRefusal()]);
        await OpenAsync(pages, ActionVerb.Promote);

        await pages.Harness.TypeAsync("#action-reason", "looks good");

        await pages.Harness.SeesAsync("The stage holds for another 6 m 10 s.");
        Assert.False(await CanSendAsync(pages));
    }

    [Fact]
    public async Task A_decision_that_rests_on_what_has_changed_is_briefed_anew()
    {
        var gate = new PretendGate();
        var flow = new ActionFlow(gate, new PretendRecord(), new FakeTime(Pretend.Now));
        var release = Pretend.Snapshot(version: 100);
        await flow.OpenAsync(ActionAsk.About(ActionVerb.Promote, release), Pretend.OnCall, CancellationToken.None);

        await flow.LookAgainAsync(release with { SnapshotVersion = 101 }, Pretend.OnCall, CancellationToken.None);
        Assert.Null(flow.Moved);

        await flow.LookAgainAsync(release with { SnapshotVersion = 103, DecisionVersion = 102, Verdict = Verdict.Fail }, Pretend.OnCall, CancellationToken.None);

        Assert.Contains("verdict fail", flow.Moved, StringComparison.Ordinal);
        Assert.Equal(103, flow.Ask!.SeenVersion);
        Assert.Equal(2, gate.Briefed);
    }
}
