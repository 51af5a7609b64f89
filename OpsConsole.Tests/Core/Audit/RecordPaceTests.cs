using OpsConsole.Core.Audit;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Audit;

public sealed class RecordPaceTests
{
    private readonly FakeTime _time = new();
    private readonly RecordPace _pace = new();

    [Fact]
    public void The_same_is_told_once_a_minute_with_how_often_it_was_left_out()
    {
        Assert.Equal("", Next());
        Assert.Null(Next());
        Assert.Null(Next());

        _time.Advance(RecordPace.Pause);
        Assert.Equal(" Of the same, 2 more were left out since 12:00:00 UTC.", Next());
        Assert.Null(Next());
        _time.Advance(RecordPace.Pause);
        Assert.Equal(" Of the same, 1 more was left out since 12:01:00 UTC.", Next());
        _time.Advance(RecordPace.Pause);
        Assert.Equal("", Next());
    }

    [Fact]
    public void Someone_else_something_else_and_another_reason_are_told_at_once()
    {
        Assert.Equal("", Next());
        Assert.Equal("", Next(actor: "bob"));
        Assert.Equal("", Next(what: "halt"));
        Assert.Equal("", Next(why: "in-flight"));
    }

    [Fact]
    public void Whoever_tries_ever_new_things_floods_it_no_more_and_keeps_nobody_elses_off_it()
    {
        var told = Enumerable.Range(0, 10_000).Count(i => Next(what: $"promote {i}") is not null);

        Assert.Equal(RecordPace.MostOfOne + 1, told);
        Assert.Equal("", Next(actor: "bob"));
        _time.Advance(RecordPace.Pause);
        Assert.Equal("", Next(what: "promote again"));
    }

    private string? Next(string actor = "ana", string what = "promote", string why = "not-permitted") => _pace.Next(actor, what, why, _time.GetUtcNow());
}
