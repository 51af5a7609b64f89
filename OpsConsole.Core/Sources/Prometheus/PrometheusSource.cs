using System.Globalization;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Sources.PrometheusText;

namespace OpsConsole.Core.Sources.Prometheus;

/// <summary>Asks a Prometheus for signals, one instant query for each, and one more for each that says how many observations are behind it.</summary>
/// <remarks>
/// Samples carry the console's time at which all answers had come in, so that every signal of a board lies on one clock.
/// A query that comes to nothing is <em>missing</em>, never 0; NaN, which a division by nothing comes to, is <em>missing</em> too; an infinite value and several series are an <em>error</em>.
/// See https://prometheus.io/docs/prometheus/latest/querying/api/.
/// </remarks>
public sealed class PrometheusSource : PolledSource
{
    /// <summary>Name of this kind of source in a binding.</summary>
    public const string KindName = "prometheus";

    /// <summary>Longest query, in characters.</summary>
    public const int MaxQueryLength = 4_000;

    private const int MaxBytes = 1024 * 1024;
    private const string NothingSelected = "The query came to nothing: no series is selected, or none has a sample that is new enough.";
    private const string NothingCounted = "Nothing was counted.";
    private const string BadCount = "The number of observations is negative or not finite.";

    /// <summary>How far the clocks may be apart.</summary>
    private static readonly TimeSpan FarOff = TimeSpan.FromMinutes(1);

    /// <summary>Shortest time that Prometheus is told to look back for a sample; its own default of 5 minutes would show what is long gone as of now.</summary>
    private static readonly TimeSpan LeastLookBack = TimeSpan.FromSeconds(30);

    /// <summary>Longest likewise: Prometheus's own default.</summary>
    private static readonly TimeSpan MostLookBack = TimeSpan.FromMinutes(5);

    private readonly Func<HttpClient> _client;
    private readonly Uri _query;
    private readonly string _lookBack;

    /// <param name="binding">What to ask; without faults (see <see cref="Faults"/>).</param>
    /// <param name="client">Gives a client for one reading. It must not follow redirects: they could lead anywhere.</param>
    /// <param name="time">The console's clock.</param>
    public PrometheusSource(SourceBinding binding, Func<HttpClient> client, TimeProvider time)
        : base(binding, time)
    {
        ArgumentNullException.ThrowIfNull(binding);
        _client = client;
        _query = new Uri(binding.Address!.OriginalString.TrimEnd('/') + "/api/v1/query");
        var seconds = Math.Clamp(3 * binding.Interval.TotalSeconds, LeastLookBack.TotalSeconds, MostLookBack.TotalSeconds);
        _lookBack = string.Create(CultureInfo.InvariantCulture, $"{seconds:0}s");
    }

    /// <summary>This kind of source, for a catalog.</summary>
    public static SourceKind Kind(Func<HttpClient> client, TimeProvider time) => new(KindName, Faults, binding => new PrometheusSource(binding, client, time));

    /// <summary>Everything that is wrong with a binding's queries, one sentence each.</summary>
    public static IEnumerable<string> Faults(SourceBinding binding)
    {
        ArgumentNullException.ThrowIfNull(binding);
        if (binding.Checks.Count > 0)
        {
            yield return "checks belong to a source of the kind http-check";
        }

        foreach (var rule in binding.Rules)
        {
            if (rule.Kind != SignalRuleKind.Query)
            {
                yield return $"signal '{rule.Signal}': a source of the kind {KindName} takes the rule query alone";
            }
            else if (rule.Numerator.Length is 0 or > MaxQueryLength || rule.Denominator?.Length > MaxQueryLength)
            {
                yield return $"signal '{rule.Signal}': a query has 1 to {MaxQueryLength} characters";
            }
            else if (binding.FollowsReleases && !Tells(rule.Numerator))
            {
                yield return $"signal '{rule.Signal}': the query has no {SourceBinding.VersionPlace}, so the new version and the previous one would show the same";
            }
            else if (binding.FollowsReleases && rule.Denominator is { } count && !Tells(count))
            {
                yield return $"signal '{rule.Signal}': the query that counts has no {SourceBinding.VersionPlace}";
            }
        }
    }

    /// <inheritdoc />
    protected override async Task<IReadOnlyList<SignalReading>> ReadAsync(CancellationToken cancellationToken)
    {
        using var client = _client();
        var answers = await Task.WhenAll(Binding.Rules.Select(rule => AskAsync(client, rule, cancellationToken))).ConfigureAwait(false);
        var at = Time.GetUtcNow();
        Note = answers.Select(a => a.Value.Warning ?? a.Count?.Warning ?? ClockNote(a.Value, at)).FirstOrDefault(n => n is not null);
        return [.. answers.Select(a => Reading(a.Value, a.Count))];
    }

    private static SignalReading Reading(PrometheusAnswer value, PrometheusAnswer? count)
    {
        if ((value.Fault ?? count?.Fault) is { } fault)
        {
            return SignalReading.Error(fault);
        }

        if (value.Value is not { } number)
        {
            return SignalReading.Missing(NothingSelected, series: 0);
        }

        // Of a count that is NaN or nothing it is known that nothing was observed; a negative one cannot be right.
        var observed = count is null ? 1 : count.Value is { } counted && !double.IsNaN(counted) ? counted : 0;
        return observed < 0 || double.IsInfinity(observed) || observed > long.MaxValue / 2 ? SignalReading.Error(BadCount, series: 1)
            : double.IsNaN(number) || Math.Round(observed) < 1 ? SignalReading.Missing(NothingCounted, series: 1)
            : SignalReading.Measured(number, (long)Math.Round(observed), series: 1, points: 1);
    }

    private async Task<(PrometheusAnswer Value, PrometheusAnswer? Count)> AskAsync(HttpClient client, SignalRule rule, CancellationToken cancellationToken)
    {
        var value = AskAsync(client, rule.Numerator, cancellationToken);
        var count = rule.Denominator is { } query ? AskAsync(client, query, cancellationToken) : null;
        return (await value.ConfigureAwait(false), count is null ? null : await count.ConfigureAwait(false));
    }

    /// <summary>A form, since an address may be too short for a query.</summary>
    private async Task<PrometheusAnswer> AskAsync(HttpClient client, string query, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _query)
        {
            Content = new FormUrlEncodedContent([new("query", query), new("lookback_delta", _lookBack), new("timeout", string.Create(CultureInfo.InvariantCulture, $"{Binding.Timeout.TotalMilliseconds:0}ms"))]),
        };
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.Authorization = Binding.Credential?.Header;
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
        return PrometheusAnswer.Read(body.Text);
    }

    private static bool Tells(string query) => query.Contains(SourceBinding.VersionPlace, StringComparison.Ordinal);

    private static string? ClockNote(PrometheusAnswer answer, DateTimeOffset now) => answer.At is { } stated && (stated - now).Duration() > FarOff
        ? string.Create(CultureInfo.InvariantCulture, $"Prometheus's clock is {(stated - now).Duration().TotalSeconds:0} s {(stated > now ? "ahead of" : "behind")} the console's.")
        : null;
}
