using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Playwright;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Browser;

/// <summary>People in haste: a text that was typed for one release is not put into the dialog of another, and a press that did nothing takes none away from those that follow.</summary>
[Collection(BrowserTests.Waiting)]
public sealed class HasteTests(Chromium chromium, TypingConsole console) : IClassFixture<Chromium>, IClassFixture<TypingConsole>
{
    private const string Reason = "errors since noon";

    [Fact]
    public async Task What_was_typed_for_one_release_is_kept_for_no_other_and_what_confirms_for_none()
    {
        var other = await RegisterAsync("staging");
        await using var context = await chromium.NewContextAsync();
        await BoardPage.SignInAsync(context, console.Console, "Admin");
        var page = context.Pages[0];
        await AskAsync(page, console.Release, "r");
        await page.ClickAsync("#action-reason");
        await page.Keyboard.TypeAsync(Reason);
        await page.ClickAsync("#action-confirmation");
        await page.Keyboard.TypeAsync("shop");
        await Assertions.Expect(page.Locator("#action-send")).ToBeEnabledAsync();
        var title = await page.Locator("#action-title").InnerTextAsync();

        await console.Console.KillAsync();
        await ConnectionAsync(page, "lost");
        await console.Console.StartAsync(TestContext.Current.CancellationToken);
        await ConnectionAsync(page, "live");

        // The dialog of the release in the other environment says the same but for where it is.
        await AskAsync(page, other, "r");
        await Assertions.Expect(page.Locator("#action-title")).ToHaveTextAsync(title.Replace("production", "staging", StringComparison.Ordinal));
        await BoardPage.AnsweredAsync(page);
        await Assertions.Expect(page.Locator("#action-reason")).ToHaveValueAsync("");
        await Assertions.Expect(page.Locator("#action-confirmation")).ToHaveValueAsync("");
        await page.ClickAsync("#action-leave");
        await Assertions.Expect(page.Locator("dialog[open]")).ToHaveCountAsync(0);

        await AskAsync(page, console.Release, "r");
        await Assertions.Expect(page.Locator("#action-reason")).ToHaveValueAsync(Reason);
        await Assertions.Expect(page.Locator(".lacks")).ToContainTextAsync("Type shop");
        await Assertions.Expect(page.Locator("#action-confirmation")).ToHaveValueAsync("");
    }

