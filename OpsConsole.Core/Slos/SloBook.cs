using System.Collections.Immutable;
using OpsConsole.Core.Board;
using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Slos;

/// <summary>All objectives: samples go in as they are measured, standings come out when they are asked for. Safe for any number of threads.</summary>
public sealed class SloBook(TimeProvider time) : ISloStandings
{
    private readonly Lock _changing = new();

    // Read on every sample without a lock; both are replaced, never changed.
    private Dictionary<SliKey, TrackedSlo[]> _routes = [];
    private ImmutableSortedDictionary<string, TrackedSlo> _slos = ImmutableSortedDictionary.Create<string, TrackedSlo>(StringComparer.Ordinal);
    private Published _published = new([]);
    private List<SloAlert> _changed = [];
    private volatile bool _loaded;

    /// <summary>Tells pages that there are new standings.</summary>
    public BoardFeed Feed { get; } = new();

    /// <inheritdoc/>
    public bool IsLoaded => _loaded;

    /// <inheritdoc/>
    public ImmutableArray<SloStanding> All => Volatile.Read(ref _published).Standings;

    /// <summary>The definitions, by name.</summary>
    public IReadOnlyList<Slo> Slos => [.. Volatile.Read(ref _slos).Values.Select(t => t.Slo)];

    /// <inheritdoc/>
    public IReadOnlyList<SloStanding> ForService(string service, string environment) =>
        [.. All.Where(s => s.Slo.Service == service && s.Slo.Environment == environment)];

    /// <inheritdoc/>
    public ServiceBurn BurnRateNow(string service, string environment)
    {
        var standings = ForService(service, environment);
        var worst = standings.Where(s => s.BurnRateNow is not null).MaxBy(s => s.BurnRateNow) ?? (standings.Count > 0 ? standings[0] : null);
        return new(worst?.BurnRateNow, worst?.AsOf, worst?.Slo.Name);
    }

    /// <summary>One standing as last evaluated, or null.</summary>
    public SloStanding? Find(string name) => All.FirstOrDefault(s => s.Slo.Name == name);

    /// <summary>Adds an objective or replaces the one of that name; it has a standing with the next <see cref="Refresh"/>. What was counted is what is given here: nothing goes over from the one before.</summary>
    /// <param name="slo">The definition.</param>
    /// <param name="kept">Its events as they were kept.</param>
    /// <param name="firing">Its alerts that fire.</param>
    public void Set(Slo slo, IEnumerable<SloWindow> kept, IEnumerable<SloAlert> firing)
    {
        ArgumentNullException.ThrowIfNull(slo);
        ArgumentNullException.ThrowIfNull(kept);
        var tracked = new TrackedSlo(slo, firing);
        var now = time.GetUtcNow();
        foreach (var window in kept)
        {
            tracked.Series.Restore(window, now);
        }

        lock (_changing)
        {
            Replace(_slos.SetItem(slo.Name, tracked));
        }
    }

    /// <summary>Notes that everything on record was taken over and judged, and tells the pages.</summary>
    public void MarkLoaded()
    {
        _loaded = true;
        Feed.Announce();
    }

    /// <summary>Takes an objective out. Returns its alerts that fired, now resolved with the sentence given.</summary>
    public IReadOnlyList<SloAlert> Remove(string name, string ending)
    {
        List<SloAlert> ended = [];
        var now = time.GetUtcNow();
        lock (_changing)
        {
            if (_slos.TryGetValue(name, out var tracked))
            {
                Replace(_slos.Remove(name));
                ended.AddRange(tracked.Firing.Select(a => a.Resolved(now, ending)));
            }
        }

        return ended;
    }

    /// <summary>Counts a sample for every objective that it belongs to; what the source said before of the same time stands as it was counted, and what it says of the past may have been counted already. Allocates nothing but for the first sample of a version; waits for nothing.</summary>
    /// <returns>True when an objective counted it.</returns>
    public bool Record(in SignalSample sample)
    {
        if (sample.Kind != SampleKind.Measured || sample.Repeats || sample.IsPast || sample.Corrects is not null || sample.Count <= 0 || !double.IsFinite(sample.Value))
        {
            return false;
        }

        var address = sample.Address;
        if (!Volatile.Read(ref _routes).TryGetValue(new(address.Service, address.Environment, address.Signal), out var slos))
        {
            return false;
        }

        var now = time.GetUtcNow();
        if (sample.At - now > ReleaseBoard.ClockTolerance || now - sample.At > ReleaseBoard.OldestSample)
        {
            return false;
        }

        var counted = false;
        var ticks = Math.Min(sample.At.UtcTicks, now.UtcTicks);
        var total = sample.Count * sample.NewPart;
        var share = total * Math.Clamp(sample.Value, 0, 100) / 100;
        foreach (var slo in slos)
        {
            if (slo.Slo.Target is null || slo.Slo.Target == address.Target)
            {
                slo.Series.Add(address.Version, ticks, now.UtcTicks, slo.Slo.Share == SliShare.Good ? share : total - share, total);
                counted = true;
            }
        }

        return counted;
    }

