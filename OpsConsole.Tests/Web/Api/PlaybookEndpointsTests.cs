using System.Net;
using OpsConsole.Core.Access;
using OpsConsole.Core.Board;
using OpsConsole.Core.Signals;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Web.Api;

/// <summary>The playbook over HTTP, with the real gate's rules.</summary>
public sealed class PlaybookEndpointsTests
{
    [Fact]
    public async Task A_failing_release_is_to_be_rolled_back_and_every_move_is_explained()
    {
        await using var api = await ActionsApi.StartAsync();
        var release = await api.ReleaseAsync();
        await Eventually.TrueAsync(() =>
        {
            api.Board.Record(new SignalSample(new("shop", "gateway", "production", "2.15.0", new("http_5xx_rate")), TimeProvider.System.GetUtcNow(), 30, 90_000));
            api.Board.BuildDue();
            return api.Board.Find(release.Id)?.Verdict == Verdict.Fail;
        });
        api.As(Role.Viewer);

        var (answer, body) = await api.GetAsync($"releases/{release.Id}/playbook");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("errors", body.GetProperty("fault").GetString());
        Assert.Equal("rollback", body.GetProperty("recommended").GetString());
        Assert.Equal("Errors out of limits, and the gateway gives everyone 2.14.3 back.", body.GetProperty("why").GetString());
        var moves = body.GetProperty("moves").EnumerateArray().ToList();
        Assert.Equal("rollback", moves[0].GetProperty("move").GetString());
        Assert.Equal(7, moves.Count);
        Assert.Equal("never measured here", moves[0].GetProperty("howLong").GetString());
        var complete = moves.Single(m => m.GetProperty("move").GetString() == "complete");
        Assert.False(complete.GetProperty("possible").GetBoolean());
    }

    [Fact]
    public async Task A_release_that_is_not_on_the_board_has_no_advice()
    {
        await using var api = await ActionsApi.StartAsync();

        var (answer, body) = await api.GetAsync($"releases/{Guid.NewGuid()}/playbook");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("Not on the board", body.GetProperty("title").GetString());
    }

    [Fact]
    public async Task Nobody_is_told_without_signing_in()
    {
        await using var api = await ActionsApi.StartAsync();
        api.AsNobody();

        Assert.Equal(HttpStatusCode.Unauthorized, (await api.Http.GetAsync(new Uri($"/api/v1/releases/{Guid.NewGuid()}/playbook", UriKind.Relative))).StatusCode);
    }
}
