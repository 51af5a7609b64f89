using OpsConsole.Core.Switches;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Switches;

public sealed partial class FlagAudienceTests
{
    private readonly FakeTime _time = new();
    private readonly SwitchBoard _switches = new();
    private readonly FlagAudience _audience;
    private int _revision;

    public FlagAudienceTests()
    {
        _switches.Load([Switch("a"), Switch("b")], []);
        _audience = new FlagAudience(_switches, _time, 100);
    }

    [Fact]
    public void Clients_that_are_there_are_waited_for_until_the_new_value_was_written_to_them()
    {
        var (one, other) = (Reader("1"), Reader("2"));
        _audience.Answered(one, null, _switches.Version);
        _audience.Answered(other, null, _switches.Version);

        Kill("a");
        _audience.Answered(one, null, _switches.Version - 1);
        Assert.Equal((2, 0), Counts(Step("a")));
        _time.Advance(TimeSpan.FromMilliseconds(120));
        _audience.Answered(one, null, _switches.Version);
        Assert.Equal((2, 1), Counts(Step("a")));
        _time.Advance(TimeSpan.FromMilliseconds(80));
        _audience.Answered(other, null, _switches.Version);

        var value = Step("a")!;
        Assert.Equal((120, 200, 0), (value.FirstMs, value.LastMs, value.Unconfirmed));
        Assert.NotNull(value.ClosedAt);
    }

    [Fact]
    public void Only_clients_of_the_environment_and_of_the_flag_count()
    {
        _audience.Answered(Reader("1"), null, 1);
        _audience.Answered(Reader("2", "staging"), null, 1);
        _audience.Answered(Reader("3"), "a", 1);
        _audience.Answered(Reader("4"), "b", 1);

        Kill("a", "production");
        Assert.Equal((2, 0), Counts(Step("a")));
        _audience.Answered(Reader("4"), "b", _switches.Version);
        _audience.Answered(Reader("3"), "b", _switches.Version);
        _audience.Answered(Reader("2", "staging"), null, _switches.Version);
        Assert.Null(Step("a"));
        _audience.Answered(Reader("3"), "a", _switches.Version);
        Assert.Equal((2, 1), Counts(Step("a")));

        Kill("b");
        Assert.Equal(4, Step("b")!.Clients);
    }

    [Fact]
    public void A_client_that_is_on_its_way_when_a_second_change_comes_is_right_in_both_clocks()
    {
        var client = Reader("1");
        _audience.Answered(client, null, _switches.Version);
        Kill("a");
        var first = _switches.Version;
        _time.Advance(TimeSpan.FromMilliseconds(100));
        Kill("b");
        var second = _switches.Version;

        _time.Advance(TimeSpan.FromMilliseconds(50));
        _audience.Answered(client, null, first);
        var news = _audience.Step().Updated;
        Assert.Equal((1, 150.0), (news.Single(p => p.Key == "a").Confirmed, news.Single(p => p.Key == "a").FirstMs));
        Assert.Equal(0, news.Single(p => p.Key == "b").Confirmed);

        _time.Advance(TimeSpan.FromMilliseconds(50));
        _audience.Answered(client, null, second);
        var value = Step("b")!;
        Assert.Equal((1, 100.0), (value.Confirmed, value.FirstMs));
    }

    [Fact]
    public void One_answer_past_both_changes_confirms_both()
    {
        var client = Reader("1");
        _audience.Answered(client, null, _switches.Version);
        Kill("a");
        Kill("b");

        _audience.Answered(client, null, _switches.Version);

        Assert.All(_audience.Step().Updated, p => Assert.Equal(1, p.Confirmed));
    }

