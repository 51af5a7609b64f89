using OpsConsole.Core.Remote;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Targets.Kubernetes;

namespace OpsConsole.Core.Sources.FlaggerMetrics;

/// <summary>Reads a Canary's status and, where asked for, what Flagger measured.</summary>
/// <remarks>
/// Flagger's metrics carry neither a version nor a time, and keep the last value for ever. One of them is believed only where it is known to be of this analysis:
/// once a whole check has passed in it, or once it has changed since the analysis was first seen. Its time is that at which Flagger wrote the status last.
/// </remarks>
internal sealed class FlaggerMetricsSource : PolledSource
{
    private readonly KubeConnection _kube;
    private readonly FlaggerGauges? _gauges;
    private readonly string _canary;
    private readonly Dictionary<string, Told> _told = new(StringComparer.Ordinal);
    private (string Applied, ILookup<string, double> Values)? _first;

    public FlaggerMetricsSource(SourceBinding binding, RemoteConnections connections)
        : base(binding, connections.Time)
    {
        var settings = binding.Settings;
        _kube = new KubeConnection(settings, new Uri(binding.Address!.OriginalString.TrimEnd('/') + "/"), connections);
        _canary = settings[FlaggerMetricsKind.Canary] is { Length: > 0 } name ? name : binding.Service;
        _gauges = binding.Rules.Any(static r => MetricOf(r) is not null)
            ? new FlaggerGauges(connections.Connect(settings, "Flagger", static _ => null), settings.Address(FlaggerMetricsKind.Metrics))
            : null;
    }

    /// <inheritdoc />
    protected override async Task<IReadOnlyList<SignalReading>> ReadAsync(CancellationToken cancellationToken)
    {
        var checks = await _kube.ReadAsync(_kube.Path("flagger.app/v1beta1", "canaries", _canary), CanaryChecks.Read, cancellationToken).ConfigureAwait(false);
        var images = new ImageTemplate(Binding.Settings[KubeSettings.Image], _canary);
        var watched = await _kube.DeploymentAsync(checks.Canary.Deployment, images, cancellationToken).ConfigureAwait(false);
        var values = _gauges is null ? null : await _gauges.ReadAsync(checks.Canary.Deployment, Binding.Settings[KubeSettings.Namespace], cancellationToken).ConfigureAwait(false);
        Remember(checks, values);
        return watched.Version != Binding.Version
            ? All($"Flagger measures only the version that it leads up, and that is {watched.Version ?? "not told by the images"}.")
            : checks.Canary.HasNotSeen(watched) ? All("Flagger has not looked at the change yet.")
            : [.. Binding.Rules.Select(rule => Reading(rule, checks, values))];
    }

    /// <summary>Keeps what was shown when an analysis was seen first: that may be of the one before.</summary>
    private void Remember(CanaryChecks checks, ILookup<string, double>? values)
    {
        if (values is not null && (_first?.Applied != checks.Applied || !checks.IsChecked))
        {
            _first = (checks.Applied, values);
            _told.Clear();
        }
    }

    private SignalReading[] All(string sentence) => [.. Binding.Rules.Select(_ => SignalReading.Missing(sentence))];

    private SignalReading Reading(SignalRule rule, CanaryChecks checks, ILookup<string, double>? values)
    {
        var phase = checks.Canary.Phase is { Length: > 0 } word ? word : "not begun";
        return (MetricOf(rule), rule.Numerator) switch
        {
            ({ } metric, _) => checks.IsChecked ? Measured(metric, checks, values!) : SignalReading.Missing($"Flagger checks nothing now: the Canary is {phase}."),
            (_, FlaggerMetricsKind.Failed) => checks.Canary.HasFailed ? SignalReading.Measured(1, 1)
                : checks.IsUnderWay || phase == "Succeeded" ? Stated(0, checks)
                : SignalReading.Missing($"Flagger has judged nothing yet: the Canary is {phase}."),
            (_, FlaggerMetricsKind.Weight) => SignalReading.Measured(checks.Canary.Weight, 1),
            (_, FlaggerMetricsKind.Iterations) => checks.IsUnderWay ? Stated(checks.Iterations, checks) : SignalReading.Missing($"Flagger checks nothing now: the Canary is {phase}."),
            _ => checks.IsChecked ? Stated(checks.FailedChecks, checks) : SignalReading.Missing($"Flagger checks nothing now: the Canary is {phase}."),
        };
    }

    private SignalReading Measured(string metric, CanaryChecks checks, ILookup<string, double> values) => values[metric].ToList() switch
    {
        [] => SignalReading.Missing($"Flagger shows no metric {metric} of {checks.Canary.Deployment}{(values.Count > 0 ? $"; there are {string.Join(", ", values.Select(static v => v.Key).Order(StringComparer.Ordinal))}" : "")}.", 0),
        [var value] when checks.HasPassed || !_first!.Value.Values[metric].SequenceEqual([value]) => Timed(metric, value, checks),
        [_] => SignalReading.Missing("Flagger's value may be of the analysis before: it is known to be of this one once a check has passed or the value has changed.", 1),
        var several => SignalReading.Error($"Flagger shows {several.Count} values of {metric}, and one is expected.", several.Count),
    };

    /// <summary>A check that failed may have ended before the metric: a value that it left as it was is not of that check.</summary>
    private SignalReading Timed(string metric, double value, CanaryChecks checks)
    {
        if (checks.WrittenAt is not { } written)
        {
            return Stated(value, checks, 1);
        }

        var isOfBefore = _told.TryGetValue(metric, out var before) && before.Value.Equals(value)
            && (before.Written == written || (checks.FailedChecks > before.FailedChecks && before.Weight.Equals(checks.Canary.Weight) && before.Iterations == checks.Iterations));
        var at = isOfBefore ? before!.At : written;
        _told[metric] = new Told(value, at, written, checks.FailedChecks, checks.Canary.Weight, checks.Iterations);
        return SignalReading.Measured(value, 1, at, 1);
    }

    private static SignalReading Stated(double value, CanaryChecks checks, int? series = null) => checks.WrittenAt is { } at
        ? SignalReading.Measured(value, 1, at, series)
        : SignalReading.Error("The Canary's status says no time.", series);

    private static string? MetricOf(SignalRule rule) => rule.Numerator.Split(':', 2) is [FlaggerMetricsKind.Metric, var metric] ? metric : null;

    /// <summary>What was told of a metric last, and how the checks stood then.</summary>
    private sealed record Told(double Value, DateTimeOffset At, DateTimeOffset Written, long FailedChecks, double Weight, long Iterations);
}
