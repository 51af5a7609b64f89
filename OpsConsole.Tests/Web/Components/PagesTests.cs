using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Board;
using OpsConsole.Core.Catalog;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Switches;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Identity;
using OpsConsole.Web.Components.Charts;
using OpsConsole.Web.Components.Pages;

namespace OpsConsole.Tests.Web.Components;

/// <summary>The release page, the lists and signing in, in each of their states.</summary>
public sealed class PagesTests
{
    private static Dictionary<string, object?> Of(Guid id) => new() { ["Id"] = id };

    [Fact]
    public async Task A_release_that_left_the_board_shows_its_story_from_the_record()
    {
        await using var pages = new Interface();
        var release = Pretend.Release();
        var action = Pretend.Action(ActionVerb.Rollback, release.Id);
        action.Move(ActionPhase.Confirmed, Pretend.Now.AddSeconds(1.4));
        pages.Record.Releases.Add(release);
        pages.Record.Actions.Add(action);
        pages.Record.Events.Add(new ReleaseEvent
        {
            ReleaseId = release.Id, Kind = ReleaseEventKind.RolledBack, At = Pretend.Now, Text = "Rolled back to 2.14.3.", Actor = "mira", Reason = "errors grow", ActionId = action.Id, ExposurePercent = 0,
        });
        pages.Record.Points.Add(new SignalPoint(release.Id, new SignalKey("http_5xx_rate"), SignalSide.Canary, Pretend.Now.AddMinutes(-9), 4.2, 900));

        await pages.Harness.RenderAsync<ReleasePage>(Of(release.Id), Pretend.OnCall);

        foreach (var text in new[] { "not on the board any more", "Rolled back to 2.14.3.", "“errors grow”", "mira", "confirmed in 1.4 s", "9032f95f", "commerce", "jonas" })
        {
            await pages.Harness.SeesAsync(text);
        }

        var shown = await pages.Harness.ShownAsync();
        Assert.Empty(shown.FindAll("[data-verb]"));
        Assert.Equal(["https://code.example/c/4f2a91c"], shown.Find(".links")!.FindAll("a").Select(a => a["href"]));
        await Eventually.TrueAsync(() => pages.Harness.Js.Count("./js/apex-chart.js.create") == 2);
    }

    [Fact]
    public async Task A_release_on_the_board_has_its_buttons_gates_and_live_charts()
    {
        await using var pages = new Interface();
        var release = Pretend.Release();
        pages.Record.Releases.Add(release);
        pages.Board.Track(release);
        pages.Board.BuildDue();

        await pages.Harness.RenderAsync<ReleasePage>(Of(release.Id), Pretend.OnCall);

        await pages.Harness.SeesAsync("All required signals are fresh.");
        var shown = await pages.Harness.ShownAsync();
        Assert.Contains("halt", shown.FindAll("[data-verb]").Select(b => b["data-verb"]));
        Assert.Equal(release.Id.ToString(), shown.Find("[data-page-release]")!["data-page-release"]);
    }

