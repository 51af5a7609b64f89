using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;

namespace OpsConsole.Tests.Core.Actions.Gate;

public sealed class BriefingTests
{
    private readonly GateWorld _world = new();

    [Fact]
    public async Task A_roll_back_says_what_happens_to_whom_how_long_what_stays_and_how_to_undo()
    {
        var release = _world.Release();
        var brief = (await _world.Gate.BriefAsync(ActionVerb.Rollback, release.Id, Given.OnCall, default))!;

        Assert.Equal("Roll back shop on The gateway, production", brief.Title);
        Assert.Equal("All requests go to 2.14.3, the version that served them before.", brief.WhatHappens);
        Assert.Equal("The 25 % of requests now on 2.15.0.", brief.WhoFeelsIt);
        Assert.Equal("not measured here yet", brief.HowLong);
        Assert.Equal("Nobody keeps it. 2.15.0 changed no database structure.", brief.WhatStays);
        Assert.Equal("Register a corrected version and start it from its first stage.", brief.ToUndo);
        Assert.Equal("shop", brief.TypeToConfirm);
        Assert.Empty(brief.Refusals);
        Assert.Equal(_world.Seen(release), brief.SeenVersion);
    }

    [Fact]
    public async Task The_time_it_takes_is_what_was_measured_here()
    {
        var before = _world.Release(version: "2.14.9");
        _world.Target.OnApply = (change, _) =>
        {
            _world.Time.Advance(TimeSpan.FromSeconds(4));
            _world.Target.Take(change);
            return Task.CompletedTask;
        };
        await _world.Executor.RunAsync(GateWorld.Accepted(await _world.RollbackAsync(before)).Id, default);
        _world.Time.Advance(TimeSpan.FromDays(6));
        var release = _world.Release();

        var brief = await _world.Gate.BriefAsync(ActionVerb.Rollback, release.Id, Given.OnCall, default);

        Assert.Equal("4 s here (p95 4 s, n 1, last 6 d ago)", brief!.HowLong);
        _world.Record.Away = true;
        brief = await _world.Gate.BriefAsync(ActionVerb.Rollback, release.Id, Given.OnCall, default);
        Assert.Equal("the measured times cannot be read now", brief!.HowLong);
    }

    [Fact]
    public void Requests_a_second_are_told_only_when_they_are_measured()
    {
        var release = _world.Release(healthy: false);
        var snapshot = Given.Snapshot(ReleaseState.From(release), Given.Signal("request_rate") with { Canary = 96 });
        var words = new ReleaseSentencesProbe(snapshot);

        Assert.Equal("The 25 % of requests now on 2.15.0, about 96 requests a second.", words.WhoFeelsIt(ActionVerb.Rollback));
        words = new ReleaseSentencesProbe(snapshot with { Signals = [snapshot.Signals[0] with { Quality = SignalQuality.Stale }] });
        Assert.Equal("The 25 % of requests now on 2.15.0.", words.WhoFeelsIt(ActionVerb.Rollback));
    }

    [Fact]
    public async Task Promotion_to_100_percent_asks_for_the_name_and_shows_the_gates()
    {
        var release = _world.Release(stage: 2);
        var brief = (await _world.Gate.BriefAsync(ActionVerb.Promote, release.Id, Given.Viewer, default))!;

        Assert.Equal("Promote shop to 100 % on The gateway, production", brief.Title);
        Assert.Equal("shop", brief.TypeToConfirm);
        Assert.Equal(5, brief.Gates.Count);
        Assert.Equal(["not-permitted"], Given.Codes(brief.Refusals));
        Assert.Null((await _world.Gate.BriefAsync(ActionVerb.Promote, _world.Release(version: "3.0.0").Id, Given.Manager, default))!.TypeToConfirm);
    }

    [Fact]
    public async Task The_kill_switch_of_a_release_is_that_of_its_switch()
    {
        var release = _world.Release();
        _world.Board.Show(new OpsConsole.Core.Board.SwitchSummary("recommendations", false, _world.Time.GetUtcNow(), "recommendations"));
        _world.Build();

        var brief = (await _world.Gate.BriefAsync(ActionVerb.Kill, release.Id, Given.OnCall, default))!;
        var alone = (await _world.Gate.BriefSwitchAsync(ActionVerb.Kill, "recommendations", null, Given.OnCall, default))!;

        Assert.Equal("Kill recommendations", brief.Title);
        Assert.Equal((brief.Title, brief.WhatHappens), (alone.Title, alone.WhatHappens));
        Assert.Null(brief.TypeToConfirm);
    }

    [Fact]
    public async Task A_release_that_left_the_board_is_told_from_the_record()
    {
        var release = _world.Release();
        _world.Board.Untrack(release.Id);
        _world.Build();

        var brief = await _world.Gate.BriefAsync(ActionVerb.Promote, release.Id, Given.Manager, default);

        Assert.Contains("not-on-board", Given.Codes(brief!.Refusals));
        Assert.Null(brief.SeenVersion);
        Assert.Null(await _world.Gate.BriefAsync(ActionVerb.Promote, Guid.NewGuid(), Given.Manager, default));
        Assert.Null(await _world.Gate.BriefSwitchAsync(ActionVerb.Kill, "nothing", null, Given.Manager, default));
    }

    [Fact]
    public void The_migration_decides_what_stays()
    {
        var release = _world.Release();
        var state = ReleaseState.From(release) with { Migration = MigrationClass.Expand };
        var words = new ReleaseSentencesProbe(Given.Snapshot(state));
        Assert.Equal("Nobody keeps it. Rows written by 2.15.0 stay; its migration only adds, so 2.14.3 reads them.", words.WhatStays(ActionVerb.Rollback));
    }

    private sealed class ReleaseSentencesProbe(OpsConsole.Core.Board.ReleaseSnapshot snapshot)
    {
        private readonly ReleaseSentences _words = new(new ActionContext
        {
            By = Given.OnCall, Release = ReleaseState.From(snapshot), Snapshot = snapshot, Target = Given.Gateway, Now = Given.Now,
        });

        public string WhoFeelsIt(ActionVerb verb) => _words.WhoFeelsIt(verb);

        public string WhatStays(ActionVerb verb) => _words.WhatStays(verb);
    }
}
