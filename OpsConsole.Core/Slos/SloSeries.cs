namespace OpsConsole.Core.Slos;

/// <summary>The events of one objective in rolled-up buckets: 15 s for the short windows, 5 min for those of hours and days, 1 h for the period; and in hours for each version. Safe for threads.</summary>
internal sealed class SloSeries(Slo slo)
{
    /// <summary>Longest time that one sample speaks for: what a source counted since its last reading, but not an outage of it.</summary>
    public static readonly TimeSpan LongestStep = TimeSpan.FromMinutes(5);

    /// <summary>Versions that are told apart at once; beyond that the one heard of longest ago is let go.</summary>
    public const int MostVersions = 8;

    private static readonly TimeSpan Fine = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Middle = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Coarse = TimeSpan.FromHours(1);

    /// <summary>An hour and what may come late to it.</summary>
    private static readonly TimeSpan FineSpan = TimeSpan.FromMinutes(80);
    private static readonly TimeSpan MiddleSpan = TimeSpan.FromHours(73);

    private readonly Lock _lock = new();
    private readonly EventRing _fine = new(Fine, FineSpan);
    private readonly EventRing _middle = new(Middle, MiddleSpan);
    private readonly EventRing _coarse = new(Coarse, PeriodSpan(slo));
    private readonly List<VersionSeries> _versions = [];
    private long _measuredUntil;
    private long _newest;

    /// <summary>When the newest measured sample is of; null before the first.</summary>
    public DateTimeOffset? Newest => Interlocked.Read(ref _newest) is var ticks and > 0 ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>Counts one measured sample. Allocates nothing but for the first sample of a version.</summary>
    /// <param name="version">Version that it is of.</param>
    /// <param name="ticks">When it was measured, in UTC ticks, not after now.</param>
    /// <param name="now">Now, in UTC ticks.</param>
    /// <param name="good">Good events.</param>
    /// <param name="total">All events, above 0.</param>
    public void Add(string version, long ticks, long now, double good, double total)
    {
        lock (_lock)
        {
            _fine.Add(ticks, good, total);
            _middle.Add(ticks, good, total);
            _coarse.Add(ticks, good, total);
            Cover(ticks, now);
            Of(version, ticks).Ring.Add(ticks, good, total);
        }
    }

    /// <summary>Events of the time before an instant, from the finest buckets that hold so much.</summary>
    public EventCount Count(DateTimeOffset now, TimeSpan window)
    {
        lock (_lock)
        {
            return RingFor(window).Sum(now, window);
        }
    }

    /// <summary>Events of one version in a stretch of time, in whole hours; null when none are known of it.</summary>
    public EventCount? CountVersion(string version, DateTimeOffset from, DateTimeOffset to)
    {
        lock (_lock)
        {
            return _versions.Find(v => v.Name == version)?.Ring.Between(from, to);
        }
    }

    /// <summary>Versions whose events are told apart.</summary>
    public IReadOnlyList<string> Versions()
    {
        lock (_lock)
        {
            return [.. _versions.Select(v => v.Name)];
        }
    }

    /// <summary>All buckets of the period, in the finest width that still holds all there is, oldest first.</summary>
    public IReadOnlyList<SloWindow> History(DateTimeOffset now)
    {
        lock (_lock)
        {
            var hours = _coarse.Filled(slo.Name, "", now).ToList();
            if (hours.Count == 0 || now - hours[0].Start >= _middle.Span)
            {
                return hours;
            }

            var minutes = _middle.Filled(slo.Name, "", now).ToList();
            return minutes.Count == 0 || now - minutes[0].Start >= _fine.Span ? minutes : [.. _fine.Filled(slo.Name, "", now)];
        }
    }

    /// <summary>Hands over what changed since the last call, in the widths that are kept.</summary>
    public void TakeChanged(List<SloWindow> changed)
    {
        lock (_lock)
        {
            _middle.TakeChanged(slo.Name, "", changed);
            _coarse.TakeChanged(slo.Name, "", changed);
            foreach (var version in _versions)
            {
                version.Ring.TakeChanged(slo.Name, version.Name, changed);
            }
        }
    }

