using OpsConsole.Core.Gates;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Switches;
using OpsConsole.Core.Targets.Flags;
using OpsConsole.Tests.Core.Actions.Gate;
using OpsConsole.Tests.Core.Targets;

namespace OpsConsole.Tests.Core.Switches;

public sealed class SwitchDeskTests
{
    private const string Key = "recommendations";

    private static readonly Targeting Five = new([], 5);

    private readonly GateWorld _world = new();
    private readonly SwitchDesk _desk;

    public SwitchDeskTests()
    {
        _desk = Desk(_world.Record);
        _world.Flags.Load([SwitchAsync().GetAwaiter().GetResult()], []);
    }

    [Fact]
    public async Task A_switch_is_made_on_for_everyone_served_at_once_and_on_record()
    {
        var made = Done(await _desk.CreateAsync(new CreateSwitchCommand("new-checkout", "commerce", " the new checkout "), Given.Manager, default));

        Assert.Equal(("new-checkout", "the new checkout", false), (made.Key, made.TurnsOff, made.Killed));
        Assert.Equal(Targeting.Everyone, _world.Flags.Find("new-checkout", "production")!.Targeting);
        Assert.Equal(("switch.create", "switch:new-checkout", "done"), (_world.Record.Audit[0].Event, _world.Record.Audit[0].Subject, _world.Record.Audit[0].Outcome));
        Assert.Equal(["switch-there"], Against(await _desk.CreateAsync(new CreateSwitchCommand("new-checkout", "commerce", "again"), Given.Manager, default)));
    }

    [Fact]
    public async Task What_cannot_be_a_switch_is_refused_with_all_reasons_and_by_role()
    {
        Assert.Equal(["role-may-not", "text-length", "catalog-name", "catalog-name"], Against(await _desk.CreateAsync(new CreateSwitchCommand("Bad Key", null, ""), Given.OnCall, default)));
        Assert.Empty(_world.Record.Audit);
    }

