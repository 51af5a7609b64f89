using OpsConsole.Core.Access;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Policies.Text;
using OpsConsole.Core.Releases;
using OpsConsole.Web.Components.Pages;
using OpsConsole.Web.Components.Policies;
using OpsConsole.Web.Components.Releases;

namespace OpsConsole.Tests.Web.Components;

public sealed class PolicyPagesTests
{
    private const string Good = "canary:\n  auto_rollback_if:\n    - http_5xx_rate > 1% for 5m\n";
    private static readonly Operator Manager = new("mira", Role.ReleaseManager, IsService: false);
    private static readonly Operator Viewer = new("rob", Role.Viewer, IsService: false);

    [Fact]
    public async Task An_empty_library_shows_what_to_begin_with()
    {
        await using var pages = new Interface();
        await pages.Harness.RenderAsync<PoliciesPage>(null, Viewer);

        await pages.Harness.SeesAsync("There is no policy yet");
        await pages.Harness.SeesAsync("synthetic_checks_pass");
        await pages.Harness.SeesAsync("release manager and admin");
        Assert.Empty(PolicyText.Check(PolicyStart.Text, null).Errors);
    }

    [Fact]
    public async Task A_library_that_cannot_be_read_says_so_and_is_read_again()
    {
        await using var pages = new Interface();
        pages.Policies.Away = true;
        await pages.Harness.RenderAsync<PoliciesPage>(null, Manager);
        await pages.Harness.SeesAsync("The policies could not be read");

        pages.Policies.Away = false;
        await pages.Harness.ClickAsync("#try-again");
        await pages.Harness.SeesAsync("There is no policy yet");
    }

    [Fact]
    public async Task Faults_are_shown_beside_their_lines_once_typing_pauses()
    {
        await using var pages = new Interface();
        await SaveAsync(pages, Good);
        await pages.Harness.RenderAsync<PolicyPage>(Of("web"), Manager);
        await pages.Harness.SeesAsync("The text is sound.");
        await pages.Harness.SeesAsync("It is halted by itself when http_5xx_rate is above 1% for 5m.");

        var typed = pages.Harness.TypeAsync("#policy-text", "canary:\n  stages: 5%\n");
        await pages.Harness.SeesAsync("Checking…");
        Assert.True((await pages.Harness.FindAsync("#policy-send")).Attributes.ContainsKey("disabled"));
        pages.Time.Advance(TimeSpan.FromSeconds(1));
        await typed;

        await pages.Harness.SeesAsync("'stages' is a list");
        var shown = await pages.Harness.ShownAsync();
        Assert.Equal("2", shown.Find(".gutter")!.FindAll(".error").Single().Text);
        Assert.True(shown.Find("#policy-send")!.Attributes.ContainsKey("disabled"));
        await pages.Harness.ClickAsync("[data-fault=error]");
        Assert.Equal(1, pages.Harness.Js.Count("./js/policy-editor.js.jump"));
    }

    [Fact]
    public async Task A_new_policy_is_saved_and_then_has_its_version()
    {
        await using var pages = new Interface();
        await pages.Harness.RenderAsync<PolicyPage>(null, Manager);
        await pages.Harness.TypeAsync("#policy-name", "web");
        await pages.Harness.TypeAsync("#policy-note", "begun");

        await pages.Harness.FireAsync(".policy-save", "onsubmit", EventArgs.Empty);

        await pages.Harness.SeesAsync("“begun”");
        Assert.EndsWith("policies/web", pages.Harness.Navigation.Uri, StringComparison.Ordinal);
        Assert.Equal(PolicyStart.Text, (await pages.Policies.FindAsync("web", 1, default))!.Text);
    }