    [Fact]
    public void A_client_is_gone_after_three_of_its_own_intervals_and_not_before_half_a_minute()
    {
        var (seldom, once) = (Reader("seldom"), Reader("once"));
        _audience.Answered(seldom, null, 1);
        _time.Advance(TimeSpan.FromSeconds(40));
        _audience.Answered(seldom, null, 1);
        _audience.Answered(once, null, 1);

        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(2, Readers());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, Readers());
        _time.Advance(TimeSpan.FromSeconds(89));
        Assert.Equal(1, Readers());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, Readers());
    }

    [Fact]
    public void A_client_is_there_while_it_holds_a_stream_and_half_a_minute_longer()
    {
        _audience.Answered(Reader("1"), null, 1);
        var stream = _audience.StreamOpened(Reader("1"));
        _time.Advance(TimeSpan.FromHours(1));
        _audience.Answered(Reader("1"), null, 1);
        Assert.Equal((1, 1), (Readers(), _audience.Groups()[0].Streams));

        stream.Dispose();
        stream.Dispose();
        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal((1, 0), (Readers(), _audience.Groups()[0].Streams));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, Readers());
    }

    [Fact]
    public void Who_leaves_while_it_is_waited_for_is_counted_as_gone()
    {
        _audience.Answered(Reader("1"), null, 1);
        Kill("a");
        Step("a");

        _time.Advance(TimeSpan.FromSeconds(30));

        var value = Step("a")!;
        Assert.Equal((1, 1, 0, 0), (value.Clients, value.Gone, value.Confirmed, value.Unconfirmed));
        Assert.NotNull(value.ClosedAt);
        Assert.Empty(_audience.Alarms);
    }

    [Fact]
    public void A_client_that_holds_a_stream_and_does_not_ask_is_an_alarm_until_it_does_or_leaves()
    {
        _audience.Answered(Reader("1"), null, _switches.Version);
        _audience.Answered(Reader("2"), null, _switches.Version);
        using var stream = _audience.StreamOpened(Reader("1"));
        var other = _audience.StreamOpened(Reader("2"));
        Kill("a");

        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.Empty(_audience.Step().Raised);
        _time.Advance(TimeSpan.FromSeconds(1));
        var raised = Assert.Single(_audience.Step().Raised);
        Assert.Equal(("a", 2, 2), (raised.Key, raised.Unconfirmed, raised.Clients));
        Assert.Empty(_audience.Step().Raised);

        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(2, Step("a")!.Unconfirmed);
        Assert.Equal(2, Assert.Single(_audience.Alarms).Unconfirmed);
        other.Dispose();
        _time.Advance(TimeSpan.FromSeconds(30));
        _audience.Step();
        Assert.Equal(1, Assert.Single(_audience.Alarms).Unconfirmed);
        _audience.Answered(Reader("1"), null, _switches.Version);
        _audience.Step();
        Assert.Empty(_audience.Alarms);
    }

    [Fact]
    public void A_newer_change_of_the_flag_takes_the_place_of_an_alarm()
    {
        _audience.Answered(Reader("1"), null, _switches.Version);
        using var stream = _audience.StreamOpened(Reader("1"));
        Kill("a");
        _time.Advance(TimeSpan.FromSeconds(31));
        Assert.Single(_audience.Step().Raised);

        Kill("b");
        Assert.Single(_audience.Alarms);
        Kill("a");
        Assert.Empty(_audience.Alarms);
    }

    [Fact]
    public void A_flag_that_is_put_away_reaches_those_who_had_asked_for_it()
    {
        _audience.Answered(Reader("1"), "a", _switches.Version);
        var value = Switch("a");
        value.Archive("ann", _time.GetUtcNow());
        _switches.Set(value);

        _audience.NotFound(Reader("2"), "a", _switches.Version);
        Assert.Equal((1, 0), Counts(Step("a")));
        _audience.NotFound(Reader("1"), "a", _switches.Version);

        Assert.Equal((1, 1), Counts(Step("a")));
        Assert.Equal(1, Readers());
    }

    [Fact]
    public void The_oldest_are_forgotten_beyond_the_bound_and_those_with_a_stream_last()
    {
        using var stream = _audience.StreamOpened(Reader("held"));
        for (var i = 0; i < 1_000; i++)
        {
            _audience.Answered(Reader($"{i}"), null, 1);
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.InRange(Readers(), 90, 100);
        Assert.Equal(1_001, Readers() + _audience.Forgotten);
        Assert.NotNull(_audience.Find("production", "held"));
        Assert.NotNull(_audience.Find("production", "999"));
        Assert.Null(_audience.Find("production", "0"));
    }

    [Fact]
    public void More_changes_than_can_be_measured_at_once_close_the_oldest_early()
    {
        _audience.Answered(Reader("1"), null, _switches.Version);
        for (var i = 0; i <= FlagAudience.MostOpen; i++)
        {
            Kill("a");
        }

        var news = _audience.Step().Updated;
        Assert.Equal(FlagAudience.MostOpen + 1, news.Count);
        Assert.NotNull(Assert.Single(news, p => p.ClosedAt is not null));
    }

    [Fact]
    public void Nobody_is_lost_when_answers_and_changes_come_at_once()
    {
        var audience = new FlagAudience(_switches, TimeProvider.System);
        var clients = Enumerable.Range(0, 200).Select(i => Reader($"{i}")).ToList();
        clients.ForEach(client => audience.Answered(client, null, _switches.Version));

        Parallel.Invoke(
            () => Parallel.For(0, 20, _ => clients.ForEach(client => audience.Answered(client, null, _switches.Version))),
            () => Kill("a"));
        clients.ForEach(client => audience.Answered(client, null, _switches.Version));

        var value = audience.Step().Updated.Single();
        Assert.Equal((200, 200), (value.Clients, value.Confirmed));
    }

    private int Readers() => _audience.Groups().Sum(g => g.Readers);

    private FlagPropagation? Step(string key) => _audience.Step().Updated.SingleOrDefault(p => p.Key == key);

    private static (int Clients, int Confirmed) Counts(FlagPropagation? value) => (value!.Clients, value.Confirmed);

    private static FlagReaderId Reader(string id, string environment = "production") => new(id, environment, "shop");

    private static KillSwitch Switch(string key) => new() { Key = key, Owner = "commerce", TurnsOff = key, ChangedAt = DateTimeOffset.UnixEpoch };

    /// <summary>Kills, or restores what is killed: a change either way.</summary>
    private void Kill(string key, string? environment = null)
    {
        _revision += 2;
        var (everywhere, place) = (Switch(key), new SwitchEnvironment { Key = key, Environment = environment ?? "", ChangedAt = DateTimeOffset.UnixEpoch });
        for (var i = 0; i < _revision; i++)
        {
            everywhere.Restore("ann", "again", _time.GetUtcNow());
            place.Restore("ann", "again", _time.GetUtcNow());
        }

        if (environment is not null)
        {
            place.Kill("ann", "too slow", _time.GetUtcNow());
            _switches.Set(place);
        }
        else
        {
            if (!_switches.Find(key)!.Killed)
            {
                everywhere.Kill("ann", "too slow", _time.GetUtcNow());
            }

            _switches.Set(everywhere);
        }
    }
}
