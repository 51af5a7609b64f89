using OpsConsole.Core.Slos;

namespace OpsConsole.Tests.Core.Slos;

/// <summary>When alerts fire, go on and resolve.</summary>
public sealed class BurnRateRuleTests
{
    private static readonly BurnRateWindow Pair = BurnRateWindows.For(TimeSpan.FromDays(30))[0];

    private readonly SloRig _rig = new();

    [Theory]
    [InlineData(15, 15, WindowState.Firing)]
    [InlineData(15, 14, WindowState.Below)]
    [InlineData(14, 15, WindowState.Below)]
    [InlineData(14.4, 14.4, WindowState.Below)]
    [InlineData(14.41, 14.41, WindowState.Firing)]
    public void Both_windows_have_to_be_above_the_factor(double @long, double @short, WindowState expected) =>
        Assert.Equal(expected, Judge(Burning(@long), Burning(@short), firing: false).State);

    [Fact]
    public void Exactly_the_factor_is_not_above_it_whatever_the_objective()
    {
        foreach (var objective in new[] { 90m, 99m, 99.5m, 99.9m, 99.95m, 99.99m })
        {
            var allowed = (100m - objective) / 100m;
            var exact = new EventCount(10_000_000 - (double)(10_000_000m * allowed * 6m), 10_000_000, TimeSpan.FromHours(6), TimeSpan.FromHours(6));
            var pair = BurnRateWindows.For(TimeSpan.FromDays(30))[1];
            Assert.Equal(WindowState.Below, BurnRateRule.Judge(pair, allowed, exact, exact, firing: false).State);
        }
    }

    [Theory]
    [InlineData(15, 13, WindowState.Below)]
    [InlineData(13, 15, WindowState.Firing)]
    [InlineData(15, 15, WindowState.Firing)]
    public void The_short_window_ends_it(double @long, double @short, WindowState expected) =>
        Assert.Equal(expected, Judge(Burning(@long), Burning(@short), firing: true).State);

    [Theory]
    [InlineData(false, WindowState.Inconclusive)]
    [InlineData(true, WindowState.Firing)]
    public void A_short_window_without_data_neither_fires_nor_resolves(bool firing, WindowState expected)
    {
        var nothing = new EventCount(0, 0, TimeSpan.Zero, TimeSpan.FromMinutes(5));
        Assert.Equal((expected, false), State(Judge(Burning(20), nothing, firing)));

        var twoMinutes = Burning(0) with { Covered = TimeSpan.FromMinutes(2), Span = TimeSpan.FromMinutes(5) };
        var judged = Judge(Burning(20), twoMinutes, firing);
        Assert.Equal((expected, false), State(judged));
        Assert.Equal(0.4, judged.ShortCoverage, 6);
    }

    [Fact]
    public void A_long_window_that_has_only_begun_may_fire_on_what_is_there()
    {
        var begun = Burning(20) with { Covered = TimeSpan.FromMinutes(5), Span = TimeSpan.FromHours(1) };

        var judged = Judge(begun, Burning(20), firing: false);

        Assert.Equal(WindowState.Firing, judged.State);
        Assert.InRange(judged.LongCoverage, 0.08, 0.09);
    }

    [Fact]
    public void An_outage_pages_in_minutes_and_resolves_when_it_is_over()
    {
        _rig.Set(SloRig.Slo());
        _rig.Run(TimeSpan.FromHours(2), 0);

        var fired = _rig.Run(TimeSpan.FromMinutes(10), 20);

        var page = Assert.Single(fired, a => a.Detail.Window == "1h/5m");
        Assert.Equal((AlertSeverity.Page, true), (page.Severity, page.IsFiring));
        Assert.Equal(SloVerdict.Exhausted, _rig.Standing.Verdict);
        Assert.Contains(page, _rig.Standing.Alerts);

        var over = _rig.Run(TimeSpan.FromMinutes(10), 0);

        var resolved = Assert.Single(over, a => a.Id == page.Id);
        Assert.InRange((resolved.ResolvedAt!.Value - page.FiredAt).TotalMinutes, 5, 15);
        Assert.Contains("The last 5m burn", resolved.Detail.Ending, StringComparison.Ordinal);
        Assert.DoesNotContain(_rig.Standing.Alerts, a => a.Detail.Window == "1h/5m");
    }

