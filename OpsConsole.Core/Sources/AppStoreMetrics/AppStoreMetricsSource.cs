using System.Globalization;
using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Sources.AppStoreMetrics;

/// <summary>Reads what Apple measures of one version of an app on the devices of users who share it.</summary>
/// <remarks>
/// Apple does not say of which days its values are, nor of how many devices. So a value is of the time at which it was first seen here, which it keeps for as long as Apple says the same:
/// what Apple does not renew grows old, and is never of now again by being read again. And it counts as one observation.
/// What a build of the version came to is none of the next one: until that has a value of its own, what is shown is of another build, and so an error.
/// </remarks>
internal sealed class AppStoreMetricsSource(SourceBinding binding, AppMetrics metrics, TimeProvider time) : PolledSource(binding, time)
{
    private readonly string _version = binding.Setting(AppStoreMetricsKind.VersionString);
    private readonly string _device = binding.Settings[AppStoreMetricsKind.Device];
    private readonly Dictionary<string, (double Value, double? Margin, DateTimeOffset At, bool WasThere)> _seen = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _shown = new(StringComparer.Ordinal);
    private string? _build;
    private bool _hasRead;

    /// <inheritdoc />
    protected override async Task<IReadOnlyList<SignalReading>> ReadAsync(CancellationToken cancellationToken)
    {
        var measures = Binding.Rules.Select(ConnectMeasure.Of).ToList();
        var (hasVersion, build) = await metrics.BuildAsync(_version, cancellationToken).ConfigureAwait(false);
        if (build is null)
        {
            var none = SignalReading.Missing(hasVersion ? $"{_version} has no build in App Store Connect yet." : $"App Store Connect has no version {_version} of this app for iOS.");
            _hasRead = true;
            return [.. measures.Select(m => OfBuild(m, none, null))];
        }

        if (build != _build)
        {
            _seen.Clear();
            _build = build;
        }

        Note = null;
        var categories = measures.OfType<MetricMeasure>().Select(static m => m.Category).Distinct().ToList();
        var values = categories.Count > 0 ? await metrics.MetricsAsync(build, categories, cancellationToken).ConfigureAwait(false) : null;
        var signatures = new Dictionary<string, DiagnosticSignatures?>(StringComparer.Ordinal);
        foreach (var diagnostic in measures.OfType<SignatureMeasure>().Select(static m => m.Diagnostic).Distinct())
        {
            signatures[diagnostic] = await metrics.SignaturesAsync(build, diagnostic, cancellationToken).ConfigureAwait(false);
        }

        SignalReading[] readings = [.. measures.Select(m => OfBuild(m, m switch
        {
            MetricMeasure metric => Reading(metric, values ?? []),
            SignatureMeasure signature => Reading(signature, signatures[signature.Diagnostic]),
            _ => throw new InvalidOperationException($"{m.Name} is no measure."),
        }, build))];
        Note ??= _seen.Values.Any(static s => s.WasThere) ? "Apple does not say of when its values are: what was there when reading began counts as of then, and may be older." : null;
        _hasRead = true;
        return readings;
    }

    /// <summary>What was shown of another build stands on the board until something else is heard of the signal: that it has none is no news of this build, and an error.</summary>
    private SignalReading OfBuild(ConnectMeasure measure, in SignalReading reading, string? build)
    {
        if (reading.Kind == SampleKind.Measured)
        {
            _shown[measure.Name] = build!;
        }

        return reading.Kind == SampleKind.Missing && _shown.TryGetValue(measure.Name, out var shown) && shown != build
            ? SignalReading.Error($"What was shown of {_version} is of an earlier build, and the one that it has now has no value yet: {reading.Sentence}", reading.Series)
            : reading;
    }

    private SignalReading Reading(MetricMeasure measure, IReadOnlyList<XcodeMetric> values)
    {
        var all = values.Where(v => v.Category == measure.Category && v.Metric == measure.Metric && v.Device == _device).ToList();
        var found = all.Where(v => v.Percentile == measure.Percentile || (v.Percentile is null && all.Count == 1)).ToList();
        if (found.Count == 0)
        {
            var others = values.Select(static v => v.Metric).Distinct().Take(5).ToList();
            return SignalReading.Missing(
                $"Apple has no {measure.Metric} of {_version} on {_device} ({measure.Percentile}){(others.Count > 0 ? $"; it has {string.Join(", ", others)}" : "")}: too few devices share theirs so far, or it takes some days more.", 0, values.Count);
        }

        var ofVersion = found.Where(v => v.IsOf(_version)).ToList();
        return ofVersion switch
        {
            [] => SignalReading.Missing($"What Apple has for the build of {_version} is of {string.Join(", ", found.Select(static v => v.Version).Distinct().Take(3))}.", 0, values.Count),
            [var one] when measure.UnitThere is { } unit && one.Unit != unit => SignalReading.Error($"Apple states {measure.Metric} in {one.Unit ?? "no unit"}, and {unit} are expected.", 1),
            [{ Value: < 0 }] => SignalReading.Error($"Apple states a negative {measure.Metric}.", 1),
            [var one] => Reading(measure, one.Value, one.Margin, values.Count),
            _ => SignalReading.Error($"Apple states {ofVersion.Count} values of {measure.Metric} where one is expected.", ofVersion.Count),
        };
    }

    private SignalReading Reading(SignatureMeasure measure, DiagnosticSignatures? signatures)
    {
        if (signatures is null or { Count: 0 })
        {
            return SignalReading.Missing($"Apple lists no signatures ({measure.Diagnostic}) of {_version}: none came up, or too few devices share theirs.", 0);
        }

        if (signatures.IsCut)
        {
            return SignalReading.Error($"Apple lists more than {DiagnosticSignatures.Most} signatures ({measure.Diagnostic}) of {_version}, which are not counted.", signatures.Count);
        }

        return measure.OnlyRising && signatures.Compared == 0
            ? SignalReading.Missing($"Apple compares none of the {signatures.Count} signatures ({measure.Diagnostic}) of {_version} with earlier versions.", signatures.Count)
            : Reading(measure, measure.OnlyRising ? signatures.Rising : signatures.Count, null, signatures.Count);
    }

    private SignalReading Reading(ConnectMeasure measure, double value, double? margin, int points)
    {
        if (!_seen.TryGetValue(measure.Name, out var seen) || !seen.Value.Equals(value) || seen.Margin != margin)
        {
            _seen[measure.Name] = seen = (value, margin, Time.GetUtcNow(), !_hasRead);
        }

        if (margin is { } off)
        {
            Note ??= string.Create(CultureInfo.InvariantCulture, $"Apple has few samples: {measure.Name} may be wrong by {off:0.###}.");
        }

        return SignalReading.Measured(value, 1, seen.At, 1, points);
    }
}
