using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Browser;

/// <summary>People who type over a slow line: what they typed is what stands there and what is sent, whatever the console answers meanwhile, and whether the line or the console goes away in between.</summary>
[Collection(BrowserTests.Waiting)]
public sealed class TypingTests(Chromium chromium, TypingConsole console) : IClassFixture<Chromium>, IClassFixture<TypingConsole>
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(120);
    private static readonly LocatorAssertionsToBeVisibleOptions Soon = new() { Timeout = 30_000 };
    private static readonly LocatorAssertionsToHaveValueOptions Stands = new() { Timeout = 30_000 };
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
        await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("data-connection", "lost", new() { Timeout = 30_000 });
        await page.Keyboard.TypeAsync("it-was-cut", Fast);
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("commerce", Fast);
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("what was typed meanwhile", Fast);
        line.Mend();

        await AliveAsync(page);
        await page.ClickAsync("#switch-send");
        await page.WaitForURLAsync("**/switches/while-it-was-cut");
        await Assertions.Expect(page.GetByText("what was typed meanwhile").First).ToBeVisibleAsync(Soon);
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
        await Assertions.Expect(page.Locator("input[name=service]")).ToHaveValueAsync("sho", Stands);
        await Assertions.Expect(page.Locator("input[name=service]")).ToBeFocusedAsync(new() { Timeout = 30_000 });
        await page.Keyboard.TypeAsync("p", Fast);
        await Assertions.Expect(page.Locator("input[name=service]")).ToHaveValueAsync("shop", Stands);

        // A form, a policy and the reason in a dialog, when the console is killed.
        await page.GotoAsync(line.Address + "/windows");
        await AliveAsync(page);
        await page.FillAsync("#window-name", "filled by a script");
        await page.ClickAsync("#window-reason");
        await page.Keyboard.TypeAsync("the quarter ends", Fast);
        var policy = await OpenAsync(context, line, "/policies/new");
        await policy.ClickAsync("#policy-text");
        await policy.Keyboard.PressAsync("Control+End");
        await policy.Keyboard.TypeAsync("# not saved yet", Fast);
        var release = await OpenAsync(context, line, $"/releases/{console.Release}");
        await release.ClickAsync("[data-verb=rollback]:visible");
        await release.ClickAsync("#action-reason");
        await release.Keyboard.TypeAsync("errors since noon", Fast);
        var title = await release.Locator("#action-title").InnerTextAsync();
        await AnsweredAsync(release);
        await console.Console.KillAsync();
        foreach (var open in context.Pages)
        {
            await Assertions.Expect(open.Locator("html")).ToHaveAttributeAsync("data-connection", "lost", new() { Timeout = 30_000 });
        }

        await Assertions.Expect(release.Locator("#action-reason")).ToHaveValueAsync("errors since noon", Stands);
        await console.Console.StartAsync(TestContext.Current.CancellationToken);

        foreach (var open in context.Pages)
        {
            await Assertions.Expect(open.Locator("html")).ToHaveAttributeAsync("data-connection", "live", new() { Timeout = 60_000 });
        }

        await Assertions.Expect(page.Locator("#window-reason")).ToHaveValueAsync("the quarter ends", Stands);
        await Assertions.Expect(policy.Locator("#policy-text")).ToHaveValueAsync(new Regex("# not saved yet$"), Stands);
        await release.ClickAsync("[data-verb=rollback]:visible");
        await Assertions.Expect(release.Locator("#action-title")).ToHaveTextAsync(title, new() { Timeout = 30_000 });
        await Assertions.Expect(release.Locator("#action-reason")).ToHaveValueAsync("errors since noon", Stands);

        // The server has it, too: what is lacking now is the name.
        await Assertions.Expect(release.Locator(".lacks")).ToContainTextAsync("Type shop", new() { Timeout = 30_000 });
        await release.ClickAsync("#action-leave");
        await release.ClickAsync("[data-verb=halt]:visible");
        await Assertions.Expect(release.Locator("#action-reason")).ToHaveValueAsync("", Stands);
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
        await Assertions.Expect(page.Locator("#action-reason")).ToBeVisibleAsync(Soon);
        await AnsweredAsync(page);
        await Assertions.Expect(page.Locator("#action-title")).ToContainTextAsync("Roll back");
        await page.ClickAsync("#action-leave");

        // A double click makes one token, and leaves it shown.
        await page.GotoAsync(line.Address + "/tokens");
        await AliveAsync(page);
        await page.FillAsync("#token-name", "pressed twice");
        await page.FillAsync("#token-environments", "production");
        await page.DblClickAsync("#token-send");
        await AnsweredAsync(page);
        await Assertions.Expect(page.Locator("#new-token")).ToBeVisibleAsync(Soon);
        Assert.Equal("H2", await page.EvaluateAsync<string>("document.activeElement.tagName"));
        await page.ClickAsync("#token-kept");
        await Assertions.Expect(page.Locator("#token-name")).ToBeVisibleAsync(Soon);
        Assert.NotEqual("BODY", await page.EvaluateAsync<string>("document.activeElement.tagName"));

        // When the token is revoked, its button goes, and the focus to what stands in its place.
        await Assertions.Expect(page.Locator("[data-revoke]")).ToHaveCountAsync(1, new() { Timeout = 30_000 });
        await page.ClickAsync("[data-revoke]");
        await page.ClickAsync("#revoke-dialog-send");
        await Assertions.Expect(page.Locator("#tokens-over")).ToBeVisibleAsync(Soon);
        await Assertions.Expect(page.Locator("#revoke-dialog-send")).ToHaveCountAsync(0, new() { Timeout = 30_000 });
        await AnsweredAsync(page);
        Assert.NotEqual("BODY", await page.EvaluateAsync<string>("document.activeElement.tagName"));
    }

    private static async Task<IReadOnlyList<string>> TypeAsync(ILocator field, string text)
    {
        await field.ClickAsync();
        var kind = await field.GetAttributeAsync("type");
        await field.EvaluateAsync("e => { e.dataset.typed = ''; e.select?.(); window.over = []; }");
        var keys = kind == "time" ? TimeOnly.Parse(text, CultureInfo.InvariantCulture).ToString("hhmmtt", CultureInfo.InvariantCulture) : text;
        foreach (var (line, first) in keys.Split('\n').Select((l, i) => (l, i == 0)))
        {
            if (!first)
            {
                await field.Page.Keyboard.PressAsync("Enter");
            }

            await field.Page.Keyboard.TypeAsync(line, Fast);
        }

        // And at its beginning, while the answers to the rest come in.
        if (kind is not ("number" or "time"))
        {
            await field.Page.Keyboard.PressAsync("Control+Home");
            await field.Page.Keyboard.TypeAsync("1 ", Fast);
            text = "1 " + text;
        }

        await AnsweredAsync(field.Page);
        var (stands, over) = (await field.InputValueAsync(), await field.Page.EvaluateAsync<string[]>("window.over"));
        return [.. stands == text ? [] : (string[])[$"“{text}” was typed, “{stands}” stands there"], .. over.Select(o => "written over: " + o), .. await field.EvaluateAsync<bool>("e => document.activeElement === e") ? [] : (string[])["the focus is lost"]];
    }

    /// <summary>Waits until everything that was sent before is answered: what is called by a name that does not exist is answered after it, and what an answer brought about again after that.</summary>
    private static async Task AnsweredAsync(IPage page)
    {
        for (var i = 0; i < 3; i++)
        {
            await page.EvaluateAsync("() => DotNet.invokeMethodAsync('None', 'none').catch(() => 0)");
        }
    }

    private static async Task<IEnumerable<string>> FieldsAsync(IPage page, string which) => await page.EvaluateAsync<string[]>(
        """
        which => [...document.querySelectorAll(`:is(textarea, input:not([type=checkbox], [type=radio], [type=hidden], [type=date], [type=datetime-local]))${which}`)]
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

    private static Task AliveAsync(IPage page) => Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("data-connection", "live", new() { Timeout = 30_000 });
}

/// <summary>A console with a release that can be rolled back, and that changes while people type.</summary>
public sealed class TypingConsole : IAsyncLifetime
{
    internal ConsoleProcess Console { get; } = new(playground: true);

    /// <summary>Id of the release.</summary>
    internal string Release { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        await Console.StartAsync(TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(
            async () =>
            {
                var board = await Console.Http.GetFromJsonAsync<JsonElement>(new Uri("/api/v1/board", UriKind.Relative));
                Release = board.GetProperty("releases").EnumerateArray().Where(r => r.GetProperty("service").GetString() == "shop" && r.GetProperty("phase").GetString() == "rollingOut").Select(r => r.GetProperty("id").GetString()).FirstOrDefault() ?? "";
                return Release.Length > 0;
            },
            TimeSpan.FromSeconds(120),
            () => "the shop's release did not begin");
        using var freeze = await Console.Http.PostAsJsonAsync(new Uri("/api/v1/windows", UriKind.Relative), new
        {
            name = "quiet hour", kind = "freeze", service = "nothing-there", from = "2026-01-01T00:00:00Z", to = "2035-01-01T00:00:00Z", reason = "so that there is one to be ended",
        });
        freeze.EnsureSuccessStatusCode();
    }

    public ValueTask DisposeAsync() => Console.DisposeAsync();
}