    [Fact]
    public void A_burn_rate_that_swings_about_its_limit_is_one_alert()
    {
        _rig.Set(SloRig.Slo());
        _rig.Run(TimeSpan.FromHours(2), 0);
        var page = Assert.Single(_rig.Run(TimeSpan.FromMinutes(20), 20), a => a.Detail.Window == "1h/5m");
        var (above, below) = (0, 0);

        // 30 s above and 30 s below the limit of 1.44 %, in the short window.
        for (var i = 0; i < 20; i++)
        {
            Assert.DoesNotContain(_rig.Run(TimeSpan.FromSeconds(30), i % 2 == 0 ? 0 : 20, 1_000_000), a => a.Detail.Window == "1h/5m");
            _ = _rig.Standing.Windows[0].ShortBurn > 14.4m ? above++ : below++;
        }

        Assert.Equal(page.Id, Assert.Single(_rig.Standing.Alerts, a => a.Detail.Window == "1h/5m").Id);
        Assert.True(above > 0, $"{above} above, {below} below");
    }

    [Theory]
    [InlineData(0, 60)]
    [InlineData(1, 180)]
    [InlineData(2, 720)]
    [InlineData(3, 2160)]
    public void It_ends_once_the_short_window_was_below_for_a_tenth_of_it_and_at_least_a_minute(int pair, int seconds)
    {
        var window = BurnRateWindows.For(TimeSpan.FromDays(30))[pair];
        var begin = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        var below = BurnRateRule.Judge(window, 0.001m, Burning(30), Burning(0.5), firing: true);

        var (first, since) = BurnRateRule.Settle(below, firing: true, null, begin);
        Assert.Equal((WindowState.Firing, begin, true), (first.State, since, first.IsCalm));
        var (almost, still) = BurnRateRule.Settle(below, firing: true, since, begin.AddSeconds(seconds - 1));
        Assert.Equal((WindowState.Firing, begin), (almost.State, still));
        var (ended, none) = BurnRateRule.Settle(below, firing: true, since, begin.AddSeconds(seconds));
        Assert.Equal((WindowState.Below, null), (ended.State, none));
    }

    [Fact]
    public void A_look_above_the_limit_begins_the_time_anew()
    {
        var begin = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

        var (again, since) = BurnRateRule.Settle(Judge(Burning(15), Burning(15), firing: true), firing: true, begin, begin.AddSeconds(45));

        Assert.Equal((WindowState.Firing, null), (again.State, since));
        Assert.False(again.IsCalm);
    }

    [Fact]
    public void A_clock_that_was_set_back_begins_the_time_anew()
    {
        var begin = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        var below = Judge(Burning(15), Burning(1), firing: true);

        Assert.Equal(begin.AddHours(-1), BurnRateRule.Settle(below, firing: true, begin, begin.AddHours(-1)).CalmSince);
    }

    [Theory]
    [InlineData("14.398", "14.398x")]
    [InlineData("14.4", "14.4x")]
    [InlineData("14.3999999", "just below 14.4x")]
    [InlineData("14.4000001", "just above 14.4x")]
    [InlineData("12.34", "12.3x")]
    public void A_burn_rate_beside_its_limit_has_digits_enough_to_tell_them_apart(string burn, string text) =>
        Assert.Equal(text, SloText.Burn(decimal.Parse(burn, System.Globalization.CultureInfo.InvariantCulture), 14.4m));

    [Fact]
    public void A_source_that_falls_silent_does_not_resolve_what_fires()
    {
        _rig.Set(SloRig.Slo());
        var page = Assert.Single(_rig.Run(TimeSpan.FromMinutes(10), 20), a => a.Detail.Window == "1h/5m");

        for (var i = 0; i < 60; i++)
        {
            _rig.Time.Advance(TimeSpan.FromMinutes(1));
            _rig.Book.Refresh();
        }

        Assert.Empty(_rig.Book.TakeAlerts());
        Assert.Contains(page.Id, _rig.Standing.Alerts.Select(a => a.Id));
        Assert.False(_rig.Standing.Windows[0].IsConclusive);
        Assert.Null(_rig.Standing.BurnRateNow);
    }

