using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Browser;

/// <summary>What people do about a promotion that should not go on, and about a gate that stands in its way: reject it with its artifact, lift that, waive a gate for a time, and lose the waiver to newer evidence.</summary>
[Collection(BrowserTests.Stories)]
public sealed class RejectionAndWaiverStoryTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task An_artifact_is_rejected_and_lifted_and_a_waived_gate_lets_the_promotion_through_until_newer_evidence_comes()
    {
        await using var hers = await chromium.NewContextAsync();
        await using var his = await chromium.NewContextAsync();
        await using var theirs = await chromium.NewContextAsync();
        await using var console = new ConsoleProcess(playground: true);
        await console.StartAsync(TestContext.Current.CancellationToken);
        var board = await BoardPage.SignInAsync(hers, console, "ReleaseManager");
        var ada = hers.Pages[0];
        await Eventually.TrueAsync(async () => (await board.ReleaseAsync("search", "gateway")).GetProperty("exposurePercent").GetDouble() >= 25, TimeSpan.FromSeconds(180), () => console.Output);
        var id = (await board.ReleaseAsync("search", "gateway")).GetProperty("id").GetString();
        await board.GoAsync($"/releases/{id}");
        await AskAsync(ada, "half of the traffic next");

        // Ben rejects the promotion, and its artifact with it.
        await BoardPage.SignInAsync(his, console, "ReleaseManager", "/approvals", "ben");
        var ben = his.Pages[0];
        await ben.Locator("[data-reject]").ClickAsync();
        await ben.FillAsync("#reject-dialog-reason", "leaks memory in the night run");
        await ben.CheckAsync("#reject-artifact");
        await ben.ClickAsync("#reject-dialog-send");
        await Assertions.Expect(ben.GetByText("Nothing waits for approval")).ToBeVisibleAsync();

        // Who asked sees it where she is, and cannot promote: the gate leads to the rejection.
        await Assertions.Expect(ada.Locator(".timeline")).ToContainTextAsync("leaks memory in the night run");
        await Assertions.Expect(ada.Locator(".action-state")).ToContainTextAsync("promote rejected");
        await Assertions.Expect(ada.Locator("[data-verb=promote]")).ToHaveAttributeAsync("aria-disabled", "true");
        await ada.Locator("[data-gates] [data-rejection]").ClickAsync();
        await Assertions.Expect(ada.Locator("[data-rejected][data-state=inForce]")).ToContainTextAsync("leaks memory in the night run");
        await Assertions.Expect(ada.Locator("[data-lift]")).ToHaveCountAsync(0);
        await Assertions.Expect(ada.Locator(".who-can")).ToContainTextAsync("admin can");

        // Only an admin lifts it, and says why.
        await BoardPage.SignInAsync(theirs, console, "Admin", "/artifacts/rejected", "cleo");
        var cleo = theirs.Pages[0];
        await Assertions.Expect(cleo.Locator("[data-rejected][data-state=inForce] .has a")).ToHaveTextAsync("search 89.0.0");
        await FitsAsync(cleo);
        await cleo.ClickAsync("[data-lift]");
        await Assertions.Expect(cleo.Locator("#lift-dialog")).ToContainTextAsync("asked for anew");
        await Assertions.Expect(cleo.Locator("#lift-dialog-send")).ToBeDisabledAsync();
        await cleo.FillAsync("#lift-dialog-reason", "the leak is in the test, not in the artifact");
        await cleo.ClickAsync("#lift-dialog-send");
        await Assertions.Expect(cleo.Locator("[data-rejected][data-state=lifted]")).ToContainTextAsync("the leak is in the test");

        // A failing report stands in the way; Ada waives its gate for an hour and sees that it holds.
        await PostAsync(console, id!, "slow machine");
        await board.GoAsync($"/releases/{id}");
        await ada.Locator("[data-waive='evidence: unit']").ClickAsync();
        await ada.SelectOptionAsync("#waive-hours", "1");
        await Assertions.Expect(ada.Locator("#waive-dialog-send")).ToBeDisabledAsync();
        await ada.FillAsync("#waive-dialog-reason", "ran by hand, it passes");
        await ada.ClickAsync("#waive-dialog-send");
        var waiver = ada.Locator("li[data-waiver]");
        await Assertions.Expect(waiver).ToContainTextAsync(new Regex("evidence: unit.*waived by ada.*ran by hand.*until ", RegexOptions.Singleline));
        await Assertions.Expect(waiver).ToHaveClassAsync("holds");
        await Assertions.Expect(ada.Locator("[data-gates] .gates")).ToContainTextAsync("Waived by ada until");

        // With it, and a second person's word, the promotion goes through.
        await AskAsync(ada, "half of the traffic, the unit report is waived");
        await ben.Locator("[data-approve]").ClickAsync();
        await ben.FillAsync("#approve-dialog-reason", "agreed");
        await ben.ClickAsync("#approve-dialog-send");
        await Eventually.TrueAsync(
            async () => (await board.ReleaseAsync("search", "gateway")).GetProperty("exposurePercent").GetDouble() >= 50, TimeSpan.FromSeconds(90), () => console.Output);
        await Assertions.Expect(waiver).ToHaveClassAsync("holds");

        // Newer evidence was waived by nobody: the open page stops showing the waiver as one that holds, and its gate fails again.
        await PostAsync(console, id!, "broken for good");
        await Assertions.Expect(waiver).ToHaveClassAsync("ended");
        await Assertions.Expect(waiver).ToContainTextAsync("does not hold any more: newer evidence arrived at");
        await Assertions.Expect(waiver.Locator("[data-revoke]")).ToHaveCountAsync(0);
        await Assertions.Expect(ada.Locator("[data-waive='evidence: unit']")).ToBeVisibleAsync();
    }

    /// <summary>Asks for the next stage from the release page, once everything that does not pass by waiting is out of the way.</summary>
    private static async Task AskAsync(IPage page, string reason)
    {
        var promote = page.Locator("[data-verb=promote]");
        await Assertions.Expect(promote).Not.ToHaveAttributeAsync("aria-disabled", "true", new() { Timeout = 120_000 });
        await promote.ClickAsync();
        await page.FillAsync("#action-reason", reason);
        await Assertions.Expect(page.Locator("#action-send")).ToHaveTextAsync("Ask for approval");
        await page.ClickAsync("#action-send");
        await Assertions.Expect(page.Locator("#action-dialog .progress")).ToContainTextAsync("Waits for approval");
        await page.ClickAsync("#action-leave");
    }

    /// <summary>The page with something on it, at the sizes and in the themes that people use: no wider than the screen, and nothing that axe finds.</summary>
    private static async Task FitsAsync(IPage page)
    {
        var axe = await File.ReadAllTextAsync(Path.Combine(await NodePackages.FolderAsync(), "node_modules", "axe-core", "axe.min.js"));
        foreach (var (width, scheme) in ((int, ColorScheme)[])[(390, ColorScheme.Light), (390, ColorScheme.Dark), (1024, ColorScheme.Dark), (1440, ColorScheme.Light)])
        {
            await page.SetViewportSizeAsync(width, 900);
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            Assert.Empty(await PagesTests.AxeAsync(page, axe));
            Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, $"The page is wider than {width} px.");
        }
    }

    private static async Task PostAsync(ConsoleProcess console, string release, string failure)
    {
        using var report = new StringContent(
            $"""<testsuite name="unit" tests="1" failures="1"><testcase classname="search" name="answers"><failure message="{failure}"/></testcase></testsuite>""", Encoding.UTF8, "application/xml");
        var posted = await console.Http.PostAsync(new Uri($"/api/v1/releases/{release}/evidence?kind=junit&stage=unit&source=ci", UriKind.Relative), report);
        Assert.Equal(HttpStatusCode.Created, posted.StatusCode);
    }
}
