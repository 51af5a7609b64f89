using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Playwright;

namespace OpsConsole.Tests.Browser;

/// <summary>Texts that others write (pipelines, authors, people) are shown as they are, and nothing in them runs.</summary>
[Collection(BrowserTests.Name)]
public sealed class HostileTextTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Digest = "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

    private static readonly string[] Texts =
    [
        "<script>window.ran=1</script>", "\"><img src=x onerror=\"window.ran=1\">", "'><svg/onload=window.ran=1>", "</title></textarea><script>window.ran=1</script>",
        "javascript:window.ran=1", "{{window.ran=1}}", "\u202egnp.exe\u2066", "a\0b\u001b[31m", "=HYPERLINK(\"http://evil.example\")",
    ];

    /// <summary>Counts what a page's own policy held back, too: a script that was only held back was still let in.</summary>
    private const string Watch =
        """
        window.held = [];
        document.addEventListener('securitypolicyviolation', e => window.held.push(`${e.violatedDirective} ${e.blockedURI} ${e.sample}`));
        """;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_others_write_is_shown_as_it_is_on_every_page_and_nothing_runs()
    {
        await using var console = new ConsoleProcess(playground: false);
        await console.StartAsync(Cancelled);
        var (releases, pages) = (new List<string>(), new List<string>());
        var taken = 0;
        for (var i = 0; i < Texts.Length; i++)
        {
            taken += await WriteAsync(console, Texts[i], i, releases, pages);
        }

        Assert.InRange(taken, 30, 1000);
        await using var context = await chromium.NewContextAsync();
        await context.AddInitScriptAsync(Watch);
        await BoardPage.SignInAsync(context, console, "Admin", name: "<img src=x onerror=\"window.ran=1\">");
        var page = context.Pages[0];
        var dialogs = new List<string>();
        page.Dialog += (_, dialog) =>
        {
            dialogs.Add($"{page.Url}: {dialog.Message}");
            _ = dialog.DismissAsync();
        };
        var faults = new List<string>();
        foreach (var path in (string[])["/", "/?wall=1", "/releases", "/switches", "/switches/hostile-0", "/switches/clients", "/slos", "/policies", "/policies/new", "/approvals", "/artifacts/rejected", "/windows", "/audit", "/recovery", "/replay", .. pages, .. releases.Take(40).Select(r => "/releases/" + r), .. releases.Take(4).Select(r => "/replay?left=own&release=" + r)])
        {
            await page.GotoAsync(console.Address + path);
            await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("data-connection", "live");
            await Assertions.Expect(page.Locator("h1, .wall").First).ToBeVisibleAsync();
            var found = await page.EvaluateAsync<string[]>(
                """
                () => [
                  ...(window.ran ? ['a script ran'] : []),
                  ...window.held,
                  ...[...document.querySelectorAll('img[src="x"], svg[onload], [onerror], script:not([src])')].map(e => 'became an element: ' + e.outerHTML.slice(0, 120)),
                  ...[...document.querySelectorAll('a[href]')].filter(a => !/^https?:$/.test(a.protocol)).map(a => 'leads out of the web: ' + a.outerHTML.slice(0, 120)),
                ]
                """);
            faults.AddRange((found ?? []).Select(f => $"{path}: {f}"));
        }

        Assert.True(faults.Count == 0 && dialogs.Count == 0, string.Join("\n", faults.Concat(dialogs).Distinct()));

        // Shown as it is, letter by letter.
        await page.GotoAsync(console.Address + "/audit?event=kill");
        foreach (var text in Texts[..4])
        {
            await Assertions.Expect(page.Locator("body")).ToContainTextAsync(text);
        }
    }

    /// <summary>Puts a text wherever a text may be put; how many places took it.</summary>
    private static async Task<int> WriteAsync(ConsoleProcess console, string text, int i, List<string> releases, List<string> pages)
    {
        var (taken, last) = (0, "");
        async Task<JsonElement?> Send(HttpMethod method, string path, HttpContent content)
        {
            using var message = new HttpRequestMessage(method, "/api/v1/" + path) { Content = content };
            using var answer = await console.Http.SendAsync(message, Cancelled);
            Assert.InRange((int)answer.StatusCode, 200, 499);
            last = await answer.Content.ReadAsStringAsync(Cancelled);
            taken += answer.IsSuccessStatusCode ? 1 : 0;
            return answer.IsSuccessStatusCode && answer.Content.Headers.ContentType?.MediaType == "application/json" ? JsonSerializer.Deserialize<JsonElement>(last) : null;
        }

        Task<JsonElement?> Json(HttpMethod method, string path, object body) => Send(method, path, JsonContent.Create(body));

        // Each member of a registration in turn, because one that is refused would keep the others out.
        var good = JsonSerializer.SerializeToNode(new
        {
            service = "shop", target = $"web-{i}", environment = "production", version = "2.16.0", previousVersion = "2.15.0", owner = "commerce", author = "mira",
            artifact = new { digest = Digest, commit = "def5678" }, migration = "expand", links = new { diff = "https://git.example/diff" },
            stages = new[] { new { exposurePercent = 10, holdSeconds = 60 }, new { exposurePercent = 100, holdSeconds = 0 } },
            signals = new[] { new { key = "cart_size", title = "Carts", family = "business", unit = "count", better = "higher", deltaLimit = 10 } },
        })!;
        var members = new[] { "version", "previousVersion", "owner", "author", "service", "environment", "artifact.commit", "artifact.provenance", "links.diff", "signals.0.title" };
        var release = await Json(HttpMethod.Post, "releases", good);
        Assert.True(release is not null, last);
        releases.Add(release!.Value.GetProperty("id").GetString()!);
        foreach (var member in members)
        {
            var body = good.DeepClone();
            body["target"] = $"web-{i}-{Array.IndexOf(members, member)}";
            var at = body;
            var names = member.Split('.');
            foreach (var name in names[..^1])
            {
                at = int.TryParse(name, out var index) ? at![index] : at![name];
            }

            at![names[^1]] = text;
            if (await Json(HttpMethod.Post, "releases", body) is { } made)
            {
                releases.Add(made.GetProperty("id").GetString()!);
            }
        }

        var id = releases[^1];
        await Json(HttpMethod.Put, $"releases/{id}/changes", new
        {
            code = new { commits = new[] { new { id = "c0ffee1", title = text, author = text } }, linesAdded = 1, linesRemoved = 1, files = new[] { new { path = text, linesAdded = 1, linesRemoved = 0 } } },
            dependencies = new[] { new { name = text, from = text, to = text } }, config = new[] { new { name = text, change = "changed" } }, flags = new[] { new { name = text, change = "changed" } },
        });
        var report = $"<testsuite name=\"s\"><testcase name=\"{System.Security.SecurityElement.Escape(text.Replace("\0", "", StringComparison.Ordinal).Replace("\u001b", "", StringComparison.Ordinal))}\"><failure message=\"{System.Security.SecurityElement.Escape(text.Replace("\0", "", StringComparison.Ordinal).Replace("\u001b", "", StringComparison.Ordinal))}\"/></testcase></testsuite>";
        await Send(HttpMethod.Post, $"releases/{id}/evidence?kind=junit&stage=unit&source={Uri.EscapeDataString(text)}", new StringContent(report, Encoding.UTF8, "application/xml"));
        await Send(HttpMethod.Post, $"releases/{id}/evidence?kind=migration&source=sql", new StringContent($"DROP TABLE \"{text}\";", Encoding.UTF8, "application/sql"));
        await Json(HttpMethod.Post, "switches", new { key = $"hostile-{i}", owner = "commerce", turnsOff = text });
        await Json(HttpMethod.Post, $"switches/hostile-{i}/kill", new { reason = text + " is why" });
        await Json(HttpMethod.Post, $"releases/{id}/actions/halt", new { reason = text + " is why" });
        await Json(HttpMethod.Post, $"releases/{id}/waivers", new { gate = "verdict", reason = text, expiresAt = "2035-01-01T00:00:00Z" });
        await Json(HttpMethod.Post, "flag-clients", new { name = text, environment = "production" });
        await Json(HttpMethod.Post, "windows", new { name = text, kind = "freeze", service = "search", from = "2026-01-01T00:00:00Z", to = "2035-01-01T00:00:00Z", reason = text });
        var slo = await Json(HttpMethod.Put, $"slos/hostile-{i}", new { title = text, service = "shop", environment = "production", owner = text, signal = "http_5xx_rate", share = "bad", objectivePercent = 99.5, period = "30d", why = text, runbook = "https://run.example/" });
        pages.AddRange(slo is null ? [] : [$"/slos/hostile-{i}"]);
        var policy = await Send(HttpMethod.Put, $"policies/hostile-{i}?note={Uri.EscapeDataString(text)}", new StringContent($"# {text.ReplaceLineEndings(" ")}\ncanary:\n  stages:\n    - traffic: 5%\n      duration: 10m\n    - traffic: 100%\n      duration: continuous\n  rollback_if:\n    - error_rate_delta > 0.5%\n", Encoding.UTF8, "application/yaml"));
        pages.AddRange(policy is null ? [] : [$"/policies/hostile-{i}"]);
        await Json(HttpMethod.Post, "signals", new[] { new { id = text, service = "shop", target = $"web-{i}", environment = "production", version = "2.16.0", signal = "cart_size", value = 1 } });
        return taken;
    }
}
