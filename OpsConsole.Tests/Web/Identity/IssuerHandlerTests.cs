using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Identity;

namespace OpsConsole.Tests.Web.Identity;

public sealed class IssuerHandlerTests
{
    private const string Failed = "/sign-in/failed?why=";

    [Fact]
    public async Task Signing_in_leads_back_to_where_it_began_with_the_roles_of_the_claims()
    {
        await using var console = await IssuerConsole.StartAsync();
        var browser = console.Open();
        Assert.StartsWith("/sign-in?returnUrl=", await browser.FollowAsync("/form-that-needs-someone"), StringComparison.Ordinal);

        var (code, state) = await BeginAsync(console, browser, "/releases?q=shop");
        using var back = await browser.GetAsync($"/sign-in/callback?code={code}&state={state}&iss={Uri.EscapeDataString(console.Issuer.Authority)}");

        Assert.Equal("/releases?q=shop", back.Headers.Location?.OriginalString);
        var cookie = Assert.Single(back.Headers.GetValues("Set-Cookie"), c => c.StartsWith("__Host-opsconsole=", StringComparison.Ordinal));
        Assert.Contains("; path=/;", cookie, StringComparison.Ordinal);
        Assert.Contains("; secure", cookie, StringComparison.Ordinal);
        Assert.Contains("; samesite=lax", cookie, StringComparison.Ordinal);
        Assert.Contains("; httponly", cookie, StringComparison.Ordinal);
        Assert.DoesNotContain("; domain", cookie, StringComparison.Ordinal);
        Assert.Equal("ada@example.org Admin", await browser.WhoAsync());
        Assert.Contains(console.Audit.Entries, e => e is { Event: "sign-in", Actor: "ada@example.org", Role: "Admin", Outcome: "done" });
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("/\t/evil.example")]
    [InlineData("javascript:alert(1)")]
    public async Task It_leads_nowhere_else(string returnUrl)
    {
        await using var console = await IssuerConsole.StartAsync();
        var browser = console.Open();

        var (code, state) = await BeginAsync(console, browser, returnUrl);

        Assert.Equal("/", await browser.FollowAsync($"/sign-in/callback?code={code}&state={state}"));
    }

    [Fact]
    public async Task An_answer_serves_once_and_only_in_the_browser_that_asked()
    {
        await using var console = await IssuerConsole.StartAsync();
        var (ada, eve) = (console.Open(), console.Open());
        var (code, state) = await BeginAsync(console, ada);

        Assert.Equal(Failed + "state", await eve.FollowAsync($"/sign-in/callback?code={code}&state={state}"));
        Assert.Equal("nobody", await eve.WhoAsync());

        Assert.Equal("/", await ada.FollowAsync($"/sign-in/callback?code={code}&state={state}"));
        Assert.Equal(Failed + "state", await ada.FollowAsync($"/sign-in/callback?code={code}&state={state}"));
    }

    [Fact]
    public async Task A_forged_or_missing_state_is_refused()
    {
        await using var console = await IssuerConsole.StartAsync();
        var browser = console.Open();
        var (code, state) = await BeginAsync(console, browser);

        foreach (var query in new[] { "", $"code={code}", $"code={code}&state=forged", $"code={code}&state={state}x", $"code={code}&state={state}&state={state}" })
        {
            Assert.Equal(Failed + "state", await browser.FollowAsync("/sign-in/callback?" + query));
        }

        using var posted = await browser.PostForeignAsync($"/sign-in/callback?code={code}&state={state}");
        Assert.Equal(Failed + "state", posted.Headers.Location?.OriginalString);
        Assert.Equal("nobody", await browser.WhoAsync());
        Assert.All(console.Audit.Entries, e => Assert.Equal(("sign-in", "refused", "unknown"), (e.Event, e.Outcome, e.Actor)));
    }

