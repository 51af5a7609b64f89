using System.Collections.Concurrent;

namespace OpsConsole.Core.Actions.Gate;

/// <summary>The adapters that are connected, by the name that releases use and the environment that they are for.</summary>
/// <param name="time">The console's clock; the system's where none is given.</param>
public sealed class TargetRegistry(TimeProvider? time = null) : ITargetRegistry
{
    private readonly ConcurrentDictionary<(string Target, string? Environment), WatchedTarget> _adapters = new();

    public IDeliveryTargetAdapter? Find(string target, string environment) => FindWatched(target, environment);

    public IDeliveryTargetAdapter? FindForDraft(string target, string environment) => FindWatched(target, environment)?.Unwatched;

    public TargetCapabilities? CapabilitiesOf(string target) => _adapters.Values.FirstOrDefault(a => a.Target == target)?.Capabilities;

    public IReadOnlyCollection<string> Connected => [.. _adapters.Keys.Select(k => k.Target).Distinct(StringComparer.Ordinal)];

    public IReadOnlyList<ConnectedTarget> List() =>
        [.. _adapters.Values.OrderBy(a => a.Target, StringComparer.Ordinal).ThenBy(a => a.Environment, StringComparer.Ordinal).Select(a => new ConnectedTarget(a, a.LastContact))];

    public void Add(IDeliveryTargetAdapter adapter)
    {
        ArgumentNullException.ThrowIfNull(adapter);
        _adapters[(adapter.Target, adapter.Environment)] = new WatchedTarget(adapter, time ?? TimeProvider.System);
    }

    public void Remove(string target, string? environment) => _adapters.TryRemove((target, environment), out _);

    private WatchedTarget? FindWatched(string target, string environment) => _adapters.GetValueOrDefault((target, environment)) ?? _adapters.GetValueOrDefault((target, null));
}
