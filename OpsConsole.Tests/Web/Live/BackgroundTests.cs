using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Storage;
using OpsConsole.Core.Switches;
using OpsConsole.Tests.Core.Board;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Live;

namespace OpsConsole.Tests.Web.Live;

/// <summary>What runs beside the board: pump, loader, history and journal, on a fake clock.</summary>
public sealed class BackgroundTests : IDisposable
{
    private readonly BoardRig _rig = new();
    private readonly LiveStores _stores = new();
    private readonly StorageReady _ready = new();
    private readonly LiveMetrics _metrics;

    public BackgroundTests()
    {
        _metrics = new LiveMetrics(_rig.Board, new BoardRelay(_rig.Board, null!, new BoardJson(), NullLogger<BoardRelay>.Instance));
        _ready.Set();
    }

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public async Task The_pump_shows_a_sample_by_itself()
    {
        var release = _rig.Rolling();
        using var pump = new BoardPump(_rig.Board, _rig.Time, NullLogger<BoardPump>.Instance);
        await pump.StartAsync(CancellationToken.None);
        _rig.Record(release, 4);
        await PassAsync(TimeSpan.FromMilliseconds(25), () => _rig.Board.Find(release.Id)!.Verdict == Verdict.Fail);
        await pump.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task The_loader_shows_releases_actions_and_switches()
    {
        var release = BoardRig.Release(switchKey: "offers");
        var action = new ReleaseAction
        {
            Id = Guid.CreateVersion7(), Verb = ActionVerb.Promote, ReleaseId = release.Id, RequestedBy = "maria", Role = "ReleaseManager", Reason = "looks good",
            EvidenceJson = "{}", EvidenceSeal = "", RequestedAt = _rig.Now,
        };
        var killed = new KillSwitch { Key = "offers", Owner = "commerce", TurnsOff = "offers", ChangedAt = _rig.Now };
        killed.Kill("maria", "broken", _rig.Now);
        _stores.Releases.Add(release);
        _stores.Actions[release.Id] = action;
        _stores.Switches.Add(killed);
        using var loader = Loader();
        await loader.StartAsync(CancellationToken.None);
        await loader.WaitAsync(Soon());
        var shown = _rig.Build(release);
        Assert.Equal(action.Id, shown.Action!.Id);
        Assert.True(shown.Switch!.Killed);
    }

    [Fact]
    public async Task The_loader_tries_again_until_the_database_is_back()
    {
        var release = BoardRig.Release();
        _stores.Releases.Add(release);
        _stores.Away = true;
        using var loader = Loader();
        await loader.StartAsync(CancellationToken.None);
        await PassAsync(TimeSpan.FromSeconds(1), () => _stores.Calls >= 5);
        Assert.False(loader.IsLoaded);
        Assert.Equal(HealthStatus.Unhealthy, (await loader.CheckHealthAsync(new HealthCheckContext())).Status);
        _stores.Away = false;
        await PassAsync(TimeSpan.FromSeconds(1), () => loader.IsLoaded);
        Assert.Equal(HealthStatus.Healthy, (await loader.CheckHealthAsync(new HealthCheckContext())).Status);
        Assert.Equal("shop", _rig.Build(release).Service);
    }

    [Fact]
    public async Task The_loader_gives_up_on_a_database_that_hangs_and_asks_again()
    {
        _stores.Hangs = true;
        using var loader = Loader();
        await loader.StartAsync(CancellationToken.None);
        await PassAsync(TimeSpan.FromSeconds(1), () => _stores.Calls >= 2);
        _stores.Hangs = false;
        await PassAsync(TimeSpan.FromSeconds(1), () => loader.IsLoaded);
    }

    [Fact]
    public async Task A_loader_that_waits_for_the_database_stops_when_told()
    {
        _stores.Hangs = true;
        using var loader = Loader();
        await loader.StartAsync(CancellationToken.None);
        await loader.StopAsync(CancellationToken.None);
        Assert.False(loader.IsLoaded);
    }

    [Fact]
    public void History_has_a_point_for_each_side_that_is_fresh()
    {
        var release = _rig.Rolling();
        _rig.Record(release, 4, 200);
        _rig.RecordBaseline(release, 0.5, 800);
        _rig.Build(release);
        Assert.Equal(
            [(SignalSide.Canary, 4.0, 200L), (SignalSide.Baseline, 0.5, 800L)],
            HistoryWriter.Points(_rig.Board.Current, _rig.Now).Select(p => (p.Side, Math.Round(p.Value, 6), p.Count)));
        _rig.Build(release, 60);
        Assert.Empty(HistoryWriter.Points(_rig.Board.Current, _rig.Now));
    }

    [Fact]
    public async Task History_goes_on_after_the_database_was_away_or_hung_and_is_trimmed()
    {
        var release = _rig.Rolling();
        using var writer = new HistoryWriter(_rig.Board, _stores, _metrics, Options.Create(new HistoryOptions()), _rig.Time, NullLogger<HistoryWriter>.Instance);
        _stores.Away = true;
        await writer.StartAsync(CancellationToken.None);
        await PassAsync(TimeSpan.FromSeconds(1), () => Sampled(release) && _stores.Calls >= 2);
        _stores.Away = false;
        _stores.Hangs = true;
        var before = _stores.Calls;
        await PassAsync(TimeSpan.FromSeconds(1), () => Sampled(release) && _stores.Calls >= before + 2);
        _stores.Hangs = false;
        await PassAsync(TimeSpan.FromSeconds(5), () => Sampled(release) && _stores.Points.Count > 0 && _stores.TrimmedBefore is not null, TimeSpan.FromHours(1));
        Assert.InRange(_stores.TrimmedBefore!.Value, _rig.Now.AddHours(-49), _rig.Now.AddHours(-47));
        await writer.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_verdict_that_stays_is_written_once_and_one_that_flickers_is_not()
    {
        var release = _rig.Rolling();
        using var journal = new VerdictJournal(_rig.Board, _stores, _metrics, _rig.Time, NullLogger<VerdictJournal>.Instance);
        await journal.StartAsync(CancellationToken.None);

        // Seen as passing first, then failing for three seconds, then passing again.
        await LiveAsync(release, 0.1, 10);
        await LiveAsync(release, 90, 3);
        await LiveAsync(release, 0.1, 40);
        var flickered = _stores.Events.Count;
        _stores.Away = true;
        await LiveAsync(release, 90, 10);
        Assert.Equal(flickered, _stores.Events.Count);
        _stores.Away = false;
        await PassAsync(TimeSpan.FromSeconds(1), () => _stores.Events.Count > flickered);
        var entry = _stores.Events[^1];
        Assert.Equal((ReleaseEventKind.VerdictChanged, release.Id), (entry.Kind, entry.ReleaseId));
        Assert.StartsWith("pass to fail: errors ", entry.Text, StringComparison.Ordinal);
        await journal.StopAsync(CancellationToken.None);
    }

    private static CancellationToken Soon() => new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token;

    private BoardLoader Loader() => new(_rig.Board, _stores, _stores, _stores, _ready, _rig.Time, NullLogger<BoardLoader>.Instance);

    private bool Sampled(Release release)
    {
        _rig.Record(release, 0.1);
        _rig.Board.BuildDue();
        return true;
    }

    /// <summary>Seconds of samples of one value.</summary>
    private async Task LiveAsync(Release release, double value, int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            _rig.Record(release, value, 1000);
            _rig.Board.BuildDue();
            _rig.Time.Advance(TimeSpan.FromSeconds(1));

            // Lets what the clock woke run before it moves on.
            await Task.Delay(2, CancellationToken.None);
        }
    }

    /// <summary>Moves the fake clock by steps until the condition holds.</summary>
    private Task PassAsync(TimeSpan step, Func<bool> condition, TimeSpan? atMost = null)
    {
        var until = _rig.Now + (atMost ?? TimeSpan.FromMinutes(10));
        return Eventually.TrueAsync(() =>
        {
            if (condition())
            {
                return true;
            }

            if (_rig.Now < until)
            {
                _rig.Time.Advance(step);
            }

            return condition();
        });
    }
}