    [Fact]
    public async Task The_code_of_another_sign_in_is_refused_by_its_verifier()
    {
        await using var console = await IssuerConsole.StartAsync();
        var (ada, eve) = (console.Open(), console.Open());
        var (stolen, _) = await BeginAsync(console, ada);
        var (_, state) = await BeginAsync(console, eve);

        Assert.Equal(Failed + "refused", await eve.FollowAsync($"/sign-in/callback?code={stolen}&state={state}"));
        Assert.Equal("nobody", await eve.WhoAsync());
    }

    [Theory]
    [InlineData("nonce", "another")]
    [InlineData("aud", "another")]
    [InlineData("iss", "https://evil.test")]
    [InlineData("exp", 1_000_000_000)]
    public async Task A_token_that_is_not_of_this_sign_in_is_refused(string claim, object value)
    {
        await using var console = await IssuerConsole.StartAsync();
        var browser = console.Open();
        console.Issuer.Change = claims => claims[claim] = JsonValue.Create(value);

        var (code, state) = await BeginAsync(console, browser);

        Assert.Equal(Failed + "refused", await browser.FollowAsync($"/sign-in/callback?code={code}&state={state}"));
        Assert.Equal("nobody", await browser.WhoAsync());
    }

    [Fact]
    public async Task A_token_that_nobody_signed_and_the_answer_of_another_issuer_are_refused()
    {
        await using var console = await IssuerConsole.StartAsync();
        var browser = console.Open();
        var (code, state) = await BeginAsync(console, browser);
        Assert.Equal(Failed + "refused", await browser.FollowAsync($"/sign-in/callback?code={code}&state={state}&iss=https://evil.test"));

        console.Issuer.Forge = claims => $"{FakeIssuer.Part(new JsonObject { ["alg"] = "none" })}.{FakeIssuer.Part(claims)}.";
        (code, state) = await BeginAsync(console, browser);
        Assert.Equal(Failed + "refused", await browser.FollowAsync($"/sign-in/callback?code={code}&state={state}"));

        (_, state) = await BeginAsync(console, browser);
        Assert.Equal(Failed + "denied", await browser.FollowAsync($"/sign-in/callback?error=access_denied&state={state}"));
        Assert.Equal("nobody", await browser.WhoAsync());
    }

    [Fact]
    public async Task Someone_without_a_role_here_is_signed_in_nowhere()
    {
        await using var console = await IssuerConsole.StartAsync();
        var browser = console.Open();
        console.Issuer.Roles = ["somebody"];

        var (code, state) = await BeginAsync(console, browser);

        Assert.Equal(Failed + "no-role", await browser.FollowAsync($"/sign-in/callback?code={code}&state={state}"));
        Assert.Equal("nobody", await browser.WhoAsync());
        Assert.Contains(console.Audit.Entries, e => e is { Event: "sign-in", Outcome: "refused", Actor: "ada@example.org" });
    }

    [Fact]
    public async Task A_role_that_is_taken_away_stops_at_the_next_look()
    {
        await using var console = await IssuerConsole.StartAsync();
        var browser = console.Open();
        var (code, state) = await BeginAsync(console, browser);
        await browser.FollowAsync($"/sign-in/callback?code={code}&state={state}");
        Assert.Equal("ada@example.org Admin", await browser.WhoAsync());

        console.Issuer.Roles = [];
        console.Time.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal("nobody", await browser.WhoAsync());
    }

    [Fact]
    public async Task Signing_out_needs_the_form_and_closes_a_copied_cookie_too()
    {
        await using var console = await IssuerConsole.StartAsync();
        var browser = console.Open();
        var (code, state) = await BeginAsync(console, browser);
        using var back = await browser.GetAsync($"/sign-in/callback?code={code}&state={state}");
        var copied = back.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("__Host-opsconsole=", StringComparison.Ordinal)).Split(';')[0];

        using var forged = await browser.PostForeignAsync("/sign-out");
        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
        Assert.Equal("ada@example.org Admin", await browser.WhoAsync());

