using Microsoft.Playwright;

namespace OpsConsole.Tests.Browser;

/// <summary>A service is added in the browser: its target and source are tested on the playground, its file is written, applied and shown.</summary>
[Collection(BrowserTests.Name)]
public sealed class CatalogStoryTests(Chromium chromium, PlaygroundConsole playground) : IClassFixture<Chromium>, IClassFixture<PlaygroundConsole>
{
    [Fact]
    public async Task An_admin_adds_a_service_on_a_phone()
    {
        // What other tests left in the folder waits, and would be applied with it.
        File.Delete(Path.Combine(playground.Console.DataFolder, "catalog", "web.yaml"));
        var shop = Path.Combine(playground.Console.DataFolder, "catalog", "shop.yaml");
        await File.WriteAllTextAsync(shop, (await File.ReadAllTextAsync(shop, TestContext.Current.CancellationToken)).Replace("shop-oncall", "commerce-oncall", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        await using var context = await chromium.NewContextAsync(390, 844, dark: true);
        await BoardPage.SignInAsync(context, playground.Console, "Admin");
        var page = context.Pages[0];
        await page.GotoAsync(playground.Console.Address + "/catalog/add");
        await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("data-connection", "live");
        await page.FillAsync("#draft-name", "storefront");
        await page.FillAsync("#draft-team", "commerce");
        await FitsAsync(page, "add-1");
        await page.ClickAsync("#draft-next");
        await page.FillAsync("#draft-target", "gateway");
        await page.FillAsync("#draft-target-version", "2.15.0");
        await page.ClickAsync("#draft-target-test");
        await Assertions.Expect(page.Locator("[data-passed]")).ToBeVisibleAsync();
        await FitsAsync(page, "add-2");
        await page.ClickAsync("#draft-next");
        await page.SelectOptionAsync("#draft-source-kind", "http-check");
        await page.FillAsync("#draft-source", "storefront-home");
        await page.FillAsync("#draft-address", playground.Console.Address + "/$version");
        await page.FillAsync("#draft-signal", "live");
        await page.FillAsync("#draft-selects", "/health/live");
        await FitsAsync(page, "add-3");
        await page.ClickAsync("#draft-next");
        await Assertions.Expect(page.Locator("#draft-text")).ToContainTextAsync("kind: http-check");
        await FitsAsync(page, "add-4");
        await page.ClickAsync("#draft-write");
        await Assertions.Expect(page.GetByText("storefront is in the catalogue")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#pipeline pre")).ToContainTextAsync("\"service\": \"storefront\"");
        await FitsAsync(page, "add-5");
        await page.GotoAsync(playground.Console.Address + "/catalog/storefront");
        await Assertions.Expect(page.Locator("[data-target=gateway]")).ToHaveAttributeAsync("data-connected", "true");
        await FitsAsync(page, "service");
        await page.GotoAsync(playground.Console.Address + "/catalog");
        await Assertions.Expect(page.Locator("[data-service=storefront]")).ToBeVisibleAsync();
        await FitsAsync(page, "catalog");
    }

    private static async Task FitsAsync(IPage page, string name)
    {
        Assert.Equal(0, await page.EvaluateAsync<int>("Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth)"));
        await Screenshots.TakeAsync(page, "catalog-" + name);
    }
}