    /// <summary>Judges every objective as of now and publishes the standings. One at a time, so that an alert cannot fire twice.</summary>
    public void Refresh()
    {
        lock (_changing)
        {
            var now = time.GetUtcNow();
            var standings = new List<SloStanding>(_slos.Count);
            foreach (var tracked in _slos.Values)
            {
                standings.Add(tracked.Evaluate(now, _changed));
            }

            standings.Sort(SloOrder.WorstFirst);
            Announce([.. standings]);
        }
    }

    /// <summary>Hands over the alerts that fired or resolved since the last call.</summary>
    public IReadOnlyList<SloAlert> TakeAlerts()
    {
        lock (_changing)
        {
            var changed = _changed;
            _changed = [];
            return changed;
        }
    }

    /// <summary>Adds to a firing alert what changed recently, and publishes it. Null when it does not fire any more.</summary>
    public SloAlert? Explain(SloAlert alert, ImmutableArray<SloChange> changes)
    {
        ArgumentNullException.ThrowIfNull(alert);
        lock (_changing)
        {
            if (!_slos.TryGetValue(alert.Slo, out var tracked) || tracked.Explain(alert.Id, changes) is not { } explained)
            {
                return null;
            }

            Announce([.. All.Select(s => s.Slo.Name == alert.Slo ? s with { Alerts = [.. tracked.Firing] } : s)]);
            return explained;
        }
    }

    /// <summary>The buckets of an objective's period, oldest first; none when it is not known.</summary>
    public IReadOnlyList<SloWindow> History(string name) =>
        Volatile.Read(ref _slos).TryGetValue(name, out var tracked) ? tracked.Series.History(time.GetUtcNow()) : [];

    /// <summary>Versions of the objective's service whose events are told apart.</summary>
    public IReadOnlyList<string> Versions(string name) => Volatile.Read(ref _slos).TryGetValue(name, out var tracked) ? tracked.Series.Versions() : [];

    /// <summary>What one version spent of the budget of the period while it was exposed, in whole hours; null when no events of it are known.</summary>
    public VersionSpend? SpentBy(string name, string version, DateTimeOffset from, DateTimeOffset to)
    {
        if (!Volatile.Read(ref _slos).TryGetValue(name, out var tracked) || tracked.Series.CountVersion(version, from, to) is not { Total: > 0 } events)
        {
            return null;
        }

        var allowed = tracked.Slo.AllowedShare * (decimal)tracked.Series.Count(time.GetUtcNow(), tracked.Slo.Period).Total;
        return new(version, (decimal)events.Bad, (decimal)events.Total, allowed > 0 ? decimal.Round(100m * (decimal)events.Bad / allowed, 6) : null);
    }

    /// <summary>Every bucket that changed since the last call, to be kept.</summary>
    public IReadOnlyList<SloWindow> TakeChanged()
    {
        List<SloWindow> changed = [];
        foreach (var tracked in Volatile.Read(ref _slos).Values)
        {
            tracked.Series.TakeChanged(changed);
        }

        return changed;
    }

    /// <summary>Takes back buckets that could not be kept, so that they are handed over again.</summary>
    public void MarkChanged(IEnumerable<SloWindow> windows)
    {
        ArgumentNullException.ThrowIfNull(windows);
        foreach (var window in windows)
        {
            if (_slos.TryGetValue(window.Slo, out var tracked))
            {
                tracked.Series.MarkChanged(window);
            }
        }
    }

    private void Replace(ImmutableSortedDictionary<string, TrackedSlo> slos)
    {
        Volatile.Write(ref _slos, slos);
        Volatile.Write(ref _routes, slos.Values
            .GroupBy(t => new SliKey(t.Slo.Service, t.Slo.Environment, t.Slo.Signal))
            .ToDictionary(g => g.Key, g => g.ToArray()));
    }

    private void Announce(ImmutableArray<SloStanding> standings)
    {
        Volatile.Write(ref _published, new Published(standings));
        Feed.Announce();
    }

    private readonly record struct SliKey(string Service, string Environment, SignalKey Signal);

    private sealed record Published(ImmutableArray<SloStanding> Standings);
}
