using System.Net;
using System.Text.Json;
using OpsConsole.Core.Access;
using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Web.Api;

/// <summary>Recovery clocks over HTTP.</summary>
public sealed class RecoveriesEndpointsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_clock_is_listed_acknowledged_once_and_on_record()
    {
        await using var api = await ActionsApi.StartAsync();
        var release = await FailingAsync(api);
        api.As(Role.OnCall);

        using var first = await api.Http.PostAsync(Acknowledge(release.Id), null, Token);
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        using var face = JsonDocument.Parse(await first.Content.ReadAsStringAsync(Token));
        Assert.NotEqual(JsonValueKind.Null, face.RootElement.GetProperty("acknowledgedAt").ValueKind);

        using var again = await api.Http.PostAsync(Acknowledge(release.Id), null, Token);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal(await first.Content.ReadAsStringAsync(Token), await again.Content.ReadAsStringAsync(Token));
        Assert.Equal($"release:{release.Id:N}", Assert.Single(api.Record.Audit, a => a.Event == "recovery.acknowledge").Subject);

        await api.Keeper.KeepAsync(Token);
        var (_, list) = await api.GetAsync("recoveries");
        var item = Assert.Single(list.GetProperty("items").EnumerateArray());
        Assert.Equal(("errors", "errors"), (item.GetProperty("signal").GetString(), item.GetProperty("fault").GetString()));
        var (_, mine) = await api.GetAsync($"releases/{release.Id}/recoveries");
        Assert.Equal(1, mine.GetProperty("items").GetArrayLength());

        var (_, targets) = await api.GetAsync("recoveries/targets");
        Assert.Equal(JsonValueKind.Null, targets.GetProperty("weakestLink").ValueKind);
        Assert.All(targets.GetProperty("items").EnumerateArray(), i => Assert.True(i.GetProperty("neverExercised").GetBoolean()));
    }

    [Fact]
    public async Task Who_may_not_is_refused_and_without_a_clock_there_is_nothing_to_take_note_of()
    {
        await using var api = await ActionsApi.StartAsync();
        var release = await FailingAsync(api);

        api.As(Role.Viewer);
        using var refused = await api.Http.PostAsync(Acknowledge(release.Id), null, Token);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);

        api.As(Role.OnCall);
        using var missing = await api.Http.PostAsync(Acknowledge(Guid.NewGuid()), null, Token);
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.DoesNotContain(api.Record.Audit, a => a.Event == "recovery.acknowledge");
    }

    [Fact]
    public async Task While_the_record_is_away_nothing_is_acknowledged()
    {
        await using var api = await ActionsApi.StartAsync();
        var release = await FailingAsync(api);
        api.As(Role.OnCall);
        api.Record.AuditAway = true;

        using var away = await api.Http.PostAsync(Acknowledge(release.Id), null, Token);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, away.StatusCode);
        Assert.Null(api.Tracker.Find(release.Id)!.AcknowledgedAt);
    }

    private static Uri Acknowledge(Guid id) => new($"/api/v1/releases/{id}/acknowledge", UriKind.Relative);

    private static async Task<Release> FailingAsync(ActionsApi api)
    {
        var release = await api.ReleaseAsync();
        await api.Keeper.KeepAsync(Token);
        await Eventually.TrueAsync(() =>
        {
            api.Board.Record(new SignalSample(new("shop", "gateway", "production", "2.15.0", new("http_5xx_rate")), TimeProvider.System.GetUtcNow(), 30, 90_000));
            api.Board.BuildDue();
            return api.Board.Find(release.Id)?.Verdict == Verdict.Fail;
        });
        api.Tracker.Look();
        Assert.NotNull(api.Tracker.Find(release.Id));
        return release;
    }
}
