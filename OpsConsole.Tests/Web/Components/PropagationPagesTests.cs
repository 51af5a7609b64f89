using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Switches;
using OpsConsole.Tests.Shared;
using OpsConsole.Tests.Web.Api.Flags;
using OpsConsole.Web.Components.Actions;
using OpsConsole.Web.Components.Pages;

namespace OpsConsole.Tests.Web.Components;

/// <summary>Where people see how a change reached its clients: the page of the switch, the list, the clients, and the dialog of a kill.</summary>
public sealed class PropagationPagesTests : IAsyncDisposable
{
    private const string Flag = "recommendations";

    private readonly Interface _pages = new();

    public PropagationPagesTests()
    {
        _pages.Record.Switches.AddRange([FlagServer.Switch(Flag), FlagServer.Switch("vouchers")]);
        _pages.Flags.Load([FlagServer.Switch(Flag), FlagServer.Switch("vouchers")], []);
    }

    public ValueTask DisposeAsync() => _pages.DisposeAsync();

    [Fact]
    public async Task A_switch_that_was_never_changed_says_what_will_be_measured_and_that_nobody_listens()
    {
        await ShowSwitchAsync();

        await _pages.Harness.SeesAsync("Nothing was measured yet.");
        await _pages.Harness.SeesAsync("Nobody: no client holds a stream");
        Assert.Null((await _pages.Harness.ShownAsync()).Find("#unconfirmed"));
    }

    [Fact]
    public async Task A_kill_is_followed_live_on_the_page_of_its_switch_and_kept_when_the_next_comes()
    {
        Listen("1");
        Listen("2");
        await ShowSwitchAsync();
        await _pages.Harness.SeesAsync("Nothing was measured yet.");

        Kill(Flag);
        Step();
        await _pages.Harness.SeesAsync("Killed everywhere");
        await _pages.Harness.SeesAsync("0 of 2 clients on the new value; waiting for the others.");
        Pass(120);
        Answer("1");
        Step();
        await _pages.Harness.SeesAsync("1 of 2 clients on the new value; waiting for the others.");
        Pass(280);
        Answer("2");
        Step();
        await _pages.Harness.SeesAsync("2 of 2 clients on the new value.");
        Assert.Equal(["120 ms", "120 ms", "400 ms", "400 ms", "0"], (await _pages.Harness.FindAsync(".propagation")).FindAll("dd").Select(dd => dd.Text));

        Kill("vouchers");
        Kill(Flag, killed: false);
        Step();
        await _pages.Harness.SeesAsync("Restored everywhere");
        var earlier = (await _pages.Harness.FindAsync("[data-earlier]")).Text;
        Assert.Contains("Killed everywhere", earlier, StringComparison.Ordinal);
        Assert.Contains("2 of 2", earlier, StringComparison.Ordinal);
        Assert.Contains("400 ms", earlier, StringComparison.Ordinal);
        Assert.Single((await _pages.Harness.ShownAsync()).FindAll("[data-earlier]"));
    }

    [Fact]
    public async Task What_was_measured_before_the_console_started_is_read_from_the_record()
    {
        var stored = new FlagPropagation { Id = Guid.CreateVersion7(), Key = Flag, Environment = "staging", Kind = FlagChangeKind.Killed, FlippedAt = Pretend.Now.AddDays(-1) };
        stored.Count(3, 0, [10, 20, 30], Pretend.Now.AddDays(-1));
        _pages.Measurements.Stored[stored.Id] = stored;

        await ShowSwitchAsync();

        await _pages.Harness.SeesAsync("Killed in staging");
        await _pages.Harness.SeesAsync("3 of 3 clients on the new value.");
    }

    [Fact]
    public async Task While_the_record_is_away_the_page_says_that_earlier_ones_are_missing()
    {
        _pages.Measurements.Away = true;

        await ShowSwitchAsync();

        await _pages.Harness.SeesAsync("The record is away: earlier ones are missing here");
    }

    [Fact]
    public async Task Clients_that_do_not_follow_are_shown_with_what_to_do_until_they_do()
    {
        Listen("1");
        Listen("2");
        await _pages.Harness.RenderAsync<SwitchesPage>(null, Pretend.OnCall);
        await _pages.Harness.SeesAsync(Flag);
        Kill(Flag);
        Answer("1");
        Step();
        Assert.Null((await _pages.Harness.ShownAsync()).Find("#unconfirmed"));

        Pass(31_000);
        Step();
        await _pages.Harness.SeesAsync("1 of 2 clients still on the old value (shop web in production: 1)");
        await _pages.Harness.SeesAsync("See whether they reach this console");
        Assert.Equal("1 client not on the new value", (await _pages.Harness.FindAsync($"[data-switch={Flag}]")).Find("[data-unconfirmed]")?.Text);
        Assert.Null((await _pages.Harness.FindAsync("[data-switch=vouchers]")).Find("[data-unconfirmed]"));

        // Past the end of the measuring.
        Pass(60_000);
        Step();
        Answer("2");
        Step();
        await Eventually.TrueAsync(async () => await _pages.Harness.ShownAsync() is var shown && shown.Find("#unconfirmed") is null && shown.Find("[data-unconfirmed]") is null);
    }

