using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Kill;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Recovery;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Switches;
using OpsConsole.Core.Targets;
using OpsConsole.Core.Targets.Flags;
using OpsConsole.Tests.Core.Actions.Gate;
using OpsConsole.Tests.Core.Recovery;

namespace OpsConsole.Tests.Core.Rollouts;

/// <summary>A release that is exposed by the percentage of its switch, moved by its policy and by people, with what clients are really answered.</summary>
public sealed class DarkRolloutTests
{
    private const string Key = "new-checkout";

    private static readonly Stage[] Stages = [new(1, TimeSpan.FromMinutes(1)), new(10, TimeSpan.FromMinutes(1)), new(100, TimeSpan.Zero)];
    private static readonly EvaluationContext[] Users = [.. Enumerable.Range(0, 10_000).Select(i => EvaluationContext.Of($"user-{i}"))];

    private readonly EngineWorld _world = new();
    private Release _release;

    public DarkRolloutTests()
    {
        var gate = _world.Gate;
        gate.Targets.Add(new FlagAdapter(new FlagTargetOptions { Timeout = TargetSettings.MaxTimeout }, gate.Record, gate.Record, gate.Flags, gate.Time));
        var value = new KillSwitch { Key = Key, Owner = "commerce", TurnsOff = "the new checkout", ChangedAt = Given.Now };
        var place = new SwitchEnvironment { Key = Key, Environment = "production", ChangedAt = Given.Now };
        place.Target(TargetingText.Write(new([], 0)), "mia", Given.Now);
        gate.Record.Put(value);
        gate.Record.SaveTargetingAsync(place, new AuditEntry { At = Given.Now, Actor = "mia", Role = "", Event = "switch.target", Subject = "s", SubjectTitle = "s", Outcome = "done" }, default).GetAwaiter().GetResult();
        gate.Flags.Load([value], [place]);
        gate.Board.Show(value.Summary());
        _release = Start(EngineWorld.Seed(), "old-checkout");
    }

    [Fact]
    public async Task A_policy_takes_it_from_1_to_10_to_100_and_whoever_has_it_keeps_it()
    {
        var none = On();
        await AtAsync(1);
        var one = On();
        await AtAsync(10);
        var ten = On();
        await AtAsync(100);
        var all = On();

        Assert.Empty(none);
        Assert.InRange(one.Count, 60, 140);
        Assert.InRange(ten.Count, 900, 1_100);
        Assert.Equal(10_000, all.Count);
        Assert.Subset(ten, one);
        Assert.All(_world.Actions(_release), a => Assert.Equal(("console", ActionVerb.Promote, ActionPhase.Confirmed), (a.RequestedBy, a.Verb, a.Phase)));
        Assert.Equal(3, _world.Actions(_release).Count);
        Assert.Equal(ReleasePhase.Watching, _world.Phase(_release));
    }

    [Fact]
    public async Task A_kill_shadows_it_what_is_halted_meanwhile_stands_where_it_was_and_restoring_brings_it_back()
    {
        await AtAsync(10);
        var ten = On();
        var kill = GateWorld.Accepted(await _world.Gate.Gate.RequestAsync(new KillCommand(Key, "errors grow", null, null) { Environment = "production" }, Given.OnCall, default));
        Assert.Equal(ActionPhase.Confirmed, (await _world.Gate.RunAsync(kill.Id)).Phase);
        Assert.Empty(On());

        var halt = await _world.Gate.RunAsync(GateWorld.Accepted(await _world.Gate.HaltAsync(_release)).Id);

        Assert.Equal((ActionPhase.Confirmed, "2.15.0 is halted at 10 % on flags. Its switch is killed, so nobody gets it until that is restored."), (halt.Phase, halt.Outcome));
        _world.Gate.Build();
        var shown = _world.Gate.Board.Find(_release.Id)!;
        Assert.Equal((ReleasePhase.Halted, 10d), (shown.Phase, shown.ExposurePercent));
        var reading = new PlaybookReading(_world.Gate.Targets, _world.Gate.Flags, new PlaybookGiven.NoTimes(), new AllGood(), _world.Time);
        Assert.Equal("0 % while new-checkout is killed, 10 % once it is restored", reading.ExposedNow(shown));
        Assert.Equal(0, ExposureReading.Measure(null, shown with { PreviousVersion = null }, Given.Now, true, reading.IsShadowed(shown))!.Curve[^1].Percent);

        Assert.IsType<GateAnswer.Accepted>(await _world.Gate.Gate.RequestAsync(new RestoreCommand(Key, "fixed", null, null) { Environment = "production" }, Given.Manager, default));
        Assert.Equal(ten, On());
        Assert.Equal("10 %", reading.ExposedNow(_world.Gate.Board.Find(_release.Id)! with { Switch = null }));
    }

    [Fact]
    public async Task It_is_rolled_back_without_a_previous_version_and_nobody_has_it()
    {
        _world.Gate.Board.Untrack(_release.Id);
        _release = Start(EngineWorld.Seed() with { Release = null }, previous: null);
        await AtAsync(10);

        var back = await _world.Gate.RunAsync(GateWorld.Accepted(await _world.Gate.RollbackAsync(_release)).Id);

        Assert.Equal(ActionPhase.Confirmed, back.Phase);
        Assert.Empty(On());
        Assert.Equal(ReleasePhase.RolledBack, (await _world.Gate.StoredAsync(_release)).Phase);
    }

    [Fact]
    public async Task A_dialog_says_what_becomes_of_the_switch()
    {
        await AtAsync(1);
        var promote = (await _world.Gate.Gate.BriefAsync(ActionVerb.Promote, _release.Id, Given.Manager, default))!;
        var back = (await _world.Gate.Gate.BriefAsync(ActionVerb.Rollback, _release.Id, Given.Manager, default))!;

        Assert.Equal("Promote shop to 10 % on feature flag, production", promote.Title);
        Assert.EndsWith("new-checkout is on for 10 % of users.", promote.WhatHappens, StringComparison.Ordinal);
        Assert.Equal("Roll back, which sets new-checkout to 0 %, or kill the switch.", promote.ToUndo);
        Assert.StartsWith("new-checkout goes to 0 %", back.WhatHappens, StringComparison.Ordinal);
        Assert.Contains("the code stays shipped", back.WhatStays, StringComparison.Ordinal);
    }

    private Release Start(ReleasePolicy policy, string? previous) =>
        _world.Release(policy with { Canary = new CanaryPolicy { Stages = Stages } }, target: "flags", previous: previous, switchKey: Key, stages: Stages);

    private Task AtAsync(double percent) => _world.UntilAsync(() => _world.Gate.Board.Find(_release.Id)?.ExposurePercent.Equals(percent) == true, 600);

    private HashSet<string> On()
    {
        var flag = _world.Gate.Flags.Find(Key, "production")!;
        return [.. Users.Where(user => FlagEvaluation.Of(flag, user).Value).Select(user => user.TargetingKey!)];
    }

    private sealed class AllGood : IPreviousVersions
    {
        public PreviousStanding Of(Guid releaseId) => PreviousStanding.Good;
    }
}
