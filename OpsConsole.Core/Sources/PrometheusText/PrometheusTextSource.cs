using System.Text.RegularExpressions;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Sources.PrometheusText.Rules;

namespace OpsConsole.Core.Sources.PrometheusText;

/// <summary>Reads a version's own metrics over HTTP and computes signals out of them.</summary>
/// <remarks>
/// Samples carry the console's time at which the text had come in, so that every signal of a board lies on one clock.
/// After a gap that no window covers (see <see cref="LongestGap"/>) it begins anew, rather than show what happened long ago as of now.
/// Not safe for use by several threads.
/// </remarks>
public sealed class PrometheusTextSource : ISignalSource
{
    /// <summary>Name of this kind of source in a binding.</summary>
    public const string KindName = "prometheus-text";

    private static readonly TimeSpan FarOff = TimeSpan.FromMinutes(1);

    private readonly SourceBinding _binding;
    private readonly Func<HttpClient> _client;
    private readonly TimeProvider _time;
    private readonly ExpositionLimits _limits;
    private readonly ExpositionParser _parser;
    private readonly SignalAddress[] _addresses;
    private readonly IRuleReading[] _rules;
    private readonly long _started;
    private TimeSpan? _lastRead;

    /// <param name="binding">What to read; without faults (see <see cref="Faults"/>).</param>
    /// <param name="client">Gives a client for one read. It must not follow redirects: they could lead anywhere.</param>
    /// <param name="time">The console's clock.</param>
    /// <param name="limits">How much is taken in.</param>
    public PrometheusTextSource(SourceBinding binding, Func<HttpClient> client, TimeProvider time, ExpositionLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(binding);
        ArgumentNullException.ThrowIfNull(time);
        _binding = binding;
        _client = client;
        _time = time;
        _limits = limits ?? ExpositionLimits.Default;
        _parser = new ExpositionParser(_limits);
        _addresses = [.. binding.Rules.Select(binding.AddressOf)];
        _rules = [.. binding.Rules.Select(RuleReadings.Create)];
        _started = time.GetTimestamp();
        LongestGap = new[] { binding.Rules.Max(static r => r.Window), 2 * binding.Interval, FarOff }.Max();
    }

    /// <summary>Longest time between two good reads over which an increase is still an answer about now.</summary>
    public TimeSpan LongestGap { get; }

    /// <inheritdoc />
    public string? Note { get; private set; }

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
    public async Task<string?> ReadAsync(Action<SignalSample> record, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        try
        {
            using var timeout = new CancellationTokenSource(_binding.Timeout, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
            Evaluate(await FetchAsync(either.Token).ConfigureAwait(false), record);
            return null;
        }
        catch (Exception e) when (SourceFailure.Describe(e, _binding.Timeout) is { } failure)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var at = _time.GetUtcNow();
            foreach (var address in _addresses)
            {
                record(new SignalSample(address, at, 0, 0, SampleKind.Error, failure));
            }

            return failure;
        }
    }

    private async Task<Exposition> FetchAsync(CancellationToken cancellationToken)
    {
        using var client = _client();
        using var request = new HttpRequestMessage(HttpMethod.Get, _binding.Address);
        request.Headers.TryAddWithoutValidation("Accept", "text/plain;version=0.0.4;q=1,*/*;q=0.1");
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        if ((int)answer.StatusCode is >= 300 and < 400)
        {
            throw new SourceAnswerException($"The source answered {(int)answer.StatusCode}, a redirect, which is not followed.");
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

    private void Evaluate(Exposition exposition, Action<SignalSample> record)
    {
        var at = _time.GetUtcNow();
        var elapsed = _time.GetElapsedTime(_started);
        var anew = _lastRead is { } last && elapsed - last > LongestGap;
        _lastRead = elapsed;
        Note = ClockNote(exposition, at);
        for (var i = 0; i < _rules.Length; i++)
        {
            if (anew)
            {
                _rules[i] = RuleReadings.Create(_binding.Rules[i]);
            }

            var outcome = Evaluate(i, exposition, elapsed);
            record(new SignalSample(_addresses[i], at, outcome.Value, outcome.Count, outcome.Kind, outcome.Detail));
        }
    }

    private RuleOutcome Evaluate(int rule, Exposition exposition, TimeSpan elapsed)
    {
        try
        {
            return _rules[rule].Read(exposition, elapsed);
        }
        catch (RegexMatchTimeoutException)
        {
            // What was half read is not compared with.
            _rules[rule] = RuleReadings.Create(_binding.Rules[rule]);
            return RuleOutcome.Error(Sentences.Timeout);
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

        return Math.Abs((double)furthest) > FarOff.TotalMilliseconds
            ? $"The source states times {Math.Abs((double)furthest) / 1000:0} s {(furthest > 0 ? "ahead of" : "behind")} the console's clock."
            : null;
    }
}
