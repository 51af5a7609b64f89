using Microsoft.Extensions.Options;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
using OpsConsole.Core.Catalog;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Remote;
using OpsConsole.Web.Jobs;
using OpsConsole.Web.Targets;

namespace OpsConsole.Web.Catalog;

/// <summary>Brings what the catalogue says into force while the console runs, and takes out of it what it says no more.</summary>
internal sealed class CatalogConnections(
    TargetConnector connector, ITargetRegistry registry, ISourceSchedule schedule, IOptions<TargetOptions> targetOptions, IOptions<SourceOptions> sourceOptions, ActionsUnderWay underWay, ReleaseBoard board)
{
    private readonly List<CatalogTargetEntry> _targets = [];
    private readonly List<CatalogSourceEntry> _sources = [];
    private IReadOnlyList<CatalogPart>? _tried;
    private Dictionary<(string Target, string? Environment), CatalogFault> _failed = [];

    /// <summary>What is connected and read now by other means than the configuration and the catalogue. A source that follows releases is of one of these two.</summary>
    public ConnectedBesides Besides() => new(
        [
            .. registry.List().Select(t => t.Adapter)
                .Where(a => !_targets.Exists(t => (t.Target, t.Environment) == (a.Target, a.Environment)))
                .Where(a => !targetOptions.Value.Targets.Any(t => (t.Settings.Target, t.Settings.Environment) == (a.Target, a.Environment)))
                .Where(a => a.Environment is not null || !targetOptions.Value.Flags.Any(f => f.Target == a.Target))
                .Select(a => new TargetBesides(a.Target, a.Environment, a.Capabilities.Title)),
        ],
        [
            .. schedule.List().Select(s => s.Binding)
                .Where(b => b.MadeOf is null && !_sources.Exists(s => s.Binding.Key == b.Key) && !sourceOptions.Value.Bindings.Any(o => o.Key == b.Key))
                .OrderBy(b => b.Key, StringComparer.Ordinal),
        ]);

    /// <summary>Why these parts cannot take the place of what is in force, one sentence each: a target keeps its connection while it is being asked for something, and while a release is on its way on it.</summary>
    public async Task<IReadOnlyList<string>> BusyAsync(IReadOnlyList<CatalogPart> parts, CancellationToken cancellationToken)
    {
        var leaving = Leaving(parts);
        if (leaving.Count == 0)
        {
            return [];
        }

        var gone = leaving.FindAll(t => !parts.SelectMany(p => p.Targets).Any(n => IsOf(n, t)));
        return
        [
            .. (await underWay.ListAsync(cancellationToken)).Where(a => leaving.Exists(t => t.Meets(a.Target, a.Environment)))
                .Select(a => $"{a.Title} is under way on {a.Target} in {a.Environment}, and this changes how that is connected: wait until it is done."),
            .. board.Current.Releases.Where(r => r.Phase.IsLive() && gone.Exists(t => t.Meets(r.Target, r.Environment)))
                .Select(r => $"{r.Service} {r.Version} is on its way on {r.Target} in {r.Environment}, and this takes away how it is stopped: roll it back or complete it first."),
        ];
    }

    /// <summary>Brings parts into force. What is as before stays as it is; a target that has an action under way after all is left until the next time, and one that cannot be connected keeps the connection that it had.</summary>
    /// <returns>What could not be connected. It is not tried again with the same parts.</returns>
    public async Task<IReadOnlyList<CatalogFault>> TakeUpAsync(IReadOnlyList<CatalogPart> parts, CancellationToken cancellationToken)
    {
        var leaving = Leaving(parts);
        if (leaving.Count > 0)
        {
            var busy = await underWay.ListAsync(cancellationToken);
            leaving.RemoveAll(t => busy.Any(a => t.Meets(a.Target, a.Environment)));
        }

        // Each is made before it takes a place: at no moment is a target without a connection because of another one.
        var kept = _targets.Except(leaving).ToList();
        if (!ReferenceEquals(parts, _tried))
        {
            (_tried, _failed) = (parts, []);
        }

        foreach (var entry in parts.SelectMany(p => p.Targets).Where(t => !kept.Exists(o => IsOf(o, t)) && !_failed.ContainsKey((t.Target, t.Environment))))
        {
            if (TryConnect(entry) is { } adapter)
            {
                registry.Add(adapter);
                _targets.RemoveAll(o => IsOf(o, entry));
                _targets.Add(entry);
            }
        }

        foreach (var gone in leaving.Where(t => _targets.Contains(t) && !_failed.Keys.Any(f => t.Meets(f.Target, f.Environment))))
        {
            registry.Remove(gone.Target, gone.Environment);
            _targets.Remove(gone);
        }

        targetOptions.Value.FromCatalog = [.. _targets.Select(t => t.Connected).OfType<ConfiguredTarget>()];
        targetOptions.Value.FlagsFromCatalog = [.. _targets.Select(t => t.Flags).OfType<Core.Targets.Flags.FlagTargetOptions>()];
        await TakeUpSourcesAsync([.. parts.SelectMany(p => p.Sources)], cancellationToken);
        sourceOptions.Value.FromCatalog = [.. _sources.Select(s => s.Binding)];
        return [.. _failed.Values];
    }

    /// <summary>The adapter of a target; null where it cannot be made, which is noted.</summary>
    private IDeliveryTargetAdapter? TryConnect(CatalogTargetEntry entry)
    {
        try
        {
            return entry.Flags is { } flags ? connector.Connect(flags) : connector.Connect(entry.Connected!);
        }
#pragma warning disable CA1031 // Whatever a kind throws at its settings, other targets are connected, and this one stays as it was.
        catch (Exception e)
#pragma warning restore CA1031
        {
            var before = _targets.Exists(o => o.Meets(entry.Target, entry.Environment)) ? "stays connected as it was before" : "is not connected";
            _failed[(entry.Target, entry.Environment)] = new(
                entry.Place.File, entry.Place.Line, entry.Place.Column,
                $"{entry.Title} cannot be connected as this says, and {before}: {RemoteWords.Plain(e.Message, entry.Connected?.Settings.Secrets ?? []).TrimEnd('.')}. It is tried again with the next version, and at the next start.");
            return null;
        }
    }

    /// <summary>What is read for every version of a release is put on the schedule by whatever follows releases.</summary>
    private async Task TakeUpSourcesAsync(List<CatalogSourceEntry> wanted, CancellationToken cancellationToken)
    {
        foreach (var gone in _sources.Where(o => !wanted.Exists(w => Same(w, o))).ToList())
        {
            if (!gone.Binding.FollowsReleases)
            {
                await schedule.RemoveAsync(gone.Binding.Key, cancellationToken);
            }

            _sources.Remove(gone);
        }

        foreach (var added in wanted.Where(w => !_sources.Exists(o => Same(w, o))))
        {
            if (!added.Binding.FollowsReleases)
            {
                await schedule.AddAsync(added.Binding, cancellationToken);
            }

            _sources.Add(added);
        }
    }

    private List<CatalogTargetEntry> Leaving(IReadOnlyList<CatalogPart> parts) =>
        _targets.FindAll(o => !parts.SelectMany(p => p.Targets).Any(t => (t.Target, t.Environment, t.Mark) == (o.Target, o.Environment, o.Mark)));

    private static bool IsOf(CatalogTargetEntry a, CatalogTargetEntry b) => (a.Target, a.Environment) == (b.Target, b.Environment);

    private static bool Same(CatalogSourceEntry a, CatalogSourceEntry b) => (a.Binding.Key, a.Mark) == (b.Binding.Key, b.Mark);
}

/// <summary>An action that a target has not done with.</summary>
/// <param name="Title">What it is, at the head of a sentence: "Promote shop 2.15.0".</param>
/// <param name="Target">Where.</param>
/// <param name="Environment">Likewise.</param>
internal sealed record ActionUnderWay(string Title, string Target, string Environment);

/// <summary>Finds actions that a target is being asked for. What waits for people, or for a target that does not answer, is not among them: a wrong connection has to be mended while a stop waits for it.</summary>
internal sealed class ActionsUnderWay(IActionStore actions, IReleaseStore releases)
{
    public async Task<IReadOnlyList<ActionUnderWay>> ListAsync(CancellationToken cancellationToken)
    {
        var found = new List<ActionUnderWay>();
        foreach (var action in await actions.ListInFlightAsync(cancellationToken))
        {
            if (action.Phase == ActionPhase.Executing && action.ReleaseId is { } id && await releases.FindAsync(id, cancellationToken) is { } release)
            {
                found.Add(new($"{action.Verb.Label()} {release.Service} {release.Version}", release.Target, release.Environment));
            }
        }

        return found;
    }
}