    [Fact]
    public async Task Saving_what_did_not_change_makes_no_version_and_says_so()
    {
        await using var pages = new Interface();
        await SaveAsync(pages, Good.ReplaceLineEndings("\r\n"));
        await pages.Harness.RenderAsync<PolicyPage>(Of("web"), Manager);
        await pages.Harness.SeesAsync("The text is sound.");

        var typed = pages.Harness.TypeAsync("#policy-text", Good);
        await pages.Harness.SeesAsync("Checking…");
        pages.Time.Advance(TimeSpan.FromSeconds(1));
        await typed;
        await pages.Harness.FireAsync(".policy-save", "onsubmit", EventArgs.Empty);

        await pages.Harness.SeesAsync("Nothing changed: version 1 has this text already");
        Assert.Single(await pages.Policies.VersionsAsync("web", default));
    }

    [Fact]
    public async Task The_count_and_the_first_fault_stand_above_the_text()
    {
        await using var pages = new Interface();
        await SaveAsync(pages, "canary:\n  stages: 5%\n  wach: 5m\n  auto_rollback_if:\n    - shopping_joy < 4\n");
        await pages.Harness.RenderAsync<PolicyPage>(Of("web"), Manager);

        var brief = await pages.Harness.FindAsync(".brief");
        Assert.Contains("2 errors, 1 warning", brief.Text, StringComparison.Ordinal);
        Assert.Contains("'stages' is a list", brief.Find("[data-fault=error]")!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_that_did_not_change_cannot_be_saved_and_the_page_says_why()
    {
        await using var pages = new Interface();
        await SaveAsync(pages, Good.ReplaceLineEndings("\r\n"));
        await pages.Harness.RenderAsync<PolicyPage>(Of("web"), Manager);

        await pages.Harness.SeesAsync("Nothing to save: the text is that of version 1.");
        Assert.True((await pages.Harness.FindAsync("#policy-send")).Attributes.ContainsKey("disabled"));

        await TypeAsync(pages, Good + "# more\n");
        Assert.False((await pages.Harness.FindAsync("#policy-send")).Attributes.ContainsKey("disabled"));
        Assert.DoesNotContain("Nothing to save", (await pages.Harness.ShownAsync()).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "http://console.test/")]
    [InlineData(true, "http://console.test/board")]
    public async Task An_unsaved_text_is_asked_about_before_the_page_is_left(bool leave, string there)
    {
        await using var pages = new Interface();
        pages.Harness.Js.Answers["confirm"] = leave;
        await SaveAsync(pages, Good);
        await pages.Harness.RenderAsync<PolicyPage>(Of("web"), Manager);
        await pages.Harness.SeesAsync("The text is sound.");
        await TypeAsync(pages, Good + "# more\n");

        await pages.Harness.OnContextAsync(() => pages.Harness.Navigation.NavigateTo("board"));

        Assert.Equal(1, pages.Harness.Js.Count("confirm"));
        Assert.Equal(there, pages.Harness.Navigation.Uri);
    }

    [Fact]
    public async Task What_is_saved_or_was_not_touched_is_left_without_a_question()
    {
        await using var pages = new Interface();
        await SaveAsync(pages, Good);
        await pages.Harness.RenderAsync<PolicyPage>(Of("web"), Manager);
        await pages.Harness.SeesAsync("The text is sound.");
        await TypeAsync(pages, Good + "# more\n");
        await pages.Harness.FireAsync(".policy-save", "onsubmit", EventArgs.Empty);
        await pages.Harness.SeesAsync("version 2 of 2");

        await pages.Harness.OnContextAsync(() => pages.Harness.Navigation.NavigateTo("board"));

        Assert.Equal(0, pages.Harness.Js.Count("confirm"));
        Assert.EndsWith("/board", pages.Harness.Navigation.Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_viewer_reads_and_is_told_who_can_change_it()
    {
        await using var pages = new Interface();
        await SaveAsync(pages, Good);
        await pages.Harness.RenderAsync<PolicyPage>(Of("web"), Viewer);

        await pages.Harness.SeesAsync("policies are changed by release manager and admin");
        var shown = await pages.Harness.ShownAsync();
        Assert.Null(shown.Find("#policy-send"));
        Assert.True(shown.Find("#policy-text")!.Attributes.ContainsKey("readonly"));
    }

    [Fact]
    public async Task Whoever_lost_the_role_since_the_page_was_opened_saves_nothing_and_that_is_on_record_once()
    {
        await using var pages = new Interface();
        await pages.Harness.RenderAsync<PolicySave>(
            new Dictionary<string, object?> { ["Name"] = "web", ["Text"] = Good, ["Result"] = PolicyText.Check(Good, null), ["Next"] = 1 }, Viewer);

        await pages.Harness.FireAsync(".policy-save", "onsubmit", EventArgs.Empty);
        await pages.Harness.SeesAsync("change policies");
        await pages.Harness.FireAsync(".policy-save", "onsubmit", EventArgs.Empty);

        Assert.Null(await pages.Policies.FindAsync("web", null, default));
        var line = Assert.Single(pages.Refusals.Entries);
        Assert.Equal(("rob", "access", "refused"), (line.Actor, line.Event, line.Outcome));
        Assert.StartsWith("page /", line.Detail, StringComparison.Ordinal);
        Assert.Contains("change policies", line.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Versions_show_what_they_changed()
    {
        await using var pages = new Interface();
        await SaveAsync(pages, Good);
        await SaveAsync(pages, Good.Replace("1%", "2%", StringComparison.Ordinal));
        await pages.Harness.RenderAsync<PolicyPage>(Of("web"), Manager);

        await pages.Harness.ClickAsync("[data-diff=2]");

        var added = await pages.Harness.FindAsync(".added");
        Assert.Contains("http_5xx_rate > 2% for 5m", added.Text, StringComparison.Ordinal);
        Assert.Contains("http_5xx_rate > 1% for 5m", (await pages.Harness.FindAsync(".gone")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_policy_that_is_not_there_says_so()
    {
        await using var pages = new Interface();
        await pages.Harness.RenderAsync<PolicyPage>(Of("nobody"), Manager);
        await pages.Harness.SeesAsync("There is no such policy");
    }

    [Fact]
    public async Task A_release_shows_the_policy_that_it_was_registered_with()
    {
        await using var pages = new Interface();
        var release = new Release
        {
            Id = Guid.CreateVersion7(Pretend.Now), Service = "shop", Target = "gateway", Environment = "production", Version = "2.15.0", Owner = "commerce",
            Artifact = new("sha256:9f86", "4f2a", null, null), Stages = [new(100, TimeSpan.Zero)], Signals = [], RegisteredAt = Pretend.Now,
            Policy = new PolicySnapshot("web", 3, PolicyText.Digest(Good), Good),
        };
        await pages.Harness.RenderAsync<PolicyPanel>(new Dictionary<string, object?> { ["Release"] = release }, Manager);

        var link = await pages.Harness.FindAsync("a");
        Assert.Equal(("policies/web?version=3", "web, version 3"), (link["href"], link.Text));
        await pages.Harness.SeesAsync("http_5xx_rate is above 1% for 5m");
    }

    [Theory]
    [InlineData("a\nb\nc\n", "a\nx\nc\nd\n", " a|-b|+x| c|+d")]
    [InlineData("", "a\n", "+a")]
    [InlineData("a\n", "a\n", " a")]
    public void Lines_are_compared(string before, string after, string lines) =>
        Assert.Equal(lines, string.Join('|', LineDiff.Of(before, after)!.Select(l => l.Kind + l.Text)));

    private static async Task TypeAsync(Interface pages, string text)
    {
        var typed = pages.Harness.TypeAsync("#policy-text", text);
        await pages.Harness.SeesAsync("Checking…");
        pages.Time.Advance(TimeSpan.FromSeconds(1));
        await typed;
    }

    private static Dictionary<string, object?> Of(string name) => new() { ["Name"] = name };

    private static Task<PolicySaved> SaveAsync(Interface pages, string text) => pages.Policies.SaveAsync(new("web", text, PolicyText.Digest(text), null, Manager, Pretend.Now), default);
}
