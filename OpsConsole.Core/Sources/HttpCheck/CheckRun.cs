using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Sources.HttpCheck;

/// <summary>Makes one check's request and judges the answer.</summary>
internal sealed class CheckRun
{
    /// <summary>As much of a body is looked into; what comes after it is not read.</summary>
    public const int MaxBodyBytes = 64 * 1024;

    private const int MaxRedirects = 5;
    private static readonly TimeSpan MatchTime = TimeSpan.FromMilliseconds(250);

    private readonly Signals.HttpCheck _check;
    private readonly Uri _address;
    private readonly TimeSpan _timeout;
    private readonly Func<HttpClient> _client;
    private readonly TimeProvider _time;
    private readonly IResponseConditions? _conditions;
    private readonly Regex? _matches;

    public CheckRun(Signals.HttpCheck check, SourceBinding binding, Func<HttpClient> client, TimeProvider time, IResponseConditions? conditions)
    {
        (_check, _timeout, _client, _time, _conditions) = (check, binding.Timeout, client, time, conditions);
        _address = new Uri(binding.Address!, check.Path);
        _matches = check.Matches is { } pattern ? new Regex(pattern, RegexOptions.CultureInvariant, MatchTime) : null;
    }

    /// <summary>Asks once. Throws only when <paramref name="cancellationToken"/> asks for it.</summary>
    public async Task<CheckOutcome> RunAsync(CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        using var timeout = new CancellationTokenSource(_timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            using var client = _client();
            using var answer = await AskAsync(client, either.Token).ConfigureAwait(false);
            var body = await BodyAsync(answer, either.Token).ConfigureAwait(false);
            return Judge((int)answer.StatusCode, body, _time.GetElapsedTime(started));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return CheckOutcome.Bad($"No whole answer came within {Seconds(_timeout)}.");
        }
        catch (Exception e) when (CheckOutcome.Of(e) is { } outcome)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return outcome;
        }
    }

    private async Task<HttpResponseMessage> AskAsync(HttpClient client, CancellationToken cancellationToken)
    {
        var (address, method, withBody) = (_address, Method(_check.Method), true);
        for (var hop = 0; ; hop++)
        {
            using var request = new HttpRequestMessage(method, address);
            request.Headers.TryAddWithoutValidation(Signals.HttpCheck.Header, _check.Name);
            request.Headers.TryAddWithoutValidation("User-Agent", "OpsConsole");
            foreach (var (name, value) in _check.Headers)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }

            if (withBody && _check.Body is { } body)
            {
                request.Content = new StringContent(body, Encoding.UTF8);
                request.Content.Headers.Remove("Content-Type");
                request.Content.Headers.TryAddWithoutValidation("Content-Type", _check.ContentType);
            }

            var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            if (!_check.FollowRedirects || hop == MaxRedirects || Next(address, answer) is not { } next)
            {
                return answer;
            }

            if (answer.StatusCode is not (HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect) && method == HttpMethod.Post)
            {
                (method, withBody) = (HttpMethod.Get, false);
            }

            answer.Dispose();
            address = next;
        }
    }

    /// <summary>Where a redirect leads, if that is the same host: a service must not send the console elsewhere.</summary>
    private static Uri? Next(Uri from, HttpResponseMessage answer) =>
        (int)answer.StatusCode is 301 or 302 or 303 or 307 or 308 && answer.Headers.Location is { } location
        && Uri.TryCreate(from, location, out var next) && next.Scheme is "http" or "https" && next.Host == from.Host ? next : null;

    private async Task<string?> BodyAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (_check.Method == HttpCheckMethod.Head)
        {
            return null;
        }

        var stream = await answer.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            var bytes = new byte[MaxBodyBytes];
            var length = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            return Encoding.UTF8.GetString(bytes, 0, length);
        }
    }

    private CheckOutcome Judge(int status, string? body, TimeSpan took)
    {
        if (!_check.Status.Any(range => range.Has(status)))
        {
            return CheckOutcome.Bad($"Status {status}, expected {string.Join(", ", _check.Status)}.", took);
        }

        try
        {
            if (Wrong(body ?? "") is { } wrong)
            {
                return CheckOutcome.Bad(wrong, took);
            }
        }
        catch (RegexMatchTimeoutException)
        {
            return CheckOutcome.Unknown($"The expression of the check took more than {MatchTime.TotalMilliseconds:0} ms on the body.");
        }

        return _check.LatencyLimit is { } limit && took > limit
            ? CheckOutcome.Bad($"Took {took.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture)} ms, {limit.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture)} ms allowed.", took)
            : CheckOutcome.Good(took);
    }

    private string? Wrong(string body)
    {
        if (_check.Contains is { } text && !body.Contains(text, StringComparison.Ordinal))
        {
            return "The body does not have the text that it must have.";
        }

        if (_matches?.IsMatch(body) == false)
        {
            return "The body does not match the expression.";
        }

        if (_conditions is null || (_check.Success ?? _check.Failure) is null)
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 64 });
            return _conditions.Judge(_check.Success, _check.Failure, json.RootElement);
        }
        catch (JsonException)
        {
            return "The body is not JSON, or has more than 64 KiB.";
        }
    }

    private static HttpMethod Method(HttpCheckMethod method) => method switch
    {
        HttpCheckMethod.Head => HttpMethod.Head,
        HttpCheckMethod.Post => HttpMethod.Post,
        _ => HttpMethod.Get,
    };

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture) + " s";
}
