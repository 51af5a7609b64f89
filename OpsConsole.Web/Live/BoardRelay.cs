using Microsoft.AspNetCore.SignalR;
using OpsConsole.Core.Board;

namespace OpsConsole.Web.Live;

/// <summary>Sends the board to hub clients, each by a mailbox and a loop of its own.</summary>
/// <remarks>
/// Not a group: a send to a group is as slow as its slowest member, or queues without a bound for it. Here the next message is made only when the last one
/// has left, from whatever the board is then, so that a slow client skips versions, keeps nobody waiting and costs one message of memory.
/// One that reads nothing at all is dropped by the hub's time-out.
/// </remarks>
public sealed class BoardRelay(ReleaseBoard board, IHubContext<BoardHub> hub, BoardJson json, ILogger<BoardRelay> log)
{
    private int _clients;

    /// <summary>Clients that are being sent to.</summary>
    public int Clients => Volatile.Read(ref _clients);

    /// <summary>Begins to send to a connection, until it is gone.</summary>
    public void Begin(string connectionId, CancellationToken gone) => _ = SendAsync(hub.Clients.Client(connectionId), gone);

    private async Task SendAsync(ISingleClientProxy client, CancellationToken gone)
    {
        // The hub's own start goes first; nothing is awaited by it.
        await Task.Yield();
        Interlocked.Increment(ref _clients);
        try
        {
            using var mail = board.Feed.Subscribe();
            var sent = board.Current;
            await client.SendAsync(BoardHub.BoardMessage, json.Board(sent), gone);
            while (true)
            {
                await mail.WaitAsync(gone);
                var current = board.Current;
                if (current.Version != sent.Version)
                {
                    await client.SendAsync(BoardHub.ReleasesMessage, json.Changes(sent, current), gone);
                    board.Reached(current.Since, BoardMetrics.Hub);
                    sent = current;
                }
            }
        }
        catch (OperationCanceledException) when (gone.IsCancellationRequested)
        {
            // The client has left.
        }
        catch (Exception exception)
        {
            log.LogWarning(exception, "Sending the board to a hub client has ended.");
        }
        finally
        {
            Interlocked.Decrement(ref _clients);
        }
    }
}
