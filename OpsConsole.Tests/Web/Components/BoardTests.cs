using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Components.Board;
using OpsConsole.Web.Components.Pages;

namespace OpsConsole.Tests.Web.Components;

/// <summary>What the board shows of a release, and in which order.</summary>
public sealed class BoardTests
{
    private static async Task<RenderedElement> TableAsync(Interface pages, BoardSnapshot board, BoardFilter? filter = null)
    {
        await pages.Harness.RenderAsync<BoardTable>(new Dictionary<string, object?> { ["Board"] = board, ["Filter"] = filter ?? new BoardFilter() }, Pretend.OnCall);
        return await pages.Harness.ShownAsync();
    }

    [Theory]
    [InlineData(Verdict.Fail, SignalQuality.Fresh, "fail", true)]
    [InlineData(Verdict.Error, SignalQuality.Fresh, "error", true)]
    [InlineData(Verdict.Inconclusive, SignalQuality.Fresh, "inconclusive", false)]
    [InlineData(Verdict.Inconclusive, SignalQuality.Stale, "stale", false)]
    [InlineData(Verdict.Inconclusive, SignalQuality.Missing, "missing", false)]
    [InlineData(Verdict.Running, SignalQuality.Fresh, "running", false)]
    [InlineData(Verdict.Pass, SignalQuality.Fresh, "pass", false)]
    [InlineData(Verdict.Pass, SignalQuality.Stale, "stale", false)]
    public async Task A_row_carries_its_verdict_as_word_and_icon_and_opens_in_trouble(Verdict verdict, SignalQuality quality, string word, bool opens)
    {
        await using var pages = new Interface();
        var release = Pretend.Snapshot(verdict: verdict, quality: quality);

        var shown = await TableAsync(pages, Pretend.Board(release));

        var row = shown.Find($"[data-release={release.Id}]")!;
        Assert.Equal(word, row.Find(".verdict")!.Text);
        Assert.Equal($"img/icons.svg#{word}", row.Find(".verdict")!.Find("use")!["href"]);
        Assert.Equal(opens, shown.Find(".why") is not null);
        Assert.Equal(opens, shown.FindAll(".why").Any(w => w.Text.Contains(release.Reason, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_same_release_in_two_environments_is_two_by_name()
    {
        await using var pages = new Interface();

        var shown = await TableAsync(pages, Pretend.Board(Pretend.Snapshot(), Pretend.Snapshot() with { Environment = "staging" }));

        Assert.Equal(["shop 2.15.0 on gateway, production: pass", "shop 2.15.0 on gateway, staging: pass"], shown.FindAll("[data-row]").Select(r => r["aria-label"]));
        Assert.Equal(["Other actions on shop on gateway, production", "Other actions on shop on gateway, staging"], shown.FindAll("[data-menu]").Select(m => m.Text.Trim()));
    }

    [Fact]
    public async Task Rows_keep_the_order_of_the_board_with_what_was_rolled_back_at_the_end()
    {
        await using var pages = new Interface();

        var shown = await TableAsync(pages, Pretend.Board(
            Pretend.Snapshot("checkout", Verdict.Fail, phase: ReleasePhase.RolledBack), Pretend.Snapshot("shop", Verdict.Fail), Pretend.Snapshot("search")));

        Assert.Equal(["shop", "search", "checkout"], shown.FindAll(".svc").Select(s => s.Text));
    }

    [Fact]
    public async Task A_family_without_a_signal_says_that_it_is_not_measured_and_text_of_a_signal_stays_text()
    {
        await using var pages = new Interface();

        var shown = await TableAsync(pages, Pretend.Board(Pretend.Snapshot(verdict: Verdict.Fail)));

        var cells = shown.FindAll(".g");
        Assert.Contains("4.21 %", cells[0].Text, StringComparison.Ordinal);
        Assert.Contains("+3.94 pp", cells[0].Text, StringComparison.Ordinal);
        Assert.Contains("<b>", cells[0].Find(".sig")!["title"], StringComparison.Ordinal);
        Assert.All(cells.Skip(1), cell => Assert.Contains("not measured on this target", cell.Text, StringComparison.Ordinal));
    }

    [Fact]
    public void Stale_missing_and_too_few_are_told_apart_in_a_cell()
    {
        Assert.Contains("data-suffix=\" old\"", SignalMarkup.Cell(Pretend.Signal("http_5xx_rate", Verdict.Inconclusive, SignalQuality.Stale)), StringComparison.Ordinal);
        Assert.Contains("no data", SignalMarkup.Cell(Pretend.Signal("http_5xx_rate", Verdict.Inconclusive, SignalQuality.Missing)), StringComparison.Ordinal);
        Assert.Contains("31 of 50", SignalMarkup.Cell(Pretend.Signal("http_5xx_rate", Verdict.Inconclusive, SignalQuality.Fresh, samples: 31)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ActionPhase.Executing, "roll back requested 2 s ago")]
    [InlineData(ActionPhase.Confirmed, "roll back confirmed in 1.4 s")]
    [InlineData(ActionPhase.Unconfirmed, "roll back unconfirmed")]
    [InlineData(ActionPhase.Failed, "roll back failed")]
    public async Task Asked_for_is_told_apart_from_done(ActionPhase phase, string words)
    {
        await using var pages = new Interface();

        var shown = await TableAsync(pages, Pretend.Board(Pretend.Snapshot(action: Pretend.Summary(ActionVerb.Rollback, phase))));

        Assert.Contains(words, shown.Find(".st")!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_recommended_button_of_a_failing_row_takes_exposure_away()
    {
        await using var pages = new Interface();
        var shown = await TableAsync(pages, Pretend.Board(Pretend.Snapshot(verdict: Verdict.Fail)));
        Assert.Equal("rollback", shown.Find("[data-verb]")!["data-verb"]);

        await using var store = new Interface();
        store.Targets.CannotRollBack("gateway");
        shown = await TableAsync(store, Pretend.Board(Pretend.Snapshot(verdict: Verdict.Fail)));
        Assert.Equal("halt", shown.Find("[data-verb]")!["data-verb"]);
    }

    [Fact]
    public async Task A_failing_row_says_what_is_recommended_and_why()
    {
        await using var pages = new Interface();

        var shown = await TableAsync(pages, Pretend.Board(Pretend.Snapshot(verdict: Verdict.Fail)));

        Assert.Contains("Recommended: roll back. Errors out of limits, and the gateway gives everyone 2.14.3 back.", shown.Find(".why")!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nothing_else_helps_the_first_button_leads_to_fixing_forward()
    {
        await using var pages = new Interface();
        pages.Targets.CannotRollBack("gateway");
        var release = Pretend.Snapshot(verdict: Verdict.Fail, phase: ReleasePhase.Halted);

        var shown = await TableAsync(pages, Pretend.Board(release));

        Assert.Empty(shown.Find(".act")!.FindAll("[data-verb]"));
        Assert.Equal($"releases/{release.Id}#playbook", shown.Find(".act")!.Find("a")!["href"]);
    }

    [Fact]
    public async Task A_halted_release_that_cannot_be_judged_is_not_led_on()
    {
        await using var pages = new Interface();

        var shown = await TableAsync(pages, Pretend.Board(Pretend.Snapshot(verdict: Verdict.Inconclusive, quality: SignalQuality.Stale, phase: ReleasePhase.Halted)));
        Assert.Empty(shown.FindAll("[data-verb]"));

        await using var healthy = new Interface();
        shown = await TableAsync(healthy, Pretend.Board(Pretend.Snapshot(phase: ReleasePhase.Halted)));
        Assert.Equal("resume", shown.Find("[data-verb]")!["data-verb"]);
    }

    [Fact]
    public async Task Other_actions_appear_behind_the_menu()
    {
        await using var pages = new Interface();
        var bound = new SwitchSummary("recommendations", Killed: false, Pretend.Now, "recommendations");
        await TableAsync(pages, Pretend.Board(Pretend.Snapshot(verdict: Verdict.Fail, bound: bound)));

        await pages.Harness.ClickAsync("[data-menu]");

        var sheet = await pages.Harness.FindAsync(".sheet");
        Assert.Equal(["promote", "halt", "kill"], sheet.FindAll("[data-verb]").Select(b => b["data-verb"]));
    }

    [Fact]
    public async Task A_filter_that_leaves_nothing_says_so_and_leads_back()
    {
        await using var pages = new Interface();

        var shown = await TableAsync(pages, Pretend.Board(Pretend.Snapshot()), new BoardFilter { Search = "nothing" });

        Assert.Contains("No release matches this view", shown.Text, StringComparison.Ordinal);
        Assert.Equal("/", shown.Find("a")!["href"]);
    }

    [Theory]
    [InlineData("?verdict=fail", "shop")]
    [InlineData("?q=SEA", "search")]
    [InlineData("?env=staging", "")]
    [InlineData("?owner=commerce&verdict=pass", "search")]
    [InlineData("?verdict=nonsense", "shop,search")]
    public void The_address_holds_the_filter(string query, string expected)
    {
        var filter = BoardFilter.From("http://console.test/" + query);

        var left = new[] { Pretend.Snapshot("shop", Verdict.Fail), Pretend.Snapshot("search") }.Where(filter.Matches).Select(r => r.Service);

        Assert.Equal(expected, string.Join(',', left));
    }

    [Fact]
    public void A_filter_survives_its_own_address()
    {
        var filter = new BoardFilter { Environment = "production", Mark = Mark.RolledBack, Owner = "a&b", Search = "2.15 beta", Wall = true };

        Assert.Equal(filter, BoardFilter.From("http://console.test" + filter.ToAddress()));
    }

    [Fact]
    public async Task An_empty_board_says_what_it_is_for_and_how_to_fill_it()
    {
        await using var pages = new Interface();

        await pages.Harness.RenderAsync<BoardPage>(cascading: Pretend.OnCall);

        await pages.Harness.SeesAsync("No release is on the board yet");
        await pages.Harness.SeesAsync("/api/v1/releases");
    }

    [Fact]
    public async Task The_page_shows_what_the_board_announces()
    {
        await using var pages = new Interface();
        await pages.Harness.RenderAsync<BoardPage>(cascading: Pretend.OnCall);

        pages.Board.Track(Pretend.Release("search"));
        pages.Board.BuildDue();

        await pages.Harness.FindAsync("[data-row]");
        await pages.Harness.SeesAsync("1 of 1 release");
    }
}
