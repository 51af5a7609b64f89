using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.Features;
using OpsConsole.Core.Switches;

namespace OpsConsole.Web.Flags;

/// <summary>The event stream of the OpenFeature Remote Evaluation Protocol: tells a client to ask again when a flag of its environment has changed.</summary>
internal sealed class FlagEvents(FlagTickets tickets, FlagStreams streams, FlagEventText text, FlagAudience audience, FlagClientTable clients, TimeProvider time)
{
    /// <summary>Where clients connect.</summary>
    public const string Path = "/ofrep/v1/events";

    /// <summary>A client that takes nothing for this long is cut.</summary>
    public static readonly TimeSpan WriteLimit = TimeSpan.FromSeconds(10);

    /// <summary>A client that was told and does not ask is told again, with its next heartbeats, this often.</summary>
    private const int TimesAgain = 3;

    /// <summary>Answers until the client or the console ends it.</summary>
    public async Task StreamAsync(HttpContext http)
    {
        var query = http.Request.Query;
        http.Response.Headers.CacheControl = "no-store";
        if (tickets.Read(query["environment"], query["client"], query["ticket"]) is not { } ticket)
        {
            await RefuseAsync(http);
            return;
        }

        var reader = new FlagReaderId(ticket.Client, ticket.Environment, clients.Find(ticket.Token)?.Name ?? audience.Find(ticket.Environment, ticket.Client)?.Id.Name ?? "a service");
        if (streams.Open(reader, ticket.Token) is not { } stream)
        {
            http.Response.Headers.RetryAfter = RandomNumberGenerator.GetInt32(10, 60).ToString(CultureInfo.InvariantCulture);
            await Results.Problem(statusCode: StatusCodes.Status503ServiceUnavailable, title: "Too many streams", detail: "Ask for the flags now and then instead.").ExecuteAsync(http);
            return;
        }

        try
        {
            // Looked at after the stream is known, so that a token which is revoked meanwhile ends it.
            if (ticket.Token != Guid.Empty && !clients.Counts(ticket.Token))
            {
                await RefuseAsync(http);
                return;
            }

            using var held = audience.StreamOpened(reader);
            using var gone = http.RequestAborted.UnsafeRegister(static state => ((FlagStream)state!).End(), stream);
            await FollowAsync(http, stream);
        }
        finally
        {
            streams.Close(stream);
        }
    }

    private async Task FollowAsync(HttpContext http, FlagStream stream)
    {
        var (environment, client) = (stream.Reader.Environment, stream.Reader.Id);
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        var latest = streams.Latest(environment);
        var told = Knows(http, stream, latest) ? latest.Version : -1;
        var again = 0;
        var ok = await WriteAsync(http, stream, told < 0 ? FlagEventText.Retry() : [.. FlagEventText.Retry(), .. text.Mark(latest)]);
        while (ok && !stream.Ended)
        {
            latest = streams.Latest(environment);
            if (latest.Version > told)
            {
                (told, again) = (latest.Version, 0);
                ok = await WriteAsync(http, stream, text.Refetch(environment, latest, client));
            }
            else if (streams.IsQuiet(stream))
            {
                var late = again < TimesAgain && audience.Find(environment, client)?.Version < told;
                again += late ? 1 : 0;
                ok = await WriteAsync(http, stream, late ? text.Refetch(environment, latest, client) : FlagEventText.Comment);
            }

            if (ok && !stream.Ended)
            {
                await stream.LookedAsync();
            }
        }
    }

    /// <summary>True when the client need not be told of what has happened so far: it was answered since, or, where nothing is known of its answers, has been told.</summary>
    private bool Knows(HttpContext http, FlagStream stream, LatestChange latest)
    {
        var lastEventId = http.Request.Headers["Last-Event-ID"].ToString();
        var answered = audience.Find(stream.Reader.Environment, stream.Reader.Id)?.Version ?? -1;
        return answered >= 0
            ? answered >= latest.Version && (lastEventId.Length == 0 || text.Knows(lastEventId, latest))
            : lastEventId.Length > 0 && text.Knows(lastEventId, latest);
    }

    /// <summary>False when the client is gone, or does not take what it is sent and was cut.</summary>
    private async Task<bool> WriteAsync(HttpContext http, FlagStream stream, byte[] bytes)
    {
        try
        {
            var writing = http.Response.Body.WriteAsync(bytes, CancellationToken.None).AsTask();
            await writing.WaitAsync(WriteLimit, time);
            await http.Response.Body.FlushAsync(CancellationToken.None).WaitAsync(WriteLimit, time);
            stream.WrittenAt = time.GetTimestamp();
            return true;
        }
        catch (TimeoutException)
        {
            http.Abort();
            return false;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            return false;
        }
    }

    private static Task RefuseAsync(HttpContext http) => Results.Problem(
        statusCode: StatusCodes.Status401Unauthorized,
        title: "No good ticket",
        detail: "The ticket is not known here or is over. Ask for all flags again: the answer names a new one.").ExecuteAsync(http);
}
