using Microsoft.Playwright;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Browser;

/// <summary>A console with live releases, shared by the tests that only look.</summary>
public sealed class PlaygroundConsole : IAsyncLifetime
{
    internal ConsoleProcess Console { get; } = new(playground: true);

    public async ValueTask InitializeAsync()
    {
        await Console.StartAsync(TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(
            async () => (await Console.Http.GetStringAsync(new Uri("/api/v1/board", UriKind.Relative))).Contains("\"rollingOut\"", StringComparison.Ordinal),
            TimeSpan.FromSeconds(60));
    }

    public ValueTask DisposeAsync() => Console.DisposeAsync();
}

/// <summary>Every page, at the sizes and in the themes that people use, held to what can be checked without taste.</summary>
public sealed class PagesTests(Chromium chromium, PlaygroundConsole playground) : IClassFixture<Chromium>, IClassFixture<PlaygroundConsole>
{
    [Fact]
    public async Task An_address_that_does_not_exist_is_a_page_that_says_so()
    {
        await using var context = await chromium.NewContextAsync();
        await BoardPage.SignInAsync(context, playground.Console, "Viewer");
        var page = context.Pages[0];

        foreach (var path in (string[])["/no-such-page", $"/releases/{Guid.NewGuid()}"])
        {
            var answer = await page.GotoAsync(playground.Console.Address + path);
            Assert.InRange(answer!.Status, 200, 404);
            await Assertions.Expect(page.GetByText(new System.Text.RegularExpressions.Regex("There is no such (page|release)")).First).ToBeVisibleAsync();
        }
    }
}
