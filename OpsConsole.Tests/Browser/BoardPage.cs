using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Browser;

/// <summary>What a person does on the board, in a person's words.</summary>
internal sealed class BoardPage(IPage page, ConsoleProcess console)
{
    /// <summary>Time in which something that a person waits for on the screen must come.</summary>

    /// <summary>Signs in on the role page and lands on an address.</summary>
    public static async Task<BoardPage> SignInAsync(IBrowserContext context, ConsoleProcess console, string role, string address = "/", string name = "ada")
    {
        var page = await context.NewPageAsync();
        await page.GotoAsync(console.Address + address);
        await page.FillAsync("input[name=name]", name);
        await page.CheckAsync($"input[name=role][value={role}]");
        await page.ClickAsync("form button:has-text('Sign in')");
        await AliveAsync(page);
        return new BoardPage(page, console);
    }

    /// <summary>Goes to another page and waits until it is live: before that its buttons are pictures.</summary>
    public async Task GoAsync(string address)
    {
        await page.GotoAsync(console.Address + address);
        await AliveAsync(page);
    }

    /// <summary>Waits until everything that was sent before is answered: what is called by a name that does not exist is answered after it, and what an answer brought about again after that.</summary>
    public static async Task AnsweredAsync(IPage page)
    {
        for (var i = 0; i < 3; i++)
        {
            await page.EvaluateAsync("() => DotNet.invokeMethodAsync('None', 'none').catch(() => 0)");
        }
    }

    private static Task AliveAsync(IPage page) => Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("data-connection", "live");

    public ILocator Row(string service, string target) => page.Locator($"tr[data-row][aria-label^='{service} '][aria-label*=' on {target},']");

    /// <summary>Waits until a release is shown with a verdict.</summary>
    public Task ShowsAsync(string service, string target, string verdict, int seconds) =>
        Assertions.Expect(Row(service, target).Locator("button.verdict")).ToHaveTextAsync(verdict, new() { Timeout = seconds * 1000 });

    /// <summary>Chooses an action on a row, from its button or from its menu.</summary>
    public async Task ChooseAsync(ILocator row, string label)
    {
        var button = row.Locator(".act").GetByRole(AriaRole.Button, new() { Name = label });
        if (!await button.IsVisibleAsync())
        {
            await row.Locator("button[data-menu]").ClickAsync();
        }

        await button.ClickAsync();
        await Assertions.Expect(page.Locator("#action-dialog #action-reason")).ToBeVisibleAsync();
    }

    /// <summary>Gives the reason and what must be typed, and sends.</summary>
    public async Task SendAsync(string reason, string? confirmation = null)
    {
        var send = page.Locator("#action-send");
        await Assertions.Expect(send).ToBeDisabledAsync();
        await page.FillAsync("#action-reason", reason);
        if (confirmation is not null)
        {
            await Assertions.Expect(send).ToBeDisabledAsync();
            await page.FillAsync("#action-confirmation", confirmation);
        }

        await Assertions.Expect(send).ToBeEnabledAsync();
        await send.ClickAsync();
        await Assertions.Expect(page.Locator("#action-dialog .progress.confirmed")).ToBeVisibleAsync();
        await page.ClickAsync("#action-leave");
    }

    /// <summary>The release as the API tells it now, once it is on the board: a console that was just started puts it there after it answers.</summary>
    public async Task<JsonElement> ReleaseAsync(string service, string target)
    {
        JsonElement found = default;
        await Eventually.TrueAsync(
            async () =>
            {
                var board = await console.Http.GetFromJsonAsync<JsonElement>(new Uri("/api/v1/board", UriKind.Relative));
                found = board.GetProperty("releases").EnumerateArray()
                    .FirstOrDefault(r => r.GetProperty("service").GetString() == service && r.GetProperty("target").GetString() == target);
                return found.ValueKind == JsonValueKind.Object;
            },
            TimeSpan.FromSeconds(180),
            () => console.Output);
        return found;
    }

    /// <summary>Waits until a signal of the new version satisfies a condition.</summary>
    public Task SignalAsync(string service, string target, string key, Func<JsonElement, bool> condition, int seconds)
    {
        var last = "";
        return Eventually.TrueAsync(
            async () =>
            {
                var release = await ReleaseAsync(service, target);
                var signal = release.GetProperty("signals").EnumerateArray().First(s => s.GetProperty("key").GetString() == key);
                last = signal.ToString();
                return condition(signal);
            },
            TimeSpan.FromSeconds(seconds),
            () => $"{service} {key} stayed at {last}");
    }
}