    [Theory]
    [InlineData("commerce", "#commerce-oncall", "commerce, #commerce-oncall")]
    [InlineData("payments", "+49 30 1234", "commerce, payments by the catalogue +49 30 1234")]
    public async Task A_release_says_whom_to_call(string team, string contact, string shown)
    {
        await using var pages = new Interface();
        var release = Pretend.Release();
        pages.Record.Releases.Add(release);
        pages.Catalog.Versions.Add(new CatalogVersion
        {
            Number = 1, Digest = "", AppliedBy = "ada", AppliedAt = Pretend.Now, Summary = "",
            Files = [new("shop.yaml", $"service: shop\nowner: {{ team: {team}, contact: '{contact}' }}\nenvironments: [production]\n")],
        });

        await pages.Harness.RenderAsync<ReleasePage>(Of(release.Id), Pretend.OnCall);

        await pages.Harness.SeesAsync(contact);
        var facts = (await pages.Harness.ShownAsync()).Find(".facts")!;
        Assert.Equal("catalog/shop", facts.Find("[data-contact]")!["href"]);
        Assert.Contains(shown, facts.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_release_and_a_record_that_is_away_are_told_apart()
    {
        await using var pages = new Interface();
        await pages.Harness.RenderAsync<ReleasePage>(Of(Guid.CreateVersion7(Pretend.Now)), Pretend.OnCall);
        await pages.Harness.SeesAsync("There is no such release");

        await using var away = new Interface();
        var release = Pretend.Release();
        away.Record.Releases.Add(release);
        away.Record.Away = "the database is away";
        await away.Harness.RenderAsync<ReleasePage>(Of(release.Id), Pretend.OnCall);
        await away.Harness.SeesAsync("This release could not be read");

        away.Record.Away = null;
        await away.Harness.ClickAsync("#try-again");
        await away.Harness.SeesAsync("commerce");
    }

    [Fact]
    public async Task The_history_asks_the_record_for_one_page_as_the_address_says()
    {
        await using var pages = new Interface();
        pages.Record.Releases.AddRange(Enumerable.Range(0, 120).Select(i => Pretend.Release(version: $"2.{i}.0")));
        pages.Harness.Navigation.NavigateTo("releases?page=2&q=2.&phase=rollingOut&to=2026-03-01");

        await pages.Harness.RenderAsync<ReleasesPage>(null, Pretend.OnCall);

        await pages.Harness.SeesAsync("51–100 of 120");
        var asked = pages.Record.Asked!;
        Assert.Equal((50, 50, "2.", ReleasePhase.RollingOut), (asked.Skip, asked.Take, asked.Search, asked.Phase));
        Assert.Equal(new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.Zero), asked.To);
        var older = await pages.Harness.FindAsync("[rel=next]");
        Assert.Contains("page=3", older["href"], StringComparison.Ordinal);
        Assert.Contains("q=2.", older["href"], StringComparison.Ordinal);

        pages.Harness.Navigation.NavigateTo(older["href"]!);
        await pages.Harness.SeesAsync("101–120 of 120");
    }

    [Fact]
    public async Task A_history_that_cannot_be_read_says_so_and_an_empty_one_says_why()
    {
        await using var pages = new Interface();
        pages.Record.Away = "the database is away";
        pages.Harness.Navigation.NavigateTo("releases");
        await pages.Harness.RenderAsync<ReleasesPage>(null, Pretend.OnCall);
        await pages.Harness.SeesAsync("the database is away");

        pages.Record.Away = null;
        await pages.Harness.ClickAsync("#try-again");
        await pages.Harness.SeesAsync("No release has been registered yet");
    }

    [Fact]
    public async Task The_audit_shows_who_asked_for_what_and_goes_on_without_a_count()
    {
        await using var pages = new Interface();
        pages.Record.Entries.AddRange(Enumerable.Range(0, 60).Select(i => new AuditEntry
        {
            At = Pretend.Now, Actor = "mira", Role = nameof(Role.OnCall), Event = "rollback", Subject = $"release:{Guid.CreateVersion7(Pretend.Now):N}",
            SubjectTitle = $"shop 2.{i}.0", Outcome = "refused", Reason = "errors grow", Detail = "The stage holds.", EvidenceSeal = "9032f95fabc",
        }));
        pages.Harness.Navigation.NavigateTo("audit");

        await pages.Harness.RenderAsync<AuditPage>(null, Pretend.OnCall);

        foreach (var text in new[] { "on-call", "rollback", "shop 2.0.0", "refused", "The stage holds.", "9032f95f", "1–50" })
        {
            await pages.Harness.SeesAsync(text);
        }

        Assert.Contains("page=2", (await pages.Harness.FindAsync("[rel=next]"))["href"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("audit?page=9", "Nothing is on this page of it")]
    [InlineData("audit?actor=Mira", "“Mira” does not find mira")]
    [InlineData("audit?actor=none&from=2026-03-02&to=2026-03-01", "From is a later day than Until.")]
    [InlineData("audit?event=kill,%20restore", "1–2")]
    public async Task The_audit_never_says_that_nothing_happened_where_it_did(string address, string said)
    {
        await using var pages = new Interface();
        pages.Record.Entries.AddRange(new[] { "kill", "restore", "sign-in" }.Select(happened => new AuditEntry
        {
            At = Pretend.Now, Actor = "mira", Role = nameof(Role.OnCall), Event = happened, Subject = "switch:daily offers", SubjectTitle = "switch daily offers", Outcome = "done",
        }));
        pages.Harness.Navigation.NavigateTo(address);

        await pages.Harness.RenderAsync<AuditPage>(null, Pretend.OnCall);

        await pages.Harness.SeesAsync(said);
        var shown = await pages.Harness.ShownAsync();
        Assert.DoesNotContain("Nothing has been asked for yet", shown.Text, StringComparison.Ordinal);
        Assert.All(shown.FindAll("td a"), a => Assert.Equal("switches/daily%20offers", a["href"]));
    }

    [Fact]
    public async Task The_audit_is_verified_on_demand_and_says_what_was_found()
    {
        await using var pages = new Interface();
        pages.Chain.Append(Sample.Audit());
        pages.Chain.Append(Sample.Audit());
        await pages.Harness.RenderAsync<AuditPage>(null, Pretend.OnCall);

        await pages.Harness.ClickAsync("#verify-audit");
        await pages.Harness.SeesAsync("all 2 lines are as they were written");
        await pages.Harness.SeesAsync("There were no notes beside the chain");

        pages.Chain.Lines.RemoveAt(0);
        await pages.Harness.ClickAsync("#verify-audit");
        await pages.Harness.SeesAsync("The audit is not as it was written");
        await pages.Harness.SeesAsync("Place 1 was removed from the chain.");

        pages.Chain.Away = true;
        await pages.Harness.ClickAsync("#verify-audit");
        await pages.Harness.SeesAsync("the record did not answer");
    }

    [Fact]
    public async Task Killed_switches_come_first_and_a_viewer_is_told_who_can()
    {
        await using var pages = new Interface();
        var killed = new KillSwitch { Key = "recommendations", Owner = "commerce", TurnsOff = "personal recommendations", ChangedAt = Pretend.Now };
        killed.Kill("mira", "checkout is slow", Pretend.Now);
        pages.Record.Switches.AddRange([new KillSwitch { Key = "new-sync", Owner = "mobile", TurnsOff = "the new sync", ChangedAt = Pretend.Now }, killed]);

        await pages.Harness.RenderAsync<SwitchesPage>(null, new Operator("lena", Role.Viewer, IsService: false));

        await pages.Harness.SeesAsync("killed by mira");
        var shown = await pages.Harness.ShownAsync();
        Assert.Equal(["recommendations", "new-sync"], shown.FindAll("[data-switch]").Select(s => s["data-switch"]));
        Assert.Equal(["restore", "kill"], shown.FindAll("[data-verb]").Select(b => b["data-verb"]));
        Assert.All(shown.FindAll(".tip"), tip => Assert.Contains("on-call, release manager and admin can", tip.Text, StringComparison.Ordinal));
    }

    [Fact]
    public void A_chart_takes_history_up_to_what_the_board_holds_and_leaves_a_gap_where_nothing_was_measured()
    {
        var key = new SignalKey("http_5xx_rate");
        var stored = new[] { 0, 10, 20, 200, 210, 220 }.Select(s => new SignalPoint(Guid.Empty, key, SignalSide.Canary, Pretend.Now.AddSeconds(s), 1, 9));

        var points = ChartData.Join(stored, [new ChartPoint(Pretend.Now.AddSeconds(215), 2), new ChartPoint(Pretend.Now.AddSeconds(216), 2)]);

        Assert.Equal([1, 1, 1, double.NaN, 1, 1, 2, 2], points.Select(p => p.Value));
        Assert.Null(ChartData.Wire(points)[3][1]);
    }

    [Fact]
    public async Task Signing_in_offers_every_role_with_what_it_may_do()
    {
        await using var pages = new Interface();

        await pages.Harness.RenderAsync<SignInPage>(new Dictionary<string, object?>());

        var shown = await pages.Harness.ShownAsync();
        var form = shown.Find("form")!;
        Assert.Equal(("post", "sign-in"), (form["method"], form["action"]));
        Assert.Equal(SignInOptions.People.Select(r => r.ToString()), form.FindAll("[name=role]").Select(r => r["value"]));
        Assert.Contains("name=\"name\"", form.Markup, StringComparison.Ordinal);
        Assert.NotNull(form.Find("[name=returnUrl]"));
        Assert.NotNull(form.Find("[name=__RequestVerificationToken]"));
        var cards = form.FindAll(".role");
        Assert.DoesNotContain("halt", cards[0].Text, StringComparison.Ordinal);
        Assert.Contains("halt, roll back", cards[1].Text, StringComparison.Ordinal);
        Assert.Contains("promote", cards[2].Text, StringComparison.Ordinal);
    }
}
