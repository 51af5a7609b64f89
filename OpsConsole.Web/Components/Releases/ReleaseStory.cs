using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;
using OpsConsole.Web.Components.Charts;

namespace OpsConsole.Web.Components.Releases;

/// <summary>Everything stored about one release: what its page shows besides the live values.</summary>
public sealed record ReleaseStory
{
    private const int EventsShown = 500;
    private static readonly TimeSpan Before = TimeSpan.FromMinutes(5);

    public required Release Release { get; init; }

    public required IReadOnlyList<ReleaseEvent> Events { get; init; }

    /// <summary>Actions by their id.</summary>
    public required IReadOnlyDictionary<Guid, ReleaseAction> Actions { get; init; }

    public required IReadOnlyList<SignalPoint> Points { get; init; }

    /// <summary>The lines across every chart.</summary>
    public required IReadOnlyList<ChartMark> Marks { get; init; }

    /// <summary>Reads the story of a release, or null where there is no such release.</summary>
    public static async Task<ReleaseStory?> ReadAsync(Guid id, IReleaseStore releases, IActionStore actions, ISignalHistoryStore history, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(releases);
        ArgumentNullException.ThrowIfNull(history);
        if (await releases.FindAsync(id, cancellationToken) is not { } release)
        {
            return null;
        }

        var story = new ReleaseStory { Release = release, Events = [], Actions = new Dictionary<Guid, ReleaseAction>(), Points = [], Marks = [] };
        var points = await history.ReadAsync(id, release.RegisteredAt - Before, ChartData.Cap, cancellationToken);
        return await (story with { Points = points }).ReadEventsAsync(releases, actions, cancellationToken);
    }

    /// <summary>The same story with its timeline, actions and release read anew.</summary>
    public async Task<ReleaseStory> ReadEventsAsync(IReleaseStore releases, IActionStore actions, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(releases);
        ArgumentNullException.ThrowIfNull(actions);
        var release = await releases.FindAsync(Release.Id, cancellationToken) ?? Release;
        var events = await releases.EventsAsync(Release.Id, EventsShown, cancellationToken);
        var asked = await actions.ForReleaseAsync(Release.Id, cancellationToken);
        return this with { Release = release, Events = events, Actions = asked.ToDictionary(a => a.Id), Marks = ChartData.Marks(events) };
    }
}
