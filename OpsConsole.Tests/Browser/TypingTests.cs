using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace OpsConsole.Tests.Browser;

/// <summary>People who type over a slow line: what they typed is what stands there and what is sent, whatever the console answers meanwhile, and whether the line or the console goes away in between.</summary>
[Collection(BrowserTests.Waiting)]
public sealed class TypingTests(Chromium chromium, TypingConsole console) : IClassFixture<Chromium>, IClassFixture<TypingConsole>
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(120);
    private static readonly KeyboardTypeOptions Fast = new() { Delay = 20 };

    /// <summary>Tells of every text that a script writes over another one in a field.</summary>
    private const string Watch =
        """
        window.over = [];
        for (const kind of [HTMLInputElement, HTMLTextAreaElement]) {
          const own = Object.getOwnPropertyDescriptor(kind.prototype, 'value');
          Object.defineProperty(kind.prototype, 'value', { ...own, set(text) {
            if (this.dataset.typed !== undefined && text !== own.get.call(this)) { window.over.push(`“${own.get.call(this)}” became “${text}”`); }
            own.set.call(this, text);
          } });
        }
        """;

    [Fact]
    public async Task What_is_typed_fast_over_a_slow_line_is_what_stands_there_in_every_field()
    {
        await using var line = new SlowLine(new Uri(console.Console.Address), Delay);
        await using var context = await chromium.NewContextAsync();
        await context.AddInitScriptAsync(Watch);
        var page = await SignInAsync(context, line);
        var (faults, typed, seen) = (new List<string>(), new HashSet<string>(), new HashSet<string>());
        foreach (var place in TypedFields.All(console.Release))
        {
            await page.GotoAsync(line.Address + place.Path);
            await AliveAsync(page);
            await (place.Open?.Invoke(page) ?? Task.CompletedTask);
            foreach (var (selector, text) in place.Fields)
            {
                faults.AddRange((await TypeAsync(page.Locator(selector), text)).Select(f => $"{place.Path} {selector}: {f}"));
            }

            typed.UnionWith(await FieldsAsync(page, "[data-typed]"));
            seen.UnionWith(await FieldsAsync(page, ""));
        }

        faults.AddRange(seen.Except(typed).Select(f => "nobody typed into " + f));
        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));
    }

    [Fact]
    public async Task Dates_that_are_typed_part_by_part_are_what_is_sent_and_stay_with_their_own_window()
    {
        await using var line = new SlowLine(new Uri(console.Console.Address), Delay);
        await using var context = await chromium.NewContextAsync();
        var page = await SignInAsync(context, line);
        await page.GotoAsync(line.Address + "/windows");
        await AliveAsync(page);
        await page.SelectOptionAsync("#window-kind", "Freeze");
        await page.FillAsync("#window-name", "year's end");
        await page.FillAsync("#window-environment", "production");
        await page.FillAsync("#window-reason", "the books are closed");
        Assert.Empty(await TypeAsync(page.Locator("#window-from"), "2034-12-24T18:00"));

        // A date without its time is none: the browser keeps it from being sent.
        await page.ClickAsync("#window-to", new() { Position = new() { X = 16, Y = 12 } });
        await page.Keyboard.TypeAsync("01022035", Fast);
        await page.ClickAsync("#window-send");
        await BoardPage.AnsweredAsync(page);
        await Assertions.Expect(page.GetByText("year's end")).ToHaveCountAsync(0);
        Assert.Empty(await TypeAsync(page.Locator("#window-to"), "2035-01-02T06:00"));
        await page.ClickAsync("#window-send");

        await Assertions.Expect(page.GetByText("From 2034-12-24 18:00 UTC to 2035-01-02 06:00 UTC; environment production.")).ToBeVisibleAsync();
        foreach (var field in (string[])["#window-from", "#window-to", "#window-name", "#window-environment"])
        {
            await Assertions.Expect(page.Locator(field)).ToHaveValueAsync("");
        }

        await page.GotoAsync(line.Address + "/audit");
        await AliveAsync(page);
        Assert.Empty(await TypeAsync(page.Locator("input[name=from]"), "2034-12-24"));
        Assert.Empty(await TypeAsync(page.Locator("input[name=to]"), "2034-12-23"));
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("from=2034-12-24&to=2034-12-23$"));
        await Assertions.Expect(page.GetByText("From is a later day than Until.")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("input[name=from]")).ToHaveValueAsync("2034-12-24");
    }

    [Fact]
    public async Task What_was_typed_while_the_line_was_cut_is_what_is_sent()
    {
        await using var line = new SlowLine(new Uri(console.Console.Address), Delay);
        await using var context = await chromium.NewContextAsync();
        var page = await SignInAsync(context, line);
        await page.GotoAsync(line.Address + "/switches");
        await AliveAsync(page);
        await page.ClickAsync("#new-switch summary");
        await page.ClickAsync("#switch-key");
        await page.Keyboard.TypeAsync("while-", Fast);

        line.Cut();
        await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("data-connection", "lost");
        await page.Keyboard.TypeAsync("it-was-cut", Fast);
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("commerce", Fast);
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("what was typed meanwhile", Fast);
        line.Mend();

        await AliveAsync(page);
        await page.ClickAsync("#switch-send");
        await page.WaitForURLAsync("**/switches/while-it-was-cut");
        await Assertions.Expect(page.GetByText("what was typed meanwhile").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task What_was_typed_before_the_page_came_alive_and_before_the_console_went_away_stands_there_again()
    {
        await using var line = new SlowLine(new Uri(console.Console.Address), Delay);
        await using var context = await chromium.NewContextAsync();
        var page = await SignInAsync(context, line);

        // Before the page is alive its fields are the first ones, which others take the place of.
        await page.GotoAsync(line.Address + "/releases", new() { WaitUntil = WaitUntilState.Commit });
        await page.ClickAsync("input[name=service]");
        await page.Keyboard.TypeAsync("sho", Fast);
        Assert.NotEqual("live", await page.GetAttributeAsync("html", "data-connection"));
        await AliveAsync(page);
        await Assertions.Expect(page.Locator("input[name=service]")).ToHaveValueAsync("sho");
        await Assertions.Expect(page.Locator("input[name=service]")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("p", Fast);
        await Assertions.Expect(page.Locator("input[name=service]")).ToHaveValueAsync("shop");

        // A form, a policy and the reason in a dialog, when the console is killed.
        await page.GotoAsync(line.Address + "/windows");
        await AliveAsync(page);
        await page.FillAsync("#window-name", "filled by a script");
        await page.ClickAsync("#window-reason");
        await page.Keyboard.TypeAsync("the quarter ends", Fast);
        var late = await TypeReasonAsync(16);
        var soon = await TypeReasonAsync(14);
        var policy = await OpenAsync(context, line, "/policies/new");
        await policy.ClickAsync("#policy-text");
        await policy.Keyboard.PressAsync("Control+End");
        await policy.Keyboard.TypeAsync("# not saved yet", Fast);
        var release = await OpenAsync(context, line, $"/releases/{console.Release}");
        await release.ClickAsync("[data-verb=rollback]:visible");
        await release.ClickAsync("#action-reason");
        await release.Keyboard.TypeAsync("errors since noon", Fast);
        var title = await release.Locator("#action-title").InnerTextAsync();
        await BoardPage.AnsweredAsync(release);
        await console.Console.KillAsync();
        foreach (var open in context.Pages)
        {
            await Assertions.Expect(open.Locator("html")).ToHaveAttributeAsync("data-connection", "lost");
        }

        await Assertions.Expect(release.Locator("#action-reason")).ToHaveValueAsync("errors since noon");
        await console.Console.StartAsync(TestContext.Current.CancellationToken);

        foreach (var open in context.Pages)
        {
            await Assertions.Expect(open.Locator("html")).ToHaveAttributeAsync("data-connection", "live");
        }

        await Assertions.Expect(page.Locator("#window-reason")).ToHaveValueAsync("the quarter ends");
        await Assertions.Expect(soon.Locator("#window-reason")).ToHaveValueAsync("a while ago");
        await BoardPage.AnsweredAsync(late);
        await Assertions.Expect(late.Locator("#window-reason")).ToHaveValueAsync("");
        await Assertions.Expect(policy.Locator("#policy-text")).ToHaveValueAsync(new Regex("# not saved yet$"));
        await release.ClickAsync("[data-verb=rollback]:visible");
        await Assertions.Expect(release.Locator("#action-title")).ToHaveTextAsync(title);
        await Assertions.Expect(release.Locator("#action-reason")).ToHaveValueAsync("errors since noon");

        // The server has it, too: what is lacking now is the name.
        await Assertions.Expect(release.Locator(".lacks")).ToContainTextAsync("Type shop");
        await release.ClickAsync("#action-leave");
        await release.ClickAsync("[data-verb=halt]:visible");
        await Assertions.Expect(release.Locator("#action-reason")).ToHaveValueAsync("");

        // A page that is loaded anew only so many minutes later, by its own clock.
        async Task<IPage> TypeReasonAsync(int minutes)
        {
            var open = await OpenAsync(context, line, "/windows");
            await open.ClickAsync("#window-reason");
            await open.Keyboard.TypeAsync("a while ago", Fast);
            await open.AddInitScriptAsync($"(own => {{ Date.now = () => own() + {minutes} * 60_000; }})(Date.now)");
            return open;
        }
    }

    [Fact]
    public async Task Letters_and_clicks_that_come_before_the_answer_do_nothing_else()
    {
        await using var line = new SlowLine(new Uri(console.Console.Address), Delay);
        await using var context = await chromium.NewContextAsync();
        var page = await SignInAsync(context, line);

        // r asks for the roll back of the row; what is typed before its dialog is there asks for no promotion and no halt.
        await page.GotoAsync(line.Address + "/");
        await AliveAsync(page);
        await page.WaitForFunctionAsync("() => globalThis.opsConsoleKeys?.desk");
        await page.Locator($"tr[data-row][data-release='{console.Release}']").FocusAsync();
        await page.Keyboard.TypeAsync("rph", Fast);
        await Assertions.Expect(page.Locator("#action-reason")).ToBeVisibleAsync();
        await BoardPage.AnsweredAsync(page);
        await Assertions.Expect(page.Locator("#action-title")).ToContainTextAsync("Roll back");
        await page.ClickAsync("#action-leave");

        // A double click makes one token, and leaves it shown.
        await page.GotoAsync(line.Address + "/tokens");
        await AliveAsync(page);
        await page.FillAsync("#token-name", "pressed twice");
        await page.FillAsync("#token-environments", "production");
        await page.DblClickAsync("#token-send");
        await BoardPage.AnsweredAsync(page);
        await Assertions.Expect(page.Locator("#new-token")).ToBeVisibleAsync();
        Assert.Equal("H2", await page.EvaluateAsync<string>("document.activeElement.tagName"));
        await page.ClickAsync("#token-kept");
        await Assertions.Expect(page.Locator("#token-name")).ToBeVisibleAsync();
        Assert.NotEqual("BODY", await page.EvaluateAsync<string>("document.activeElement.tagName"));

        // When the token is revoked, its button goes, and the focus to what stands in its place.
        await Assertions.Expect(page.Locator("[data-revoke]")).ToHaveCountAsync(1);
        await page.ClickAsync("[data-revoke]");
        await page.ClickAsync("#revoke-dialog-send");
        await Assertions.Expect(page.Locator("#tokens-over")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#revoke-dialog-send")).ToHaveCountAsync(0);
        await BoardPage.AnsweredAsync(page);
        Assert.NotEqual("BODY", await page.EvaluateAsync<string>("document.activeElement.tagName"));
    }

    private static async Task<IReadOnlyList<string>> TypeAsync(ILocator field, string text)
    {
        // Of a date the part that is clicked is the one that is typed into: the first.
        var kind = await field.GetAttributeAsync("type");
        await field.ClickAsync(kind is "date" or "datetime-local" ? new() { Position = new() { X = 16, Y = 12 } } : null);
        await field.EvaluateAsync("e => { e.dataset.typed = ''; e.select?.(); window.over = []; }");
        foreach (var (line, first) in TypedFields.KeysOf(kind, text).Split('\n').Select((l, i) => (l, i == 0)))
        {
            if (!first)
            {
                // From the year of a date to its time.
                await field.Page.Keyboard.PressAsync(kind == "datetime-local" ? "Tab" : "Enter");
            }

            await field.Page.Keyboard.TypeAsync(line, Fast);
        }

        // And at its beginning, while the answers to the rest come in.
        if (kind is not ("number" or "time" or "date" or "datetime-local"))
        {
            await field.Page.Keyboard.PressAsync("Control+Home");
            await field.Page.Keyboard.TypeAsync("1 ", Fast);
            text = "1 " + text;
        }

        await BoardPage.AnsweredAsync(field.Page);
        var (stands, over) = (await field.InputValueAsync(), await field.Page.EvaluateAsync<string[]>("window.over"));
        return [.. stands == text ? [] : (string[])[$"“{text}” was typed, “{stands}” stands there"], .. over.Select(o => "written over: " + o), .. await field.EvaluateAsync<bool>("e => document.activeElement === e") ? [] : (string[])["the focus is lost"]];
    }

    private static async Task<IEnumerable<string>> FieldsAsync(IPage page, string which) => await page.EvaluateAsync<string[]>(
        """
        which => [...document.querySelectorAll(`:is(textarea, input:not([type=checkbox], [type=radio], [type=hidden]))${which}`)]
          .filter(f => f.checkVisibility() && !f.disabled && !f.readOnly).map(f => f.id || f.name || f.closest('label')?.textContent.trim().split('\n')[0] || f.outerHTML)
        """,
        which) ?? [];

    private static async Task<IPage> SignInAsync(IBrowserContext context, SlowLine line)
    {
        var page = await context.NewPageAsync();
        await page.GotoAsync(line.Address + "/windows");
        await page.FillAsync("input[name=name]", "ada");
        await page.CheckAsync("input[name=role][value=Admin]");
        await page.ClickAsync("form button:has-text('Sign in')");
        await AliveAsync(page);
        return page;
    }

    private static async Task<IPage> OpenAsync(IBrowserContext context, SlowLine line, string path)
    {
        var page = await context.NewPageAsync();
        await page.GotoAsync(line.Address + path);
        await AliveAsync(page);
        return page;
    }

    private static Task AliveAsync(IPage page) => Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("data-connection", "live");
}
