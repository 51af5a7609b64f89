using System.Globalization;
using System.Net.Http.Headers;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Sources.PrometheusText;

namespace OpsConsole.Core.Sources.Prometheus;

/// <summary>Asks a Prometheus for signals, one instant query for each, and one more for each that says how many observations are behind it.</summary>
/// <remarks>
/// Samples carry the console's time at which all answers had come in, so that every signal of a board lies on one clock.
/// A query that comes to nothing is <em>missing</em>, never 0; NaN, which a division by nothing comes to, is <em>missing</em> too; an infinite value and several series are an <em>error</em>.
/// See https://prometheus.io/docs/prometheus/latest/querying/api/.
/// </remarks>
public sealed class PrometheusSource : ISignalSource
{
    /// <summary>Name of this kind of source in a binding.</summary>
    public const string KindName = "prometheus";

    /// <summary>Longest query, in characters.</summary>
    public const int MaxQueryLength = 4_000;

    private const int MaxBytes = 1024 * 1024;
    private const string NothingSelected = "The query came to nothing: no series is selected, or none has a sample that is new enough.";
    private const string NothingCounted = "Nothing was counted.";
    private const string NotFinite = "The value is not a finite number.";
    private const string BadCount = "The number of observations is negative or not finite.";

    /// <summary>How far the clocks may be apart.</summary>
    private static readonly TimeSpan FarOff = TimeSpan.FromMinutes(1);

    /// <summary>Shortest time that Prometheus is told to look back for a sample; its own default of 5 minutes would show what is long gone as of now.</summary>
    private static readonly TimeSpan LeastLookBack = TimeSpan.FromSeconds(30);

    private readonly SourceBinding _binding;
    private readonly Func<HttpClient> _client;
    private readonly TimeProvider _time;
    private readonly Uri _query;
    private readonly string _lookBack;

    /// <param name="binding">What to ask; without faults (see <see cref="Faults"/>).</param>
    /// <param name="client">Gives a client for one reading. It must not follow redirects: they could lead anywhere.</param>
    /// <param name="time">The console's clock.</param>
    public PrometheusSource(SourceBinding binding, Func<HttpClient> client, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(binding);
        (_binding, _client, _time) = (binding, client, time);
        _query = new Uri(binding.Address.OriginalString.TrimEnd('/') + "/api/v1/query");
        var back = new[] { LeastLookBack, 3 * binding.Interval }.Max();
        _lookBack = string.Create(CultureInfo.InvariantCulture, $"{back.TotalSeconds:0}s");
    }

    /// <inheritdoc />
    public string? Note { get; private set; }

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
    public async Task<string?> ReadAsync(Action<SignalSample> record, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        using var timeout = new CancellationTokenSource(_binding.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            using var client = _client();
            var answers = await Task.WhenAll(_binding.Rules.Select(rule => AskAsync(client, rule, either.Token))).ConfigureAwait(false);
            var at = _time.GetUtcNow();
            Note = answers.Select(a => a.Value.Warning ?? a.Count?.Warning ?? ClockNote(a.Value, at)).FirstOrDefault(n => n is not null);
            foreach (var (rule, answer) in _binding.Rules.Zip(answers))
            {
                record(Sample(rule, answer.Value, answer.Count, at));
            }

            return null;
        }
        catch (Exception e) when (SourceFailure.Describe(e, _binding.Timeout) is { } failure)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var at = _time.GetUtcNow();
            foreach (var address in _binding.Addresses)
            {
                record(new SignalSample(address, at, 0, 0, SampleKind.Error, failure));
            }

            return failure;
        }
    }

    private SignalSample Sample(SignalRule rule, PrometheusAnswer value, PrometheusAnswer? count, DateTimeOffset at)
    {
        var address = _binding.AddressOf(rule);
        if (value.Fault is { } fault)
        {
            return new(address, at, 0, 0, SampleKind.Error, fault);
        }

        if (count?.Fault is { } uncounted)
        {
            return new(address, at, 0, 0, SampleKind.Error, uncounted);
        }

        if (value.Value is not { } number)
        {
            return new(address, at, 0, 0, SampleKind.Missing, NothingSelected);
        }

        // Of a count that is NaN or nothing it is known that nothing was observed; a negative one cannot be right.
        var observed = count is null ? 1 : count.Value is { } counted && !double.IsNaN(counted) ? counted : 0;
        return observed < 0 || double.IsInfinity(observed) || observed > long.MaxValue / 2 ? new(address, at, 0, 0, SampleKind.Error, BadCount)
            : double.IsNaN(number) || Math.Round(observed) < 1 ? new(address, at, 0, 0, SampleKind.Missing, NothingCounted)
            : !double.IsFinite(number * rule.Scale) ? new(address, at, 0, 0, SampleKind.Error, NotFinite)
            : new(address, at, number * rule.Scale, (long)Math.Round(observed));
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
            Content = new FormUrlEncodedContent([new("query", query), new("lookback_delta", _lookBack), new("timeout", string.Create(CultureInfo.InvariantCulture, $"{_binding.Timeout.TotalMilliseconds:0}ms"))]),
        };
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.Authorization = _binding.Credential is { } credential ? new AuthenticationHeaderValue(credential.Scheme, credential.Value) : null;
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
