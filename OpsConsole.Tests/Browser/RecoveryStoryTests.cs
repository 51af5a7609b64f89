using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Components.Kit;

namespace OpsConsole.Tests.Browser;

/// <summary>Two ways out of a bad release, as a person on call takes them: an app build that cannot be taken back is halted and killed and then replaced, a web service is rolled back. What is shown is what the audit and the API say, to the millisecond.</summary>
[Collection(BrowserTests.Stories)]
public sealed class RecoveryStoryTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Reason = "the new version is bad";

    [Fact]
    public async Task A_bad_app_build_is_halted_killed_and_replaced_and_a_bad_service_rolled_back_with_a_clock_on_each()
    {
        await using var context = await chromium.NewContextAsync();
        await using var console = new ConsoleProcess(playground: true);
        await console.StartAsync(TestContext.Current.CancellationToken);
        var board = await BoardPage.SignInAsync(context, console, "OnCall");
        var page = context.Pages[0];

        // The store cannot take the build back: halt comes first, and then what stops the crashes on the phones that have it.
        var app = board.Row("pocket", "play-store");
        await board.ShowsAsync("pocket", "play-store", "fail", seconds: 120);
        var bad = await ClockRunsAsync(board, page, "pocket", "play-store");
        await FirstIsAsync(app, "halt");
        await board.ChooseAsync(app, "Halt");
        await board.SendAsync(Reason);
        await FirstIsAsync(app, "kill");
        await board.ChooseAsync(app, "Kill switch");
        await board.SendAsync(Reason);

        // The service goes back at once.
        var shop = board.Row("shop", "gateway");
        await board.ShowsAsync("shop", "gateway", "fail", seconds: 120);
        var service = await ClockRunsAsync(board, page, "shop", "gateway");
        await FirstIsAsync(shop, "rollback");
        await board.ChooseAsync(shop, "Roll back");
        await board.SendAsync(Reason, confirmation: "shop");

        // The phones that still have the build are on the page of the release, as a curve that goes on.
        await board.GoAsync($"/releases/{bad}");
        var exposure = page.Locator("#recovery [data-exposure]");
        await Assertions.Expect(exposure).ToBeVisibleAsync();
        Assert.InRange(await ShownAsync(exposure), 1, 50);

        // Phones that ask again are told that the flag is off, and their crashes stop: it was the flag that caused them.
        var killed = await VerifiedAsync(console, bad);
        await ClockIsShownAsync(page, killed);
        var halting = await AuditAsync(console, $"release:{bad:N}", "halt");
        var killing = await AuditAsync(console, "switch:daily-budget", "kill");
        Assert.Equal(("kill", "verified", "ada"), (Text(killed, "move"), Text(killed, "ending"), Text(killed, "acknowledgedBy")));
        Same(Line(halting, "intent"), At(killed, "decidedAt"));
        Assert.InRange(At(killed, "appliedAt"), Line(killing, "intent").AddMilliseconds(-1), Line(killing, "confirmed").AddMilliseconds(1));
        Same(Line(killing, "confirmed"), At(killed, "confirmedAt"));
        Assert.True(At(killed, "verifiedAt") - At(killed, "confirmedAt") >= TimeSpan.FromSeconds(60));
        Assert.True(killed.GetProperty("hurt").GetProperty("count").GetInt64() > 0);

        // The corrected build takes its place, phones update, and nobody is left; the row of the new build says so too.
        await Assertions.Expect(page.Locator("#recovery a:has-text('fixes it')")).ToBeVisibleAsync();
        await Assertions.Expect(exposure).ToHaveAttributeAsync("data-exposure", "0", new() { Timeout = 180_000 });
        Assert.True(await page.Locator("#recovery .exposure path").EvaluateAsync<int>("path => path.getAttribute('d').split('L').length") > 5);
        var gone = default(JsonElement);
        await Eventually.TrueAsync(async () => (gone = (await RecoveryAsync(console, bad)).GetProperty("exposed")).GetProperty("percent").GetDouble() == 0);
        Assert.Equal(0, gone.GetProperty("count").GetInt64());
        Assert.True(gone.GetProperty("of").GetInt64() > 100);
        await board.GoAsync("/");
        await Assertions.Expect(app.Locator("[data-fixes]")).ToHaveTextAsync("fixes 7.4.0: nobody has it any more");

        // The service's clock, from the same kind of data.
        var back = await VerifiedAsync(console, service);
        await board.GoAsync($"/releases/{service}");
        await ClockIsShownAsync(page, back);
        var rolling = await AuditAsync(console, $"release:{service:N}", "rollback");
        Assert.Equal(("rollback", "verified"), (Text(back, "move"), Text(back, "ending")));
        Same(Line(rolling, "intent"), At(back, "decidedAt"));
        Same(Line(rolling, "confirmed"), At(back, "confirmedAt"));
        Assert.True(At(back, "confirmedAt") - At(back, "decidedAt") < TimeSpan.FromSeconds(10));
        await Assertions.Expect(page.Locator("#recovery [data-exposure]")).ToHaveAttributeAsync("data-exposure", "0");

        // Both are in the record of the targets.
        await board.GoAsync("/recovery");
        await MoveIsShownAsync(page, "play-store", "kill", killed, Line(killing, "confirmed"));
        await MoveIsShownAsync(page, "gateway", "rollback", back, Line(rolling, "confirmed"));
        await Assertions.Expect(page.Locator("tr[data-target=play-store][data-move=halt]")).Not.ToContainTextAsync("never exercised");
        var slowest = At(killed, "verifiedAt") - At(killed, "detectedAt") > At(back, "verifiedAt") - At(back, "detectedAt") ? "play-store" : "gateway";
        await Assertions.Expect(page.Locator("[data-weakest]")).ToHaveTextAsync(slowest);
    }

    /// <summary>The row of a failing release shows its clock; gives the id of the release.</summary>
    private static async Task<Guid> ClockRunsAsync(BoardPage board, IPage page, string service, string target)
    {
        var id = (await board.ReleaseAsync(service, target)).GetProperty("id").GetGuid();
        await Assertions.Expect(page.Locator($"tr[data-release='{id}'] + tr [data-clock-line]")).ToBeVisibleAsync();
        return id;
    }

    /// <summary>The recommended move is the first button of the row.</summary>
    private static Task FirstIsAsync(ILocator row, string verb) => Assertions.Expect(row.Locator(".act button").First).ToHaveAttributeAsync("data-verb", verb);

    /// <summary>Every time that the API knows is on the page, in its place.</summary>
    private static async Task ClockIsShownAsync(IPage page, JsonElement clock)
    {
        foreach (var step in (string[])["onset", "detected", "acknowledged", "decided", "applied", "confirmed", "verified"])
        {
            var time = page.Locator($"#recovery li[data-step={step}] time");
            await Assertions.Expect(time).ToBeVisibleAsync();
            Same(At(clock, step + "At"), DateTimeOffset.Parse((await time.GetAttributeAsync("datetime"))!, CultureInfo.InvariantCulture));
        }
    }

    /// <summary>The row of a move on a target says what one recovery took, reckoned from the audit.</summary>
    private static async Task MoveIsShownAsync(IPage page, string target, string move, JsonElement clock, DateTimeOffset confirmed)
    {
        var row = page.Locator($"tr[data-target={target}][data-move={move}]");
        await Assertions.Expect(row.Locator("[data-title=n]")).ToHaveTextAsync("1");
        await Assertions.Expect(row.Locator("[data-title='Detected to confirmed']")).ToContainTextAsync(Spans.Measured(confirmed - At(clock, "detectedAt")));
        await Assertions.Expect(row.Locator("[data-title='Detected to verified']")).ToContainTextAsync(Spans.Measured(At(clock, "verifiedAt") - At(clock, "detectedAt")));
    }

    private static async Task<double> ShownAsync(ILocator exposure) => double.Parse((await exposure.GetAttributeAsync("data-exposure"))!, CultureInfo.InvariantCulture);

    private static async Task<JsonElement> VerifiedAsync(ConsoleProcess console, Guid release)
    {
        var clock = default(JsonElement);
        await Eventually.TrueAsync(
            async () => (clock = await RecoveryAsync(console, release)).GetProperty("verifiedAt").ValueKind == JsonValueKind.String, TimeSpan.FromSeconds(240), () => $"Not verified: {clock}\n{console.Output}");
        return clock;
    }

    private static async Task<JsonElement> RecoveryAsync(ConsoleProcess console, Guid release)
    {
        var all = await console.Http.GetFromJsonAsync<JsonElement>(new Uri("/api/v1/recoveries", UriKind.Relative));
        return all.GetProperty("items").EnumerateArray().First(r => r.GetProperty("releaseId").GetGuid() == release);
    }

    private static async Task<JsonElement> AuditAsync(ConsoleProcess console, string subject, string happened) =>
        await console.Http.GetFromJsonAsync<JsonElement>(new Uri($"/api/v1/audit?subject={subject}&event={happened}", UriKind.Relative));

    /// <summary>When the one line of an outcome was written; by whom and why is as the person on call gave it.</summary>
    private static DateTimeOffset Line(JsonElement audit, string outcome)
    {
        var line = Assert.Single(audit.GetProperty("items").EnumerateArray(), l => Text(l, "outcome") == outcome);
        Assert.Equal(("ada", "onCall", Reason), (Text(line, "actor"), Text(line, "role"), Text(line, "reason")));
        return At(line, "at");
    }

    private static void Same(DateTimeOffset expected, DateTimeOffset actual) => Assert.Equal(expected, actual, TimeSpan.FromMilliseconds(1));

    private static string? Text(JsonElement value, string name) => value.GetProperty(name).GetString();

    private static DateTimeOffset At(JsonElement value, string name) => value.GetProperty(name).GetDateTimeOffset();
}