    [Fact]
    public void A_slow_burn_is_a_ticket_and_not_a_page()
    {
        _rig.Set(SloRig.Slo());
        _rig.Pass(TimeSpan.FromDays(1), 0.4);
        _rig.Book.Refresh();

        Assert.Equal([AlertSeverity.Ticket, AlertSeverity.Ticket], _rig.Standing.Alerts.Select(a => a.Severity));
        Assert.False(_rig.Standing.HasPage);
    }

    [Fact]
    public void An_alert_says_what_why_where_and_who()
    {
        _rig.Set(SloRig.Slo(objective: 99.5m));
        var page = Assert.Single(_rig.Run(TimeSpan.FromMinutes(10), 20), a => a.Detail.Window == "1h/5m");

        Assert.Contains("Checkouts that go through (shop, production)", page.Detail.What, StringComparison.Ordinal);
        Assert.Contains("40x as fast as 99.5 % over 30d allows (limit 14.4x)", page.Detail.What, StringComparison.Ordinal);
        Assert.Equal("Every one of them is an order that was not placed.", page.Detail.Why);
        Assert.Equal("https://runbooks.example/checkout", page.Detail.Look.Runbook);
        Assert.Equal("commerce", page.Detail.Owner);
        Assert.Null(page.Detail.Changes);

        var explained = _rig.Book.Explain(page, [new SloChange(_rig.Time.GetUtcNow(), "2.15.0 reached 25 %.", "mira", null)]);
        Assert.Equal("2.15.0 reached 25 %.", Assert.Single(explained!.Detail.Changes!.Value).Text);
        Assert.Contains(explained, _rig.Standing.Alerts);
    }

    [Fact]
    public void What_burnt_when_it_fired_stays_and_what_burns_now_is_told_beside_it()
    {
        _rig.Set(SloRig.Slo());
        _rig.Run(TimeSpan.FromHours(1), 0);
        var page = Assert.Single(_rig.Run(TimeSpan.FromMinutes(6), 40), a => a.Detail.Window == "1h/5m");
        var (fired, atFiring) = (page.Detail.What, page.Detail.ShortBurn);

        _rig.Run(TimeSpan.FromMinutes(10), 4);

        var alert = Assert.Single(_rig.Standing.Alerts, a => a.Id == page.Id);
        var now = _rig.Standing.NowOf(alert)!;
        Assert.Equal((fired, atFiring), (alert.Detail.What, alert.Detail.ShortBurn));
        Assert.True(now.ShortBurn < atFiring, $"{now.ShortBurn} now, {atFiring} when it fired");
        Assert.Equal($"{SloText.Burn(now.LongBurn)} over the last 1h, {SloText.Burn(now.ShortBurn)} over the last 5m (limit 14.4x).", SloText.Now(now));

        var ended = Assert.Single(_rig.Run(TimeSpan.FromMinutes(10), 0), a => a.Id == page.Id);
        Assert.Null(_rig.Standing.NowOf(ended));
        Assert.Null(_rig.Standing.NowOf(alert));
    }

    [Fact]
    public void An_alert_that_nothing_is_measured_for_any_more_says_so()
    {
        _rig.Set(SloRig.Slo());
        var page = Assert.Single(_rig.Run(TimeSpan.FromMinutes(10), 20), a => a.Detail.Window == "1h/5m");
        _rig.Time.Advance(TimeSpan.FromMinutes(20));
        _rig.Book.Refresh();

        Assert.EndsWith("too little was measured lately to end the alert.", SloText.Now(_rig.Standing.NowOf(page)!), StringComparison.Ordinal);
    }

    private static WindowStanding Judge(EventCount @long, EventCount @short, bool firing) => BurnRateRule.Judge(Pair, 0.001m, @long, @short, firing);

    private static (WindowState State, bool IsConclusive) State(WindowStanding standing) => (standing.State, standing.IsConclusive);

    /// <summary>A million events of which so many are bad that 99.9 % burns at the given rate.</summary>
    private static EventCount Burning(double rate) => new(1_000_000 - (rate * 1000), 1_000_000, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(5));
}
