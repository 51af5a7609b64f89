using System.Collections.Immutable;
using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Slos;

/// <summary>One objective in the book: its definition, its events, its alerts. Evaluated by one thread at a time.</summary>
internal sealed class TrackedSlo
{
    /// <summary>Age of the newest event from which nobody knows how the objective stands now.</summary>
    public static readonly TimeSpan StaleAfter = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly ImmutableArray<BurnRateWindow> _windows;
    private readonly SloAlert?[] _firing;
    private readonly DateTimeOffset?[] _calmSince;

    public TrackedSlo(Slo slo, IEnumerable<SloAlert> firing)
    {
        Slo = slo;
        Series = new SloSeries(slo);
        _windows = BurnRateWindows.For(slo.Period);
        _firing = [.. _windows.Select(w => firing.FirstOrDefault(a => a.Detail.Window == w.Name))];
        _calmSince = new DateTimeOffset?[_windows.Length];
    }

    public Slo Slo { get; }

    public SloSeries Series { get; }

    /// <summary>Alerts that fire.</summary>
    public IEnumerable<SloAlert> Firing => _firing.OfType<SloAlert>();

    /// <summary>Judges every pair of windows and works out the budget.</summary>
    /// <param name="now">Now.</param>
    /// <param name="changed">Receives alerts that fired or resolved.</param>
    public SloStanding Evaluate(DateTimeOffset now, List<SloAlert> changed)
    {
        var windows = ImmutableArray.CreateBuilder<WindowStanding>(_windows.Length);
        for (var i = 0; i < _windows.Length; i++)
        {
            var window = _windows[i];
            var @long = Series.Count(now, window.Long);
            var fires = _firing[i] is not null;
            (var standing, _calmSince[i]) = BurnRateRule.Settle(BurnRateRule.Judge(window, Slo.AllowedShare, @long, Series.Count(now, window.Short), fires), fires, _calmSince[i], now);
            Follow(i, standing, @long, now, changed);
            windows.Add(standing);
        }

        var period = Series.Count(now, Slo.Period);
        var hour = Series.Count(now, Hour);
        var newest = Series.Newest;
        var fresh = newest is { } at && now - at <= StaleAfter;
        var standingNow = new SloStanding
        {
            Slo = Slo,
            AsOf = now,
            Verdict = SloVerdict.Healthy,
            Reason = "",
            Budget = ErrorBudget.Of(Slo, period, hour),
            BurnRateNow = fresh ? hour.BurnRate(Slo.AllowedShare) : null,
            Windows = windows.MoveToImmutable(),
            Alerts = [.. Firing],
            Coverage = period.Coverage,
            LastDataAt = newest,
        };
        var verdict = standingNow.Budget.IsExhausted ? SloVerdict.Exhausted
            : standingNow.Alerts.Length > 0 ? SloVerdict.Burning
            : fresh ? SloVerdict.Healthy : SloVerdict.NoData;
        return standingNow with { Verdict = verdict, Reason = SloText.Reason(verdict, standingNow) };
    }

    /// <summary>Adds to a firing alert what changed recently. Null when it does not fire any more.</summary>
    public SloAlert? Explain(Guid alert, ImmutableArray<SloChange> changes)
    {
        var i = Array.FindIndex(_firing, a => a?.Id == alert);
        return i < 0 ? null : _firing[i] = _firing[i]! with { Detail = _firing[i]!.Detail with { Changes = changes } };
    }

    private void Follow(int i, WindowStanding standing, in EventCount @long, DateTimeOffset now, List<SloAlert> changed)
    {
        if (_firing[i] is { } fired && standing.State != WindowState.Firing)
        {
            _firing[i] = null;
            changed.Add(fired.Resolved(now, $"The last {BurnRateWindows.Text(standing.Window.Short)} burn {SloText.Burn(standing.ShortBurn, standing.Window.Factor)}, which is not above {SloText.Burn(standing.Window.Factor)} any more, and has not been for {SignalText.Duration(BurnRateRule.CalmFor(standing.Window))}."));
        }
        else if (_firing[i] is null && standing.State == WindowState.Firing)
        {
            _firing[i] = Fire(standing, @long, now);
            changed.Add(_firing[i]!);
        }
    }

    private SloAlert Fire(WindowStanding standing, in EventCount @long, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        Slo = Slo.Name,
        Severity = standing.Window.Severity,
        FiredAt = now,
        Burn = standing.LongBurn ?? 0,
        Detail = new SloAlertDetail
        {
            Window = standing.Window.Name,
            Factor = standing.Window.Factor,
            ShortBurn = standing.ShortBurn ?? 0,
            What = SloText.Broken(Slo, standing, @long),
            Why = Slo.Why,
            Look = Slo.Links,
            Owner = Slo.Owner,
        },
    };
}
