using Microsoft.Extensions.Logging.Abstractions;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Switches;
using OpsConsole.Core.Targets.Flags;
using OpsConsole.Tests.Core.Actions.Gate;

namespace OpsConsole.Tests.Core.Releases;

/// <summary>Registering a release on a target whose exposure is the percentage of its switch.</summary>
public sealed class DarkReleaseTests
{
    private const string Key = "new-checkout";

    private readonly GateWorld _world = new();
    private readonly RegisterRelease _register;

    public DarkReleaseTests()
    {
        _world.Targets.Add(new FlagAdapter(new FlagTargetOptions(), _world.Record, _world.Record, _world.Flags, _world.Time));
        var dark = new DarkReleaseRule(new FlagDrivers(_world.Record, _world.Targets), _world.Record, _world.Record, _world.Targets);
        _register = new RegisterRelease(
            _world.Record, _world.Record, _world.Record, _world.Gates, _world.Board, _world.Flags, _world.Time, NullLogger<RegisterRelease>.Instance, null, dark);
        var value = new KillSwitch { Key = Key, Owner = "commerce", TurnsOff = "the new checkout", ChangedAt = Given.Now };
        _world.Record.Put(value);
        _world.Flags.Load([value], []);
    }

    [Fact]
    public async Task It_names_a_switch_and_steps_that_a_percentage_has()
    {
        var invalid = Assert.IsType<RegisterAnswer.Invalid>(await RegisterAsync(Good with { SwitchKey = null, Stages = [new(0.0005, 60), new(100, 0)] }));

        Assert.Equal(["switchKey", "stages[0].exposurePercent"], invalid.Faults.Select(f => f.Path));
        Assert.Equal("A release on flags is exposed by the percentage of its switch: name one that there is.", invalid.Faults[0].Sentence);
    }

    [Fact]
    public async Task Its_switch_is_there_and_served()
    {
        Assert.StartsWith("There is no switch nothing: make it", await RefusedAsync(Good with { SwitchKey = "nothing" }), StringComparison.Ordinal);
        Assert.Null(await _world.Record.FindAsync("nothing", default));

        var value = (await _world.Record.FindAsync(Key, default))!;
        value.Archive("ann", Given.Now);
        _world.Record.Put(value);
        Assert.Contains("was put away", await RefusedAsync(Good), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_switch_is_on_for_nobody_yet()
    {
        Assert.Equal("new-checkout is on for 100 % of everyone else in production, so it is out already: set that share to 0 % first, or name another switch.", await RefusedAsync(Good));
        Assert.Equal(("release.register", "refused"), (_world.Record.Audit[^1].Event, _world.Record.Audit[^1].Outcome));

        await TargetAsync(0);
        var registered = Assert.IsType<RegisterAnswer.Registered>(await RegisterAsync(Good));
        Assert.Equal((Key, null), (registered.Release.SwitchKey, registered.Release.PreviousVersion));
    }

    [Fact]
    public async Task Two_live_releases_do_not_drive_one_switch_in_one_environment()
    {
        await TargetAsync(0);
        var first = Assert.IsType<RegisterAnswer.Registered>(await RegisterAsync(Good)).Release;

        Assert.StartsWith("shop 2.15.0 on flags drives the share of new-checkout in production already", await RefusedAsync(Good with { Service = "cart" }), StringComparison.Ordinal);
        Assert.Contains("is already registered", await RefusedAsync(Good), StringComparison.Ordinal);
        Assert.IsType<RegisterAnswer.Registered>(await RegisterAsync(Good with { Service = "cart", Target = "gateway" }));

        first.RollBack(_world.Time.GetUtcNow());
        _world.Record.Put(first);
        Assert.IsType<RegisterAnswer.Registered>(await RegisterAsync(Good with { Service = "cart" }));
    }

    [Fact]
    public async Task A_fix_of_a_halted_one_begins_at_0_or_with_a_switch_of_its_own()
    {
        await TargetAsync(0);
        var bad = Assert.IsType<RegisterAnswer.Registered>(await RegisterAsync(Good)).Release;
        await TargetAsync(10);
        bad.Halt(10, _world.Time.GetUtcNow());
        _world.Record.Put(bad);
        var fix = Good with { Version = "2.15.1", Fixes = bad.Id };

        Assert.StartsWith("shop 2.15.0 on flags has new-checkout on for 10 % in production: roll it back first", await RefusedAsync(fix), StringComparison.Ordinal);
        var own = new KillSwitch { Key = "newer-checkout", Owner = "commerce", TurnsOff = "the newer checkout", ChangedAt = Given.Now };
        _world.Record.Put(own);
        await TargetAsync(0, own.Key);
        Assert.IsType<RegisterAnswer.Registered>(await RegisterAsync(fix with { SwitchKey = own.Key }));
    }

    private static ReleaseRegistration Good => new()
    {
        Service = "shop", Target = "flags", Environment = "production", Version = "2.15.0", Owner = "commerce", SwitchKey = Key,
        Artifact = new("sha256:" + new string('c', 64), "abc1234", null, null), Stages = [new(1, 60), new(10, 60), new(100, 0)], Signals = [new() { Key = "http_5xx_rate" }],
    };

    private Task<RegisterAnswer> RegisterAsync(ReleaseRegistration registration) => _register.RegisterAsync(registration, Given.Manager, default);

    private async Task<string> RefusedAsync(ReleaseRegistration registration) => Assert.IsType<RegisterAnswer.Conflict>(await RegisterAsync(registration)).Sentence;

    private async Task TargetAsync(double percent, string key = Key)
    {
        var place = await _world.Record.EnvironmentsAsync(key, default) is [var there, ..] ? there : new SwitchEnvironment { Key = key, Environment = "production", ChangedAt = Given.Now };
        place.Target(TargetingText.Write(new([], percent)), "mia", Given.Now);
        var line = new OpsConsole.Core.Audit.AuditEntry { At = Given.Now, Actor = "mia", Role = "", Event = "switch.target", Subject = $"switch:{key}", SubjectTitle = key, Outcome = "done" };
        Assert.True(await _world.Record.SaveTargetingAsync(place, line, default));
    }
}