        using var left = await browser.PostAsync("/sign-out");
        Assert.Equal("/signed-out", left.Headers.Location?.OriginalString);
        Assert.Equal("nobody", await browser.WhoAsync());
        Assert.Contains(console.Audit.Entries, e => e is { Event: "sign-out", Actor: "ada@example.org" });

        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/who") { Headers = { { "Cookie", copied } } };
        using var again = await console.SendAsync(request);
        Assert.StartsWith("/sign-in?", again.Headers.Location?.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_issuer_that_hangs_holds_nobody_for_longer_than_a_call_may_take()
    {
        await using var console = await IssuerConsole.StartAsync();
        var browser = console.Open();
        var (code, state) = await BeginAsync(console, browser);
        console.Issuer.Hangs = true;

        var back = browser.FollowAsync($"/sign-in/callback?code={code}&state={state}");
        await Eventually.TrueAsync(() =>
        {
            console.Time.Advance(TimeSpan.FromSeconds(5));
            return back.IsCompleted;
        });

        Assert.Equal(Failed + "away", await back);
        Assert.Equal("nobody", await browser.WhoAsync());
    }

    [Fact]
    public async Task Emergency_access_is_an_admin_for_a_while_on_record_and_a_wrong_secret_is_too()
    {
        await using var console = await IssuerConsole.StartAsync();
        var browser = console.Open();
        using var forged = await browser.PostForeignAsync("/sign-in/emergency", ("secret", IssuerConsole.Secret));
        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);

        using var wrong = await browser.PostAsync("/sign-in/emergency", ("secret", IssuerConsole.Secret + "x"));
        Assert.Equal("/sign-in?emergency=wrong", wrong.Headers.Location?.OriginalString);
        Assert.Equal("nobody", await browser.WhoAsync());
        Assert.Contains(console.Audit.Entries, e => e is { Event: "emergency", Outcome: "refused" });

        using var right = await browser.PostAsync("/sign-in/emergency", ("secret", IssuerConsole.Secret), ("returnUrl", "//evil.example"));
        Assert.Equal("/", right.Headers.Location?.OriginalString);
        Assert.Equal("emergency access Admin", await browser.WhoAsync());
        Assert.Contains(console.Audit.Entries, e => e is { Event: "emergency", Outcome: "done", Role: "Admin" });
        Assert.NotNull(console.Service<EmergencyAccess>().InUseSince);
        Assert.DoesNotContain(console.Audit.Entries, e => e.Detail?.Contains(IssuerConsole.Secret, StringComparison.Ordinal) == true);

        console.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal("nobody", await browser.WhoAsync());
        Assert.Null(console.Service<EmergencyAccess>().InUseSince);
    }

    [Fact]
    public async Task By_http_people_are_told_to_use_https_and_programs_go_on()
    {
        await using var console = await IssuerConsole.StartAsync();
        using var page = new HttpRequestMessage(HttpMethod.Get, "http://console.test/sign-in");
        using var program = new HttpRequestMessage(HttpMethod.Get, "http://console.test/api/v1/who");

        using var told = await console.SendAsync(page);
        using var asked = await console.SendAsync(program);

        Assert.Equal(HttpStatusCode.BadRequest, told.StatusCode);
        Assert.StartsWith("Sign-in needs https", await told.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, asked.StatusCode);
    }

    /// <summary>Goes to the issuer and signs in there.</summary>
    private static async Task<(string Code, string State)> BeginAsync(IssuerConsole console, IssuerConsole.Browser browser, string returnUrl = "/")
    {
        var address = new Uri((await browser.FollowAsync("/sign-in/issuer?returnUrl=" + Uri.EscapeDataString(returnUrl)))!);
        Assert.StartsWith(console.Issuer.Authority + "/auth?", address.AbsoluteUri, StringComparison.Ordinal);
        var query = QueryHelpers.ParseQuery(address.Query);
        Assert.Equal("https://console.test/sign-in/callback", query["redirect_uri"]);
        Assert.False(string.IsNullOrEmpty(query["nonce"]));
        return (console.Issuer.Code(address), Uri.EscapeDataString(query["state"]!));
    }
}
