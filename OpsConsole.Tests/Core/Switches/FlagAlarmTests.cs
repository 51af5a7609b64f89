using OpsConsole.Core.Switches;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Switches;

/// <summary>Clients that are there and do not follow.</summary>
public sealed class FlagAlarmTests
{
    private static readonly FlagReaderId Reader = new("1", "production", "shop web");

    private readonly FakeTime _time = new();
    private readonly SwitchBoard _switches = new();

    [Fact]
    public void Who_is_late_with_two_changes_of_a_flag_is_one_alarm_and_it_is_told_when_alarms_come_and_go()
    {
        _switches.Load([Switch()], []);
        var audience = new FlagAudience(_switches, _time);
        var told = 0;
        audience.AlarmsChanged += () => told++;
        using var stream = audience.StreamOpened(Reader);
        audience.Answered(Reader, null, _switches.Version);
        var value = Switch();
        value.Kill("ann", "too slow", _time.GetUtcNow());
        _switches.Set(value);
        _time.Advance(TimeSpan.FromSeconds(2));
        value = Switch();
        value.Kill("ann", "too slow", _time.GetUtcNow());
        value.Restore("ann", "fast again", _time.GetUtcNow());
        _switches.Set(value);

        _time.Advance(TimeSpan.FromSeconds(29));
        audience.Step();
        Assert.Equal((0, 0), (audience.Alarms.Count, told));

        _time.Advance(TimeSpan.FromSeconds(2));
        audience.Step();
        audience.Step();
        var alarm = Assert.Single(audience.Alarms);
        Assert.Equal((FlagChangeKind.Restored, 1, "shop web in production: 1", 1), (alarm.Kind, alarm.Unconfirmed, alarm.Who, told));

        audience.Answered(Reader, null, _switches.Version);
        audience.Step();
        Assert.Equal((0, 2), (audience.Alarms.Count, told));
    }

    [Fact]
    public void Many_changes_silence_no_kill()
    {
        _switches.Load([Switch(), .. Enumerable.Range(0, 40).Select(i => Switch($"s{i}"))], []);
        var audience = new FlagAudience(_switches, _time);
        using var stream = audience.StreamOpened(Reader);
        audience.Answered(Reader, null, _switches.Version);
        Kill("a");
        for (var i = 0; i < 2 * FlagAudience.MostOpen; i++)
        {
            Target($"s{i}");
        }

        // All that is measured in the end is kills, the first of them closed early for the last.
        Assert.Null(audience.Step().Updated.Single(p => p.Key == "a").ClosedAt);
        for (var i = 0; i < FlagAudience.MostOpen; i++)
        {
            Kill($"s{i}");
        }

        Assert.NotNull(audience.Step().Updated.Single(p => p.Key == "a").ClosedAt);

        // What is newest is measured also where all others are kills.
        Target("s39");
        Assert.Null(audience.Step().Updated.Single(p => p.Key == "s39").ClosedAt);
        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.Empty(audience.Step().Raised);
        _time.Advance(TimeSpan.FromSeconds(1));
        var raised = audience.Step().Raised;
        Assert.Contains(raised, alarm => (alarm.Key, alarm.Kind, alarm.Unconfirmed) == ("a", FlagChangeKind.Killed, 1));
        Assert.Equal(raised.Count, audience.Alarms.Count);
        Assert.Empty(audience.Step().Raised);

        audience.Answered(Reader, null, _switches.Version);
        audience.Step();
        Assert.Empty(audience.Alarms);
    }

    private void Kill(string key)
    {
        var value = Switch(key);
        value.Kill("ann", "too slow", _time.GetUtcNow());
        _switches.Set(value);
    }

    private void Target(string key)
    {
        var place = new SwitchEnvironment { Key = key, Environment = "production", ChangedAt = DateTimeOffset.UnixEpoch };
        place.Target(TargetingText.Write(new Targeting([], 5)), "ann", _time.GetUtcNow());
        _switches.Set(place);
    }

    private static KillSwitch Switch(string key) => new() { Key = key, Owner = "commerce", TurnsOff = key, ChangedAt = DateTimeOffset.UnixEpoch };

    private static KillSwitch Switch() => new() { Key = "a", Owner = "commerce", TurnsOff = "a", ChangedAt = DateTimeOffset.UnixEpoch };
}
