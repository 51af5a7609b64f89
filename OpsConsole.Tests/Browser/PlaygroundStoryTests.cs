using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Browser;

/// <summary>The story of the first minutes, as a person on call lives it: real servers, real traffic, a real Chromium.</summary>
[Collection(BrowserTests.Name)]
public sealed class PlaygroundStoryTests(Chromium chromium, ITestOutputHelper output) : IClassFixture<Chromium>
{
    private const string Errors = "http_5xx_rate";
    private const string Reason = "errors over 1 % since the stage grew";

    [Fact]
    public async Task The_kill_switch_stops_the_defect_and_the_roll_back_ends_the_release()
    {
        await using var context = await chromium.NewContextAsync();
        await using var console = new ConsoleProcess(playground: true);
        await console.StartAsync(TestContext.Current.CancellationToken);
        var board = await BoardPage.SignInAsync(context, console, "OnCall");
        var shop = board.Row("shop", "gateway");

        // Measured from traffic, the bad release turns red by itself, and so does the app build that crashes.
        await board.ShowsAsync("shop", "gateway", "fail", seconds: 120);
        await board.ShowsAsync("pocket", "play-store", "fail", seconds: 60);
        foreach (var family in (string[])["Errors", "Latency", "Crash-free", "Business"])
        {
            await Assertions.Expect(context.Pages[0].Locator($"td.g[data-title='{family}'] b").First).ToBeVisibleAsync();
        }

        // Latency goes first, then requests give up waiting.
        await board.SignalAsync("shop", "gateway", Errors, s => Value(s) > 5, seconds: 60);
        await Screenshots.TakeAsync(context.Pages[0], "board");

        // The kill switch: errors go, the version stays.
        await board.ChooseAsync(shop, "Kill switch");
        await board.SendAsync(Reason);
        await board.SignalAsync("shop", "gateway", Errors, s => Value(s) < 1, seconds: 60);
        var killed = await board.ReleaseAsync("shop", "gateway");
        Assert.Equal(25, killed.GetProperty("exposurePercent").GetDouble());
        Assert.Equal("rollingOut", killed.GetProperty("phase").GetString());

        // Restored, the defect is back: it was the flag that stopped it.
        await board.GoAsync("/switches");
        await context.Pages[0].GetByRole(AriaRole.Button, new() { Name = "Restore" }).First.ClickAsync();
        await board.SendAsync("show the defect again");
        await board.GoAsync("/");
        await board.SignalAsync("shop", "gateway", Errors, s => Value(s) > 5, seconds: 60);
        await board.ShowsAsync("shop", "gateway", "fail", seconds: 30);

        // The roll back: asks for the name, is confirmed by the gateway, says how long it took, and the version gets nothing more.
        await board.ChooseAsync(shop, "Roll back");
        await Screenshots.TakeAsync(context.Pages[0], "action-dialog");
        await board.SendAsync(Reason, confirmation: "shop");
        await Assertions.Expect(shop).ToContainTextAsync(new Regex(@"roll back confirmed in [\d.]+ m?s", RegexOptions.IgnoreCase), new() { Timeout = 15_000 });
        var back = await board.ReleaseAsync("shop", "gateway");
        Assert.Equal("rolledBack", back.GetProperty("phase").GetString());
        Assert.Equal(0, back.GetProperty("exposurePercent").GetDouble());
        await NoMoreRequestsAsync(console);

        // The whole story is told afterwards, to a reviewer too.
        await using var reviewer = await chromium.NewContextAsync();
        var id = back.GetProperty("id").GetString();
        await BoardPage.SignInAsync(reviewer, console, "Viewer", $"/releases/{id}");
        var page = reviewer.Pages[0];
        await Assertions.Expect(page.GetByText(Reason).First).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("[data-chart] .apexcharts-line-series path").First).ToBeAttachedAsync();
        await Screenshots.TakeAsync(page, "release");
        output.WriteLine(console.Output);
    }

    private static double Value(System.Text.Json.JsonElement signal) => signal.GetProperty("canary") is { ValueKind: System.Text.Json.JsonValueKind.Number } value ? value.GetDouble() : double.NaN;

    /// <summary>The gateway's weight is 0 when the version's own request counter stands still.</summary>
    private static async Task NoMoreRequestsAsync(ConsoleProcess console)
    {
        var before = -1d;
        await Eventually.TrueAsync(
            async () =>
            {
                var text = await console.Http.GetStringAsync(new Uri("/playground/shop/2.15.0/metrics", UriKind.Relative));
                var now = Regex.Matches(text, @"^http_requests_total\{.*\} (\S+)", RegexOptions.Multiline).Sum(m => double.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture));
                await Task.Delay(TimeSpan.FromMilliseconds(500));
                (before, var still) = (now, now == before);
                return still;
            },
            TimeSpan.FromSeconds(20),
            () => "The rolled back version still gets requests.");
    }
}