    [Fact]
    public async Task The_page_of_the_switch_has_the_alarm_of_that_switch_alone()
    {
        Listen("1");
        await ShowSwitchAsync();
        await _pages.Harness.SeesAsync("Who listens now");
        Kill("vouchers");
        Pass(31_000);
        Step();
        Assert.Single(_pages.Audience.Alarms);
        Assert.Null((await _pages.Harness.ShownAsync()).Find("#unconfirmed"));

        Kill(Flag);
        Pass(31_000);
        Step();

        Assert.Equal(Flag, (await _pages.Harness.FindAsync("[data-alarm]"))["data-alarm"]);
        Answer("1");
        Step();
        await Eventually.TrueAsync(async () => (await _pages.Harness.ShownAsync()).Find("#unconfirmed") is null);
    }

    [Fact]
    public async Task Who_reads_is_counted_by_token_and_anew_while_the_page_is_open()
    {
        Listen("1");
        await _pages.Harness.RenderAsync<FlagClientsPage>(null, new Operator("cleo", Role.Admin, false));
        Assert.Contains("1 client with 1 open stream.", (await _pages.Harness.FindAsync("#flag-readers")).Text, StringComparison.Ordinal);

        Listen("2");
        _pages.Audience.Answered(new FlagReaderId("3", "staging", "checkout"), "vouchers", 0);
        await Eventually.TrueAsync(async () =>
        {
            Pass(1_000);
            return (await _pages.Harness.ShownAsync()).Find("#flag-readers")!.Text.Contains("3 clients with 2 open streams.", StringComparison.Ordinal);
        });
        Assert.Equal(["shop web", "checkout"], (await _pages.Harness.ShownAsync()).FindAll("[data-reader]").Select(r => r["data-reader"]));

        // Who asks for another flag alone does not listen to this one.
        Assert.Equal(["shop web"], _pages.Audience.Groups(Flag).Select(g => g.Name));
    }

    [Fact]
    public async Task The_dialog_of_a_kill_says_who_listens_there_and_how_fast_the_last_one_was()
    {
        Listen("1");
        Listen("2");
        _pages.Audience.Answered(new FlagReaderId("3", "staging", "checkout"), null, 0);
        Kill(Flag);
        Pass(90);
        Answer("1");
        Answer("2");
        Step();
        await _pages.Harness.RenderAsync<ActionDialog>(cascading: Pretend.OnCall);

        await _pages.Harness.OnContextAsync(() => _pages.Harness.Get<ActionDesk>().Ask(new ActionAsk(ActionVerb.Kill, null, Flag, null) { Places = ["production", "staging"] }));

        await _pages.Harness.SeesAsync("3 clients right now with 2 open streams.");
        await _pages.Harness.SeesAsync("The last kill had reached 2 of 3 after 90 ms");
        await _pages.Harness.FireAsync((await _pages.Harness.FindAsync("#action-scope")).Find("[value=production]")!, "onchange", new Microsoft.AspNetCore.Components.ChangeEventArgs { Value = "production" });
        await _pages.Harness.SeesAsync("2 clients right now in production");
    }

    [Fact]
    public async Task A_dialog_whose_measurements_cannot_be_read_says_who_listens_all_the_same()
    {
        _pages.Measurements.Away = true;
        await _pages.Harness.RenderAsync<ActionDialog>(cascading: Pretend.OnCall);

        await _pages.Harness.OnContextAsync(() => _pages.Harness.Get<ActionDesk>().Ask(new ActionAsk(ActionVerb.Kill, null, Flag, null)));

        await _pages.Harness.SeesAsync("No client right now: whoever asks next gets the new value.");
    }

    private Task ShowSwitchAsync() => _pages.Harness.RenderAsync<SwitchPage>(new Dictionary<string, object?> { ["Key"] = Flag }, Pretend.OnCall);

    private static FlagReaderId Reader(string id) => new(id, "production", "shop web");

    /// <summary>A client that holds a stream and is current.</summary>
    private void Listen(string id)
    {
        Answer(id);
        _ = _pages.Audience.StreamOpened(Reader(id));
    }

    private void Answer(string id) => _pages.Audience.Answered(Reader(id), null, _pages.Flags.Version);

    private void Kill(string key, bool killed = true)
    {
        var value = FlagServer.Switch(key);
        for (var i = 0; i < _pages.Flags.Version; i++)
        {
            value.Restore("mira", "again", _pages.Time.GetUtcNow());
        }

        if (killed)
        {
            value.Kill("mira", "errors grow", _pages.Time.GetUtcNow());
        }
        else
        {
            value.Restore("mira", "calm again", _pages.Time.GetUtcNow());
        }

        _pages.Flags.Set(value);
    }

    /// <summary>What the pump does four times a second.</summary>
    private void Step() => _pages.Propagations.Take(_pages.Audience.Step());

    private void Pass(int milliseconds) => _pages.Time.Advance(TimeSpan.FromMilliseconds(milliseconds));
}
