using Microsoft.Extensions.Logging.Abstractions;
using OpsConsole.Core.Access;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Slos;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Slos;

/// <summary>Book and record together: what a restart, a change and an outage leave of what was counted.</summary>
public sealed class SloRegisterTests : IDisposable
{
    private static readonly Operator Manager = new("mira", Role.ReleaseManager, IsService: false);

    private readonly InMemorySlos _store = new();
    private readonly InMemoryAudit _audit = new();
    private SloRig _rig = new();
    private SloRegister _register;

    public SloRegisterTests() => _register = Register();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static SloDefinition Definition => SloRulesTests.Sound with { Signal = "http_5xx_rate", Share = SliShare.Bad };

    public void Dispose() => _register.Dispose();

    [Fact]
    public async Task Defined_once_and_changed_after_with_a_line_in_the_audit_for_each()
    {
        await _register.LoadAsync(Token);
        Assert.True(Assert.IsType<SloAnswer.Defined>(await _register.PutAsync("checkout", Definition, Manager, Token)).IsNew);
        Assert.False(Assert.IsType<SloAnswer.Defined>(await _register.PutAsync("checkout", Definition with { Title = "Changed" }, Manager, Token)).IsNew);

        Assert.Equal("Changed", _rig.Standing.Slo.Title);
        Assert.Equal(["slo.define", "slo.change"], _audit.Entries.Select(e => e.Event));
        Assert.Equal("slo:checkout", _audit.Entries[0].Subject);
    }

    [Fact]
    public async Task Faults_and_roles_are_told_before_anything_is_written()
    {
        await _register.LoadAsync(Token);

        Assert.Equal("period", Assert.Single(Assert.IsType<SloAnswer.Invalid>(await _register.PutAsync("checkout", Definition with { Period = "42d" }, Manager, Token)).Faults).Path);
        var refused = Assert.IsType<SloAnswer.NotPermitted>(await _register.PutAsync("checkout", Definition, Manager with { Role = Role.OnCall }, Token));
        Assert.Contains("release manager", refused.Sentence, StringComparison.Ordinal);
        Assert.IsType<SloAnswer.NotPermitted>(await _register.DeleteAsync("checkout", Manager with { Role = Role.Viewer }, Token));
        Assert.IsType<SloAnswer.NotFound>(await _register.DeleteAsync("checkout", Manager, Token));
        Assert.Empty(await _store.ListAsync(Token));
    }

    [Fact]
    public async Task A_restart_keeps_budget_windows_versions_and_alerts()
    {
        await DefineAsync();
        _rig.Run(TimeSpan.FromHours(2), 0);
        var page = Assert.Single(_rig.Run(TimeSpan.FromMinutes(10), 80), a => a.Detail.Window == "1h/5m");
        await _register.SaveAlertsAsync([page], Token);
        await _register.WriteAsync(Token);
        var before = _rig.Standing;

        await RestartAsync();

        var after = _rig.Standing;
        Assert.Equal(before.Budget.Events, after.Budget.Events);
        Assert.Equal(before.Budget.Spent, after.Budget.Spent, 6);
        Assert.Equal(page.Id, Assert.Single(after.Alerts, a => a.Detail.Window == "1h/5m").Id);
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal((double)before.Windows[i].ShortBurn!.Value, (double)after.Windows[i].ShortBurn!.Value, 0.2 * (double)before.Windows[i].ShortBurn!.Value);
            Assert.Equal(before.Windows[i].LongBurn!.Value, after.Windows[i].LongBurn!.Value, 0);
        }

