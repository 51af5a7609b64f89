using OpsConsole.Core.Access;
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

    [Fact]
    public void A_line_that_could_not_be_written_is_due_again_at_once_and_counts_as_left_out()
    {
        Assert.Equal("", Next());
        Assert.Null(Next());
        _time.Advance(RecordPace.Pause);
        Assert.Equal(" Of the same, 1 more was left out since 12:00:00 UTC.", Next());

        _pace.Forget("ana", "promote", "not-permitted", _time.GetUtcNow());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(" Of the same, 2 more were left out since 12:00:00 UTC.", Next());
        Assert.Null(Next());

        // One that is forgotten late, after another was let through, is only counted.
        _pace.Forget("ana", "promote", "not-permitted", _time.GetUtcNow() - TimeSpan.FromSeconds(1));
        Assert.Null(Next());
        _time.Advance(RecordPace.Pause);
        Assert.Equal(" Of the same, 3 more were left out since 12:01:01 UTC.", Next());
    }

    [Fact]
    public void What_is_forgotten_of_nobody_or_beyond_the_most_of_one_does_no_harm()
    {
        _pace.Forget("ana", "promote", "not-permitted", _time.GetUtcNow());
        Assert.Equal("", Next());
        for (var i = 0; i <= RecordPace.MostOfOne; i++)
        {
            Next(what: $"promote {i}");
        }

        Assert.Null(Next(what: "halt"));
        _pace.Forget("ana", "halt", "not-permitted", _time.GetUtcNow());
        Assert.Equal(" Of this caller, 3 more were left out since 12:00:00 UTC.", Next(what: "halt"));
    }

    [Fact]
    public async Task Each_name_of_one_token_has_a_place_of_its_own_and_all_share_the_most_of_one()
    {
        Assert.Equal([""], await TellAsync(0));
        Assert.Equal([""], await TellAsync(1));
        Assert.Empty(await TellAsync(1));
        var told = 0;
        for (var run = 2; run < 1_000; run++)
        {
            told += (await TellAsync(run)).Count;
        }

        Assert.Equal(RecordPace.MostOfOne - 1, told);

        async Task<IReadOnlyList<string>> TellAsync(int run)
        {
            List<string> lines = [];
            await _pace.TellAsync(new Operator($"ci/run {run}", Role.Service, IsService: true), "promote", "not-in-scope", _time.GetUtcNow(), leftOut =>
            {
                lines.Add(leftOut);
                return Task.FromResult(true);
            });
            return lines;
        }
    }

    [Fact]
    public async Task A_line_that_could_not_be_written_however_that_shows_is_due_again_with_its_count()
    {
        List<string> told = [];
        await TellAsync(() => false);
        await Assert.ThrowsAsync<RecordUnavailableException>(() => TellAsync(() => throw new RecordUnavailableException("away")));
        await TellAsync(() => true);
        await TellAsync(() => true);

        Assert.Equal(["", " Of the same, 1 more was left out since 12:00:00 UTC.", " Of the same, 2 more were left out since 12:00:00 UTC."], told);

        Task TellAsync(Func<bool> written) => _pace.TellAsync("ana", "promote", "not-permitted", _time.GetUtcNow(), leftOut =>
        {
            told.Add(leftOut);
            return Task.FromResult(written());
        });
    }

    [Fact]
    public void A_part_of_what_was_asked_stays_short_and_tells_one_from_another()
    {
        Assert.Equal("", RecordPace.Part(null));
        Assert.Equal("production", RecordPace.Part("production"));
        var one = RecordPace.Part(new string('a', 10_000));
        Assert.Equal(64, one.Length);
        Assert.NotEqual(one, RecordPace.Part(new string('a', 9_999)));
    }

    private string? Next(string actor = "ana", string what = "promote", string why = "not-permitted") => _pace.Next(actor, what, why, _time.GetUtcNow());
}
