using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Tests.Browser;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Crashes;

/// <summary>A console that is asked to stop (SIGTERM): what is under way ends or is handed over, and what stops is taken until the end.</summary>
public sealed class OrderlyStopTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("opsconsole-stop-").FullName;
    private TestDatabase _database = null!;
    private CountedTarget _target = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await postgres.CreateDatabaseAsync(Token);
        _target = await CountedTarget.StartAsync(Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _target.DisposeAsync();
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task An_action_under_way_is_finished_first()
    {
        var held = new TaskCompletionSource();
        _target.Arm(KillPlace.PutApplied, () => held.Task);
        await using var host = await PromotingAsync();

        host.Terminate();
        Assert.NotEqual(host.Ended, await Task.WhenAny(host.Ended, Task.Delay(TimeSpan.FromMilliseconds(300), Token)));
        held.SetResult();

        await host.Ended.WaitAsync(TimeSpan.FromMinutes(2), Token);
        Assert.Equal((0, ActionPhase.Confirmed), (host.ExitCode, (await ActionAsync()).Phase));
    }

    [Fact]
    public async Task An_action_that_does_not_end_in_time_is_left_to_the_next_console()
    {
        var never = new TaskCompletionSource();
        _target.Arm(KillPlace.PutApplied, () => never.Task);
        await using (var host = await PromotingAsync(("OpsConsole__Stop__Grace", "00:00:00.2")))
        {
            host.Terminate();
            await host.Ended.WaitAsync(TimeSpan.FromMinutes(2), Token);
            Assert.Equal((0, ActionPhase.Executing), (host.ExitCode, (await ActionAsync()).Phase));
            Assert.Contains("stay on record as executing", host.Output, StringComparison.Ordinal);
        }

        await using var next = CrashHost.Start(_database.ConnectionString, _target.Address, _folder);
        await Eventually.TrueAsync(async () => (await ActionAsync()).Phase == ActionPhase.Confirmed, TimeSpan.FromMinutes(2), () => next.Output);
        Assert.Equal(1, Assert.Single(_target.Asked).Value);
        never.SetResult();
    }

    [Fact]
    public async Task While_it_stops_it_is_not_ready_begins_nothing_and_still_kills()
    {
        await using var console = new ConsoleProcess(playground: false) { Settings = { ["OpsConsole__Stop__Pause"] = "00:00:20" } };
        await console.StartAsync(Token);
        await PostAsync(console, "switches", new { key = "vouchers", owner = "commerce", turnsOff = "vouchers in the shop" });
        await PostAsync(console, "switches/vouchers/kill", new { reason = "paid twice" });
        await Eventually.TrueAsync(async () => (await AtAsync(console, "health/live")).StatusCode == HttpStatusCode.OK);

        var stopping = console.StopAsync();
        await Eventually.TrueAsync(async () => (await AtAsync(console, "health/ready")).StatusCode == HttpStatusCode.ServiceUnavailable);

        using (var live = await AtAsync(console, "health/live"))
        {
            Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        }

        using (var restore = await PostAsync(console, "switches/vouchers/restore", new { reason = "paid once again" }))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, restore.StatusCode);
            Assert.NotNull(restore.Headers.RetryAfter?.Delta);
            Assert.StartsWith("This console is stopping", (await restore.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("detail").GetString(), StringComparison.Ordinal);
        }

        using (var connect = await console.Http.PostAsync(new Uri("/hubs/board/negotiate?negotiateVersion=1", UriKind.Relative), null, Token))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, connect.StatusCode);
        }

        using (var kill = await PostAsync(console, "switches/vouchers/kill", new { reason = "paid twice again", environment = "production" }))
        {
            Assert.Equal(HttpStatusCode.Accepted, kill.StatusCode);
        }

        await stopping;
    }

    private static async Task<HttpResponseMessage> AtAsync(ConsoleProcess console, string path) => await console.Http.GetAsync(new Uri("/" + path, UriKind.Relative), Token);

    private static Task<HttpResponseMessage> PostAsync(ConsoleProcess console, string path, object body) =>
        console.Http.PostAsJsonAsync(new Uri("/api/v1/" + path, UriKind.Relative), body, Token);

    /// <summary>A console that has just asked the target for a promotion.</summary>
    private async Task<HostProcess> PromotingAsync(params (string Name, string Value)[] settings)
    {
        var host = CrashHost.Start(_database.ConnectionString, _target.Address, _folder, settings: settings);
        Assert.Equal("up", await host.NextAsync());
        await host.TellAsync("register 2.0.0");
        var release = (await host.NextAsync())!.Split(' ')[1];
        await host.TellAsync($"ask {ActionVerb.Promote} {release}");
        Assert.Equal("ready", await host.NextAsync());
        await host.TellAsync("go");
        Assert.StartsWith("accepted", await host.NextAsync(), StringComparison.Ordinal);
        await Eventually.TrueAsync(() => _target.Asked.Count == 1, TimeSpan.FromMinutes(2), () => host.Output);
        return host;
    }

    private async Task<ReleaseAction> ActionAsync()
    {
        var release = Assert.Single(await _database.Releases.ListBoardAsync(Token));
        return Assert.Single(await _database.Actions.ForReleaseAsync(release.Id, Token));
    }
}
