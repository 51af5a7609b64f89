using System.Net.Http.Json;
using System.Text.Json;
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

        // A row in trouble is open, tinted and has the most on it: the board is looked at with one.
        await Eventually.TrueAsync(
            async () =>
            {
                using var board = JsonDocument.Parse(await Console.Http.GetStringAsync(new Uri("/api/v1/board", UriKind.Relative)));
                return board.RootElement.GetProperty("releases").EnumerateArray().Any(r => r.GetProperty("verdict").GetString() == "fail");
            },
            TimeSpan.FromSeconds(150),
            () => "no release of the playground failed");
        await PostChangesAsync();
        await ApplyCatalogAsync();
    }

    /// <summary>A service in the catalogue, with a change that waits and a file that is wrong: the pages are looked at with everything that they can show.</summary>
    private async Task ApplyCatalogAsync()
    {
        const string Shop = "service: shop\nowner: { team: commerce, contact: '#commerce-oncall' }\nenvironments: [production]\ntargets: { gateway: { environments: [production] } }\npolicies: [web-canary]\n"
            + "sources: { shop-host: { kind: http-check, target: gateway, environment: production, version: 2.15.0, address: 'http://127.0.0.1:9', checks: { front: { path: / } } } }\n";
        var folder = Directory.CreateDirectory(Path.Combine(Console.DataFolder, "catalog")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "shop.yaml"), Shop);
        var apply = async () =>
        {
            using var stands = JsonDocument.Parse(await Console.Http.GetStringAsync(new Uri("/api/v1/catalog", UriKind.Relative)));
            var seen = stands.RootElement.GetProperty("waiting").GetProperty("seen").GetString();
            return seen is not null && (await Console.Http.PostAsJsonAsync(new Uri("/api/v1/catalog/apply", UriKind.Relative), new { seen })).IsSuccessStatusCode;
        };
        await Eventually.TrueAsync(apply, TimeSpan.FromSeconds(30));
        await File.WriteAllTextAsync(Path.Combine(folder, "shop.yaml"), Shop.Replace("commerce-oncall", "shop-oncall", StringComparison.Ordinal));
        await File.WriteAllTextAsync(Path.Combine(folder, "web.yaml"), "servce: web\n");
        await Eventually.TrueAsync(
            async () => (await Console.Http.GetStringAsync(new Uri("/api/v1/catalog", UriKind.Relative))).Contains("servce", StringComparison.Ordinal), TimeSpan.FromSeconds(30));
    }

    /// <summary>So that the release page is looked at with everything that a change set can hold.</summary>
    private async Task PostChangesAsync()
    {
        var file = (int i) => new { path = $"src/Shop/Checkout/Some/Deep/Folder/CartStep{i}.cs", linesAdded = 60 + i, linesRemoved = 10 };
        var named = new[] { new { name = "cart.timeout", change = "changed" } };
        using var board = JsonDocument.Parse(await Console.Http.GetStringAsync(new Uri("/api/v1/board", UriKind.Relative)));
        foreach (var release in board.RootElement.GetProperty("releases").EnumerateArray())
        {
            var answer = await Console.Http.PutAsJsonAsync(new Uri($"/api/v1/releases/{release.GetProperty("id").GetString()}/changes", UriKind.Relative), new
            {
                code = new { commits = Enumerable.Range(10, 9).Select(i => new { id = $"c0ffee{i}", title = "A faster cart", author = "mira" }), linesAdded = 1_420, linesRemoved = 230, files = Enumerable.Range(0, 8).Select(file) },
                schema = new { @class = "expand", findings = new[] { new { code = "prefer-text-field", severity = "info", count = 1 } }, irreversible = 1 },
                dependencies = new[] { new { name = "Npgsql", from = "9.0.3", to = "10.0.0" } }, config = named, flags = named, infrastructure = new { add = 1, change = 0, destroy = 1 },
            });
            answer.EnsureSuccessStatusCode();
        }
    }

    public ValueTask DisposeAsync() => Console.DisposeAsync();
}

/// <summary>Every page, at the sizes and in the themes that people use, held to what can be checked without taste.</summary>
[Collection(BrowserTests.Name)]
public sealed class PagesTests(Chromium chromium, PlaygroundConsole playground) : IClassFixture<Chromium>, IClassFixture<PlaygroundConsole>
{
    private static readonly string[] Pages =
    [
        "/", "/?wall=1", "/releases", "/switches", "/switches/personal-recommendations", "/switches/clients", "/slos", "/slos/checkout-success", "/policies", "/policies/new", "/approvals", "/artifacts/rejected", "/windows", "/audit", "/permissions", "/tokens", "/sources", "/sources/playground-shop-2.15.0", "/targets", "/catalog", "/catalog/shop", "/forbidden",
        "release", "/replay", "replay", "/recovery",
    ];

