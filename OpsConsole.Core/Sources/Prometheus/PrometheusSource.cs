using System.Globalization;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Sources.PrometheusText;

namespace OpsConsole.Core.Sources.Prometheus;

/// <summary>
/// Asks a Prometheus for signals, one instant query for each, and one more for each that says how many observations are behind it.
/// What lies before the first read, or in a time in which it could not be read, is asked for with range queries.
/// </summary>
/// <remarks>
/// Samples carry the console's time at which all answers had come in, so that every signal of a board lies on one clock.
/// A query that comes to nothing is <em>missing</em>, never 0; NaN, which a division by nothing comes to, is <em>missing</em> too; an infinite value and several series are an <em>error</em>.
/// See https://prometheus.io/docs/prometheus/latest/querying/api/.
/// </remarks>
public sealed class PrometheusSource : PolledSource
{
    /// <summary>Name of this kind of source in a binding.</summary>
    public const string KindName = QueryRange.SpokenBy;

    /// <summary>Longest query, in characters.</summary>
    public const int MaxQueryLength = 4_000;

    private const string NothingSelected = "The query came to nothing: no series is selected, or none has a sample that is new enough.";
    private const string NothingCounted = "Nothing was counted.";
    private const string BadCount = "The number of observations is negative or not finite.";

    /// <summary>How far the clocks may be apart.</summary>
    private static readonly TimeSpan FarOff = TimeSpan.FromMinutes(1);

    /// <summary>From how far apart on no time of Prometheus's is one of the console's any more.</summary>
    private static readonly TimeSpan FarthestOff = TimeSpan.FromDays(1);

    /// <summary>More observations than this are none.</summary>
    internal const double MostObserved = long.MaxValue / 2;

    private readonly Func<HttpClient> _client;
    private readonly DateTimeOffset?[] _toldAt;

    /// <param name="binding">What to ask; without faults (see <see cref="Faults"/>).</param>
    /// <param name="client">Gives a client for one reading. It must not follow redirects: they could lead anywhere.</param>
    /// <param name="time">The console's clock.</param>
    public PrometheusSource(SourceBinding binding, Func<HttpClient> client, TimeProvider time)
        : base(binding, time)
    {
        ArgumentNullException.ThrowIfNull(binding);
        _client = client;
        _toldAt = new DateTimeOffset?[binding.Rules.Count];
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
        var prometheus = new PrometheusConnection(client, Binding);
        var begun = Time.GetTimestamp();
        var answers = await Task.WhenAll(Binding.Rules.Select(rule => NowAsync(prometheus, rule, cancellationToken))).ConfigureAwait(false);
        var at = Time.GetUtcNow();
        var left = Binding.Timeout - Time.GetElapsedTime(begun);
        var theirs = answers.Select(static a => a.Value.At).FirstOrDefault(static t => t is not null) ?? at;
        var pasts = await Task.WhenAll(answers.Select((a, i) => PastAsync(prometheus, i, a.Fault is null, theirs, at, left / 2, cancellationToken))).ConfigureAwait(false);
        Note = answers.Select(a => a.Value.Warning ?? a.Count?.Warning ?? ClockNote(a.Value, at)).Concat(pasts.Select(static p => p.Fault)).FirstOrDefault(static n => n is not null);
        return [.. answers.Select((a, i) => With(pasts[i].Values, Reading(a.Value, a.Count)))];
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
        return observed is < 0 or > MostObserved ? SignalReading.Error(BadCount, series: 1)
            : double.IsNaN(number) || Math.Round(observed) < 1 ? SignalReading.Missing(NothingCounted, series: 1)
            : SignalReading.Measured(number, (long)Math.Round(observed), series: 1, points: 1);
    }

    private static SignalReading With(IReadOnlyList<PastValue> past, SignalReading reading) =>
        past.Count == 0 ? reading : reading with { Past = past, Series = 1, Points = past.Count + (reading.Points ?? 0) };

    private static async Task<(PrometheusAnswer Value, PrometheusAnswer? Count, string? Fault)> NowAsync(PrometheusConnection prometheus, SignalRule rule, CancellationToken cancellationToken)
    {
        var asked = prometheus.QueryAsync(rule.Numerator, cancellationToken);
        var counted = rule.Denominator is { } query ? prometheus.QueryAsync(query, cancellationToken) : null;
        var (value, count) = (await asked.ConfigureAwait(false), counted is null ? null : await counted.ConfigureAwait(false));
        return (value, count, value.Fault ?? count?.Fault);
    }

    /// <summary>What there was of a rule since it was read last. It takes part of the time that is left and makes no read fail; what was not told then is not asked for again.</summary>
    private async Task<(IReadOnlyList<PastValue> Values, string? Fault)> PastAsync(
        PrometheusConnection prometheus, int i, bool told, DateTimeOffset theirs, DateTimeOffset at, TimeSpan limit, CancellationToken cancellationToken)
    {
        if (!told)
        {
            return ([], null);
        }

        var points = PrometheusPast.Points(_toldAt[i], at, Binding.Interval);
        _toldAt[i] = at;
        if (points == 0 || limit <= TimeSpan.Zero || (theirs - at).Duration() > FarthestOff)
        {
            return ([], null);
        }

        using var late = new CancellationTokenSource(limit, Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            var rule = Binding.Rules[i];
            var asked = RangeAsync(rule.Numerator);
            var counted = rule.Denominator is { } query ? RangeAsync(query) : null;
            var (values, counts) = (await asked.ConfigureAwait(false), counted is null ? null : await counted.ConfigureAwait(false));
            return (values.Fault ?? counts?.Fault) is { } fault ? ([], NotFilled(fault)) : (PrometheusPast.Values(values, counts, theirs, at), null);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && SourceFailure.Describe(e, limit) is { } failure)
        {
            return ([], NotFilled(failure));
        }

        Task<PrometheusRange> RangeAsync(string query) =>
            prometheus.QueryRangeAsync(query, theirs - (points * Binding.Interval), theirs - Binding.Interval, Binding.Interval, either.Token);
    }

    private static string NotFilled(string fault) => $"What was measured before this reading is not known: {fault}";

    private static bool Tells(string query) => query.Contains(SourceBinding.VersionPlace, StringComparison.Ordinal);

    private static string? ClockNote(PrometheusAnswer answer, DateTimeOffset now) => answer.At is { } stated && (stated - now).Duration() > FarOff
        ? string.Create(CultureInfo.InvariantCulture, $"Prometheus's clock is {(stated - now).Duration().TotalSeconds:0} s {(stated > now ? "ahead of" : "behind")} the console's.")
        : null;
}
