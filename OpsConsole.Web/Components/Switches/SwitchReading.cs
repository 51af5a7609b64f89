using OpsConsole.Core.Audit;
using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Switches;

namespace OpsConsole.Web.Components.Switches;

/// <summary>A switch in one environment as the pages show it.</summary>
/// <param name="Environment">Where.</param>
/// <param name="Killed">True while it is killed here alone.</param>
/// <param name="Targeting">Who gets it while it is not killed.</param>
/// <param name="Stored">What is on record of it; null where nothing differs, and while the record is away.</param>
public sealed record SwitchPlace(string Environment, bool Killed, Targeting Targeting, SwitchEnvironment? Stored);

/// <summary>A switch with all that the pages show of it.</summary>
public sealed record SwitchCard(string Key, string? Owner, string TurnsOff, bool Killed, int Revision, DateTimeOffset? ArchivedAt, IReadOnlyList<SwitchPlace> Places, IReadOnlyList<ReleaseSnapshot> Bound)
{
    /// <summary>When it was last killed or restored, anywhere, and how; null when it never was.</summary>
    public (DateTimeOffset At, string By, string What, string? Reason)? Last { get; init; }

    /// <summary>False while the record is away, so that nobody knows when it was last exercised.</summary>
    public bool OnRecord { get; init; } = true;

    /// <summary>True while it is killed anywhere.</summary>
    public bool KilledAnywhere => Killed || Places.Any(p => p.Killed);

    /// <summary>The live release whose exposure the share in an environment is, once it has moved it; null where a person sets it.</summary>
    public ReleaseSnapshot? DriverOf(SwitchPlace place)
    {
        ArgumentNullException.ThrowIfNull(place);
        return place.Targeting.Drive is { } drive ? Bound.FirstOrDefault(r => r.Id == drive.Release && r.Phase.IsLive()) : null;
    }

    /// <summary>How it stands in an environment, in words.</summary>
    public string State(SwitchPlace place) => Killed ? "killed everywhere" : place.Killed ? "killed here" : TargetingWords.Of(place.Targeting);
}

/// <summary>What is to be shown, and whether it is from memory because the record is away.</summary>
public sealed record SwitchesShown(IReadOnlyList<SwitchCard> Cards, string? Away);

/// <summary>Reads the switches for the pages: from the record, and from memory while it is away, because a kill is taken then too.</summary>
public sealed class SwitchReading(ISwitchStore switches, SwitchBoard flags, FlagEnvironments environments, ReleaseBoard board)
{
    /// <summary>All switches, those that are killed first.</summary>
    public async Task<SwitchesShown> AllAsync(CancellationToken cancellationToken)
    {
        try
        {
            var places = await switches.EnvironmentsAsync(null, cancellationToken);
            return new SwitchesShown(Sorted((await switches.ListAsync(cancellationToken)).Select(value => Card(value, places))), null);
        }
        catch (RecordUnavailableException e) when (flags.IsLoaded)
        {
            return new SwitchesShown(Sorted(flags.All.Select(Remembered)), e.Message);
        }
    }

    /// <summary>One switch; no card where there is none.</summary>
    public async Task<SwitchesShown> OneAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            return new SwitchesShown(await switches.FindAsync(key, cancellationToken) is { } value ? [Card(value, await switches.EnvironmentsAsync(key, cancellationToken))] : [], null);
        }
        catch (RecordUnavailableException e) when (flags.Find(key) is { } known)
        {
            return new SwitchesShown([Remembered(known)], e.Message);
        }
    }

    private SwitchCard Card(KillSwitch value, IReadOnlyList<SwitchEnvironment> all)
    {
        var stored = all.Where(p => p.Key == value.Key).ToList();
        var places = Names(stored.Select(p => p.Environment)).Select(name =>
        {
            var place = stored.Find(p => p.Environment == name);
            return new SwitchPlace(name, place?.Killed == true || flags.Only(value.Key, name) is { Killed: true }, TargetingText.ReadStored(place?.TargetingJson), place);
        });
        return new SwitchCard(value.Key, value.Owner, value.TurnsOff, value.Killed || flags.Find(value.Key) is { Killed: true }, value.Revision, value.ArchivedAt, [.. places], Bound(value.Key))
        {
            Last = LastOf(value, stored),
        };
    }

    private SwitchCard Remembered(SwitchSummary value)
    {
        var places = Names([]).Select(name => new SwitchPlace(name, flags.Only(value.Key, name) is { Killed: true }, flags.Find(value.Key, name)?.Targeting ?? Targeting.Everyone, null));
        return new SwitchCard(value.Key, null, value.TurnsOff, value.Killed, 0, null, [.. places], Bound(value.Key)) { OnRecord = false };
    }

    private IEnumerable<string> Names(IEnumerable<string> more) => environments.Known.Concat(more).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    private List<ReleaseSnapshot> Bound(string key) => [.. board.Current.Releases.Where(r => r.Switch?.Key == key)];

    private static (DateTimeOffset At, string By, string What, string? Reason)? LastOf(KillSwitch value, List<SwitchEnvironment> stored)
    {
        List<(DateTimeOffset At, string By, string What, string? Reason)> all = [];
        if (value.ChangedBy is { } by)
        {
            all.Add((value.ChangedAt, by, value.Killed ? "killed" : "restored", value.Reason));
        }

        all.AddRange(stored.Where(p => p.ChangedBy is not null).Select(p => (p.ChangedAt, p.ChangedBy!, $"{(p.Killed ? "killed" : "restored")} in {p.Environment}", p.Reason)));
        return all.Count == 0 ? null : all.MaxBy(one => one.At);
    }

    private static List<SwitchCard> Sorted(IEnumerable<SwitchCard> cards) =>
        [.. cards.OrderBy(c => c.ArchivedAt is not null).ThenByDescending(c => c.Killed).ThenByDescending(c => c.KilledAnywhere).ThenBy(c => c.Key, StringComparer.Ordinal)];
}
