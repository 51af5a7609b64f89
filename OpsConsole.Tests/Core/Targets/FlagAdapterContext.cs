using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Switches;
using OpsConsole.Core.Targets.Flags;
using OpsConsole.Tests.Core.Actions.Gate;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Targets;

/// <summary>The adapter over the console's own switches in memory: a switch at 0 % beneath a rule, and a release that is bound to it.</summary>
public abstract class FlagAdapterContext
{
    protected const string Key = "new-checkout";

    protected static readonly TargetingRule Testers = new("testers", [new("email", TargetingOperator.EndsWith, ["@example.com"])], 100);

    protected FakeTime Time { get; } = new(Given.Now);

    protected InMemoryRecord Record { get; } = new();

    protected SwitchBoard Flags { get; } = new();

    protected FlagAdapter Subject { get; }

    protected Release Release { get; }

    protected FlagAdapterContext()
    {
        var value = new KillSwitch { Key = Key, Owner = "commerce", TurnsOff = "the new checkout", ChangedAt = Given.Now };
        Record.Put(value);
        Flags.Load([value], []);
        Release = Register("2.15.0", Given.Now);
        Subject = Adapter(Record);
        Target(new Targeting([Testers], 0));
    }

    protected FlagState Answered => Flags.Find(Key, "production")!;

    protected static TargetChange Change(double percent, bool halted = false) => new(Guid.NewGuid(), "shop", "production", "2.15.0", null, percent, halted);

    protected static AuditEntry Line() => new() { At = Given.Now, Actor = "mia", Role = "", Event = "switch.target", Subject = "switch:" + Key, SubjectTitle = Key, Outcome = "done" };

    protected FlagAdapter Adapter(ISwitchStore switches) => new(new FlagTargetOptions(), switches, Record, Flags, Time);

    protected Task<TargetObservation> ObserveAsync() => Subject.ObserveAsync("shop", "production", "2.15.0", default);

    protected Task<TargetRefusedException> RefusedAsync(TargetChange change) => Assert.ThrowsAsync<TargetRefusedException>(() => Subject.ApplyAsync(change, default));

    protected int Share() => Enumerable.Range(0, 10_000).Count(i => FlagEvaluation.Of(Answered, EvaluationContext.Of($"user-{i}")).Value);

    protected async Task<SwitchEnvironment> PlaceAsync() => (await Record.EnvironmentsAsync(Key, default)).Single(p => p.Environment == "production");

    protected void Target(Targeting targeting)
    {
        var place = new SwitchEnvironment { Key = Key, Environment = "production", ChangedAt = Given.Now };
        place.Target(TargetingText.Write(targeting), "mia", Given.Now);
        Assert.True(Record.SaveTargetingAsync(place, Line(), default).GetAwaiter().GetResult());
        Flags.Set(place);
    }

    protected void Kill(bool everywhere, bool off)
    {
        if (everywhere)
        {
            var value = Record.FindAsync(Key, default).GetAwaiter().GetResult()!;
            Turn(off, value.Kill, value.Restore);
            Record.Put(value);
            Flags.Set(value);
            return;
        }

        var place = PlaceAsync().GetAwaiter().GetResult();
        Turn(off, place.Kill, place.Restore);
        Record.SaveTargetingAsync(place, Line(), default).GetAwaiter().GetResult();
        Flags.Set(place);
    }

    private static void Turn(bool off, Action<string, string, DateTimeOffset> kill, Action<string, string, DateTimeOffset> restore) => (off ? kill : restore)("ole", "errors grow", Given.Now.AddMinutes(2));

    protected Release Register(string version, DateTimeOffset at, string service = "shop")
    {
        var release = new Release
        {
            Id = Guid.CreateVersion7(at), Service = service, Target = "flags", Environment = "production", Version = version, SwitchKey = Key, Owner = "commerce",
            Artifact = new("sha256:" + new string('a', 64), "abc1234", null, null), Stages = Given.Stages, Signals = [], RegisteredAt = at,
        };
        Record.Put(release);
        return release;
    }
}
