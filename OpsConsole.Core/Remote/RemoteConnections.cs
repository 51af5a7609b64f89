using System.Net.Http.Headers;
using System.Text.Json;
using OpsConsole.Core.Connections;

namespace OpsConsole.Core.Remote;

/// <summary>Makes the connections to targets and sources, all of them held to where the console may connect to.</summary>
/// <param name="handler">Makes a handler of its own for each connection.</param>
/// <param name="time">The clock.</param>
public sealed class RemoteConnections(Func<SocketsHttpHandler> handler, TimeProvider time)
{
    /// <summary>The clock.</summary>
    public TimeProvider Time => time;

    /// <summary>Connects to a target or a source.</summary>
    /// <param name="settings">How it is reached.</param>
    /// <param name="title">Its name at the head of a sentence, "Cloudflare".</param>
    /// <param name="words">Finds what the other side says of an error in an answer of JSON; null where it says nothing.</param>
    /// <param name="change">What is special about the connection, for example an authority of its own.</param>
    /// <param name="busy">Whether it says by an answer that it is asked too often and did nothing; null: by 429 alone.</param>
    /// <param name="text">Finds what the other side says of an error in an answer that is not JSON; null where it says nothing.</param>
    /// <param name="wait">Finds how long it wants to be left alone in headers of its own; null where it says nothing.</param>
    /// <param name="longestFile">Longest file that is read from it, in bytes, where its good answers are files; null where they are text.</param>
    public RemoteHttp Connect(
        ConnectionSettings settings,
        string title,
        Func<JsonElement, string?> words,
        Action<SocketsHttpHandler>? change = null,
        Func<RemoteAnswer, bool>? busy = null,
        Func<string, string?>? text = null,
        Func<HttpResponseHeaders, DateTimeOffset, TimeSpan?>? wait = null,
        int? longestFile = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var own = handler();
        change?.Invoke(own);
        var http = new HttpClient(own) { Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.UserAgent.ParseAdd("OpsConsole");
        return new RemoteHttp(http, title, settings.Timeout, [.. settings.Secrets], words, time, busy) { WordsOfText = text, WaitOfHeaders = wait, LongestFile = longestFile };
    }
}