    /// <summary>Tables of which a part is out of view without scrolling, and columns of sentences that are a word wide.</summary>
    private const string Cut =
        """
        [...document.querySelectorAll('#main table')].filter(t => t.checkVisibility()).flatMap(t => {
          const found = [];
          for (let at = t; at && at.id !== 'main'; at = at.parentElement) {
            if (at.scrollWidth > at.clientWidth + 1 && ['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(at).overflowX)) { found.push(`a table is cut off by ${at.scrollWidth - at.clientWidth} px at ${at.className}`); }
          }
          const narrow = [...t.querySelectorAll('td')].find(d => d.checkVisibility() && d.offsetWidth < 90 && d.innerText.length > 80);
          return [...found, ...(narrow ? [`a column is too narrow for “${narrow.innerText.slice(0, 40)}”`] : [])];
        })
        """;

    [Theory]
    [InlineData(1440, 900, false)]
    [InlineData(1024, 768, true)]
    [InlineData(390, 844, false)]
    [InlineData(390, 844, true)]
    public async Task Every_page_fits_its_screen_reads_well_and_says_nothing_to_the_error_log(int width, int height, bool dark)
    {
        await using var context = await chromium.NewContextAsync(width, height, dark);
        var axe = await File.ReadAllTextAsync(Path.Combine(await NodePackages.FolderAsync(), "node_modules", "axe-core", "axe.min.js"));
        await BoardPage.SignInAsync(context, playground.Console, "ReleaseManager");
        var page = context.Pages[0];
        var errors = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                errors.Add($"{page.Url}: {message.Text}");
            }
        };
        page.PageError += (_, error) => errors.Add($"{page.Url}: {error}");
        var faults = new List<string>();
        foreach (var path in Pages)
        {
            await page.GotoAsync(playground.Console.Address + (path switch
            {
                "release" => await ReleaseAsync(),
                "replay" => (await ReleaseAsync()).Replace("/releases/", "/replay?left=own&release=", StringComparison.Ordinal),
                _ => path,
            }));
            if (path != "/forbidden")
            {
                await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("data-connection", "live");
            }

            await Assertions.Expect(page.Locator("h1, .wall table").First).ToBeVisibleAsync();
            if (path == "release")
            {
                await Assertions.Expect(page.Locator("#changes [data-part]").First).ToBeVisibleAsync();
            }

            if (path.StartsWith("/?", StringComparison.Ordinal) || path == "/")
            {
                await Assertions.Expect(page.Locator("tr.row.fail.open").First).ToBeVisibleAsync();
            }

            var over = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
            if (over > 0)
            {
                faults.Add($"{path} is {over} px wider than its screen.");
            }

            faults.AddRange((await page.EvaluateAsync<string[]>(Cut) ?? []).Select(f => $"{path}: {f}"));
            faults.AddRange((await AxeAsync(page, axe)).Select(f => $"{path}: {f}"));
        }

        faults.AddRange(errors.Select(e => $"The browser's console says: {e}"));
        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));
    }

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

    private async Task<string> ReleaseAsync()
    {
        using var board = JsonDocument.Parse(await playground.Console.Http.GetStringAsync(new Uri("/api/v1/board", UriKind.Relative)));
        return "/releases/" + board.RootElement.GetProperty("releases")[0].GetProperty("id").GetString();
    }

    /// <summary>What axe finds against WCAG 2.1 A and AA.</summary>
    /// <remarks>The script is evaluated, not added to the page: the page's own policy forbids foreign scripts.</remarks>
    internal static async Task<IReadOnlyList<string>> AxeAsync(IPage page, string axe)
    {
        await page.EvaluateAsync(axe);
        var found = await page.EvaluateAsync<string[]>(
            """
            async () => {
              const result = await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'], resultTypes: ['violations'] });
              return result.violations.flatMap(v => v.nodes.slice(0, 3).map(n => `${v.id} at ${n.target.join(' ')}: ${n.failureSummary.split('\n').slice(1).join(' ').trim()}`));
            }
            """);
        return found ?? [];
    }
}