    /// <summary>Takes back what was handed over and could not be written.</summary>
    public void MarkChanged(SloWindow window)
    {
        lock (_lock)
        {
            var ring = window.Version.Length > 0 ? _versions.Find(v => v.Name == window.Version)?.Ring : window.WidthSeconds == (int)Coarse.TotalSeconds ? _coarse : _middle;
            ring?.MarkChanged(window.Start);
        }
    }

    /// <summary>Adds what was kept before a restart to what has been counted since. What is older than a ring holds is left out.</summary>
    public void Restore(SloWindow window, DateTimeOffset now)
    {
        var width = TimeSpan.FromSeconds(window.WidthSeconds);
        var covered = TimeSpan.FromSeconds(window.CoveredSeconds);
        lock (_lock)
        {
            var end = window.Start + width < now ? window.Start + width : now;
            var ring = window.Version.Length > 0 ? Of(window.Version, end.UtcTicks).Ring : width == Coarse ? _coarse : _middle;
            if (window.Start > now || window.Start <= now - ring.Span)
            {
                return;
            }

            ring.Restore(window.Start, window.Good, window.Total, covered);
            if (ring == _middle && window.Start > now - _fine.Span + Middle)
            {
                Spread(window, end, covered);
            }

            if (window.Total > 0 && window.Version.Length == 0 && end.UtcTicks > _newest && width == Middle)
            {
                Interlocked.Exchange(ref _newest, end.UtcTicks);
            }
        }
    }

    /// <summary>What was kept of five minutes is taken to have happened evenly over them.</summary>
    private void Spread(SloWindow window, DateTimeOffset end, TimeSpan covered)
    {
        var parts = Math.Max(1, (int)Math.Ceiling((end - window.Start) / Fine));
        for (var i = 0; i < parts; i++)
        {
            _fine.Restore(window.Start + (Fine * i), window.Good / parts, window.Total / parts, covered / parts);
        }
    }

    /// <summary>A sample counts what happened since the one before it, so it speaks for that time. After a clock that was set back, measuring begins anew.</summary>
    private void Cover(long ticks, long now)
    {
        var until = ticks - (ticks % TimeSpan.TicksPerSecond);
        if (_measuredUntil > now)
        {
            _measuredUntil = until;
        }

        if (_newest > now || ticks > _newest)
        {
            Interlocked.Exchange(ref _newest, ticks);
        }

        if (until <= _measuredUntil)
        {
            return;
        }

        var from = _measuredUntil == 0 ? until - Fine.Ticks : Math.Max(_measuredUntil, until - LongestStep.Ticks);
        _fine.Cover(from, until);
        _middle.Cover(from, until);
        _coarse.Cover(from, until);
        _measuredUntil = until;
    }

    private EventRing RingFor(TimeSpan window) => window <= Coarse ? _fine : window <= TimeSpan.FromDays(3) && window < slo.Period ? _middle : _coarse;

    private VersionSeries Of(string version, long ticks)
    {
        foreach (var known in _versions)
        {
            if (ReferenceEquals(known.Name, version) || known.Name == version)
            {
                known.Newest = Math.Max(known.Newest, ticks);
                return known;
            }
        }

        if (_versions.Count >= MostVersions)
        {
            _versions.Remove(_versions.MinBy(v => v.Newest)!);
        }

        var added = new VersionSeries(version, new EventRing(Coarse, PeriodSpan(slo))) { Newest = ticks };
        _versions.Add(added);
        return added;
    }

    private static TimeSpan PeriodSpan(Slo slo) => slo.Period + Coarse;

    private sealed class VersionSeries(string name, EventRing ring)
    {
        public string Name => name;

        public EventRing Ring => ring;

        public long Newest { get; set; }
    }
}
