using System.Text.RegularExpressions;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Sources.PrometheusText.Rules;

namespace OpsConsole.Core.Sources.PrometheusText;

/// <summary>Reads a version's own metrics over HTTP and computes signals out of them.</summary>
/// <remarks>
/// Samples carry the console's time at which the text had come in, so that every signal of a board lies on one clock. What states a time of its own that is more than a minute off is not of now:
/// a gauge is then of that time, an increase of such series is none, and a time ahead is an error.
/// After a gap that no window covers (see <see cref="LongestGap"/>) it begins anew, rather than show what happened long ago as of now.
/// Not safe for use by several threads.
/// </remarks>
public sealed class PrometheusTextSource : PolledSource
{
    /// <summary>Name of this kind of source in a binding.</summary>
    public const string KindName = "prometheus-text";

    private readonly Func<HttpClient> _client;
    private readonly ExpositionLimits _limits;
    private readonly ExpositionParser _parser;
    private readonly IRuleReading[] _rules;
    private readonly SeriesSelector[][] _selectors;
    private readonly long _started;
    private TimeSpan? _lastRead;

    /// <param name="binding">What to read; without faults (see <see cref="Faults"/>).</param>
    /// <param name="client">Gives a client for one read. It must not follow redirects: they could lead anywhere.</param>
    /// <param name="time">The console's clock.</param>
    /// <param name="limits">How much is taken in.</param>
    public PrometheusTextSource(SourceBinding binding, Func<HttpClient> client, TimeProvider time, ExpositionLimits? limits = null)
        : base(binding, time)
    {
        ArgumentNullException.ThrowIfNull(time);
        _client = client;
        _limits = limits ?? ExpositionLimits.Default;
        _parser = new ExpositionParser(_limits);
        _rules = [.. binding.Rules.Select(Reading)];
        _selectors = [.. binding.Rules.Select(RuleReadings.Selectors)];
        _started = time.GetTimestamp();
        LongestGap = new[] { binding.Rules.Max(static r => r.Window), 2 * binding.Interval, StatedTime.FarOff }.Max();
    }

    /// <summary>Longest time between two good reads over which an increase is still an answer about now.</summary>
    public TimeSpan LongestGap { get; }

    /// <summary>This kind of source, for a catalog.</summary>
    public static SourceKind Kind(Func<HttpClient> client, TimeProvider time) =>
        new(KindName, Faults, binding => new PrometheusTextSource(binding, client, time));

    /// <summary>Everything that is wrong with a binding's address and rules, one sentence each.</summary>
    public static IEnumerable<string> Faults(SourceBinding binding)
    {
        ArgumentNullException.ThrowIfNull(binding);
        var faults = binding.Rules.SelectMany(static rule => RuleReadings.Faults(rule).Select(fault => $"signal '{rule.Signal}': {fault}"));
        return binding.Checks.Count > 0 ? faults.Append("checks belong to a source of the kind http-check") : faults;
    }

    /// <inheritdoc />
    protected override async Task<IReadOnlyList<SignalReading>> ReadAsync(CancellationToken cancellationToken) =>
        Evaluate(await FetchAsync(cancellationToken).ConfigureAwait(false));

    /// <summary>The rule's reading; what it comes to is scaled with all others, at the end.</summary>
    private static IRuleReading Reading(SignalRule rule) => RuleReadings.Create(rule with { Scale = 1 });

    private async Task<Exposition> FetchAsync(CancellationToken cancellationToken)
    {
        using var client = _client();
        using var request = new HttpRequestMessage(HttpMethod.Get, Binding.Address);
        request.Headers.Authorization = Binding.Credential?.Header;
        request.Headers.TryAddWithoutValidation("Accept", ExpositionParser.Accept);
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        if ((int)answer.StatusCode is >= 300 and < 400)
        {
            throw new SourceAnswerException($"The source answered {(int)answer.StatusCode}, a redirect, which is not followed.");
        }

        if ((int)answer.StatusCode is 401 or 403)
        {
            throw new SourceAnswerException($"The source answered {(int)answer.StatusCode}: it does not let the console in; check the credential that is configured for it.");
        }

        if ((int)answer.StatusCode != 200)
        {
            throw new SourceAnswerException($"The source answered {(int)answer.StatusCode}.");
        }

        if (answer.Content.Headers.ContentLength > _limits.MaxBytes)
        {
            throw new SourceAnswerException($"The source sends more than {_limits.MaxBytes / 1024} KiB.");
        }

        var stream = await answer.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        using var body = await SourceBody.ReadAsync(stream, _limits.MaxBytes, cancellationToken).ConfigureAwait(false);
        return _parser.Parse(body.Text, answer.Content.Headers.ContentType?.MediaType == "application/openmetrics-text");
    }

    private SignalReading[] Evaluate(Exposition exposition)
    {
        var elapsed = Time.GetElapsedTime(_started);
        var anew = _lastRead is { } last && elapsed - last > LongestGap;
        _lastRead = elapsed;
        var now = Time.GetUtcNow();
        Note = ClockNote(exposition, now);
        var readings = new SignalReading[_rules.Length];
        for (var i = 0; i < _rules.Length; i++)
        {
            if (anew)
            {
                _rules[i] = Reading(Binding.Rules[i]);
            }

            var (outcome, at) = Evaluate(i, exposition, elapsed, now);
            var series = outcome.Kind == SampleKind.Error ? null : outcome.Series; // What cannot be right was not gone through to its end.
            readings[i] = new(outcome.Kind, outcome.Value, outcome.Count, outcome.Kind == SampleKind.Measured ? at : null, outcome.Detail, series, series);
        }

        return readings;
    }

    private (RuleOutcome Outcome, DateTimeOffset? At) Evaluate(int rule, Exposition exposition, TimeSpan elapsed, DateTimeOffset now)
    {
        try
        {
            var outcome = _rules[rule].Read(exposition, elapsed);
            var at = StatedTime.Of(exposition, _selectors[rule], now);
            if (at < now && Binding.Rules[rule].Kind != SignalRuleKind.Gauge)
            {
                // What such series rise by, or do not, is not of now, and is not compared with what they say once they are of now again.
                _rules[rule] = Reading(Binding.Rules[rule]);
                return (outcome.Kind == SampleKind.Error ? outcome : RuleOutcome.Missing(Sentences.LongAgo) with { Series = outcome.Series }, null);
            }

            return (outcome, at);
        }
        catch (RegexMatchTimeoutException)
        {
            // What was half read is not compared with.
            _rules[rule] = Reading(Binding.Rules[rule]);
            return (RuleOutcome.Error(Sentences.Timeout), null);
        }
    }

    private static string? ClockNote(Exposition exposition, DateTimeOffset now)
    {
        var reference = now.ToUnixTimeMilliseconds();
        long furthest = 0;
        foreach (var list in exposition.ByName.Values)
        {
            foreach (var series in list)
            {
                if (series.TimestampMilliseconds is { } stated && Math.Abs((double)stated - reference) > Math.Abs((double)furthest))
                {
                    furthest = (long)((double)stated - reference);
                }
            }
        }

        return Math.Abs((double)furthest) > StatedTime.FarOff.TotalMilliseconds
            ? $"The source states times {Math.Abs((double)furthest) / 1000:0} s {(furthest > 0 ? "ahead of" : "behind")} the console's clock."
            : null;
    }
}
