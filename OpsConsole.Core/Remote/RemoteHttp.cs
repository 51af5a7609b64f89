using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Remote.Outbound;
using Polly;
using Polly.Retry;

namespace OpsConsole.Core.Remote;

/// <summary>What the other side answered.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Text">The whole body.</param>
/// <param name="RetryAfter">When it wants to be asked again, where it says so.</param>
/// <param name="ETag">Which state of a thing was read, where it says so.</param>
public sealed record RemoteAnswer(HttpStatusCode Status, string Text, TimeSpan? RetryAfter = null, string? ETag = null)
{
    /// <summary>True for a status from 200 to 299.</summary>
    public bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <summary>What the request opened the other side with, in its header <c>Authorization</c>: never to be seen in a sentence. Not public, so that no log writes it either.</summary>
    internal string? Credential { get; init; }

    /// <summary>The body as it came, where files are read; empty elsewhere.</summary>
    internal byte[] File { get; init; } = [];
}

/// <summary>Speaks HTTP with one target or source: bounded in time and length, tries again only what changes nothing by being tried again, and tells errors in its words.</summary>
/// <remarks>A reading is tried again when the connection breaks or the other side is busy. A change is tried again only after 429, by which the other side says that it did nothing.</remarks>
public sealed class RemoteHttp : IDisposable
{
    /// <summary>Longest answer read, in bytes.</summary>
    public const int MaxAnswer = 4 * 1024 * 1024;

    private const int MoreTries = 2;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly HttpClient _http;
    private readonly string _title;
    private readonly TimeSpan _timeout;
    private readonly IReadOnlyList<string> _secrets;
    private readonly Func<JsonElement, string?> _words;
    private readonly Func<RemoteAnswer, bool> _busy;
    private readonly TimeProvider _time;
    private readonly ResiliencePipeline<RemoteAnswer> _reading;
    private readonly ResiliencePipeline<RemoteAnswer> _changing;

    /// <param name="http">Without a time limit of its own.</param>
    /// <param name="title">The target's name at the head of a sentence.</param>
    /// <param name="timeout">Longest time for one change or reading, further tries included.</param>
    /// <param name="secrets">What must not be seen in any sentence, even where the other side repeats it.</param>
    /// <param name="words">Finds what the other side says of an error in an answer of JSON.</param>
    /// <param name="time">The clock.</param>
    /// <param name="busy">Whether it says by an answer that it is asked too often and did nothing; null: by 429 alone.</param>
    public RemoteHttp(
        HttpClient http, string title, TimeSpan timeout, IReadOnlyList<string> secrets, Func<JsonElement, string?> words, TimeProvider time, Func<RemoteAnswer, bool>? busy = null)
    {
        (_http, _title, _timeout, _secrets, _words, _time) = (http, title, timeout, secrets, words, time);
        _busy = answer => answer.Status == HttpStatusCode.TooManyRequests || busy?.Invoke(answer) == true;
        _reading = Pipeline(a => a.Status is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout || _busy(a), broken: true);
        _changing = Pipeline(_busy, broken: false);
    }

    /// <summary>Finds what the other side says of an error in an answer that is not JSON; null where it says nothing.</summary>
    public Func<string, string?>? WordsOfText { get; init; }

    /// <summary>Finds how long the other side wants to be left alone in headers of its own, where it does not say so by <c>Retry-After</c>; null where it says nothing.</summary>
    public Func<HttpResponseHeaders, DateTimeOffset, TimeSpan?>? WaitOfHeaders { get; init; }

    /// <summary>Longest file that is read, in bytes, where good answers are files and no text; null where they are text, of at most <see cref="MaxAnswer"/>.</summary>
    public int? LongestFile { get; init; }

    /// <summary>Reads, whatever the status is.</summary>
    /// <param name="request">Makes the request, anew for each try.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TargetUnreachableException">No answer within the time, none at all, or one that is too long.</exception>
    public Task<RemoteAnswer> ReadAsync(Func<HttpRequestMessage> request, CancellationToken cancellationToken) => WithinAsync(_reading, request, cancellationToken);

    /// <summary>Asks for a change, whatever the status is.</summary>
    /// <inheritdoc cref="ReadAsync" path="/param|/exception"/>
    public Task<RemoteAnswer> ChangeAsync(Func<HttpRequestMessage> request, CancellationToken cancellationToken) => WithinAsync(_changing, request, cancellationToken);

    /// <summary>Reads a thing as JSON.</summary>
    /// <param name="request">Makes the request.</param>
    /// <param name="take">Takes what is wanted out of it; null where it is not what was expected.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TargetUnreachableException">It could not be read, or was something else.</exception>
    public async Task<T> ReadJsonAsync<T>(Func<HttpRequestMessage> request, Func<JsonElement, T?> take, CancellationToken cancellationToken)
        where T : class => TakeRead(await ReadAsync(request, cancellationToken).ConfigureAwait(false), take);

