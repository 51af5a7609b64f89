using System.Text.Json;
using Microsoft.Playwright;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Browser;

/// <summary>A pasted policy replayed on a release that really failed, and the judge asked about it, at the sizes and in the themes that people use.</summary>
[Collection(BrowserTests.Name)]
public sealed class ReplayTests(Chromium chromium, PlaygroundConsole playground) : IClassFixture<Chromium>, IClassFixture<PlaygroundConsole>
{
    private const string Policy = "canary:\n  auto_rollback_if:\n    - http_5xx_rate > 1% for 20s\n    - app_error_rate > 1% for 20s\ndelivery:\n  on_trigger: rollback\n";

    [Theory]
    [InlineData(1440, 900, false)]
    [InlineData(390, 844, true)]
    public async Task A_policy_is_replayed_beside_another_and_the_judge_is_asked(int width, int height, bool dark)
    {
        await using var context = await chromium.NewContextAsync(width, height, dark);
        var axe = await File.ReadAllTextAsync(Path.Combine(await NodePackages.FolderAsync(), "node_modules", "axe-core", "axe.min.js"));
        var board = await BoardPage.SignInAsync(context, playground.Console, "Viewer");
        var page = context.Pages[0];
        var release = await FailingAsync();
        var faults = new List<string>();

        // What is on record grows every ten seconds, so the same replay is run until there is enough of it.
        await Eventually.TrueAsync(
            async () =>
            {
                await board.GoAsync($"/replay?release={release}&left=text&right=text");
                await page.FillAsync("#text-A", Policy);
                await page.FillAsync("#text-B", Policy.Replace("20s", "30m", StringComparison.Ordinal));
                await page.ClickAsync("#run");
                await Assertions.Expect(page.Locator("[data-policy=B] .finding")).ToBeVisibleAsync();
                return (await page.Locator("[data-policy=A] .finding").InnerTextAsync()).Contains("Would have rolled back", StringComparison.Ordinal);
            },
            TimeSpan.FromMinutes(5),
            () => "the replayed policy did not fire");
        await Assertions.Expect(page.Locator(".marks")).ToContainTextAsync("would have rolled back");
        await CheckAsync("the replay");

        await board.GoAsync($"/releases/{release}");
        await page.ClickAsync("#analyse");
        await Assertions.Expect(page.Locator("[data-metric]").First).ToBeVisibleAsync();
        await CheckAsync("the analysis");
        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));

        async Task CheckAsync(string what)
        {
            var over = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
            if (over > 0)
            {
                faults.Add($"{what} is {over} px wider than its screen.");
            }

            faults.AddRange((await PagesTests.AxeAsync(page, axe)).Select(f => $"{what}: {f}"));
            if (Environment.GetEnvironmentVariable("OPSCONSOLE_PICTURES") is { Length: > 0 } folder)
            {
                await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{what.Replace(' ', '-')}-{width}.png"), FullPage = true });
            }
        }
    }

    /// <summary>The shop's release, which fails on errors; other releases of the playground fail on other signals.</summary>
    private async Task<string> FailingAsync()
    {
        string? id = null;
        await Eventually.TrueAsync(
            async () =>
            {
                using var board = JsonDocument.Parse(await playground.Console.Http.GetStringAsync(new Uri("/api/v1/board", UriKind.Relative)));
                id = board.RootElement.GetProperty("releases").EnumerateArray()
                    .Where(r => r.GetProperty("service").GetString() == "shop" && r.GetProperty("verdict").GetString() == "fail")
                    .Select(r => r.GetProperty("id").GetString()).FirstOrDefault();
                return id is not null;
            },
            TimeSpan.FromMinutes(5),
            () => "the shop's release did not fail");
        return id!;
    }
}
