using OpsConsole.Core.Board;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Releases;
using OpsConsole.Tests.Core.Actions.Gate;

namespace OpsConsole.Tests.Core.Releases;

public sealed class CompleteWatchTests
{
    private readonly GateWorld _world = new();
    private readonly CompleteWatch _watch;

    public CompleteWatchTests() => _watch = new CompleteWatch(_world.Record, _world.Record, _world.Board, _world.Time);

    [Fact]
    public async Task A_release_watched_in_good_health_is_done_once()
    {
        var release = _world.Release(stage: 3);
        Watch(release);

        Assert.Equal(1, await _watch.RunAsync(default));
        Assert.Equal(0, await _watch.RunAsync(default));
        _world.Build();
        Assert.Equal(0, await _watch.RunAsync(default));

        Assert.Equal(ReleasePhase.Done, (await _world.StoredAsync(release)).Phase);
        Assert.Equal(ReleasePhase.Done, _world.Board.Find(release.Id)!.Phase);
        Assert.Equal(ReleaseEventKind.Completed, Assert.Single(_world.Record.Events).Kind);
        Assert.Contains("without a break", _world.Record.Events[0].Text, StringComparison.Ordinal);
        Assert.Equal(("release.complete", "console"), (Assert.Single(_world.Record.Audit).Event, _world.Record.Audit[0].Actor));
    }

    [Theory]
    [InlineData("one good instant")]
    [InlineData("a break")]
    [InlineData("failing")]
    [InlineData("stale")]
    [InlineData("too young")]
    [InlineData("not at 100 %")]
    [InlineData("halt under way")]
    [InlineData("halted meanwhile")]
    public async Task Anything_else_is_not_done(string given)
    {
        var release = _world.Release(stage: given == "not at 100 %" ? 2 : 3);
        if (given != "one good instant")
        {
            Watch(release);
        }

        switch (given)
        {
            case "one good instant":
                break;
            case "a break":
                _world.Measure(release, errors: 9);
                _world.Time.Advance(TimeSpan.FromSeconds(40));
                _world.Measure(release);
                Watch(release, TimeSpan.FromMinutes(9));
                Assert.Equal(Verdict.Pass, _world.Board.Find(release.Id)!.Verdict);
                break;
            case "failing":
                _world.Measure(release, errors: 9);
                break;
            case "stale":
                _world.Time.Advance(TimeSpan.FromSeconds(20));
                break;
            case "too young":
                var young = await _world.StoredAsync(release);
                young.Halt(_world.Time.GetUtcNow());
                young.Resume(_world.Time.GetUtcNow());
                _world.Record.Put(young);
                _world.Board.Track(young);
                _world.Measure(release);
                break;
            case "halt under way":
                await _world.HaltAsync(release);
                _world.Build();
                break;
            case "halted meanwhile":
                var halted = await _world.StoredAsync(release);
                halted.Halt(_world.Time.GetUtcNow());
                _world.Record.Put(halted);
                break;
        }

        Assert.Equal(0, await _watch.RunAsync(default));
        Assert.NotEqual(ReleasePhase.Done, (await _world.StoredAsync(release)).Phase);
    }

    [Fact]
    public async Task What_the_engine_said_long_ago_ends_no_watch()
    {
        var release = _world.Release(stage: 3, policy: new PolicySnapshot("web-canary", 3, new string('d', 64), "canary: {}"));
        Watch(release);
        _world.EngineRuns = false;
        Watch(release, TimeSpan.FromSeconds(40));
        Assert.Equal(0, await _watch.RunAsync(default));

        _world.EngineRuns = true;
        _world.Measure(release);
        Assert.Equal(1, await _watch.RunAsync(default));
    }

    /// <summary>Healthy samples every few seconds, for the watch time if nothing else is said.</summary>
    private void Watch(Release release, TimeSpan? time = null)
    {
        var until = _world.Time.GetUtcNow() + (time ?? release.WatchTime);
        while (_world.Time.GetUtcNow() < until)
        {
            _world.Time.Advance(TimeSpan.FromSeconds(10));
            _world.Measure(release);
        }
    }
}
