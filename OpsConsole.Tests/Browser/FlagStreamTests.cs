using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Browser;

/// <summary>OpenFeature's own web client from npm in a real browser, told of changes by the console's event stream.</summary>
[Collection(BrowserTests.Name)]
public sealed class FlagStreamTests(FlagConsole flags, Chromium chromium) : IClassFixture<FlagConsole>, IClassFixture<Chromium>
{
    /// <summary>A page as a web app is one. The packages are the ones that npm has, found by name.</summary>
    private const string Page = """
        <!doctype html><title>shop</title>
        <script type="importmap">{"imports":{
          "@openfeature/core":"/npm/core/dist/esm/index.js",
          "@openfeature/web-sdk":"/npm/web-sdk/dist/esm/index.js",
          "@openfeature/ofrep-core":"/npm/ofrep-web-provider/node_modules/@openfeature/ofrep-core/index.esm.js",
          "@openfeature/ofrep-web-provider":"/npm/ofrep-web-provider/index.esm.js"}}</script>
        <script type="module">
          import { OpenFeature, ProviderEvents } from '@openfeature/web-sdk';
          import { OFREPWebProvider } from '@openfeature/ofrep-web-provider';
          const { address, token, flag } = window.settings;
          const client = OpenFeature.getClient();
          window.events = [];
          const note = name => details => { const { value, reason, variant } = client.getBooleanDetails(flag, true); window.events.push({ name, value, reason, variant, changed: details?.flagsChanged }); };
          client.addHandler(ProviderEvents.ConfigurationChanged, note('changed'));
          client.addHandler(ProviderEvents.Stale, note('stale'));
          client.addHandler(ProviderEvents.Error, note('error'));
          await OpenFeature.setContext({ targetingKey: 'device-1', plan: 'gold' });
          await OpenFeature.setProviderAndWait(new OFREPWebProvider({ baseUrl: address, headers: [['X-API-Key', token]], pollInterval: 0, cacheMode: 'disabled' }));
          note('ready')();
        </script>
        """;

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
        await ServeAsync(page, token);

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

    /// <summary>Serves the page and its modules under the console's own origin.</summary>
    private async Task ServeAsync(IPage page, string token)
    {
        var packages = Path.Combine(await NodePackages.FolderAsync(), "node_modules", "@openfeature");
        await page.AddInitScriptAsync($"window.settings = {JsonSerializer.Serialize(new { address = flags.Console.Address, token, flag = FlagConsole.Flag })};");
        await page.RouteAsync("**/a-shop", route => route.FulfillAsync(new() { ContentType = "text/html", Body = Page }));
        await page.RouteAsync("**/npm/**", async route =>
        {
            var file = new Uri(route.Request.Url).AbsolutePath["/npm/".Length..];
            await route.FulfillAsync(new() { ContentType = "text/javascript", Body = await File.ReadAllTextAsync(Path.Combine(packages, file)) });
        });
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
