using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Kill;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Switches;
using OpsConsole.Tests.Web.Api.Flags;
using OpsConsole.Web.Components.Actions;
using OpsConsole.Web.Components.Pages;
using OpsConsole.Web.Components.Switches;

namespace OpsConsole.Tests.Web.Components;

public sealed class SwitchPagesTests
{
    private static readonly Operator Admin = new("cleo", Role.Admin, false);
    private static readonly Operator Manager = new("ana", Role.ReleaseManager, false);

    [Fact]
    public async Task Each_switch_says_how_it_stands_in_every_environment_who_last_used_it_and_what_depends_on_it()
    {
        await using var pages = new Interface();
        pages.Record.Switches.AddRange([Switch("recommendations"), Switch("vouchers")]);
        pages.Record.Places.AddRange([Place("recommendations", "staging", killed: true), Place("recommendations", "production", percent: 5)]);

        await pages.Harness.RenderAsync<SwitchesPage>(null, Pretend.OnCall);

        await pages.Harness.SeesAsync("killed here");
        var shown = await pages.Harness.ShownAsync();
        Assert.Equal(["recommendations", "vouchers"], shown.FindAll("[data-switch]").Select(s => s["data-switch"]));
        var row = shown.Find("[data-switch=recommendations]")!;
        Assert.Contains("on for 5 %", row.Text, StringComparison.Ordinal);
        Assert.Contains("killed in staging by mira", row.Text, StringComparison.Ordinal);
        Assert.Equal(["kill", "restore"], row.FindAll("[data-verb]").Select(b => b["data-verb"]));
        Assert.Contains("never nobody knows yet whether it works", shown.Find("[data-switch=vouchers]")!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_the_record_is_away_switches_are_shown_from_memory_and_can_be_killed()
    {
        await using var pages = new Interface();
        pages.Flags.Load([Switch("recommendations")], []);
        pages.Record.Away = "the database is away.";

        await pages.Harness.RenderAsync<SwitchesPage>(null, Pretend.OnCall);

        await pages.Harness.SeesAsync("The record is away");
        var shown = await pages.Harness.ShownAsync();
        Assert.Equal(["kill"], shown.FindAll("[data-verb]").Select(b => b["data-verb"]));
        Assert.Contains("not known now", shown.Find("[data-switch]")!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_never_read_and_cannot_be_read_says_so_and_tries_again()
    {
        await using var pages = new Interface();
        pages.Record.Away = "the database is away.";
        await pages.Harness.RenderAsync<SwitchesPage>(null, Pretend.OnCall);
        await pages.Harness.SeesAsync("The switches could not be read");

        pages.Record.Away = null;
        await pages.Harness.ClickAsync("#try-again");

        await pages.Harness.SeesAsync("There is no switch yet");
    }

    [Fact]
    public async Task Confirmed_kills_that_may_not_be_in_force_are_an_alarm()
    {
        await using var pages = new Interface();
        pages.Journal.IsRead = false;
        pages.Journal.Damaged = [new DamagedKill("vouchers", "staging"), new DamagedKill(null, null)];
        await pages.Harness.RenderAsync<SwitchesPage>(null, Pretend.OnCall);

        await pages.Harness.SeesAsync("The journal of kills could not be read yet");
        await pages.Harness.SeesAsync("2 confirmed kills are damaged in the journal");
        Assert.Contains("vouchers in staging", (await pages.Harness.FindAsync("[data-damaged=vouchers]")).Text, StringComparison.Ordinal);
        await pages.Harness.SeesAsync("that kill is not in force");

        await using var well = new Interface();
        await well.Harness.RenderAsync<SwitchesPage>(null, Pretend.OnCall);
        Assert.DoesNotContain("journal", (await well.Harness.ShownAsync()).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_search_stands_in_the_address_and_finds_by_what_is_turned_off()
    {
        await using var pages = new Interface();
        pages.Record.Switches.AddRange([Switch("recommendations"), Switch("vouchers")]);
        await pages.Harness.RenderAsync<SwitchesPage>(null, Pretend.OnCall);
        await pages.Harness.SeesAsync("vouchers");

        await pages.Harness.TypeAsync("#switch-find", "VOUCH");

        Assert.Equal(["vouchers"], (await pages.Harness.ShownAsync()).FindAll("[data-switch]").Select(s => s["data-switch"]));
        Assert.EndsWith("?q=VOUCH", pages.Harness.Navigation.Uri, StringComparison.Ordinal);
        await pages.Harness.TypeAsync("#switch-find", "nothing like it");
        await pages.Harness.SeesAsync("No switch is like that");
    }

    [Fact]
    public async Task A_manager_makes_a_switch_and_is_told_what_is_wrong_with_it()
    {
        await using var pages = new Interface();
        await pages.Harness.RenderAsync<SwitchesPage>(null, Manager);
        await pages.Harness.TypeAsync("#switch-key", "Bad Key");
        await pages.Harness.FireAsync("form", "onsubmit", EventArgs.Empty);
        await pages.Harness.SeesAsync("The key needs");

        await pages.Harness.TypeAsync("#switch-key", "new-checkout");
        await pages.Harness.TypeAsync("#switch-owner", "commerce");
        await pages.Harness.TypeAsync("#switch-turns-off", "the new checkout");
        await pages.Harness.FireAsync("form", "onsubmit", EventArgs.Empty);

        Assert.EndsWith("switches/new-checkout", pages.Harness.Navigation.Uri, StringComparison.Ordinal);
        Assert.Equal("new-checkout", Assert.Single(pages.Record.Switches).Key);
    }

    [Fact]
    public async Task A_switch_is_targeted_with_a_try_on_someone_and_a_reason()
    {
        await using var pages = new Interface();
        pages.Record.Switches.Add(Switch("recommendations"));
        await pages.Harness.RenderAsync<SwitchPage>(new Dictionary<string, object?> { ["Key"] = "recommendations" }, Manager);
        await pages.Harness.SeesAsync("Who gets it in production");
        await pages.Harness.SeesAsync("This one gets it, like everyone.");
        await pages.Harness.SeesAsync("Nothing was ever done with it");

        await pages.Harness.TypeAsync("#targeting-percent", "0");
        await pages.Harness.SeesAsync("This one does not get it, like everyone.");
        await pages.Harness.TypeAsync("#targeting-percent", "1000");
        await pages.Harness.SeesAsync("Everyone else: Give a percentage from 0 to 100.");
        Assert.NotNull((await pages.Harness.FindAsync("#targeting-save"))["disabled"]);
        await pages.Harness.TypeAsync("#targeting-percent", "25");
        await pages.Harness.TypeAsync("#targeting-reason", "try it");
        await pages.Harness.ClickAsync("#targeting-save");

        Assert.Equal(25, TargetingText.ReadStored(Assert.Single(pages.Record.Places).TargetingJson).Percent);
        Assert.Equal("switch.target", Assert.Single(pages.Record.Entries).Event);
        await pages.Harness.SeesAsync("on for 25 %");
    }

    [Fact]
    public async Task A_rule_is_added_and_its_faults_say_where_they_are()
    {
        await using var pages = new Interface();
        pages.Record.Switches.Add(Switch("recommendations"));
        await pages.Harness.RenderAsync<SwitchPage>(new Dictionary<string, object?> { ["Key"] = "recommendations" }, Manager);
        await pages.Harness.SeesAsync("Who gets it in production");

        await pages.Harness.ClickAsync("#add-rule");

        await pages.Harness.SeesAsync("Rule 1, name: Give a name for people");
        await pages.Harness.SeesAsync("Rule 1, condition 1, values: Give 1 to 1,000 values.");
    }

    [Fact]
    public async Task Who_may_not_target_sees_it_and_is_told_who_can()
    {
        await using var pages = new Interface();
        pages.Record.Switches.Add(Switch("recommendations"));

        await pages.Harness.RenderAsync<SwitchPage>(new Dictionary<string, object?> { ["Key"] = "recommendations" }, Pretend.OnCall);

        await pages.Harness.SeesAsync("It is changed by release manager and admin.");
        var shown = await pages.Harness.ShownAsync();
        Assert.Null(shown.Find("#targeting-save"));
        Assert.Null(shown.Find("#archive"));
        Assert.Equal(["kill", "kill"], shown.FindAll("[data-verb]").Select(b => b["data-verb"]));
    }

    [Fact]
    public async Task History_tells_what_was_done_where_and_why()
    {
        await using var pages = new Interface();
        pages.Record.Switches.Add(Switch("recommendations"));
        pages.Record.Entries.Add(new AuditEntry
        {
            At = Pretend.Now, Actor = "mira", Role = "OnCall", Event = "kill", Subject = "switch:recommendations", SubjectTitle = "switch recommendations in staging", Outcome = "confirmed", Reason = "errors grow",
        });

        await pages.Harness.RenderAsync<SwitchPage>(new Dictionary<string, object?> { ["Key"] = "recommendations" }, Pretend.OnCall);

        await pages.Harness.SeesAsync("“errors grow”");
        var line = (await pages.Harness.ShownAsync()).Find("[data-event=kill]")!.Text;
        Assert.Contains("Killed", line, StringComparison.Ordinal);
        Assert.Contains("in staging", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_put_away_and_taken_out_again_with_a_reason()
    {
        await using var pages = new Interface();
        pages.Record.Switches.Add(Switch("recommendations"));
        await pages.Harness.RenderAsync<SwitchPage>(new Dictionary<string, object?> { ["Key"] = "recommendations" }, Manager);
        await pages.Harness.SeesAsync("Put it away");

        await pages.Harness.ClickAsync("#archive");
        await pages.Harness.TypeAsync("#archive-dialog-reason", "not used any more");
        await pages.Harness.ClickAsync("#archive-dialog-send");
        await pages.Harness.SeesAsync("In the archive");

        await pages.Harness.ClickAsync("#unarchive");
        await pages.Harness.TypeAsync("#archive-dialog-reason", "needed after all");
        await pages.Harness.ClickAsync("#archive-dialog-send");
        await pages.Harness.SeesAsync("not killed");
        Assert.Equal(["switch.archive", "switch.unarchive"], pages.Record.Entries.Select(e => e.Event));
    }

    [Fact]
    public async Task A_switch_that_is_not_there_says_what_clients_are_answered()
    {
        await using var pages = new Interface();

        await pages.Harness.RenderAsync<SwitchPage>(new Dictionary<string, object?> { ["Key"] = "no-such-switch" }, Manager);

        await pages.Harness.SeesAsync("There is no such switch");
        await pages.Harness.SeesAsync("FLAG_NOT_FOUND");
    }

    [Fact]
    public async Task A_kill_can_be_narrowed_down_in_its_dialog()
    {
        await using var pages = new Interface();
        pages.Gate.Answer = command => Task.FromResult<GateAnswer>(new GateAnswer.Refused([]));
        var flow = new ActionFlow(pages.Gate, pages.Record, pages.Time);
        await flow.OpenAsync(new ActionAsk(ActionVerb.Kill, null, "recommendations", null) { Places = ["production"] }, Pretend.OnCall, default);

        await flow.NarrowAsync("production", Pretend.OnCall, default);
        flow.Reason = "errors grow";
        flow.Confirmation = "shop";
        await flow.SendAsync(Pretend.OnCall, default);

        Assert.Equal("production", Assert.IsType<KillCommand>(Assert.Single(pages.Gate.Asked)).Environment);
    }

    [Fact]
    public async Task A_token_is_made_shown_once_with_how_to_use_it_and_revoked_after_a_warning()
    {
        await using var pages = new Interface();
        await pages.Harness.RenderAsync<FlagClientsPage>(null, Admin);
        await pages.Harness.SeesAsync("No flag client has a token of its own");

        await pages.Harness.TypeAsync("#client-name", "shop web");
        await pages.Harness.FireAsync("form", "onsubmit", EventArgs.Empty);
        await pages.Harness.SeesAsync("shown this once");
        var token = (await pages.Harness.FindAsync("#token-text")).Text.Trim();
        Assert.StartsWith(FlagClientTable.Prefix, token, StringComparison.Ordinal);
        Assert.Contains(token, (await pages.Harness.FindAsync("#token-curl")).Text, StringComparison.Ordinal);
        await pages.Harness.ClickAsync("#token-kept");
        Assert.DoesNotContain(token, (await pages.Harness.ShownAsync()).Text, StringComparison.Ordinal);

        await pages.Harness.ClickAsync("[data-revoke]");
        await pages.Harness.SeesAsync("hears of no kill any more");
        await pages.Harness.ClickAsync("#revoke-send");

        await pages.Harness.SeesAsync("revoked by cleo");
    }

    [Fact]
    public async Task Who_may_not_make_tokens_sees_them_and_is_told_who_can()
    {
        await using var pages = new Interface();
        pages.Clients.Clients.Add(new FlagClient { Id = Guid.CreateVersion7(), Name = "shop web", Environment = "production", TokenHash = "x", CreatedAt = Pretend.Now, CreatedBy = "cleo" });

        await pages.Harness.RenderAsync<FlagClientsPage>(null, Manager);

        await pages.Harness.SeesAsync("shop web");
        await pages.Harness.SeesAsync("admin can");
        Assert.Null((await pages.Harness.ShownAsync()).Find("[data-revoke]"));
    }

    [Theory]
    [InlineData("rules[0].conditions[1].values[0]", "Rule 1, condition 2, value 1: ")]
    [InlineData("percent", "Everyone else: ")]
    [InlineData("", "")]
    public void Faults_say_where_as_people_count(string path, string place) => Assert.Equal(place, TargetingDraft.Place(path));

    private static KillSwitch Switch(string key) => FlagServer.Switch(key);

    private static SwitchEnvironment Place(string key, string environment, bool killed = false, double? percent = null)
    {
        var place = new SwitchEnvironment { Key = key, Environment = environment, ChangedAt = Pretend.Now };
        if (killed)
        {
            place.Kill("mira", "errors grow", Pretend.Now);
        }

        if (percent is { } share)
        {
            place.Target(TargetingText.Write(new Targeting([], share)), "ana", Pretend.Now);
        }

        return place;
    }
}
