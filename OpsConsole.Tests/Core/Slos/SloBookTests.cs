using OpsConsole.Core.Signals;
using OpsConsole.Core.Slos;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Slos;

/// <summary>What is counted, where, and what comes of it.</summary>
public sealed class SloBookTests
{
    private readonly SloRig _rig = new();

    [Theory]
    [InlineData(SliShare.Bad, 4)]
    [InlineData(SliShare.Good, 96)]
    public void The_percent_is_the_bad_or_the_good_share_as_defined(SliShare share, decimal bad)
    {
        _rig.Set(SloRig.Slo(share: share));
        Assert.True(_rig.Record(4, 100));
        _rig.Book.Refresh();

        Assert.Equal((bad, 100m), (_rig.Standing.Budget.Spent, _rig.Standing.Budget.Events));
    }

    [Fact]
    public void A_correction_is_not_counted_beside_what_it_corrects()
    {
        _rig.Set(SloRig.Slo());
        Assert.True(_rig.Record(4, 100));
        Assert.False(_rig.Book.Record(new SignalSample(new("shop", "gateway", "production", "2.15.0", new SignalKey("http_5xx_rate")), _rig.Time.GetUtcNow(), 5, 120, Corrects: (4, 100))));
        _rig.Book.Refresh();

        Assert.Equal((4m, 100m), (_rig.Standing.Budget.Spent, _rig.Standing.Budget.Events));
    }

    [Fact]
    public void What_a_source_says_of_the_past_may_have_been_counted_and_is_not()
    {
        _rig.Set(SloRig.Slo());
        Assert.False(_rig.Book.Record(new SignalSample(new("shop", "gateway", "production", "2.15.0", new SignalKey("http_5xx_rate")), _rig.Time.GetUtcNow().AddMinutes(-1), 5, 120, IsPast: true)));
        _rig.Book.Refresh();

        Assert.Equal(0m, _rig.Standing.Budget.Events);
    }

    [Fact]
    public void Of_a_sample_that_looks_back_over_others_the_new_part_alone_is_counted()
    {
        _rig.Set(SloRig.Slo());
        for (var read = 0; read < 12; read++)
        {
            Assert.True(_rig.Book.Record(new SignalSample(new("shop", "gateway", "production", "2.15.0", new SignalKey("http_5xx_rate")), _rig.Time.GetUtcNow(), 5, 120, NewPart: 5.0 / 60)));
            _rig.Time.Advance(TimeSpan.FromSeconds(5));
        }

        _rig.Book.Refresh();

        Assert.Equal((6m, 120m), (decimal.Round(_rig.Standing.Budget.Spent, 6), decimal.Round(_rig.Standing.Budget.Events, 6)));
    }

    [Fact]
    public void The_budget_is_what_the_objective_allows_of_the_events_there_were()
    {
        _rig.Set(SloRig.Slo(objective: 99.9m));
        _rig.Pass(TimeSpan.FromMinutes(100), 0.04, 100);
        _rig.Book.Refresh();

        var budget = _rig.Standing.Budget;
        Assert.Equal((10m, 4m, 6m, 40m, 60m), (budget.Allowed, decimal.Round(budget.Spent, 9), decimal.Round(budget.Remaining, 9), budget.SpentPercent, budget.RemainingPercent));
        Assert.Equal(0.4m, decimal.Round(budget.BurnRate!.Value, 9));
        Assert.Null(budget.Exhaustion);
        Assert.Equal(SloVerdict.Healthy, _rig.Standing.Verdict);
    }

    [Fact]
    public void What_is_left_lasts_as_long_as_the_last_hour_says()
    {
        _rig.Set(SloRig.Slo(objective: 99m));
        _rig.Pass(TimeSpan.FromHours(9), 0);
        _rig.Pass(TimeSpan.FromHours(1), 5);
        _rig.Book.Refresh();

        // Half of the budget is spent, and at 5x the other half lasts a tenth of the period.
        Assert.Equal(50m, decimal.Round(_rig.Standing.Budget.RemainingPercent!.Value, 3));
        Assert.InRange(_rig.Standing.Budget.Exhaustion!.Value.TotalHours, 71.9, 72.1);
    }

