using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Browser;

/// <summary>What is away comes back, and nothing is lost or done twice meanwhile. The console is a process of its own here.</summary>
[Collection(BrowserTests.Name)]
public sealed class RecoveryTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Digest = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    [Fact]
    public async Task An_open_board_says_that_it_lost_the_console_and_comes_back_by_itself()
    {
        await using var context = await chromium.NewContextAsync();
        await using var console = new ConsoleProcess(playground: false);
        await console.StartAsync(TestContext.Current.CancellationToken);
        await RegisterAsync(console);
        var board = await BoardPage.SignInAsync(context, console, "Viewer");
        var page = context.Pages[0];
        await board.ShowsAsync("cart", "web", "running", seconds: 30);
        await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("data-connection", "live");
        var banner = page.GetByText("Connection lost");
        await Assertions.Expect(banner).ToBeHiddenAsync();

        await console.KillAsync();
        await Assertions.Expect(banner).ToBeVisibleAsync(new() { Timeout = 40_000 });
        await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("data-connection", "lost");
        await Assertions.Expect(board.Row("cart", "web")).ToBeVisibleAsync();

        await console.StartAsync(TestContext.Current.CancellationToken);
        await Assertions.Expect(banner).ToBeHiddenAsync();
        await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("data-connection", "live");
        await Assertions.Expect(board.Row("cart", "web")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task While_the_database_is_away_the_board_goes_on_and_actions_are_refused_in_words()
    {
        await using var console = new ConsoleProcess(playground: false);
        await console.StartAsync(TestContext.Current.CancellationToken);
        await RegisterAsync(console);
        await PushAsync(console, "first");

        var database = DatabaseProcesses(console);
        Signal("-STOP", database);
        try
        {
            using var halt = await console.Http.PostAsJsonAsync(new Uri($"/api/v1/releases/{await ReleaseAsync(console)}/actions/halt", UriKind.Relative), new { reason = "the database is away" });
            Assert.Equal(HttpStatusCode.ServiceUnavailable, halt.StatusCode);
            Assert.Contains("nothing was", await halt.Content.ReadAsStringAsync(), StringComparison.OrdinalIgnoreCase);

            // The live path does not go through the database.
            var before = await VersionAsync(console);
            await PushAsync(console, "second");
            await Eventually.TrueAsync(async () => await VersionAsync(console) > before);

            // Flags are answered from memory, as they were.
            Assert.True(await FlagAsync(console));
            await Eventually.TrueAsync(async () => await StatusAsync(console, "/health/ready") == HttpStatusCode.ServiceUnavailable);
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(console, "/health/live"));
        }
        finally
        {
            Signal("-CONT", database);
        }

        await Eventually.TrueAsync(async () => await StatusAsync(console, "/health/ready") == HttpStatusCode.OK, TimeSpan.FromSeconds(30));
        using var again = await console.Http.PostAsJsonAsync(new Uri("/api/v1/switches/cart-offers/kill", UriKind.Relative), new { reason = "and now it is back" });
        Assert.Equal(HttpStatusCode.Accepted, again.StatusCode);
        await Eventually.TrueAsync(async () => !await FlagAsync(console));
    }

    [Fact]
    public async Task A_kill_while_the_database_is_away_is_in_force_at_once_outlives_the_console_and_is_on_record_once()
    {
        await using var console = new ConsoleProcess(playground: false);
        await console.StartAsync(TestContext.Current.CancellationToken);
        await RegisterAsync(console);
        Assert.True(await FlagAsync(console));

        var database = DatabaseProcesses(console);
        Signal("-STOP", database);
        JsonElement kill;
        try
        {
            using var answer = await console.Http.PostAsJsonAsync(new Uri("/api/v1/switches/cart-offers/kill", UriKind.Relative), new { reason = "the database is away" });
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
            kill = await answer.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Contains("on the record when the database is back", kill.GetProperty("outcome").GetString(), StringComparison.Ordinal);
            Assert.False(await FlagAsync(console));
            using var restore = await console.Http.PostAsJsonAsync(new Uri("/api/v1/switches/cart-offers/restore", UriKind.Relative), new { reason = "too early" });
            Assert.Equal(HttpStatusCode.ServiceUnavailable, restore.StatusCode);
            await console.KillAsync();
        }
        finally
        {
            Signal("-CONT", database);
        }

        await console.StartAsync(TestContext.Current.CancellationToken);
        var action = new Uri($"/api/v1/actions/{kill.GetProperty("id").GetString()}", UriKind.Relative);
        await Eventually.TrueAsync(async () =>
        {
            using var found = await console.Http.GetAsync(action);
            return found.StatusCode == HttpStatusCode.OK;
        }, TimeSpan.FromSeconds(60));
        Assert.False(await FlagAsync(console));
        var story = await console.Http.GetFromJsonAsync<JsonElement>(action);
        Assert.Equal(("confirmed", "the database is away"), (story.GetProperty("phase").GetString(), story.GetProperty("reason").GetString()));

        // To the microsecond that the record keeps.
        Assert.True((story.GetProperty("requestedAt").GetDateTimeOffset() - kill.GetProperty("requestedAt").GetDateTimeOffset()).Duration() < TimeSpan.FromMilliseconds(1));
        var audit = await console.Http.GetFromJsonAsync<JsonElement>(new Uri("/api/v1/audit?subject=switch:cart-offers&event=kill", UriKind.Relative));
        Assert.Equal(["confirmed", "intent"], audit.GetProperty("items").EnumerateArray().Select(line => line.GetProperty("outcome").GetString()).Order());
    }

    private static async Task<string?> ReleaseAsync(ConsoleProcess console)
    {
        var board = await console.Http.GetFromJsonAsync<JsonElement>(new Uri("/api/v1/board", UriKind.Relative));
        return board.GetProperty("releases")[0].GetProperty("id").GetString();
    }

    [Fact]
    public async Task A_console_killed_in_the_middle_of_a_roll_back_finishes_it_once_when_it_comes_back()
    {
        await using var console = new ConsoleProcess(playground: true);
        await console.StartAsync(TestContext.Current.CancellationToken);
        var release = default(JsonElement);
        await Eventually.TrueAsync(
            async () => (release = await FindAsync(console, "search")) is { ValueKind: JsonValueKind.Object } && release.GetProperty("exposurePercent").GetDouble() >= 5,
            TimeSpan.FromSeconds(60));
        var id = release.GetProperty("id").GetString();

        using var answer = await console.Http.PostAsJsonAsync(
            new Uri($"/api/v1/releases/{id}/actions/rollback", UriKind.Relative),
            new { reason = "killed in the middle", seenVersion = release.GetProperty("snapshotVersion").GetInt64(), confirmation = "search" });
        await console.KillAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
        var action = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString();

        await console.StartAsync(TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(
            async () => (await console.Http.GetFromJsonAsync<JsonElement>(new Uri($"/api/v1/actions/{action}", UriKind.Relative))).GetProperty("phase").GetString() == "confirmed",
            TimeSpan.FromSeconds(60));
        var story = await console.Http.GetFromJsonAsync<JsonElement>(new Uri($"/api/v1/releases/{id}", UriKind.Relative));
        Assert.Single(story.GetProperty("events").EnumerateArray(), e => e.GetProperty("kind").GetString() == "rolledBack");

        // The board is built four times a second at most.
        await Eventually.TrueAsync(async () => (await FindAsync(console, "search")).GetProperty("exposurePercent").GetDouble() == 0);
    }

    private static async Task RegisterAsync(ConsoleProcess console)
    {
        using var answer = await console.Http.PostAsJsonAsync(
            new Uri("/api/v1/releases", UriKind.Relative),
            new
            {
                service = "cart",
                target = "web",
                environment = "production",
                version = "1.1.0",
                previousVersion = "1.0.0",
                artifact = new { digest = Digest, commit = "0a1b2c3d" },
                owner = "commerce",
                switchKey = "cart-offers",
                signals = new[] { new { key = "http_5xx_rate" } },
            });
        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
    }

    private static async Task PushAsync(ConsoleProcess console, string id)
    {
        using var answer = await console.Http.PostAsJsonAsync(
            new Uri("/api/v1/signals", UriKind.Relative),
            new { samples = new[] { new { id, service = "cart", target = "web", environment = "production", version = "1.1.0", signal = "http_5xx_rate", good = 1, total = 200 } } });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        Assert.Equal(1, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("accepted").GetInt32());
    }

    private static async Task<long> VersionAsync(ConsoleProcess console) => (await FindAsync(console, "cart")).GetProperty("snapshotVersion").GetInt64();

    private static async Task<JsonElement> FindAsync(ConsoleProcess console, string service)
    {
        var board = await console.Http.GetFromJsonAsync<JsonElement>(new Uri("/api/v1/board", UriKind.Relative));
        return board.GetProperty("releases").EnumerateArray().FirstOrDefault(r => r.GetProperty("service").GetString() == service);
    }

    private static async Task<bool> FlagAsync(ConsoleProcess console)
    {
        using var answer = await console.Http.PostAsJsonAsync(new Uri("/ofrep/v1/evaluate/flags/cart-offers", UriKind.Relative), new { context = new { targetingKey = "u1" } });
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("value").GetBoolean();
    }

    private static async Task<HttpStatusCode> StatusAsync(ConsoleProcess console, string path)
    {
        using var answer = await console.Http.GetAsync(new Uri(path, UriKind.Relative));
        return answer.StatusCode;
    }

    /// <summary>The PostgreSQL server of this console and its workers.</summary>
    private static List<string> DatabaseProcesses(ConsoleProcess console)
    {
        var file = Directory.EnumerateFiles(console.DataFolder, "postmaster.pid", SearchOption.AllDirectories).Single();
        var server = File.ReadLines(file).First();
        var workers = Directory.EnumerateDirectories("/proc")
            .Where(p => int.TryParse(Path.GetFileName(p), CultureInfo.InvariantCulture, out _) && ParentOf(p) == server)
            .Select(p => Path.GetFileName(p)!);
        return [server, .. workers];
    }

    private static string? ParentOf(string process)
    {
        try
        {
            return File.ReadLines(Path.Combine(process, "status")).FirstOrDefault(l => l.StartsWith("PPid:", StringComparison.Ordinal))?[5..].Trim();
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static void Signal(string signal, List<string> processes)
    {
        using var kill = Process.Start("kill", [signal, .. processes]);
        kill.WaitForExit();
    }
}
