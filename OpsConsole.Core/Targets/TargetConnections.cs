using System.Text.Json;

namespace OpsConsole.Core.Targets;

/// <summary>Makes the connections of adapters, all of them held to where the console may connect to.</summary>
/// <param name="handler">Makes a handler of its own for each adapter.</param>
/// <param name="time">The clock.</param>
public sealed class TargetConnections(Func<SocketsHttpHandler> handler, TimeProvider time)
{
    /// <summary>The clock.</summary>
    public TimeProvider Time => time;

    /// <summary>Connects to a target.</summary>
    /// <param name="settings">How it is reached.</param>
    /// <param name="title">Its name at the head of a sentence, "Cloudflare".</param>
    /// <param name="words">Finds what the target says of an error in an answer of JSON; null where it says nothing.</param>
    /// <param name="change">What is special about the connection, for example an authority of its own.</param>
    /// <param name="busy">Whether the target says by an answer that it is asked too often and did nothing; null: by 429 alone.</param>
    /// <param name="text">Finds what the target says of an error in an answer that is not JSON; null where it says nothing.</param>
    public TargetHttp Connect(
        TargetSettings settings,
        string title,
        Func<JsonElement, string?> words,
        Action<SocketsHttpHandler>? change = null,
        Func<TargetAnswer, bool>? busy = null,
        Func<string, string?>? text = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var own = handler();
        change?.Invoke(own);
        var http = new HttpClient(own) { Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.UserAgent.ParseAdd("OpsConsole");
        return new TargetHttp(http, title, settings.Timeout, [.. settings.Secrets], words, time, busy) { WordsOfText = text };
    }
}