    [Fact]
    public void More_than_was_allowed_is_exhausted_also_when_nothing_burns_any_more()
    {
        _rig.Set(SloRig.Slo(objective: 99m));
        _rig.Run(TimeSpan.FromMinutes(10), 10);
        _rig.Run(TimeSpan.FromMinutes(20), 0);

        Assert.Equal(SloVerdict.Exhausted, _rig.Standing.Verdict);
        Assert.True(_rig.Standing.Budget.RemainingPercent < 0);
        Assert.Equal(TimeSpan.Zero, _rig.Standing.Budget.Exhaustion);
        Assert.Contains("overspent by", _rig.Standing.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_fell_out_of_the_period_is_forgiven()
    {
        _rig.Set(SloRig.Slo(period: "24h"));
        _rig.Run(TimeSpan.FromMinutes(10), 10);
        _rig.Time.Advance(TimeSpan.FromHours(25));
        _rig.Run(TimeSpan.FromMinutes(10), 0);

        Assert.Equal(100m, _rig.Standing.Budget.RemainingPercent);
    }

    [Fact]
    public void Without_events_nobody_knows()
    {
        _rig.Set(SloRig.Slo());
        _rig.Book.Refresh();
        Assert.Equal((SloVerdict.NoData, null, null), (_rig.Standing.Verdict, _rig.Standing.BurnRateNow, _rig.Standing.Budget.RemainingPercent));

        _rig.Run(TimeSpan.FromMinutes(10), 0);
        Assert.Equal(SloVerdict.Healthy, _rig.Standing.Verdict);
        Assert.Equal(0m, _rig.Standing.BurnRateNow);

        _rig.Time.Advance(TimeSpan.FromMinutes(11));
        _rig.Book.Refresh();
        Assert.Equal((SloVerdict.NoData, null), (_rig.Standing.Verdict, _rig.Standing.BurnRateNow));
        Assert.Contains("Nothing was measured for 11 m", _rig.Standing.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_measured_samples_of_its_own_signal_service_and_target_count()
    {
        _rig.Set(SloRig.Slo() with { Target = "gateway" });

        Assert.True(_rig.Record(1));
        Assert.False(_rig.Record(1, target: "app-store"));
        Assert.False(_rig.Record(1, service: "search"));
        Assert.False(_rig.Record(0, 0, kind: SampleKind.Missing));
        Assert.False(_rig.Record(0, 0, kind: SampleKind.Error));
        Assert.False(_rig.Record(double.NaN));
        Assert.False(_rig.Record(1, -5));
        _rig.Book.Refresh();

        Assert.Equal(100m, _rig.Standing.Budget.Events);
    }

    [Fact]
    public void A_late_sample_goes_into_its_bucket_and_a_later_one_nowhere()
    {
        _rig.Set(SloRig.Slo());
        _rig.Run(TimeSpan.FromMinutes(30), 0);

        Assert.True(_rig.Record(100, 50, ago: TimeSpan.FromMinutes(9)));
        Assert.False(_rig.Record(100, 50, ago: TimeSpan.FromMinutes(11)));
        Assert.False(_rig.Record(100, 50, ago: TimeSpan.FromSeconds(-6)));
        _rig.Book.Refresh();

        var pair = _rig.Standing.Windows[0];
        Assert.Equal(0m, pair.ShortBurn);
        Assert.True(pair.LongBurn > 0);
        Assert.Equal(50m, _rig.Standing.Budget.Spent);
    }

    [Fact]
    public void A_clock_that_jumps_ahead_and_back_spoils_nothing_that_was_counted()
    {
        _rig.Set(SloRig.Slo());
        _rig.Run(TimeSpan.FromMinutes(30), 1);
        var before = _rig.Standing.Budget;

        _rig.Time.Advance(TimeSpan.FromDays(3));
        _rig.Record(100, 10);
        _rig.Book.Refresh();
        Assert.Equal(before.Spent + 10, _rig.Standing.Budget.Spent);

        _rig.Time.JumpTo(_rig.Time.GetUtcNow() - TimeSpan.FromDays(3));
        _rig.Book.Refresh();
        Assert.Equal(before.Spent, _rig.Standing.Budget.Spent);
        Assert.Equal(before.Events, _rig.Standing.Budget.Events);

        _rig.Run(TimeSpan.FromMinutes(5), 1);
        Assert.Equal(before.Events + 2000, _rig.Standing.Budget.Events);
        Assert.Equal(10m, decimal.Round(_rig.Standing.Windows[0].ShortBurn!.Value, 6));
    }

    [Fact]
    public void Each_version_is_counted_for_itself()
    {
        _rig.Set(SloRig.Slo(objective: 99m));
        var from = _rig.Time.GetUtcNow();
        for (var i = 0; i < 10; i++)
        {
            _rig.Time.Advance(TimeSpan.FromSeconds(15));
            _rig.Record(0, 90, version: "2.14.3");
            _rig.Record(50, 10, version: "2.15.0");
        }

        var spend = _rig.Book.SpentBy("checkout", "2.15.0", from, _rig.Time.GetUtcNow())!;
        Assert.Equal((50m, 100m, 500m), (spend.Bad, spend.Events, spend.BudgetPercent));
        Assert.Equal(0m, _rig.Book.SpentBy("checkout", "2.14.3", from, _rig.Time.GetUtcNow())!.Bad);
        Assert.Null(_rig.Book.SpentBy("checkout", "1.0.0", from, _rig.Time.GetUtcNow()));
        Assert.Null(_rig.Book.SpentBy("checkout", "2.15.0", from - TimeSpan.FromDays(2), from - TimeSpan.FromDays(1)));
    }

    [Fact]
    public void Of_very_many_versions_the_ones_heard_of_last_are_told_apart()
    {
        _rig.Set(SloRig.Slo());
        for (var i = 0; i < 20; i++)
        {
            _rig.Time.Advance(TimeSpan.FromSeconds(15));
            _rig.Record(0, version: $"1.0.{i}");
        }

        Assert.Equal(8, _rig.Book.Versions("checkout").Count);
        Assert.Contains("1.0.19", _rig.Book.Versions("checkout"));
    }

    [Fact]
    public void A_sample_allocates_nothing()
    {
        _rig.Set(SloRig.Slo());
        _rig.Set(SloRig.Slo("second"));

        Assert.Equal(0, Allocated.ByEach(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                _rig.Record(1);
            }
        }));
    }

    [Fact]
    public void The_worst_comes_first_and_a_service_has_the_worst_burn_of_its_objectives()
    {
        _rig.Set(SloRig.Slo(objective: 99m));
        _rig.Set(SloRig.Slo("strict", 99.9m));
        _rig.Set(SloRig.Slo("idle") with { Service = "search" });
        Assert.Null(_rig.Book.BurnRateNow("shop", "production").AsOf);
        _rig.Run(TimeSpan.FromMinutes(30), 0.05);

        Assert.Equal(["idle", "strict", "checkout"], _rig.Book.All.Select(s => s.Slo.Name));
        Assert.Equal(["strict", "checkout"], _rig.Book.ForService("shop", "production").Select(s => s.Slo.Name));
        var burn = _rig.Book.BurnRateNow("shop", "production");
        Assert.Equal((0.5m, "strict", _rig.Time.GetUtcNow()), (decimal.Round(burn.Burn!.Value, 9), burn.Slo, burn.AsOf));
        Assert.Equal(new ServiceBurn(null, _rig.Time.GetUtcNow(), "idle"), _rig.Book.BurnRateNow("search", "production"));
        Assert.Equal(new ServiceBurn(null, null, null), _rig.Book.BurnRateNow("search", "staging"));
    }

    [Fact]
    public async Task Many_threads_count_every_event_once()
    {
        _rig.Set(SloRig.Slo());
        var counting = Enumerable.Range(0, 4).Select(t => Task.Run(() =>
        {
            for (var i = 0; i < 2000; i++)
            {
                _rig.Record(50, 2, version: $"1.0.{t}");
            }
        })).ToArray();
        while (!Task.WhenAll(counting).IsCompleted)
        {
            _rig.Book.Refresh();
            await Task.Yield();
        }

        await Task.WhenAll(counting);
        _rig.Book.Refresh();
        Assert.Equal((16_000m, 8_000m), (_rig.Standing.Budget.Events, _rig.Standing.Budget.Spent));
    }
}
