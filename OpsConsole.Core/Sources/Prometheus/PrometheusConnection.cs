using System.Globalization;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Sources.PrometheusText;

namespace OpsConsole.Core.Sources.Prometheus;

/// <summary>Asks a Prometheus over its HTTP API, for one reading. See https://prometheus.io/docs/prometheus/latest/querying/api/.</summary>
/// <param name="client">By what it is asked. It must not follow redirects: they could lead anywhere.</param>
/// <param name="binding">Where, and with what credential.</param>
internal sealed class PrometheusConnection(HttpClient client, SourceBinding binding)
{
    private const int MaxBytes = 1024 * 1024;

    /// <summary>Shortest time that Prometheus is told to look back for a sample; its own default of 5 minutes would show what is long gone as of now.</summary>
    private static readonly TimeSpan LeastLookBack = TimeSpan.FromSeconds(30);

    /// <summary>Longest likewise: Prometheus's own default.</summary>
    private static readonly TimeSpan MostLookBack = TimeSpan.FromMinutes(5);

    /// <summary>What a query comes to now.</summary>
    /// <exception cref="SourceAnswerException">The answer is none of Prometheus's.</exception>
    public Task<PrometheusAnswer> QueryAsync(string query, CancellationToken cancellationToken) =>
        AskAsync("query", [new("query", query)], PrometheusAnswer.Read, cancellationToken);

    /// <summary>What a query came to at each step of a time, by Prometheus's clock.</summary>
    /// <param name="query">The query.</param>
    /// <param name="start">The first time.</param>
    /// <param name="end">The last time.</param>
    /// <param name="step">Time between two.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SourceAnswerException">The answer is none of Prometheus's.</exception>
    public Task<PrometheusRange> QueryRangeAsync(string query, DateTimeOffset start, DateTimeOffset end, TimeSpan step, CancellationToken cancellationToken) =>
        AskAsync("query_range", [new("query", query), new("start", Time(start)), new("end", Time(end)), new("step", Number(step.TotalSeconds))], PrometheusRange.Read, cancellationToken);

    /// <summary>Asks with a form, since an address may be too short for a query.</summary>
    private async Task<T> AskAsync<T>(string path, KeyValuePair<string, string>[] form, Func<ReadOnlySpan<char>, T> read, CancellationToken cancellationToken)
    {
        var lookBack = Math.Clamp(3 * binding.Interval.TotalSeconds, LeastLookBack.TotalSeconds, MostLookBack.TotalSeconds);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"{binding.Address!.OriginalString.TrimEnd('/')}/api/v1/{path}"))
        {
            Content = new FormUrlEncodedContent(
            [
                .. form,
                new("lookback_delta", string.Create(CultureInfo.InvariantCulture, $"{lookBack:0}s")),
                new("timeout", string.Create(CultureInfo.InvariantCulture, $"{binding.Timeout.TotalMilliseconds:0}ms")),
            ]),
        };
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.Authorization = binding.Credential?.Header;
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);

        // 400, 422 and 503 come with a sentence of Prometheus's own.
        if ((int)answer.StatusCode is not (200 or 400 or 422 or 503) || ((int)answer.StatusCode != 200 && answer.Content.Headers.ContentType?.MediaType != "application/json"))
        {
            throw new SourceAnswerException((int)answer.StatusCode switch
            {
                401 or 403 => "Prometheus does not let the console in: check the credential that is configured for it.",
                >= 300 and < 400 and var status => $"The source answered {status}, a redirect, which is not followed.",
                var status => $"The source answered {status}.",
            });
        }

        var stream = await answer.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        using var body = await SourceBody.ReadAsync(stream, MaxBytes, cancellationToken).ConfigureAwait(false);
        return read(body.Text);
    }

    private static string Time(DateTimeOffset at) => Number(at.ToUnixTimeMilliseconds() / 1000d);

    private static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
