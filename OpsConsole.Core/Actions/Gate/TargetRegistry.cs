using System.Collections.Concurrent;

namespace OpsConsole.Core.Actions.Gate;

/// <summary>The adapters that are connected, by the name that releases use and the environment that they are for.</summary>
public sealed class TargetRegistry : ITargetRegistry
{
    private readonly ConcurrentDictionary<(string Target, string? Environment), IDeliveryTargetAdapter> _adapters = new();

    public IDeliveryTargetAdapter? Find(string target, string environment) => _adapters.GetValueOrDefault((target, environment)) ?? _adapters.GetValueOrDefault((target, null));

    public TargetCapabilities? CapabilitiesOf(string target) => _adapters.Values.FirstOrDefault(a => a.Target == target)?.Capabilities;

    public IReadOnlyCollection<string> Connected => [.. _adapters.Keys.Select(k => k.Target).Distinct(StringComparer.Ordinal)];

    public void Add(IDeliveryTargetAdapter adapter)
    {
        ArgumentNullException.ThrowIfNull(adapter);
        _adapters[(adapter.Target, adapter.Environment)] = adapter;
    }
}
