using Microsoft.AspNetCore.SignalR;
using OpsConsole.Core.Access;
using OpsConsole.Web.Identity;

namespace OpsConsole.Web.Live;

/// <summary>The board for clients that are not pages of the console, at <c>/hubs/board</c>. A client only listens: it gets <c>board</c> once with the whole board, then <c>releases</c> with what changed.</summary>
/// <remarks>Both carry <c>version</c>, <c>asOf</c> and <c>releases</c> as <c>GET /api/v1/board</c> writes them; <c>releases</c> also carries <c>removed</c>, the ids that are gone.</remarks>
[RequirePermission(Permission.BoardRead)]
public sealed class BoardHub(BoardRelay relay, SignIns signIns, SignInOptions signIn, TimeProvider time) : Hub
{
    /// <summary>Address of the hub.</summary>
    public const string Path = "/hubs/board";

    /// <summary>Message with the whole board.</summary>
    public const string BoardMessage = "board";

    /// <summary>Message with the releases that changed.</summary>
    public const string ReleasesMessage = "releases";

    public override Task OnConnectedAsync()
    {
        relay.Begin(Context.ConnectionId, Context.ConnectionAborted);
        if (Context.User?.ToOperator() is { } by && (by.Token is not null || (signIn.IsConfigured && by.Session is not null)))
        {
            _ = FollowAsync(Context, by);
        }

        return base.OnConnectedAsync();
    }

    /// <summary>A person's connection ends with the sign-in, that of a service token with the token.</summary>
    private async Task FollowAsync(HubCallerContext connection, Operator by)
    {
        try
        {
            await SignInWatch.FollowAsync(signIns, by, by.Token is null ? signIn.RecheckEvery / 2 : SignInWatch.TokenLook, time, now => End(connection, now), connection.ConnectionAborted);
        }
        catch (OperationCanceledException)
        {
            // The client has gone.
        }
#pragma warning disable CA1031 // A connection whose person cannot be followed any more must not go on as if they were.
        catch (Exception)
#pragma warning restore CA1031
        {
            connection.Abort();
        }
    }

    private static void End(HubCallerContext connection, Operator? now)
    {
        if (now?.May(Permission.BoardRead) != true)
        {
            connection.Abort();
        }
    }
}
