using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using OpsConsole.Tests.Shared;
using OpsConsole.Tests.Web.Flags;

namespace OpsConsole.Tests.Browser;

/// <summary>Readers of flags while the console crashes and is started again, and a web app of another origin.</summary>
[Collection(BrowserTests.Name)]
public sealed class FlagRestartTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Flag = "vouchers";

    private static readonly PageWaitForFunctionOptions Soon = new() { Timeout = 90_000 };

    [Fact]
    public async Task A_web_app_of_another_origin_follows_kills_before_and_after_a_crash_and_who_missed_one_is_told()
    {
        await using var context = await chromium.NewContextAsync();
        await using var shop = await ShopServer.StartAsync();
        await using var another = await ShopServer.StartAsync();
        await using var console = new ConsoleProcess(playground: false) { Settings = { ["Flags__AllowedOrigins__0"] = shop.Origin } };
        await console.StartAsync(TestContext.Current.CancellationToken);
        await PostAsync(console, "switches", new { key = Flag, owner = "commerce", turnsOff = "vouchers in the shop" });
        var token = (await PostAsync(console, "flag-clients", new { name = "shop web", environment = "production" })).GetProperty("token").GetString()!;
        var page = await context.NewPageAsync();
        await ShopPage.SettleAsync(page, console.Address, token, Flag);
        await page.GotoAsync(shop.Origin + ShopPage.Path);
        await page.WaitForFunctionAsync("() => window.events?.[0]?.name === 'ready' && window.read() === true", null, Soon);
        await Eventually.TrueAsync(() => StreamsAsync(console, 1), TimeSpan.FromSeconds(30));

        await PostAsync(console, $"switches/{Flag}/kill", new { reason = "vouchers are paid twice" });
        await page.WaitForFunctionAsync("() => window.read() === false", null, Soon);
        await PostAsync(console, $"switches/{Flag}/restore", new { reason = "paid once again" });
        await page.WaitForFunctionAsync("() => window.read() === true", null, Soon);

        // The same app under an origin that the console does not name.
        var foreign = await context.NewPageAsync();
        await foreign.GotoAsync(another.Origin + "/");
        Assert.Equal("kept from it", await foreign.EvaluateAsync<string>(
            "([address, key]) => fetch(address + '/ofrep/v1/evaluate/flags', { method: 'POST', headers: { 'X-API-Key': key }, body: '{}' }).then(() => 'answered', () => 'kept from it')", new[] { console.Address, token }));

        // An installed app that is cut off before the next kill.
        using var app = new HttpClient { BaseAddress = console.Http.BaseAddress };
        app.DefaultRequestHeaders.Authorization = new("Bearer", token);
        var (_, uri, tag) = await AskAsync(app, null);
        string mark;
        using (var stream = await OpenAsync(app, uri, null))
        {
            await stream.MarkedAsync();
            mark = stream.LastEventId;
        }

        await PostAsync(console, $"switches/{Flag}/kill", new { reason = "vouchers are paid twice" });
        await page.WaitForFunctionAsync("() => window.read() === false", null, Soon);
        await console.KillAsync();
        await console.StartAsync(TestContext.Current.CancellationToken);

        using (var refused = await OpenAsync(app, uri, mark))
        {
            Assert.Equal(HttpStatusCode.Unauthorized, refused.Response.StatusCode);
        }

        var (value, anew, _) = await AskAsync(app, tag);
        Assert.False(value);
        Assert.NotEqual(uri, anew);
        using (var again = await OpenAsync(app, anew, mark))
        {
            Assert.Contains("refetchEvaluation", (await again.NextAsync())!.Value.Data, StringComparison.Ordinal);
        }

        await Eventually.TrueAsync(() => StreamsAsync(console, 1), TimeSpan.FromSeconds(90));
        await PostAsync(console, $"switches/{Flag}/restore", new { reason = "paid once again" });
        await page.WaitForFunctionAsync("() => window.read() === true", null, Soon);
    }

    private static async Task<JsonElement> PostAsync(ConsoleProcess console, string path, object body)
    {
        JsonElement answer = default;
        await Eventually.TrueAsync(
            async () =>
            {
                using var response = await console.Http.PostAsJsonAsync(new Uri("/api/v1/" + path, UriKind.Relative), body);
                answer = await response.Content.ReadFromJsonAsync<JsonElement>();
                return response.IsSuccessStatusCode;
            },
            TimeSpan.FromSeconds(30),
            () => $"{path}: {answer}");
        return answer;
    }

    private static async Task<bool> StreamsAsync(ConsoleProcess console, int count) =>
        (await console.Http.GetFromJsonAsync<JsonElement>(new Uri("/api/v1/flag-readers", UriKind.Relative))).GetProperty("streams").GetInt32() == count;

    /// <summary>Asks for all flags, until the console has read them.</summary>
    private static async Task<(bool Value, string Uri, string Tag)> AskAsync(HttpClient app, string? tag)
    {
        (bool, string, string)? got = null;
        await Eventually.TrueAsync(
            async () =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, "/ofrep/v1/evaluate/flags") { Content = JsonContent.Create(new { context = new { targetingKey = "device-2" } }) };
                if (tag is not null)
                {
                    request.Headers.TryAddWithoutValidation("If-None-Match", tag);
                }

                using var answer = await app.SendAsync(request);
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
                    got = (body.GetProperty("flags")[0].GetProperty("value").GetBoolean(), body.GetProperty("eventStreams")[0].GetProperty("endpoint").GetProperty("requestUri").GetString()!, answer.Headers.ETag!.Tag);
                }

                return got is not null;
            },
            TimeSpan.FromSeconds(30));
        return got!.Value;
    }

    private static async Task<EventReader> OpenAsync(HttpClient app, string uri, string? lastEventId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        if (lastEventId is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        }

        return new EventReader(await app.SendAsync(request, HttpCompletionOption.ResponseHeadersRead));
    }
}
