using OpsConsole.Core.Audit;
using OpsConsole.Core.Switches;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Switches;

public sealed class PropagationBookTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly InMemoryPropagations _store = new();
    private readonly InMemoryRecord _record = new();
    private readonly PropagationBook _book;

    public PropagationBookTests() => _book = new PropagationBook(_store, _record, new FakeTime(Noon));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Counts_are_told_at_once_and_only_the_newest_is_stored()
    {
        List<int> told = [];
        _book.Updated += value => told.Add(value.Confirmed);
        var id = Guid.CreateVersion7();
        Take(Value(id, confirmed: 1));
        Take(Value(id, confirmed: 2));
        Take(Value(id, confirmed: 3));
        await _book.SaveAsync(Token);
        await _book.SaveAsync(Token);

        Assert.Equal([1, 2, 3], told);
        Assert.Equal((1, 3), (_store.Saves, _store.Stored[id].Confirmed));
        Take(Value(id, confirmed: 3, closed: true));
        await _book.SaveAsync(Token);
        Assert.NotNull(_store.Stored[id].ClosedAt);
        Assert.Equal(0, _book.Unsaved);
    }

    [Fact]
    public async Task While_the_database_is_away_they_are_kept_and_stored_later()
    {
        _store.Away = true;
        var id = Guid.CreateVersion7();
        Take(Value(id, confirmed: 1));
        await Assert.ThrowsAsync<RecordUnavailableException>(() => _book.SaveAsync(Token));
        var page = await _book.LatestAsync("f", 10, Token);
        Assert.Equal((false, 1), (page.Complete, Assert.Single(page.Items).Confirmed));

        Take(Value(id, confirmed: 2, closed: true));
        _store.Away = false;
        await _book.SaveAsync(Token);

        Assert.Equal((2, 1), (_store.Stored[id].Confirmed, _store.Saves));
    }

    [Fact]
    public async Task What_waits_for_the_database_is_bounded_and_what_was_dropped_is_counted()
    {
        _store.Away = true;
        for (var i = 0; i < PropagationBook.MostUnsaved + 3; i++)
        {
            Take(Value(Guid.CreateVersion7(), confirmed: 1, closed: true, minutes: i));
        }

        Assert.Equal((PropagationBook.MostUnsaved, 3), (_book.Unsaved, _book.Dropped));
        _store.Away = false;
        await _book.SaveAsync(Token);
        Assert.Equal(Noon.AddMinutes(3), _store.Stored.Values.Min(p => p.FlippedAt));
    }

    [Fact]
    public async Task An_alarm_is_one_audit_line_also_where_the_record_is_away_at_first()
    {
        var alarm = new PropagationAlarm(Guid.NewGuid(), "f", "production", FlagChangeKind.Killed, Noon, 2, 5);
        _record.AuditAway = true;
        _book.Take(new PropagationNews([], [alarm]));
        await Assert.ThrowsAnyAsync<Exception>(() => _book.SaveAsync(Token));

        _record.AuditAway = false;
        await _book.SaveAsync(Token);
        await _book.SaveAsync(Token);

        var line = Assert.Single(_record.Audit);
        Assert.Equal(("switch.unconfirmed", "switch:f", "unconfirmed", "console", Noon), (line.Event, line.Subject, line.Outcome, line.Actor, line.At));
        Assert.Equal(alarm.Sentence, line.Detail);
    }

    [Fact]
    public async Task The_latest_are_those_measured_and_those_stored_newest_first()
    {
        var (stored, measured, cut) = (Value(Guid.CreateVersion7(), 1, closed: true), Value(Guid.CreateVersion7(), 1, minutes: 2), Value(Guid.CreateVersion7(), 1, minutes: 1));
        await _store.SaveAsync(stored, Token);
        await _store.SaveAsync(cut, Token);
        Take(measured);

        var page = await _book.LatestAsync("f", 10, Token);

        Assert.Equal([measured.Id, cut.Id, stored.Id], page.Items.Select(p => p.Id));
        Assert.Equal([PropagationState.Measuring, PropagationState.CutShort, PropagationState.Closed], page.Items.Select(_book.StateOf));
        Assert.Empty((await _book.LatestAsync("other", 10, Token)).Items);
        Assert.Equal(measured.Id, Assert.Single((await _book.LatestAsync(null, 1, Token)).Items).Id);
    }

    private void Take(FlagPropagation value) => _book.Take(new PropagationNews([value], []));

    private static FlagPropagation Value(Guid id, int confirmed, bool closed = false, int minutes = 0)
    {
        var value = new FlagPropagation { Id = id, Key = "f", Environment = "production", Kind = FlagChangeKind.Killed, FlippedAt = Noon.AddMinutes(minutes) };
        value.Count(5, 0, [.. Enumerable.Range(1, confirmed).Select(i => i * 10.0)], closed ? Noon.AddMinutes(minutes + 1) : null);
        return value;
    }
}
