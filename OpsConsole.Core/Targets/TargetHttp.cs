using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Sources.Outbound;
using Polly;
using Polly.Retry;

namespace OpsConsole.Core.Targets;

/// <summary>What a target answered.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Text">The whole body.</param>
/// <param name="RetryAfter">When the target wants to be asked again, where it says so.</param>
/// <param name="ETag">Which state of a thing was read, where it says so.</param>
public sealed record TargetAnswer(HttpStatusCode Status, string Text, TimeSpan? RetryAfter = null, string? ETag = null)
{
    /// <summary>True for a status from 200 to 299.</summary>
    public bool IsSuccess => (int)Status is >= 200 and < 300;
}

/// <summary>Speaks HTTP with one target: bounded in time and length, tries again only what changes nothing by being tried again, and tells errors in the target's words.</summary>
/// <remarks>A reading is tried again when the connection breaks or the target is busy. A change is tried again only after 429, by which the target says that it did nothing.</remarks>
public sealed class TargetHttp : IDisposable
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
    private readonly Func<TargetAnswer, bool> _busy;
    private readonly TimeProvider _time;
    private readonly ResiliencePipeline<TargetAnswer> _reading;
    private readonly ResiliencePipeline<TargetAnswer> _changing;

    /// <param name="http">Without a time limit of its own.</param>
    /// <param name="title">The target's name at the head of a sentence.</param>
    /// <param name="timeout">Longest time for one change or reading, further tries included.</param>
    /// <param name="secrets">What must not be seen in any sentence, even where the target repeats it.</param>
    /// <param name="words">Finds what the target says of an error in an answer of JSON.</param>
    /// <param name="time">The clock.</param>
    /// <param name="busy">Whether a target says by an answer that it is asked too often and did nothing; null: by 429 alone.</param>
    public TargetHttp(
        HttpClient http, string title, TimeSpan timeout, IReadOnlyList<string> secrets, Func<JsonElement, string?> words, TimeProvider time, Func<TargetAnswer, bool>? busy = null)
    {
        (_http, _title, _timeout, _secrets, _words, _time) = (http, title, timeout, secrets, words, time);
        _busy = answer => answer.Status == HttpStatusCode.TooManyRequests || busy?.Invoke(answer) == true;
        _reading = Pipeline(a => a.Status is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout || _busy(a), broken: true);
        _changing = Pipeline(_busy, broken: false);
    }

    /// <summary>Finds what the target says of an error in an answer that is not JSON; null where it says nothing.</summary>
    public Func<string, string?>? WordsOfText { get; init; }

    /// <summary>Reads, whatever the status is.</summary>
    /// <param name="request">Makes the request, anew for each try.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TargetUnreachableException">No answer within the time, none at all, or one that is too long.</exception>
    public Task<TargetAnswer> ReadAsync(Func<HttpRequestMessage> request, CancellationToken cancellationToken) => WithinAsync(_reading, request, cancellationToken);

    /// <summary>Asks for a change, whatever the status is.</summary>
    /// <inheritdoc cref="ReadAsync" path="/param|/exception"/>
    public Task<TargetAnswer> ChangeAsync(Func<HttpRequestMessage> request, CancellationToken cancellationToken) => WithinAsync(_changing, request, cancellationToken);

    /// <summary>Reads a thing as JSON.</summary>
    /// <param name="request">Makes the request.</param>
    /// <param name="take">Takes what is wanted out of it; null where it is not what was expected.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TargetUnreachableException">It could not be read, or was something else.</exception>
    public async Task<T> ReadJsonAsync<T>(Func<HttpRequestMessage> request, Func<JsonElement, T?> take, CancellationToken cancellationToken)
        where T : class
    {
        var answer = await ReadAsync(request, cancellationToken).ConfigureAwait(false);
        return answer.IsSuccess ? Take(answer, take) : throw new TargetUnreachableException(WhyNotRead(answer));
    }

    /// <summary>Takes something out of an answer of JSON.</summary>
    /// <exception cref="TargetUnreachableException">It is something else.</exception>
    public T Take<T>(TargetAnswer answer, Func<JsonElement, T?> take)
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
    public void Accept(TargetAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        if (answer.IsSuccess)
        {
            return;
        }

        var said = Said(answer) is { } words ? $": {words}" : ".";
        throw (int)answer.Status switch
        {
            _ when _busy(answer) => new TargetRefusedException($"{_title} is asked too often and did nothing{(answer.RetryAfter is { } wait ? $"; ask again in {wait.TotalSeconds:0} s" : "")}{said}"),
            401 or 403 => new TargetRefusedException($"{_title} does not accept the console's credential, or it may not do this{said}"),
            >= 400 and < 500 and not 408 => new TargetRefusedException($"{_title} refused{(Said(answer) is null ? $" (HTTP {(int)answer.Status})" : "")}{said}"),
            _ => new TargetUnreachableException($"{_title} answered HTTP {(int)answer.Status}; whether it did anything is not known{said}"),
        };
    }

    /// <summary>Why something could not be read, as a sentence.</summary>
    public string WhyNotRead(TargetAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        var said = Said(answer) is { } words ? $": {words}" : ".";
        return (int)answer.Status switch
        {
            401 or 403 => $"{_title} does not accept the console's credential, or it may not read this{said}",
            404 => $"{_title} does not know it{said}",
            var status => $"{_title} answered HTTP {status} when it was read{said}",
        };
    }

    public void Dispose() => _http.Dispose();

    /// <summary>What the target says of an error, in one line without secrets; null where it says nothing that can be read.</summary>
    public string? Said(TargetAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        try
        {
            using var document = JsonDocument.Parse(answer.Text);
            return _words(document.RootElement) is { Length: > 0 } words ? Plain(words) : null;
        }
        catch (JsonException) when (WordsOfText is { } text)
        {
            return text(answer.Text) is { Length: > 0 } words ? Plain(words) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    private string Plain(string words) => TargetWords.Plain(words, _secrets);

    private async Task<TargetAnswer> WithinAsync(ResiliencePipeline<TargetAnswer> tries, Func<HttpRequestMessage> request, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(_timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        TargetAnswer? last = null;
        try
        {
            return await tries.ExecuteAsync(
                async token =>
                {
                    last = null;
                    return last = await SendAsync(request, token).ConfigureAwait(false);
                },
                either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            // The time ended in the pause after an answer, so that answer stands: nothing was asked since.
            return last ?? throw new TargetUnreachableException(string.Create(CultureInfo.InvariantCulture, $"{_title} did not answer within {_timeout.TotalSeconds:0.#} s."), e);
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

    private async Task<TargetAnswer> SendAsync(Func<HttpRequestMessage> make, CancellationToken cancellationToken)
    {
        using var request = make();
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        await response.Content.LoadIntoBufferAsync(MaxAnswer, cancellationToken).ConfigureAwait(false);
        var text = Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
        var after = response.Headers.RetryAfter;
        return new TargetAnswer(response.StatusCode, text, after?.Delta ?? (after?.Date is { } date ? date - _time.GetUtcNow() : null), response.Headers.ETag?.ToString());
    }

    private ResiliencePipeline<TargetAnswer> Pipeline(Func<TargetAnswer, bool> busy, bool broken) => new ResiliencePipelineBuilder<TargetAnswer> { TimeProvider = _time }
        .AddRetry(new RetryStrategyOptions<TargetAnswer>
        {
            MaxRetryAttempts = MoreTries,
            ShouldHandle = args => ValueTask.FromResult(args.Outcome switch
            {
                { Result: { } answer } => busy(answer) && Wait(answer, args.AttemptNumber) < _timeout,
                { Exception: HttpRequestException { InnerException: not OutboundRefusedException } or IOException } => broken,
                _ => false,
            }),
            DelayGenerator = args => ValueTask.FromResult<TimeSpan?>(args.Outcome.Result is { } answer ? Wait(answer, args.AttemptNumber) : Pause * (args.AttemptNumber + 1)),
        })
        .Build();

    private static TimeSpan Wait(TargetAnswer answer, int attempt) => answer.RetryAfter is { } wait && wait > TimeSpan.Zero ? wait : Pause * (attempt + 1);
}
