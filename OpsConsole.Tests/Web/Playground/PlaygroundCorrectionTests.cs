using Microsoft.Extensions.Logging.Abstractions;
using OpsConsole.Core.Board;
using OpsConsole.Core.Recovery;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Switches;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Playground;

namespace OpsConsole.Tests.Web.Playground;

/// <summary>When the corrected build of the app takes the place of the bad one.</summary>
public sealed class PlaygroundCorrectionTests
{
    private readonly FakeTime _time = new();
    private readonly InMemoryRecord _record = new();
    private readonly ReleaseBoard _board;
    private readonly RegisterRelease _register;
    private readonly PlaygroundCorrection _correction;

    public PlaygroundCorrectionTests()
    {
        _board = new ReleaseBoard(_time);
        _register = new RegisterRelease(_record, _record, _record, new InMemoryGates(_record), _board, new SwitchBoard(), _time, NullLogger<RegisterRelease>.Instance);
        _correction = new PlaygroundCorrection(_register, _board, _time, NullLogger.Instance);
    }

    [Fact]
    public async Task Where_nobody_puts_the_fire_out_it_comes_three_minutes_after_the_halt()
    {
        var bad = await RegisterAsync("play-store");
        await LookAsync(PlaygroundCorrection.Longest + PlaygroundCorrection.AfterTheEnd);
        Assert.Equal("7.4.0", Assert.Single(_board.Current.Releases).Version);

        Halt(bad);
        await LookAsync(PlaygroundCorrection.Longest - TimeSpan.FromSeconds(2));
        Assert.Equal("7.4.0", Assert.Single(_board.Current.Releases).Version);
        await LookAsync(TimeSpan.FromSeconds(4));

        var fix = Assert.Single(_board.Current.Releases);
        Assert.Equal(("7.4.1", bad.Id, bad.Id), (fix.Version, fix.FixesReleaseId, Assert.Single(_board.Current.Replaced).Id));
    }

    [Fact]
    public async Task Once_the_clock_has_ended_it_comes_soon_after()
    {
        var bad = await RegisterAsync("play-store");
        Halt(bad);
        await LookAsync(TimeSpan.FromSeconds(20));
        var shown = _board.Find(bad.Id)!;
        _board.Show(bad.Id, new RecoveryStanding { Advice = null!, Clock = Ended(_time.GetUtcNow()), AsOf = shown.AsOf });
        await LookAsync(PlaygroundCorrection.AfterTheEnd - TimeSpan.FromSeconds(2));
        Assert.Equal("7.4.0", Assert.Single(_board.Current.Releases).Version);

        await LookAsync(TimeSpan.FromSeconds(4));
        Assert.Equal("7.4.1", Assert.Single(_board.Current.Releases).Version);
    }

    [Fact]
    public async Task The_healthy_build_for_the_other_store_needs_none()
    {
        Halt(await RegisterAsync("app-store"));
        await LookAsync(PlaygroundCorrection.Longest * 2);
        Assert.Equal("7.4.0", Assert.Single(_board.Current.Releases).Version);
    }

    private static ClockFace Ended(DateTimeOffset at) => new(
        Guid.CreateVersion7(), FaultKind.Crash, "crash-free sessions", at, at, null, null, null, RecoveryMove.Kill, null, null, at, RecoveryEnding.Verified, at, null);

    private async Task<Release> RegisterAsync(string target)
    {
        var registration = PlaygroundReleases.All(new Uri("http://127.0.0.1:5080/")).Single(r => r.Target == target);
        return Assert.IsType<RegisterAnswer.Registered>(await _register.RegisterAsync(registration, PlaygroundPipeline.Operator, CancellationToken.None)).Release;
    }

    private void Halt(Release release)
    {
        release.EnterNextStage(_time.GetUtcNow());
        release.Halt(_time.GetUtcNow());
        _record.Put(release);
        _board.Track(release);
    }

    private async Task LookAsync(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed <= time; passed += TimeSpan.FromSeconds(1))
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            _board.BuildDue();
            await _correction.LookAsync(CancellationToken.None);
        }

        _time.Advance(TimeSpan.FromSeconds(1));
        _board.BuildDue();
    }
}