    [Fact]
    public async Task Targeting_is_in_force_at_once_and_the_record_says_who_what_why_and_what_was_before()
    {
        var place = Done(await TargetAsync(Five, 0));

        Assert.Equal(1, place.Revision);
        Assert.Equal(5, _world.Flags.Find(Key, "production")!.Targeting.Percent);
        var line = Assert.Single(_world.Record.Audit);
        Assert.Equal(("switch.target", "switch recommendations in production", "try it on a few"), (line.Event, line.SubjectTitle, line.Reason));
        Assert.StartsWith("On for 5 %; before: on for everyone.\n{", line.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_decided_is_in_force_also_where_who_asked_has_gone_meanwhile()
    {
        using var gone = new CancellationTokenSource();
        var desk = Desk(new ContendedSwitches(_world.Record, () => gone.CancelAsync()));

        Done(await desk.TargetAsync(new TargetSwitchCommand(Key, "production", Five, 0, "try it on a few"), Given.Manager, gone.Token));

        Assert.Equal(5, _world.Flags.Find(Key, "production")!.Targeting.Percent);
    }

    [Fact]
    public async Task Who_decided_on_an_older_state_is_told_what_changed_since()
    {
        Done(await TargetAsync(Five, 0));

        var refused = Assert.IsType<RecordAnswer<SwitchEnvironment>.Refused>(await TargetAsync(new Targeting([], 50), 0));

        var sentence = Assert.IsType<ChangedSinceRefusal>(Assert.Single(refused.Refusals)).Sentence;
        Assert.Contains("is at revision 1, and you saw 0", sentence, StringComparison.Ordinal);
        Assert.Contains($"{Given.Manager.Name} changed its targeting", sentence, StringComparison.Ordinal);
        Assert.Contains("to on for 5 %", sentence, StringComparison.Ordinal);
        Assert.Equal(5, _world.Flags.Find(Key, "production")!.Targeting.Percent);
        Done(await TargetAsync(new Targeting([], 50), 1));
    }

    [Fact]
    public async Task Targeting_a_killed_switch_keeps_it_killed_and_holds_once_it_is_restored()
    {
        var value = await SwitchAsync();
        value.Kill("mira", "errors grow", _world.Time.GetUtcNow());
        _world.Record.Put(value);
        _world.Flags.Set(value);

        Done(await TargetAsync(Five, 0));

        Assert.True(_world.Flags.Find(Key, "production")!.Killed);
        Assert.Equal(5, _world.Flags.Find(Key, "production")!.Targeting.Percent);
    }

    [Fact]
    public async Task The_share_that_a_release_drives_is_not_set_by_hand_and_rules_above_it_are()
    {
        _world.Targets.Add(new FlagAdapter(new FlagTargetOptions(), _world.Record, _world.Record, _world.Flags, _world.Time));
        Done(await TargetAsync(new Targeting([], 0), 0));
        var release = _world.Release(stage: -1, target: "flags");
        Assert.Equal(["driven-by-release"], Against(await TargetAsync(new Targeting([], 1), 1)));
        var flags = _world.Targets.Find("flags", "production")!;
        await flags.ApplyAsync(new(Guid.NewGuid(), "shop", "production", "2.15.0", null, 5, false), default);

        var refused = Assert.IsType<RecordAnswer<SwitchEnvironment>.Refused>(await TargetAsync(new Targeting([], 50), 2));
        Assert.Contains("is the exposure of shop 2.15.0 on flags, at 5 %", Assert.IsType<DrivenByReleaseRefusal>(Assert.Single(refused.Refusals)).Sentence, StringComparison.Ordinal);

        var drive = new TargetingDrive(Guid.NewGuid(), [], true);
        var place = Done(await TargetAsync(new Targeting([new("gold", [new("plan", TargetingOperator.In, ["gold"])], 100)], 5) { Drive = drive }, 2));
        var kept = TargetingText.Read(place.TargetingJson!);
        Assert.Equal((1, 5d, release.Id, false), (kept.Rules.Count, kept.Percent, kept.Drive!.Release, kept.Drive.Held));

        release.RollBack(_world.Time.GetUtcNow());
        _world.Record.Put(release);
        Assert.Null(TargetingText.Read(Done(await TargetAsync(new Targeting([], 50), 3)).TargetingJson!).Drive);
    }

    [Fact]
    public async Task A_faulty_targeting_an_unknown_place_and_a_missing_reason_are_refused_together()
    {
        var answer = await _desk.TargetAsync(new TargetSwitchCommand(Key, "prodution", new Targeting([], 101), 0, ""), Given.OnCall, default);

        Assert.Equal(["role-may-not", "text-length", "unknown-environment", "targeting-faulty"], Against(answer));
    }

    [Fact]
    public async Task What_a_live_release_is_bound_to_is_not_put_away_and_says_which()
    {
        var release = _world.Release();

        var refused = Assert.IsType<RecordAnswer<KillSwitch>.Refused>(await ArchiveAsync());

        Assert.Contains($"{release.Service} {release.Version} on {release.Target}, {release.Environment} is bound to recommendations", Assert.Single(refused.Refusals).Sentence, StringComparison.Ordinal);
        Assert.NotNull(_world.Flags.Find(Key));
    }

    [Fact]
    public async Task What_is_killed_is_not_put_away_because_clients_would_use_their_default()
    {
        var place = new SwitchEnvironment { Key = Key, Environment = "production", ChangedAt = _world.Time.GetUtcNow() };
        place.Kill("mira", "errors grow", _world.Time.GetUtcNow());
        Assert.True(await _world.Record.SaveTargetingAsync(place, new() { At = Given.Now, Actor = "mira", Role = "", Event = "", Subject = "", SubjectTitle = "", Outcome = "" }, default));

        var refused = Assert.IsType<RecordAnswer<KillSwitch>.Refused>(await ArchiveAsync());

        Assert.Contains("is killed in production", Assert.IsType<KilledNotArchivedRefusal>(Assert.Single(refused.Refusals)).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Put_away_it_is_answered_to_nobody_and_taken_out_it_is_as_it_was()
    {
        Done(await TargetAsync(Five, 0));
        Done(await ArchiveAsync());

        Assert.Null(_world.Flags.Find(Key, "production"));
        Assert.Equal(["archive-state"], Against(await ArchiveAsync()));
        Assert.Equal(["archived-switch"], Against(await TargetAsync(Five, 1)));
        Assert.IsType<RegisterAnswer.Conflict>(await RegisterAsync());

        Done(await _desk.UnarchiveAsync(Key, "needed after all", Given.Manager, default));

        Assert.Equal(5, _world.Flags.Find(Key, "production")!.Targeting.Percent);
        Assert.Equal(["switch.target", "switch.archive", "switch.unarchive"], _world.Record.Audit.Where(a => a.Outcome == "done").Select(a => a.Event));
        Assert.Equal(["archive-state"], Against(await _desk.UnarchiveAsync(Key, "needed after all", Given.Manager, default)));
    }

    [Fact]
    public async Task How_a_switch_that_is_taken_out_of_the_archive_spreads_is_counted_from_then()
    {
        Done(await ArchiveAsync());
        List<FlagChange> told = [];
        _world.Flags.Changed += told.Add;
        _world.Time.Advance(TimeSpan.FromDays(1));

        Done(await _desk.UnarchiveAsync(Key, "needed after all", Given.Manager, default));

        var change = Assert.Single(told);
        Assert.Equal((FlagChangeKind.Added, _world.Time.GetUtcNow()), (change.Kind, change.At));
    }

    [Fact]
    public async Task An_older_revision_is_not_put_away()
    {
        var value = await SwitchAsync();
        value.Restore("mira", "drill", _world.Time.GetUtcNow());
        _world.Record.Put(value);

        Assert.Equal(["changed-since"], Against(await _desk.ArchiveAsync(Key, 0, "not used", Given.Manager, default)));
    }

    [Fact]
    public async Task While_the_record_is_away_nothing_is_changed()
    {
        _world.Record.Away = true;

        Assert.IsType<RecordAnswer<SwitchEnvironment>.Unavailable>(await TargetAsync(Five, 0));
        Assert.Equal(Targeting.Everyone, _world.Flags.Find(Key, "production")!.Targeting);
    }

    private SwitchDesk Desk(ISwitchStore switches) => new(
        switches, _world.Record, new FlagEnvironments(_world.Board, _world.Flags, _world.Clients), new FlagDrivers(_world.Record, _world.Targets), _world.Flags, _world.Board, _world.Roles, _world.Time);

    private Task<RegisterAnswer> RegisterAsync() => new RegisterRelease(
        _world.Record, _world.Record, _world.Record, _world.Gates, _world.Board, _world.Flags, _world.Time, Microsoft.Extensions.Logging.Abstractions.NullLogger<RegisterRelease>.Instance).RegisterAsync(
            new ReleaseRegistration
            {
                Service = "shop", Target = "gateway", Environment = "production", Version = "3.0.0", Owner = "commerce", SwitchKey = Key,
                Artifact = new("sha256:" + new string('c', 64), "abc1234", null, null), Stages = [new(100, 0)], Signals = [new() { Key = "http_5xx_rate" }],
            },
            Given.Manager, default);

    private Task<RecordAnswer<SwitchEnvironment>> TargetAsync(Targeting targeting, int seen) =>
        _desk.TargetAsync(new TargetSwitchCommand(Key, "production", targeting, seen, "try it on a few"), Given.Manager, default);

    private Task<RecordAnswer<KillSwitch>> ArchiveAsync() => _desk.ArchiveAsync(Key, null, "not used any more", Given.Manager, default);

    private async Task<KillSwitch> SwitchAsync() => (await _world.Record.FindAsync(Key, default))!;

    private static T Done<T>(RecordAnswer<T> answer) => Assert.IsType<RecordAnswer<T>.Done>(answer).Value;

    private static string[] Against<T>(RecordAnswer<T> answer) => Given.Codes(Assert.IsType<RecordAnswer<T>.Refused>(answer).Refusals);
}
