using System.Net;
using System.Net.Http.Json;
using Microsoft.Playwright;

namespace OpsConsole.Tests.Browser;

/// <summary>People at a console outside Development, with a real OpenID Connect provider.</summary>
[Collection(BrowserTests.Stories)]
public sealed class SignInStoryTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task Someone_signs_in_acts_loses_the_role_and_signs_out()
    {
        await using var issuer = new OidcProvider();
        await issuer.StartAsync(TestContext.Current.CancellationToken);
        await using var context = await chromium.NewContextAsync(anyCertificate: true);
        var page = await context.NewPageAsync();
        await RegisterAsync(issuer.Console);
        await issuer.PutAsync("ada", "release-managers", "on-call");

        // In, with the role that the groups give.
        await page.GotoAsync(issuer.Console.Address + "/?env=production");
        await SignInAsync(page, "ada");
        await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("data-connection", "live");
        Assert.Equal("/?env=production", new Uri(page.Url).PathAndQuery);
        await Assertions.Expect(page.Locator(".who")).ToContainTextAsync("ada");
        var cookie = Assert.Single(await context.CookiesAsync([issuer.Console.Address]), c => c.Name == "__Host-opsconsole");
        Assert.True(cookie is { Secure: true, HttpOnly: true, SameSite: SameSiteAttribute.Lax, Path: "/" });

        // Acts.
        var board = new BoardPage(page, issuer.Console);
        await board.ChooseAsync(board.Row("cart", "web"), "Kill switch");
        await board.SendAsync("offers are wrong");

        // A lesser role reaches the open page within the next look: what it held ready is refused, also where the browser is made to send it.
        await board.GoAsync("/switches");
        await page.ClickAsync("[data-verb=restore]");
        await page.FillAsync("#action-reason", "offers are right again");
        await Assertions.Expect(page.Locator("#action-send")).ToBeEnabledAsync();
        await issuer.PutAsync("ada", "viewers");
        await Assertions.Expect(page.Locator(".who small")).ToHaveTextAsync("viewer");
        await page.EvaluateAsync("() => { const send = document.getElementById('action-send'); send.disabled = false; send.click(); }");
        await Assertions.Expect(page.Locator("#action-dialog .alert.fail")).ToBeVisibleAsync();
        using (var lines = await issuer.Console.Http.GetAsync(new Uri("/api/v1/audit?event=restore", UriKind.Relative)))
        {
            var restores = await lines.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>();
            Assert.Equal(["refused"], restores.GetProperty("items").EnumerateArray().Select(l => l.GetProperty("outcome").GetString()));
        }

        // The role is taken away: the open board is left without a touch, and nothing of the sign-in works any more.
        await issuer.PutAsync("ada");
        await Assertions.Expect(page.GetByText("Your sign-in has ended")).ToBeVisibleAsync();
        Assert.NotEqual(200, (await context.APIRequest.GetAsync(issuer.Console.Address + "/api/v1/board", new() { MaxRedirects = 0 })).Status);

        // Signing in again leads nowhere, and says what is missing.
        await page.ClickAsync("#sign-in-issuer");
        await ConsentAsync(page);
        await Assertions.Expect(page.GetByText("gives you no role in this console")).ToBeVisibleAsync();
        await page.GotoAsync(issuer.Console.Address + "/releases");
        await Assertions.Expect(page.Locator("#sign-in-issuer")).ToBeVisibleAsync();

        // With a role again, and out: here and at the issuer.
        await issuer.PutAsync("ada", "on-call");
        await page.ClickAsync("#sign-in-issuer");
        await ConsentAsync(page);
        await page.WaitForURLAsync("**/releases");
        await page.ClickAsync("form[action='sign-out'] button");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "You are signed out" })).ToBeVisibleAsync();
        await page.ClickAsync("#sign-out-issuer");
        await page.ClickAsync("button[name=logout]");
        await page.WaitForURLAsync("**/sign-in**");
        await page.ClickAsync("#sign-in-issuer");
        await Assertions.Expect(page.Locator("input[name=login]")).ToBeVisibleAsync();

        var audit = await issuer.Console.Http.GetStringAsync(new Uri("/api/v1/audit", UriKind.Relative));
        Assert.All(new[] { "\"sign-in\"", "\"sign-in.end\"", "\"sign-out\"", "\"kill\"" }, happened => Assert.Contains(happened, audit, StringComparison.Ordinal));
        Assert.DoesNotContain("eyJ", audit + issuer.Console.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_the_issuer_is_away_an_open_board_goes_on_stopping_and_emergency_access_is_seen_by_all()
    {
        await using var issuer = new OidcProvider();
        await issuer.StartAsync(TestContext.Current.CancellationToken);
        await using var context = await chromium.NewContextAsync(anyCertificate: true);
        var page = await context.NewPageAsync();
        await RegisterAsync(issuer.Console);
        await issuer.PutAsync("ada", "on-call");
        await page.GotoAsync(issuer.Console.Address);
        await SignInAsync(page, "ada");
        var live = page.Locator("html[data-connection=live]");
        await Assertions.Expect(live).ToHaveCountAsync(1);

        await issuer.StopAsync();
        var banner = page.GetByText("the test issuer does not answer");
        await Assertions.Expect(banner).ToBeVisibleAsync();
        var board = new BoardPage(page, issuer.Console);
        await board.ChooseAsync(board.Row("cart", "web"), "Kill switch");
        await board.SendAsync("offers are wrong");

        // Whoever restarts the console now does not close it to those who are signed in.
        await issuer.Console.KillAsync();
        await issuer.Console.StartAsync(TestContext.Current.CancellationToken);
        await page.GotoAsync(issuer.Console.Address);
        await Assertions.Expect(live).ToHaveCountAsync(1);
        await Assertions.Expect(banner).ToBeVisibleAsync();

        // Nobody new gets in but by the sealed account, and everybody sees that.
        await using var other = await chromium.NewContextAsync(anyCertificate: true);
        var emergency = await other.NewPageAsync();
        await emergency.GotoAsync(issuer.Console.Address + "/sign-in");
        await emergency.ClickAsync("#sign-in-issuer");
        await Assertions.Expect(emergency.GetByText("cannot be asked now")).ToBeVisibleAsync();
        await emergency.GotoAsync(issuer.Console.Address + "/sign-in");
        await emergency.ClickAsync("summary");
        await emergency.FillAsync("#secret", OidcProvider.EmergencySecret);
        await emergency.ClickAsync("text=Open emergency access");
        await Assertions.Expect(emergency.GetByText("Emergency access is in use")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("Emergency access is in use")).ToBeVisibleAsync();

        await emergency.ClickAsync("form[action='sign-out'] button");
        await Assertions.Expect(page.GetByText("Emergency access is in use")).ToBeHiddenAsync();
        Assert.Contains("\"emergency\"", await issuer.Console.Http.GetStringAsync(new Uri("/api/v1/audit", UriKind.Relative)), StringComparison.Ordinal);
        Assert.DoesNotContain(OidcProvider.EmergencySecret, issuer.Console.Output, StringComparison.Ordinal);
    }

    private static async Task SignInAsync(IPage page, string person)
    {
        await page.ClickAsync("#sign-in-issuer");
        await page.FillAsync("input[name=login]", person);
        await page.FillAsync("input[name=password]", "any");
        await page.ClickAsync("button[type=submit]");
        await ConsentAsync(page);
    }

    private static async Task ConsentAsync(IPage page)
    {
        await Assertions.Expect(page.Locator("input[name=prompt][value=consent]")).ToHaveCountAsync(1);
        await page.ClickAsync("button[type=submit]");
    }

    private static async Task RegisterAsync(ConsoleProcess console)
    {
        using var answer = await console.Http.PostAsJsonAsync(
            new Uri("/api/v1/releases", UriKind.Relative),
            new
            {
                service = "cart", target = "web", environment = "production", version = "1.1.0", previousVersion = "1.0.0", owner = "commerce", switchKey = "cart-offers",
                artifact = new { digest = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", commit = "0a1b2c3d" }, signals = new[] { new { key = "http_5xx_rate" } },
            });
        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
    }
}
