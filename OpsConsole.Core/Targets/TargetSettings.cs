using OpsConsole.Core.Connections;

namespace OpsConsole.Core.Targets;

/// <summary>How one target is reached in one environment, as configured: its credential is for that environment alone.</summary>
public sealed class TargetSettings : ConnectionSettings
{
    /// <summary>Shortest and longest <see cref="ConnectionSettings.Timeout"/>: what carries an action out waits no longer than that for a target to accept a change.</summary>
    public static readonly TimeSpan MinTimeout = TimeSpan.FromMilliseconds(100), MaxTimeout = TimeSpan.FromSeconds(10);

    private readonly DeliveryTargetKind _kind;

    /// <param name="kind">What kind of target it is.</param>
    /// <param name="target">The name that releases use for it.</param>
    /// <param name="environment">The environment that it is reached in.</param>
    /// <param name="values">What was set, by name, without regard to case.</param>
    public TargetSettings(DeliveryTargetKind kind, string target, string environment, IReadOnlyDictionary<string, string> values)
        : base((kind ?? throw new ArgumentNullException(nameof(kind))).Name, kind.Settings, values) =>
        (_kind, Target, Environment) = (kind, target, environment);

    /// <summary>The name that releases use for the target.</summary>
    public string Target { get; }

    /// <summary>The one environment whose releases may be changed by it.</summary>
    public string Environment { get; }

    /// <summary>What services are called at the target, where that is not the name that they have here.</summary>
    public IReadOnlyDictionary<string, string> Services { get; init; } = new Dictionary<string, string>();

    /// <summary>What a service is called at the target.</summary>
    public string NameOf(string service) => Services.GetValueOrDefault(service, service);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Faults() => base.Faults() is { Count: > 0 } faults ? faults : [.. _kind.Faults(this)];

    /// <inheritdoc/>
    public override string ToString() => $"{Target} ({Kind}) in {Environment}";
}
