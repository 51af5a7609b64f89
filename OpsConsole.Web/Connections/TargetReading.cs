using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
using OpsConsole.Core.Catalog;
using OpsConsole.Core.Releases;

namespace OpsConsole.Web.Connections;

/// <summary>What a release under way has on a target.</summary>
public sealed record TargetUse(string Service, string Environment, string Version);

/// <summary>What the catalogue releases on a target.</summary>
public sealed record TargetPlace(string Service, string Environment);

/// <summary>A target, as pages and the API show it.</summary>
/// <param name="Connected">The adapter, and how its target was last asked.</param>
/// <param name="Uses">What is under way there.</param>
public sealed record TargetView(ConnectedTarget Connected, IReadOnlyList<TargetUse> Uses)
{
    /// <summary>What a target may be asked to do, in the order in which it is shown.</summary>
    public static readonly IReadOnlyList<ActionVerb> Verbs = [ActionVerb.Promote, ActionVerb.Halt, ActionVerb.Resume, ActionVerb.Rollback];

    /// <summary>What the catalogue has there, under way or not.</summary>
    public IReadOnlyList<TargetPlace> Places { get; init; } = [];

    public string Name => Connected.Adapter.Target;

    /// <summary>The one environment that it is connected for; null: every one.</summary>
    public string? Environment => Connected.Adapter.Environment;

    public TargetCapabilities Can => Connected.Adapter.Capabilities;

    public TargetContact? Contact => Connected.LastContact;

    /// <summary>Name for links: unique among targets.</summary>
    public string Id => Environment is { } only ? $"{Name}-{only}" : Name;
}

/// <summary>Every target that is connected, with what is under way on it.</summary>
/// <param name="targets">The targets.</param>
/// <param name="board">What is under way.</param>
/// <param name="services">The services that the catalogue has in force.</param>
public sealed class TargetReading(ITargetRegistry targets, ReleaseBoard board, Func<IReadOnlyList<CatalogService>> services)
{
    /// <summary>Every target; those that did not answer when they were last asked come first.</summary>
    public IReadOnlyList<TargetView> All() =>
        [.. targets.List().Select(View).OrderByDescending(v => v.Contact?.Trouble is not null).ThenBy(v => v.Name, StringComparer.Ordinal).ThenBy(v => v.Environment, StringComparer.Ordinal)];

    private TargetView View(ConnectedTarget connected) => new(
        connected,
        [.. board.Current.Releases
            .Where(r => r.Phase.IsLive() && r.Target == connected.Adapter.Target && (connected.Adapter.Environment ?? r.Environment) == r.Environment)
            .Select(r => new TargetUse(r.Service, r.Environment, r.Version)).Distinct()])
    {
        Places =
        [
            .. from service in services()
               from target in service.Targets.Where(t => t.Name == connected.Adapter.Target)
               from environment in target.Environments.Where(e => (connected.Adapter.Environment ?? e) == e)
               select new TargetPlace(service.Name, environment),
        ],
    };
}
