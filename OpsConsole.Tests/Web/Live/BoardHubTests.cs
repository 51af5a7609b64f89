using System.Net.WebSockets;
using OpsConsole.Tests.Core.Board;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Web.Live;

public sealed class BoardHubTests
{
    [Fact]
    public async Task Who_joins_gets_the_board_and_then_what_changes()
    {
        await using var console = await LiveConsole.StartAsync();
        var release = BoardRig.Release(registeredAt: TimeProvider.System.GetUtcNow());
        release.EnterNextStage(TimeProvider.System.GetUtcNow());
        var other = BoardRig.Release("search", TimeProvider.System.GetUtcNow());
        console.Board.Track(release);
        console.Board.Track(other);
        await Eventually.TrueAsync(() => console.Board.Current.Releases.Length == 2);

        using var client = new HubClient();
        await client.JoinAsync(console.Address, console.Token());
        var board = await client.NextAsync("board");
        Assert.Equal(2, board.GetProperty("releases").GetArrayLength());
        Assert.Equal(console.Board.Current.Version, board.GetProperty("version").GetInt64());

        console.Record(release, 42);
        var message = await client.NextAsync("releases");
        var changed = Assert.Single(message.GetProperty("releases").EnumerateArray());
        Assert.Equal((release.Id, "fail", "rollingOut"), (changed.GetProperty("id").GetGuid(), changed.GetProperty("verdict").GetString(), changed.GetProperty("phase").GetString()));
        Assert.True(message.GetProperty("version").GetInt64() > board.GetProperty("version").GetInt64());

        console.Board.Untrack(other.Id);
        var removed = await client.NextAsync("releases");
        while (removed.GetProperty("removed").GetArrayLength() == 0)
        {
            removed = await client.NextAsync("releases");
        }

        Assert.Equal(other.Id, removed.GetProperty("removed")[0].GetGuid());
    }

    [Fact]
    public async Task Who_is_not_signed_in_is_not_let_in()
    {
        await using var console = await LiveConsole.StartAsync();
        using var nobody = new HubClient();
        await Assert.ThrowsAsync<WebSocketException>(() => nobody.JoinAsync(console.Address, null));
        using var stranger = new HubClient();
        await Assert.ThrowsAsync<WebSocketException>(() => stranger.JoinAsync(console.Address, "wrong"));
    }

    [Fact]
    public async Task A_client_that_does_not_read_keeps_nobody_waiting_and_one_that_leaves_is_forgotten()
    {
        await using var console = await LiveConsole.StartAsync();
        var releases = Enumerable.Range(0, 50).Select(i => BoardRig.Release("s" + i, TimeProvider.System.GetUtcNow())).ToList();
        releases.ForEach(console.Board.Track);
        await Eventually.TrueAsync(() => console.Board.Current.Releases.Length == releases.Count);
        using var reader = new HubClient();
        using (var stuck = new HubClient())
        {
            // Joins and never reads: its socket fills up.
            await stuck.JoinAsync(console.Address, console.Token());
            await reader.JoinAsync(console.Address, console.Token());
            await reader.NextAsync("board");
            for (var i = 0; i < 20; i++)
            {
                releases.ForEach(r => console.Record(r, i));
                await reader.NextAsync("releases");
            }

            Assert.Equal(2, console.Board.Feed.Count);
        }

        await Eventually.TrueAsync(() =>
        {
            releases.ForEach(r => console.Record(r, 1));
            return console.Board.Feed.Count == 1;
        });
    }

    [Fact]
    public async Task The_feed_survives_many_joining_while_the_board_changes()
    {
        await using var console = await LiveConsole.StartAsync();
        var release = BoardRig.Release(registeredAt: TimeProvider.System.GetUtcNow());
        release.EnterNextStage(TimeProvider.System.GetUtcNow());
        console.Board.Track(release);
        await Eventually.TrueAsync(() => console.Board.Current.Releases.Length == 1);
        var token = console.Token();
        var clients = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            var client = new HubClient();
            await client.JoinAsync(console.Address, token);
            console.Record(release, 7);
            await client.NextAsync("board");
            return client;
        }));

        // All end up at the same last state, whatever each saw in between.
        release.RollBack(TimeProvider.System.GetUtcNow());
        console.Board.Track(release);
        await Eventually.TrueAsync(() => console.Board.Find(release.Id)!.IsSettled);
        foreach (var client in clients)
        {
            var phase = "";
            while (phase != "rolledBack")
            {
                console.Record(release, 7);
                var message = await client.NextAsync("releases");
                phase = message.GetProperty("releases").EnumerateArray().LastOrDefault() is { ValueKind: System.Text.Json.JsonValueKind.Object } last ? last.GetProperty("phase").GetString() : "";
            }

            client.Dispose();
        }
    }
}