    /// <summary>Takes something out of the answer of JSON to a reading.</summary>
    /// <exception cref="TargetUnreachableException">It could not be read, or is something else.</exception>
    public T TakeRead<T>(RemoteAnswer answer, Func<JsonElement, T?> take)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(answer);
        return answer.IsSuccess ? Take(answer, take) : throw new TargetUnreachableException(WhyNotRead(answer));
    }

    /// <summary>Takes something out of an answer of JSON, whatever its status is.</summary>
    /// <exception cref="TargetUnreachableException">It is something else.</exception>
    public T Take<T>(RemoteAnswer answer, Func<JsonElement, T?> take)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(take);
        try
        {
            using var document = JsonDocument.Parse(answer.Text);
            return take(document.RootElement) ?? throw new TargetUnreachableException($"{_title} answered something else than was asked for.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new TargetUnreachableException($"{_title} answered something else than was asked for.", e);
        }
    }

    /// <summary>Takes an answer to a change for accepted, or throws what it means.</summary>
    /// <exception cref="TargetRefusedException">The target said no; nothing changed.</exception>
    /// <exception cref="TargetUnreachableException">Not known whether anything changed.</exception>
    public void Accept(RemoteAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        if (answer.IsSuccess)
        {
            return;
        }

        var words = Said(answer);
        var said = words is null ? "." : $": {words}";
        throw (int)answer.Status switch
        {
            _ when _busy(answer) => new TargetRefusedException($"{_title} is asked too often and did nothing{Again(answer)}{said}"),
            401 or 403 => new TargetRefusedException($"{_title} does not accept the console's credential, or it may not do this{said}"),
            >= 400 and < 500 and not 408 => new TargetRefusedException($"{_title} refused{(words is null ? $" (HTTP {(int)answer.Status})" : "")}{said}"),
            _ => new TargetUnreachableException($"{_title} answered HTTP {(int)answer.Status}; whether it did anything is not known{said}"),
        };
    }

    /// <summary>Why something could not be read, as a sentence.</summary>
    public string WhyNotRead(RemoteAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        var said = Said(answer) is { } words ? $": {words}" : ".";
        return (int)answer.Status switch
        {
            _ when _busy(answer) => $"{_title} is asked too often{Again(answer)}{said}",
            401 or 403 => $"{_title} does not accept the console's credential, or it may not read this{said}",
            404 => $"{_title} does not know it{said}",
            var status => $"{_title} answered HTTP {status} when it was read{said}",
        };
    }

    public void Dispose() => _http.Dispose();

    /// <summary>What the other side says of an error, in one line without secrets; null where it says nothing that can be read.</summary>
    public string? Said(RemoteAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        try
        {
            using var document = JsonDocument.Parse(answer.Text);
            return _words(document.RootElement) is { Length: > 0 } words ? Plain(words, answer.Credential) : null;
        }
        catch (JsonException) when (WordsOfText is { } text)
        {
            return text(answer.Text) is { Length: > 0 } words ? Plain(words, answer.Credential) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    private static string Again(RemoteAnswer answer) =>
        answer.RetryAfter is { TotalSeconds: > 0 } wait ? string.Create(CultureInfo.InvariantCulture, $"; ask again in {Math.Ceiling(wait.TotalSeconds):0} s") : "";

    private string Plain(string words, string? sent = null) => RemoteWords.Plain(words, string.IsNullOrEmpty(sent) ? _secrets : [.. _secrets, sent]);

    private async Task<RemoteAnswer> WithinAsync(ResiliencePipeline<RemoteAnswer> tries, Func<HttpRequestMessage> request, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(_timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        RemoteAnswer? last = null;
        try
        {
            return await tries.ExecuteAsync(
                async token =>
                {
                    last = null;
                    using var asked = request();
                    var answer = await SendAsync(asked, token).ConfigureAwait(false);
                    return last = answer with { Credential = asked.Headers.Authorization?.Parameter };
                },
                either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            // The time ended in the pause after an answer, so that answer stands: nothing was asked since.
            return last ?? throw new TargetUnreachableException(string.Create(CultureInfo.InvariantCulture, $"{_title} did not answer within {_timeout.TotalSeconds:0.#} s."), e);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw new TargetUnreachableException($"{_title} answered with more than the console reads.", e);
        }
        catch (HttpRequestException e)
        {
            throw new TargetUnreachableException(e.InnerException is OutboundRefusedException refused ? refused.Message : $"{_title} could not be reached: {Plain(e.Message).TrimEnd('.')}.", e);
        }
        catch (IOException e)
        {
            throw new TargetUnreachableException($"The connection to {_title} broke.", e);
        }
    }

    private async Task<RemoteAnswer> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        var isFile = LongestFile is not null && response.IsSuccessStatusCode;
        await response.Content.LoadIntoBufferAsync(isFile ? LongestFile!.Value : MaxAnswer, cancellationToken).ConfigureAwait(false);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        var (after, now) = (response.Headers.RetryAfter, _time.GetUtcNow());
        var wait = after?.Delta ?? (after?.Date is { } date ? date - now : WaitOfHeaders?.Invoke(response.Headers, now));
        return new RemoteAnswer(response.StatusCode, isFile ? "" : Encoding.UTF8.GetString(body), wait, response.Headers.ETag?.ToString()) { File = isFile ? body : [] };
    }

    private ResiliencePipeline<RemoteAnswer> Pipeline(Func<RemoteAnswer, bool> busy, bool broken) => new ResiliencePipelineBuilder<RemoteAnswer> { TimeProvider = _time }
        .AddRetry(new RetryStrategyOptions<RemoteAnswer>
        {
            MaxRetryAttempts = MoreTries,
            ShouldHandle = args => ValueTask.FromResult(args.Outcome switch
            {
                { Result: { } answer } => busy(answer) && Wait(answer, args.AttemptNumber) < _timeout,
                { Exception: HttpRequestException { InnerException: not OutboundRefusedException, HttpRequestError: not HttpRequestError.ConfigurationLimitExceeded } or IOException } => broken,
                _ => false,
            }),
            DelayGenerator = args => ValueTask.FromResult<TimeSpan?>(args.Outcome.Result is { } answer ? Wait(answer, args.AttemptNumber) : Pause * (args.AttemptNumber + 1)),
        })
        .Build();

    /// <summary>A timer may end a moment early: where next to nothing is left to wait, that would ask all tries within it.</summary>
    private static TimeSpan Wait(RemoteAnswer answer, int attempt) => answer.RetryAfter is { } wait && wait > Pause ? wait : Pause * (attempt + 1);
}
