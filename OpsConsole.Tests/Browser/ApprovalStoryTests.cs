using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Browser;

/// <summary>A promotion that needs a second person, as two people live it: asked for, approved, lapsed by a new test report, approved again, promoted.</summary>
[Collection(BrowserTests.Stories)]
public sealed class ApprovalStoryTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Report = """<testsuite name="smoke" tests="1"><testcase classname="search" name="answers" time="0.2"/></testsuite>""";

    [Fact]
    public async Task A_promotion_is_asked_for_approved_lapses_with_a_new_report_is_approved_again_and_carried_out()
    {
        await using var hers = await chromium.NewContextAsync();
        await using var his = await chromium.NewContextAsync();
        await using var console = new ConsoleProcess(playground: true);
        await console.StartAsync(TestContext.Current.CancellationToken);
        var board = await BoardPage.SignInAsync(hers, console, "ReleaseManager");
        var ada = hers.Pages[0];
        var search = board.Row("search", "gateway");
        await Assertions.Expect(search).ToContainTextAsync("every gate passes", new() { Timeout = 120_000 });
        await Eventually.TrueAsync(async () => (await board.ReleaseAsync("search", "gateway")).GetProperty("exposurePercent").GetDouble() >= 25, TimeSpan.FromSeconds(90));
        await Assertions.Expect(search).ToContainTextAsync("every gate passes", new() { Timeout = 90_000 });

        // A freeze, so that what is approved has to wait: asking and approving are possible meanwhile.
        var freeze = await console.Http.PostAsJsonAsync(new Uri("/api/v1/windows", UriKind.Relative), new
        {
            name = "quiet hour", kind = "freeze", service = "search", from = "2026-01-01T00:00:00Z", to = "2035-01-01T00:00:00Z", reason = "the browser test holds it back",
        });
        Assert.Equal(HttpStatusCode.Created, freeze.StatusCode);
        var window = (await freeze.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString();

        await board.ChooseAsync(search, "Promote");
        await ada.FillAsync("#action-reason", "half of the traffic next");
        await Assertions.Expect(ada.Locator("#action-send")).ToHaveTextAsync("Ask for approval");
        await ada.ClickAsync("#action-send");
        await Assertions.Expect(ada.Locator("#action-dialog")).ToContainTextAsync(new Regex("approval", RegexOptions.IgnoreCase));
        await ada.ClickAsync("#action-leave");
        await Assertions.Expect(search).ToContainTextAsync("waiting for approval 0 of 1", new() { Timeout = 15_000 });
        await Assertions.Expect(ada.Locator("[data-waiting='1']")).ToBeVisibleAsync();

        // The button says that it was asked for, and what will hold it back once it is approved.
        await Assertions.Expect(search.Locator("[data-verb=promote] + .tip")).ToContainTextAsync("quiet hour", new() { Timeout = 15_000 });

        // Who asked cannot approve, and is told so.
        await board.GoAsync("/approvals");
        await Assertions.Expect(ada.Locator("[data-request]")).ToBeVisibleAsync();
        await Assertions.Expect(ada.Locator("[data-approve]")).ToHaveCountAsync(0);
        await Assertions.Expect(ada.Locator("[data-withdraw]")).ToBeVisibleAsync();

        await BoardPage.SignInAsync(his, console, "ReleaseManager", "/approvals", "ben");
        var ben = his.Pages[0];
        await ApproveAsync(ben);
        await Assertions.Expect(ben.Locator("[data-request] .count")).ToContainTextAsync("approved 1 of 1", new() { Timeout = 15_000 });
        Assert.Equal(25, (await board.ReleaseAsync("search", "gateway")).GetProperty("exposurePercent").GetDouble());

        // New evidence: what was approved is not what would be promoted.
        var id = (await board.ReleaseAsync("search", "gateway")).GetProperty("id").GetString();
        using var report = new StringContent(Report, Encoding.UTF8, "application/xml");
        var posted = await console.Http.PostAsync(new Uri($"/api/v1/releases/{id}/evidence?kind=junit&stage=integration&source=smoke", UriKind.Relative), report);
        Assert.Equal(HttpStatusCode.Created, posted.StatusCode);
        await Assertions.Expect(ben.Locator("[data-request] .lapsed s")).ToBeVisibleAsync();
        await Assertions.Expect(ben.Locator("[data-request] .count")).ToContainTextAsync("waiting for approval 0 of 1", new() { Timeout = 15_000 });
        await Screenshots.TakeAsync(ben, "approvals");
        await ApproveAsync(ben);

        // The freeze ends, and the promotion is carried out without anyone asking again.
        var ended = await console.Http.PostAsJsonAsync(new Uri($"/api/v1/windows/{window}/end", UriKind.Relative), new { reason = "the browser test goes on" });
        Assert.Equal(HttpStatusCode.OK, ended.StatusCode);
        await Eventually.TrueAsync(
            async () => (await board.ReleaseAsync("search", "gateway")).GetProperty("exposurePercent").GetDouble() >= 50, TimeSpan.FromSeconds(30), () => console.Output);
        await Assertions.Expect(ben.GetByText("Nothing waits for approval")).ToBeVisibleAsync();
        await ben.GotoAsync($"{console.Address}/releases/{id}");
        await Assertions.Expect(ben.GetByText("lapsed").First).ToBeVisibleAsync();
    }

    private static async Task ApproveAsync(IPage page)
    {
        await page.Locator("[data-approve]").ClickAsync();
        await page.FillAsync("#approve-dialog-reason", "looks right");
        await page.ClickAsync("#approve-dialog-send");
        await Assertions.Expect(page.Locator("#approve-dialog-send")).ToHaveCountAsync(0, new() { Timeout = 15_000 });
    }
}
