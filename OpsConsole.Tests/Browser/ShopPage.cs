using System.Text.Json;
using Microsoft.Playwright;

namespace OpsConsole.Tests.Browser;

/// <summary>A web app that reads a flag with OpenFeature's own web client from npm.</summary>
internal static class ShopPage
{
    /// <summary>Path of the app.</summary>
    public const string Path = "/a-shop";

    /// <summary>A page as a web app is one. The packages are the ones that npm has, found by name.</summary>
    public const string Text = """
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
          window.read = () => client.getBooleanValue(flag, true);
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

    /// <summary>Answers for the app and its modules in place of the origin that the page is opened under. It tells what it heard in <c>window.events</c>, and reads the flag by <c>window.read()</c>.</summary>
    public static async Task ServeAsync(IPage page, string console, string token, string flag)
    {
        await SettleAsync(page, console, token, flag);
        await page.RouteAsync("**" + Path, route => route.FulfillAsync(new() { ContentType = "text/html", Body = Text }));
        await page.RouteAsync("**/npm/**", async route => await route.FulfillAsync(new() { ContentType = "text/javascript", Body = await ModuleAsync(new Uri(route.Request.Url).AbsolutePath) }));
    }

    /// <summary>Tells the app which console and flag are meant.</summary>
    public static Task SettleAsync(IPage page, string console, string token, string flag) =>
        page.AddInitScriptAsync($"window.settings = {JsonSerializer.Serialize(new { address = console, token, flag })};");

    /// <summary>A module of the packages from npm, by its path under <c>/npm/</c>.</summary>
    public static async Task<string> ModuleAsync(string path) =>
        await File.ReadAllTextAsync(System.IO.Path.Combine(await NodePackages.FolderAsync(), "node_modules", "@openfeature", path["/npm/".Length..]));
}
