using Microsoft.Extensions.Logging.Abstractions;
using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Slos;
using OpsConsole.Core.Storage;
using OpsConsole.Tests.Core.Slos;
using OpsConsole.Tests.Shared;
using OpsConsole.Tests.Web.Components;
using OpsConsole.Web.Slos;

namespace OpsConsole.Tests.Web.Slos;

/// <summary>What runs beside the book, on a fake clock: reading, judging, writing, and going on while the record does not answer.</summary>
public sealed class SloRecorderTests : IDisposable
{
    private readonly SloRig _rig = new();
    private readonly InMemorySlos _store = new();
    private readonly PretendRecord _record = new();
    private readonly InMemoryRecord _told = new();
    private readonly ReleaseBoard _board;
    private readonly StorageReady _ready = new();
    private readonly SloRegister _register;
    private readonly SloRecorder _recorder;

    public SloRecorderTests()
    {
        _ready.Set();
        _board = new ReleaseBoard(_rig.Time);
        _register = new SloRegister(_rig.Book, _store, new InMemoryAudit(), _rig.Time, NullLogger<SloRegister>.Instance);
        _recorder = new SloRecorder(_rig.Book, _register, new RecentChanges(_record), new AlertJournal(_board, _told), _ready, _rig.Time, NullLogger<SloRecorder>.Instance);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _recorder.Dispose();
        _register.Dispose();
    }

    [Fact]
    public async Task Reads_at_start_judges_writes_and_writes_once_more_at_the_end()
    {
        await StartAsync();
        _rig.Record(10);
        await PassAsync(() => _rig.Book.Find("checkout") is { Budget.Events: 100 });
        await PassAsync(() => _store.Windows.Any(w => w is { WidthSeconds: 3600, Version: "", Total: 100 }));

        _rig.Record(10);
        await _recorder.StopAsync(Token);
        Assert.Equal(200, _store.Windows.Where(w => w is { WidthSeconds: 3600, Version: "" }).Sum(w => w.Total));
    }

    [Fact]
    public async Task An_alert_is_on_record_with_what_changed_recently()
    {
        var release = Pretend.Release();
        _record.Releases.Add(release);
        _record.Events.Add(Event(release, ReleaseEventKind.StageChanged, "Now at 25 %."));
        _record.Events.Add(Event(release, ReleaseEventKind.VerdictChanged, "pass to fail"));
        _record.Events.Add(Event(release, ReleaseEventKind.Alert, "Page of objective checkout."));
        _told.Put(release);
        _board.Track(release);
        _board.Track(Pretend.Release("search", "89.0.0"));
        _board.BuildDue();
        await StartAsync();
        await PassAsync(
            () =>
            {
                _rig.Record(90);
                return _store.Alerts.Any(a => a.Detail is { Window: "1h/5m", Changes: not null });
            });

        var alert = _store.Alerts.Single(a => a.Detail.Window == "1h/5m");
        var change = Assert.Single(alert.Detail.Changes!.Value);
        Assert.Equal(("shop 2.15.0 on gateway: Now at 25 %.", "mira", release.Id), (change.Text, change.Actor, change.ReleaseId));
        Assert.Contains(_rig.Standing.Alerts, a => a.Id == alert.Id && a.Detail.Changes is not null);
        var told = (await _told.EventsAsync(release.Id, 100, Token)).Where(e => e.Kind == ReleaseEventKind.Alert).ToList();
        Assert.Contains(told, e => e.Text.StartsWith("Page of objective checkout: ", StringComparison.Ordinal));
        await _recorder.StopAsync(Token);
    }

    [Fact]
    public async Task A_record_that_hangs_does_not_hold_up_judging_and_nothing_counted_is_lost()
    {
        await StartAsync();
        _store.Hangs = new TaskCompletionSource();
        await PassAsync(
            () =>
            {
                _rig.Record(90);
                return _rig.Book.Find("checkout") is { } s && s.Alerts.Any(a => a.Detail.Window == "1h/5m");
            });
        Assert.Empty(_store.Windows);
        Assert.Empty(_store.Alerts);

        _store.Hangs = null;
        await PassAsync(() => _store.Alerts.Any(a => a.Detail.Window == "1h/5m") && _store.Windows.Any(w => w.WidthSeconds == 3600));
        _rig.Book.Refresh();
        await PassAsync(() => _store.Windows.Where(w => w is { WidthSeconds: 3600, Version: "" }).Sum(w => w.Total) == (double)_rig.Standing.Budget.Events);
        await _recorder.StopAsync(Token);
    }

    [Fact]
    public async Task A_record_that_is_away_at_start_is_read_when_it_is_back()
    {
        await _store.SaveAsync(SloRig.Slo(), keepsCounts: false, Token);
        _store.IsAway = true;
        await _recorder.StartAsync(Token);
        await PassAsync(() => _rig.Time.GetUtcNow() > new DateTimeOffset(2026, 3, 1, 12, 1, 0, TimeSpan.Zero));
        Assert.Empty(_rig.Book.All);

        _store.IsAway = false;
        await PassAsync(() => _rig.Book.Find("checkout") is not null);
        await _recorder.StopAsync(Token);
    }

    [Fact]
    public async Task The_newest_changes_come_first_and_there_are_not_too_many()
    {
        var release = Pretend.Release();
        _record.Releases.Add(release);
        for (var i = 0; i < 20; i++)
        {
            _record.Events.Add(Event(release, ReleaseEventKind.StageChanged, $"Step {i}.", i));
        }

        var changes = await new RecentChanges(_record).OfAsync("shop", "production", Token);

        Assert.Equal(RecentChanges.Most, changes.Length);
        Assert.EndsWith("Step 19.", changes[0].Text, StringComparison.Ordinal);
        Assert.Equal(("shop", "production"), (_record.Asked!.Service, _record.Asked.Environment));
    }

    private async Task StartAsync()
    {
        await _store.SaveAsync(SloRig.Slo(), keepsCounts: false, Token);
        await _recorder.StartAsync(Token);
        await Eventually.TrueAsync(() => _rig.Book.Slos.Count == 1);
    }

    /// <summary>Lets time pass in small steps until something is so.</summary>
    private Task PassAsync(Func<bool> until) => Eventually.TrueAsync(
        () =>
        {
            if (until())
            {
                return true;
            }

            _rig.Time.Advance(SloRecorder.Interval);
            return false;
        },
        TimeSpan.FromSeconds(20));

    private static ReleaseEvent Event(Release release, ReleaseEventKind kind, string text, int minute = 0) => new()
    {
        ReleaseId = release.Id, Kind = kind, At = Pretend.Now.AddMinutes(minute), Text = text, Actor = "mira",
    };
}
