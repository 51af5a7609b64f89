using OpsConsole.Core.Switches;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Switches;

public sealed class PropagationClockTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTime _time = new(Noon);

    [Fact]
    public void Times_count_from_the_decision()
    {
        var (one, other) = (Reader("1"), Reader("2"));
        _time.Advance(TimeSpan.FromMilliseconds(40));
        var clock = Clock(one, other);

        _time.Advance(TimeSpan.FromMilliseconds(60));
        clock.Confirm(one);
        _time.Advance(TimeSpan.FromMilliseconds(300));
        clock.Confirm(other);
        clock.Step(_ => true);

        var value = clock.Take()!;
        Assert.Equal((100, 400, 100, 400), (value.FirstMs, value.LastMs, value.MedianMs, value.P95Ms));
        Assert.Equal((2, 2, 0, 0), (value.Clients, value.Confirmed, value.Gone, value.Unconfirmed));
        Assert.Equal(Noon.AddMilliseconds(400), value.ClosedAt);
        Assert.Equal(("f", "production", FlagChangeKind.Killed, Noon), (value.Key, value.Environment, value.Kind, value.FlippedAt));
    }

    [Fact]
    public void Each_reader_counts_once_and_only_those_that_were_there()
    {
        var (one, stranger) = (Reader("1"), Reader("3"));
        var clock = Clock(one, Reader("2"));

        clock.Confirm(one);
        clock.Confirm(one);
        clock.Confirm(stranger);

        var value = clock.Take()!;
        Assert.Equal((2, 1, 1), (value.Clients, value.Confirmed, value.Unconfirmed));
        Assert.Null(value.ClosedAt);
    }

    [Fact]
    public void Closes_at_once_when_nobody_is_there()
    {
        var clock = Clock();

        clock.Step(_ => true);

        var value = clock.Take()!;
        Assert.True(clock.IsClosed);
        Assert.Equal((0, 0, 0), (value.Clients, value.Confirmed, value.Unconfirmed));
        Assert.Null(value.FirstMs);
        Assert.Equal(Noon, value.ClosedAt);
    }

    [Fact]
    public void Closes_after_a_minute_with_those_unconfirmed_who_are_there()
    {
        var late = Reader("1");
        var clock = Clock(late);

        _time.Advance(PropagationClock.Longest - TimeSpan.FromMilliseconds(1));
        clock.Step(_ => true);
        Assert.False(clock.IsClosed);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        clock.Step(_ => true);
        clock.Confirm(late);

        var value = clock.Take()!;
        Assert.Equal((0, 1, Noon + PropagationClock.Longest), (value.Confirmed, value.Unconfirmed, value.ClosedAt));
    }

    [Fact]
    public void Who_is_gone_is_counted_apart_and_still_counts_when_it_comes_back()
    {
        var (gone, there) = (Reader("1"), Reader("2"));
        var clock = Clock(gone, there);

        clock.Step(reader => reader == there);
        var value = clock.Take()!;
        Assert.Equal((1, 1, 0), (value.Gone, value.Unconfirmed, value.Confirmed));

        clock.Confirm(gone);
        clock.Confirm(there);
        clock.Step(_ => true);
        value = clock.Take()!;
        Assert.Equal((0, 0, 2), (value.Gone, value.Unconfirmed, value.Confirmed));
        Assert.NotNull(value.ClosedAt);
    }

    [Fact]
    public void Is_news_only_when_something_changed()
    {
        var clock = Clock(Reader("1"));

        Assert.NotNull(clock.Take());
        clock.Step(_ => true);
        Assert.Null(clock.Take());
    }

    [Fact]
    public void The_alarm_is_raised_once_after_half_a_minute_and_follows_who_is_late()
    {
        var (late, other) = (Reader("1"), Reader("2"));
        var clock = Clock(late, other);
        clock.Confirm(other);

        _time.Advance(PropagationClock.AlarmAfter - TimeSpan.FromMilliseconds(1));
        Assert.False(clock.TakeAlarm());
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(clock.TakeAlarm());
        Assert.False(clock.TakeAlarm());

        Assert.Equal((1, 2), (clock.Alarm(_ => true).Unconfirmed, clock.Alarm(_ => true).Clients));
        Assert.Equal("1 of 2 clients is there and not on the new value of f in production more than 30 s after the change.", clock.Alarm(_ => true).Sentence);
        Assert.Equal(0, clock.Alarm(_ => false).Unconfirmed);
        late.Answered(7, TimeSpan.FromMinutes(2));
        Assert.Equal(0, clock.Alarm(_ => true).Unconfirmed);
    }

    [Fact]
    public void A_wall_clock_that_is_set_back_or_forward_changes_no_time()
    {
        var wall = new JumpingClock();
        var (one, other) = (Reader("1"), Reader("2"));
        var clock = new PropagationClock(Change(JumpingClock.Start), [one, other], wall);

        wall.Monotonic = TimeSpan.FromMilliseconds(100);
        wall.Wall = JumpingClock.Start.AddHours(-5);
        clock.Confirm(one);
        wall.Monotonic = TimeSpan.FromMilliseconds(200);
        wall.Wall = JumpingClock.Start.AddYears(1);
        clock.Confirm(other);
        clock.Step(_ => true);

        var value = clock.Take()!;
        Assert.Equal((100, 200, JumpingClock.Start.AddMilliseconds(200)), (value.FirstMs, value.LastMs, value.ClosedAt));
    }

    [Fact]
    public void A_decision_in_the_future_counts_from_when_it_was_heard_of()
    {
        var reader = Reader("1");
        var clock = new PropagationClock(Change(Noon.AddMinutes(3)), [reader], _time);

        _time.Advance(TimeSpan.FromMilliseconds(5));
        clock.Confirm(reader);

        Assert.Equal(5, clock.Take()!.FirstMs);
    }

    [Fact]
    public void Many_at_once_are_all_counted_in_order()
    {
        var readers = Enumerable.Range(0, 5_000).Select(i => Reader(i.ToString(System.Globalization.CultureInfo.InvariantCulture))).ToList();
        var clock = new PropagationClock(Change(Noon), readers, TimeProvider.System);

        Parallel.ForEach(readers, reader =>
        {
            clock.Confirm(reader);
            clock.Step(_ => true);
        });

        var value = clock.Take()!;
        Assert.Equal((5_000, 0), (value.Confirmed, value.Unconfirmed));
        Assert.True(value.FirstMs <= value.MedianMs && value.MedianMs <= value.P95Ms && value.P95Ms <= value.LastMs);
    }

    private PropagationClock Clock(params FlagReader[] there) => new(Change(Noon), there, _time);

    private static FlagChange Change(DateTimeOffset at) => new("f", "production", FlagChangeKind.Killed, at, 7);

    private static FlagReader Reader(string id) => new(new FlagReaderId(id, "production", "shop"), null, TimeSpan.Zero);

    private sealed class JumpingClock : TimeProvider
    {
        public static readonly DateTimeOffset Start = Noon;

        public DateTimeOffset Wall { get; set; } = Start;

        public TimeSpan Monotonic { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Wall;

        public override long GetTimestamp() => Monotonic.Ticks;
    }
}