        Assert.NotNull(_rig.Book.SpentBy("checkout", "2.15.0", _rig.Time.GetUtcNow().AddHours(-3), _rig.Time.GetUtcNow()));
    }

    [Fact]
    public async Task Written_twice_and_counted_on_after_a_crash_no_event_is_counted_twice()
    {
        await DefineAsync();
        _rig.Run(TimeSpan.FromMinutes(2), 10);
        await _register.WriteAsync(Token);
        await _register.WriteAsync(Token);
        _rig.Run(TimeSpan.FromMinutes(1), 10);

        // What was not written when it crashed is lost; what was written is there once.
        await RestartAsync();
        Assert.Equal(800m, _rig.Standing.Budget.Events);

        _rig.Run(TimeSpan.FromMinutes(1), 10);
        await _register.WriteAsync(Token);
        await RestartAsync();
        Assert.Equal((1200m, 120m), (_rig.Standing.Budget.Events, decimal.Round(_rig.Standing.Budget.Spent, 6)));
    }

    [Fact]
    public async Task An_outage_of_the_record_loses_nothing_that_was_counted()
    {
        await DefineAsync();
        var fired = _rig.Run(TimeSpan.FromMinutes(5), 90);
        _store.IsAway = true;
        await Assert.ThrowsAsync<RecordUnavailableException>(() => _register.WriteAsync(Token));
        await Assert.ThrowsAsync<RecordUnavailableException>(() => _register.SaveAlertsAsync(fired, Token));
        _store.IsAway = false;
        await _register.WriteAsync(Token);

        Assert.Equal(fired.Count, _store.Alerts.Count);
        await RestartAsync();
        Assert.Equal(2000m, _rig.Standing.Budget.Events);
    }

    [Fact]
    public async Task Another_objective_for_the_same_events_keeps_them_and_other_events_begin_at_nothing()
    {
        await DefineAsync();
        _rig.Run(TimeSpan.FromMinutes(5), 10);

        await _register.PutAsync("checkout", Definition with { ObjectivePercent = 90, Period = "7d" }, Manager, Token);
        Assert.Equal((2000m, 200m), (_rig.Standing.Budget.Events, decimal.Round(_rig.Standing.Budget.Allowed, 6)));

        await _register.PutAsync("checkout", Definition with { Service = "search" }, Manager, Token);
        Assert.Equal(0m, _rig.Standing.Budget.Events);
        await _register.WriteAsync(Token);
        Assert.Empty(_store.Windows);
    }

    [Fact]
    public async Task A_change_ends_the_alerts_of_the_objective_it_replaces_and_new_words_do_not()
    {
        await DefineAsync();
        var page = Assert.Single(_rig.Run(TimeSpan.FromMinutes(10), 90), a => a.Detail.Window == "1h/5m");

        await _register.PutAsync("checkout", Definition with { Title = "Changed" }, Manager, Token);
        Assert.Contains(page.Id, _rig.Standing.Alerts.Select(a => a.Id));

        await _register.PutAsync("checkout", Definition with { ObjectivePercent = 1 }, Manager, Token);
        await _register.WriteAsync(Token);
        Assert.Empty(_rig.Standing.Alerts);
        Assert.Equal("The objective was changed.", Assert.Single(_store.Alerts, a => a.Id == page.Id).Detail.Ending);
    }

    [Fact]
    public async Task Taken_away_it_is_gone_with_its_counts_and_its_alerts_have_ended()
    {
        await DefineAsync();
        _rig.Run(TimeSpan.FromMinutes(10), 90);
        await _register.SaveAlertsAsync(_rig.Book.TakeAlerts(), Token);
        await _register.WriteAsync(Token);

        Assert.IsType<SloAnswer.Removed>(await _register.DeleteAsync("checkout", Manager, Token));
        await _register.WriteAsync(Token);

        Assert.Empty(_rig.Book.All);
        Assert.False(_rig.Record(1));
        Assert.Empty(_store.Windows);
        Assert.All(_store.Alerts, a => Assert.False(a.IsFiring));
    }

    [Fact]
    public async Task Until_the_record_was_read_nothing_changes_and_nothing_is_written()
    {
        await Assert.ThrowsAsync<RecordUnavailableException>(() => _register.PutAsync("checkout", Definition, Manager, Token));
        await _register.WriteAsync(Token);
        Assert.Empty(await _store.ListAsync(Token));
        Assert.False(_rig.Book.IsLoaded);

        await _register.LoadAsync(Token);
        Assert.True(_rig.Book.IsLoaded);
    }

    [Fact]
    public async Task What_nothing_is_read_of_any_more_is_deleted()
    {
        await DefineAsync();
        _rig.Run(TimeSpan.FromMinutes(5), 1);
        await _register.WriteAsync(Token);
        var kept = _store.Windows.Count;

        _rig.Time.Advance(TimeSpan.FromDays(4));
        await _register.TrimAsync(Token);
        Assert.Equal(kept, _store.Windows.Count);
        _rig.Time.Advance(TimeSpan.FromDays(2));
        await _register.TrimAsync(Token);
        Assert.All(_store.Windows, w => Assert.Equal(3600, w.WidthSeconds));
        _rig.Time.Advance(TimeSpan.FromDays(27));
        await _register.TrimAsync(Token);
        Assert.Empty(_store.Windows);
    }

    private async Task DefineAsync()
    {
        await _register.LoadAsync(Token);
        await _register.PutAsync("checkout", Definition, Manager, Token);
    }

    /// <summary>A console that comes up again at the same time over the same record.</summary>
    private async Task RestartAsync()
    {
        var now = _rig.Time.GetUtcNow();
        _register.Dispose();
        _rig = new SloRig();
        _rig.Time.JumpTo(now);
        _register = Register();
        await _register.LoadAsync(Token);
    }

    private SloRegister Register() => new(_rig.Book, _store, _audit, _rig.Time, NullLogger<SloRegister>.Instance);
}

/// <summary>One sink for all.</summary>
public sealed class SampleFanOutTests
{
    [Fact]
    public void A_sample_without_a_release_still_counts_for_its_objective()
    {
        var rig = new SloRig();
        rig.Set(SloRig.Slo());
        var sink = new SampleFanOut(new OpsConsole.Core.Board.ReleaseBoard(rig.Time), rig.Book);
        var sample = new SignalSample(new("shop", "gateway", "production", "2.15.0", new SignalKey("http_5xx_rate")), rig.Time.GetUtcNow(), 1, 100);

        Assert.Equal(OpsConsole.Core.Board.RecordOutcome.Recorded, sink.Record(sample));
        Assert.Equal(OpsConsole.Core.Board.RecordOutcome.NoRelease, sink.Record(sample with { Address = sample.Address with { Service = "search" } }));
        Assert.Equal(OpsConsole.Core.Board.RecordOutcome.TooOld, sink.Record(sample with { At = sample.At.AddMinutes(-11) }));

        Assert.Equal(0, Allocated.ByEach(() => sink.Record(sample)));
    }
}
