using System.Collections.Concurrent;

namespace OpsConsole.Core.Actions.Gate;

/// <summary>The adapters that are connected, by the name that releases use.</summary>
public sealed class TargetRegistry : ITargetRegistry
{
    private readonly ConcurrentDictionary<string, IDeliveryTargetAdapter> _adapters = new(StringComparer.Ordinal);

    public IDeliveryTargetAdapter? Find(string target) => _adapters.GetValueOrDefault(target);

    public IReadOnlyCollection<string> Connected => [.. _adapters.Keys];

    public void Add(IDeliveryTargetAdapter adapter)
    {
        ArgumentNullException.ThrowIfNull(adapter);
        _adapters[adapter.Target] = adapter;
    }
}