    [Fact]
    public async Task A_click_on_a_button_that_is_not_enabled_yet_takes_nothing_from_the_next_one()
    {
        var release = await RegisterAsync("rehearsal");
        await using var context = await chromium.NewContextAsync();
        await BoardPage.SignInAsync(context, console.Console, "Admin");
        var page = context.Pages[0];
        await AskAsync(page, release, "r");
        await page.FillAsync("#action-reason", "nobody has it yet");
        var send = page.Locator("#action-send");
        await Assertions.Expect(send).ToBeDisabledAsync();
        await PressAsync(page, send, 1);
        await page.FillAsync("#action-confirmation", "shop");
        await Assertions.Expect(send).ToBeEnabledAsync();

        // The browser counts it as the second of a double click.
        await PressAsync(page, send, 2);
        await Assertions.Expect(page.Locator("#action-dialog .progress")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Only_the_second_click_on_a_live_button_that_took_the_first_is_none()
    {
        await using var context = await chromium.NewContextAsync();
        await BoardPage.SignInAsync(context, console.Console, "Admin");

        var counted = await context.Pages[0].EvaluateAsync<int[]>(
            """
            () => {
              const root = document.documentElement;
              const presses = (look, before) => {
                const button = document.createElement('button');
                button.className = look;
                let counted = 0;
                button.addEventListener('click', () => { counted++; });
                document.body.append(button);
                const press = detail => button.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, detail }));
                before(button, press);
                counted = 0;
                press(2);
                press(3);
                button.remove();
                return counted;
              };
              const early = (button, press) => {
                root.dataset.connection = 'connecting';
                press(1);
                root.dataset.connection = 'live';
              };
              const disabled = (button, press) => {
                button.disabled = true;
                press(1);
                button.disabled = false;
              };
              return [
                presses('button go', (button, press) => press(1)),
                presses('button go', early),
                presses('button go', disabled),
                presses('button stop', (button, press) => press(1)),
              ];
            }
            """);

        Assert.Equal("0 1 1 2", string.Join(' ', counted));
    }

    [Fact]
    public async Task Keys_work_again_when_a_button_says_that_it_opened_nothing_and_after_Esc()
    {
        await using var context = await chromium.NewContextAsync();
        await BoardPage.SignInAsync(context, console.Console, "Admin");
        var page = context.Pages[0];

        // A button whose rule says no by the time that it is pressed: nothing opens, and then it is drawn as refused.
        await PretendAsync(page, "button => { button.click(); button.setAttribute('aria-disabled', 'true'); }");
        await AskAsync(page, console.Release, "h");
        await Assertions.Expect(page.Locator("#action-title")).ToContainTextAsync("Halt");
        await page.ClickAsync("#action-leave");
        await Assertions.Expect(page.Locator("dialog[open]")).ToHaveCountAsync(0);

        await PretendAsync(page, "button => button.click()");
        await page.Keyboard.PressAsync("Escape");
        await AskAsync(page, console.Release, "r");
        await Assertions.Expect(page.Locator("#action-title")).ToContainTextAsync("Roll back");
    }

    /// <summary>A button of a verb that the server knows nothing of, so that nothing comes of it.</summary>
    private static Task<JsonElement?> PretendAsync(IPage page, string then) => page.EvaluateAsync(
        $$"""
        () => {
          const button = document.createElement('button');
          button.dataset.verb = 'promote';
          document.body.append(button);
          ({{then}})(button);
        }
        """);

    /// <summary>Asks for an action on a row of the board by its key, once.</summary>
    private static async Task AskAsync(IPage page, string release, string key)
    {
        await page.WaitForFunctionAsync("() => globalThis.opsConsoleKeys?.desk");
        await page.Locator($"tr[data-row][data-release='{release}']").FocusAsync();
        await page.Keyboard.PressAsync(key);
        await Assertions.Expect(page.Locator("#action-reason")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#action-reason")).ToBeEnabledAsync();
    }

    /// <summary>One click where a button stands, also where it is disabled; <paramref name="count"/> is what the browser makes of it.</summary>
    private static async Task PressAsync(IPage page, ILocator button, int count)
    {
        await button.ScrollIntoViewIfNeededAsync();
        var box = await button.BoundingBoxAsync();
        Assert.NotNull(box);
        await page.Mouse.MoveAsync(box.X + (box.Width / 2), box.Y + (box.Height / 2));
        await page.Mouse.DownAsync(new() { ClickCount = count });
        await page.Mouse.UpAsync(new() { ClickCount = count });
    }

    private static Task ConnectionAsync(IPage page, string state) => Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("data-connection", state);

    /// <summary>Registers a release of the shop in another environment, where nobody has it, and waits until it is on the board; gives its id.</summary>
    private async Task<string> RegisterAsync(string environment)
    {
        using var answer = await console.Console.Http.PostAsJsonAsync(
            new Uri("/api/v1/releases", UriKind.Relative),
            new
            {
                service = "shop", target = "gateway", environment, version = $"3.0.0-{environment}", previousVersion = "2.14.3", owner = "commerce",
                artifact = new { digest = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(environment))), commit = "0a1b2c3d" }, signals = new[] { new { key = "http_5xx_rate" } },
            });
        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        var id = "";
        await Eventually.TrueAsync(
            async () =>
            {
                var board = await console.Console.Http.GetFromJsonAsync<JsonElement>(new Uri("/api/v1/board", UriKind.Relative));
                id = board.GetProperty("releases").EnumerateArray().Where(r => r.GetProperty("environment").GetString() == environment).Select(r => r.GetProperty("id").GetString()).FirstOrDefault() ?? "";
                return id.Length > 0;
            },
            TimeSpan.FromSeconds(30),
            () => $"the release in {environment} did not come to the board");
        return id;
    }
}
