using OpsConsole.Core.Actions.Gate;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Contracts;

/// <summary>What goes wrong between the console and a target, and what is known then.</summary>
public abstract partial class TargetContract
{
    [Fact]
    public async Task What_happened_although_the_answer_was_lost_is_seen_by_reading()
    {
        var change = Change(FirstShare);
        await LoseEveryAnswerToAChangeAsync(change);

        Assert.Single(_server.Requests, IsChange);
        Assert.Equal(FirstShare, (await SeenAsync()).ExposurePercent, 0.05);
        var changes = _server.Changes;
        await ApplyAsync(change);
        Assert.Equal(changes, _server.Changes);
    }

    [Fact]
    public async Task A_target_that_hangs_is_unreachable_after_the_limit()
    {
        _server.Fail(ApiFault.Hangs);
        var time = new FakeTime();
        var adapter = Connect(Settings(_server.Address), time);

        var apply = adapter.ApplyAsync(Change(FirstShare), TestContext.Current.CancellationToken);
        var observe = adapter.ObserveAsync(Service, Production, New, TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => _server.Requests.Count >= 2);
        Assert.False(apply.IsCompleted || observe.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(10));

        Assert.Contains("5 s", (await Assert.ThrowsAsync<TargetUnreachableException>(() => apply)).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<TargetUnreachableException>(() => observe);
        Assert.Equal(0, _server.Changes);
    }

    [Fact]
    public async Task Giving_up_is_not_the_targets_fault()
    {
        _server.Fail(ApiFault.Hangs);
        using var cancel = new CancellationTokenSource();
        var apply = _adapter.ApplyAsync(Change(FirstShare), cancel.Token);
        await Eventually.TrueAsync(() => _server.Requests.Count >= 1);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => apply);
    }

    [Fact]
    public async Task A_wrong_credential_changes_nothing_and_is_told_without_it()
    {
        var stranger = Connect(WrongSettings(_server.Address), TimeProvider.System);

        Told(await Assert.ThrowsAnyAsync<Exception>(() => stranger.ApplyAsync(Change(FirstShare), TestContext.Current.CancellationToken)));
        Told(await Assert.ThrowsAsync<TargetUnreachableException>(() => stranger.ObserveAsync(Service, Production, New, TestContext.Current.CancellationToken)));
        Assert.Equal(0, _server.Changes);
    }

    [Fact]
    public async Task A_target_that_is_busy_for_a_moment_is_asked_again()
    {
        _server.Fail(ApiFault.Busy, times: 1);

        await ApplyAsync(Change(FirstShare));

        Assert.Equal(FirstShare, (await SeenAsync()).ExposurePercent, 0.05);
    }

    [Fact]
    public async Task A_target_that_is_busy_for_long_did_nothing_and_is_not_pressed()
    {
        _server.Fail(ApiFault.BusyForLong);

        var told = await Assert.ThrowsAnyAsync<Exception>(() => ApplyAsync(Change(FirstShare)));

        Told(told);
        Assert.True(!TellsWhenToAskAgain || told.Message.Contains("ask again in 3600 s", StringComparison.Ordinal), told.Message);
        Assert.Equal(0, _server.Changes);
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task A_target_that_breaks_is_never_asked_for_a_change_twice()
    {
        await ApplyAsync(Change(FirstShare));
        var before = _server.Requests.Count(IsChange);
        _server.Fail(ApiFault.Broken);

        Told(await Assert.ThrowsAsync<TargetUnreachableException>(() => ApplyAsync(Change(NextShare))));

        Assert.InRange(_server.Requests.Count(IsChange) - before, 0, 1);
    }

    [Fact]
    public async Task A_change_that_broke_is_not_asked_for_again()
    {
        _server.FailChanges(ApiFault.Broken);

        Told(await Assert.ThrowsAsync<TargetUnreachableException>(() => ApplyAsync(Change(FirstShare))));

        Assert.Single(_server.Requests, IsChange);
    }

    [Fact]
    public async Task A_change_that_the_target_was_too_busy_for_is_asked_for_again()
    {
        _server.FailChanges(ApiFault.Busy, times: 1);

        await ApplyAsync(Change(FirstShare));

        Assert.Equal(2, _server.Requests.Count(IsChange));
        Assert.Equal(FirstShare, (await SeenAsync()).ExposurePercent, 0.05);
    }

    [Fact]
    public async Task A_reading_is_tried_again_where_the_target_is_away_for_a_moment()
    {
        _server.Fail(ApiFault.Away, times: 1);

        Assert.Equal(0, (await SeenAsync()).ExposurePercent);
    }

    [Theory]
    [InlineData("Broken")]
    [InlineData("Nonsense")]
    [InlineData("Endless")]
    public async Task An_answer_that_makes_no_sense_is_not_taken_for_a_state(string fault)
    {
        _server.Fail(Enum.Parse<ApiFault>(fault));

        Told(await Assert.ThrowsAsync<TargetUnreachableException>(SeenAsync));
    }

    /// <summary>Has the change made and its answer lost. Readings before it go through, so that it is made at all.</summary>
    private async Task LoseEveryAnswerToAChangeAsync(TargetChange change)
    {
        _server.FailChanges(ApiFault.LosesTheAnswer);
        Told(await Assert.ThrowsAsync<TargetUnreachableException>(() => ApplyAsync(change)));
        _server.Fail(ApiFault.None, 0);
    }

    private bool IsChange(string request) => request.Split(' ') is [var method, var path] && _server.IsChange(method, path);
}
