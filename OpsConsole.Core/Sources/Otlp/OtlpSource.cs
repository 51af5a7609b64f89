using OpsConsole.Core.Signals;
using OpsConsole.Core.Sources.PrometheusText.Rules;

namespace OpsConsole.Core.Sources.Otlp;

/// <summary>Computes signals out of the metrics that one version of a service sends to the console over OTLP.</summary>
public sealed class OtlpSource : PolledSource
{
    /// <summary>Name of this kind of source in a binding.</summary>
    public const string KindName = "otlp";

    private const string ServiceName = "ServiceName";

    private readonly OtlpMetrics _metrics;
    private readonly OtlpPlace _place;
    private readonly OtlpRule[] _rules;

    /// <param name="binding">Whose metrics; without faults.</param>
    /// <param name="metrics">What was sent.</param>
    /// <param name="time">The console's clock.</param>
    public OtlpSource(SourceBinding binding, OtlpMetrics metrics, TimeProvider time)
        : base(binding, time)
    {
        ArgumentNullException.ThrowIfNull(binding);
        _metrics = metrics;
        _place = new(binding.Setting(ServiceName) is { Length: > 0 } named ? named : binding.Service, binding.Environment, binding.Version);
        _rules = [.. binding.Rules.Select(static r => new OtlpRule(r))];
    }

    /// <summary>This kind of source, for a catalog.</summary>
    public static SourceKind Kind(OtlpMetrics metrics, TimeProvider time) => new(KindName, Faults, binding => new OtlpSource(binding, metrics, time))
    {
        HasAddress = false,
        TellsVersions = true,
        IsSentTo = true,
        Settings = [new(ServiceName, "service.name as the service sends it, where it is not the service's name here.", IsRequired: false)],
    };

    /// <inheritdoc />
    protected override Task<IReadOnlyList<SignalReading>> ReadAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var view = _metrics.Look(_place);
        Note = view?.Note;
        var now = Time.GetUtcNow();
        return Task.FromResult<IReadOnlyList<SignalReading>>(
            [.. _rules.Select(rule => view is null ? SignalReading.Missing($"No metrics came in lately of {_place.Service} {_place.Version} in {_place.Environment}.", 0, 0) : rule.Read(view, now))]);
    }

    private static IEnumerable<string> Faults(SourceBinding binding)
    {
        var faults = binding.Rules.SelectMany(static rule => RuleReadings.Faults(rule).Select(fault => $"signal '{rule.Signal}': {fault}"));
        if (binding.Credential is not null)
        {
            faults = faults.Append("it needs no credential: whoever sends metrics has one for the console");
        }

        return binding.Checks.Count > 0 ? faults.Append("checks belong to a source of the kind http-check") : faults;
    }
}
