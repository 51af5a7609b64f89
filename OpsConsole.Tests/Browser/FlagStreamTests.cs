using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Components.Switches;

namespace OpsConsole.Tests.Browser;

/// <summary>OpenFeature's own web client from npm in a real browser, told of changes by the console's event stream.</summary>
[Collection(BrowserTests.Name)]
public sealed class FlagStreamTests(FlagConsole flags, Chromium chromium) : IClassFixture<FlagConsole>, IClassFixture<Chromium>
{
    [Fact]
    public async Task The_web_sdk_hears_of_a_kill_and_of_the_way_back_over_the_stream_and_the_console_measures_it()
    {
        var (token, _) = await flags.NewClientAsync("browser");
        await using var context = await chromium.NewContextAsync();
        var page = await context.NewPageAsync();
        List<string> asked = [];
        page.Request += (_, request) =>
        {
            lock (asked)
            {
                asked.Add($"{request.Method} {new Uri(request.Url).AbsolutePath}");
            }
        };
        await ShopPage.ServeAsync(page, flags.Console.Address, token, FlagConsole.Flag);

        await page.GotoAsync(flags.Console.Address + "/a-shop");
        await SeesAsync("ready", value: true, "on");
        await Eventually.TrueAsync(async () => (await GroupAsync())?.GetProperty("streams").GetInt32() == 1, TimeSpan.FromSeconds(30));

        await flags.ChangeAsync("kill");
        await SeesAsync("changed", value: false, "off");
        var killed = await ClosedAsync("killed");
        Assert.True(killed.GetProperty("confirmed").GetInt32() >= 1);
        Assert.Equal(0, killed.GetProperty("unconfirmed").GetInt32());
        Assert.True(killed.GetProperty("lastMs").GetDouble() > 0);
        TestContext.Current.TestOutputHelper?.WriteLine(killed.GetRawText());

        await ShownAsync(context, killed);

        await flags.ChangeAsync("restore");
        await SeesAsync("changed", value: true, "on");
        Assert.Equal(0, (await ClosedAsync("restored")).GetProperty("unconfirmed").GetInt32());

        // Nothing was asked but what the stream said to ask.
        lock (asked)
        {
            Assert.Equal(1, asked.Count(a => a == "GET /ofrep/v1/events"));
            Assert.Equal(3, asked.Count(a => a == "POST /ofrep/v1/evaluate/flags"));
        }

        async Task SeesAsync(string name, bool value, string variant)
        {
            await page.WaitForFunctionAsync("() => window.events?.length > 0");
            var said = (await page.EvaluateAsync<JsonElement>("() => window.events.shift()"))!;
            Assert.Equal((name, value, "STATIC", variant), (said.GetProperty("name").GetString(), said.GetProperty("value").GetBoolean(), said.GetProperty("reason").GetString(), said.GetProperty("variant").GetString()));
        }
    }

    /// <summary>The page of the switch shows the numbers that the API gives.</summary>
    private async Task ShownAsync(IBrowserContext context, JsonElement propagation)
    {
        await BoardPage.SignInAsync(context, flags.Console, "OnCall", $"/switches/{FlagConsole.Flag}");
        var shown = context.Pages[^1].Locator($"[data-propagation='{propagation.GetProperty("id").GetGuid()}']");
        await Assertions.Expect(shown.Locator("[role=status]")).ToContainTextAsync($"{propagation.GetProperty("confirmed").GetInt32()} of {propagation.GetProperty("clients").GetInt32()}");
        double?[] times = [.. ((string[])["firstMs", "p50Ms", "p95Ms", "lastMs"]).Select(name => (double?)propagation.GetProperty(name).GetDouble())];
        await Assertions.Expect(shown.Locator("dd")).ToHaveTextAsync([.. times.Select(PropagationWords.Ms), propagation.GetProperty("unconfirmed").GetInt32().ToString(CultureInfo.InvariantCulture), .. Gone()]);

        string[] Gone() => propagation.GetProperty("gone").GetInt32() is > 0 and var gone ? [gone.ToString(CultureInfo.InvariantCulture)] : [];
    }

    private async Task<JsonElement?> GroupAsync()
    {
        var readers = await flags.Console.Http.GetFromJsonAsync<JsonElement>(new Uri("/api/v1/flag-readers", UriKind.Relative));
        return readers.GetProperty("groups").EnumerateArray().Cast<JsonElement?>().FirstOrDefault(g => g!.Value.GetProperty("token").GetString() == "browser");
    }

    /// <summary>The latest propagation once nothing more is waited for.</summary>
    private async Task<JsonElement> ClosedAsync(string kind)
    {
        JsonElement latest = default;
        await Eventually.TrueAsync(
            async () =>
            {
                var list = await flags.Console.Http.GetFromJsonAsync<JsonElement>(new Uri($"/api/v1/switches/{FlagConsole.Flag}/propagations", UriKind.Relative));
                latest = list.GetProperty("items")[0];
                return latest.GetProperty("kind").GetString() == kind && latest.GetProperty("state").GetString() == "closed";
            },
            TimeSpan.FromSeconds(70),
            () => "not closed: " + latest);
        return latest;
    }
}
