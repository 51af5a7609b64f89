using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Switches;
using OpsConsole.Tests.Core.Actions.Gate;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Targets;

/// <summary>A switch that cannot be used, and a record that hangs, is away, or is changed by others.</summary>
public sealed class FlagAdapterFaultTests : FlagAdapterContext
{
    [Fact]
    public async Task What_is_not_registered_or_was_put_away_is_refused_and_cannot_be_read()
    {
        await Assert.ThrowsAsync<TargetRefusedException>(() => Subject.ApplyAsync(Change(5) with { Version = "9.9.9" }, default));
        await Assert.ThrowsAsync<TargetUnreachableException>(() => Subject.ObserveAsync("shop", "staging", "2.15.0", default));

        var value = (await Record.FindAsync(Key, default))!;
        value.Archive("ann", Given.Now);
        Record.Put(value);
        Flags.Set(value);
        Assert.Contains("put away", (await RefusedAsync(Change(5))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<TargetUnreachableException>(ObserveAsync);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-1)]
    [InlineData(101)]
    [InlineData(0.0001)]
    public async Task A_share_that_is_none_never_takes_effect(double percent)
    {
        await RefusedAsync(Change(percent));

        Assert.Equal(0, (await ObserveAsync()).ExposurePercent);
    }

    [Fact]
    public async Task A_targeting_that_cannot_be_read_is_no_exposure_and_only_a_roll_back_replaces_it()
    {
        var place = await PlaceAsync();
        place.Target("{", "someone", Given.Now);
        await Record.SaveTargetingAsync(place, Line(), default);

        await Assert.ThrowsAsync<TargetUnreachableException>(ObserveAsync);
        await RefusedAsync(Change(25));
        await RefusedAsync(Change(0, halted: true));

        await Subject.ApplyAsync(Change(0), default);
        Assert.Equal(0, (await ObserveAsync()).ExposurePercent);
    }

    [Fact]
    public async Task A_change_by_someone_else_at_the_same_time_is_not_lost()
    {
        var contended = new ContendedSwitches(Record, async () =>
        {
            var place = await PlaceAsync();
            place.Target(TargetingText.Write(TargetingText.Read(place.TargetingJson!) with { Rules = [] }), "mia", Given.Now);
            Assert.True(await Record.SaveTargetingAsync(place, Line(), default));
        });

        await Adapter(contended).ApplyAsync(Change(25), default);

        Assert.Equal((0, 25d), (Answered.Targeting.Rules.Count, Answered.Targeting.Percent));
    }

    [Fact]
    public async Task A_record_that_hangs_is_unreachable_after_the_limit_and_what_it_writes_late_is_put_in_force()
    {
        var hanging = new ContendedSwitches(Record, null);
        var adapter = Adapter(hanging);
        hanging.Hang = new TaskCompletionSource();

        var apply = adapter.ApplyAsync(Change(25), default);
        var observe = adapter.ObserveAsync("shop", "production", "2.15.0", default);
        Assert.False(apply.IsCompleted || observe.IsCompleted);
        Time.Advance(TimeSpan.FromSeconds(5));

        Assert.Contains("5 s", (await Assert.ThrowsAsync<TargetUnreachableException>(() => apply)).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<TargetUnreachableException>(() => observe);
        Assert.Equal(0, Answered.Targeting.Percent);
    }

    [Fact]
    public async Task A_write_that_comes_after_its_time_is_answered_all_the_same()
    {
        var hanging = new ContendedSwitches(Record, null) { HangingWrite = new TaskCompletionSource() };
        var apply = Adapter(hanging).ApplyAsync(Change(25), default);
        Time.Advance(TimeSpan.FromSeconds(5));
        await Assert.ThrowsAsync<TargetUnreachableException>(() => apply);

        hanging.HangingWrite.SetResult();

        await Eventually.TrueAsync(() => Answered.Targeting.Percent.Equals(25d));
    }

    [Fact]
    public async Task Giving_up_is_not_the_records_fault()
    {
        var adapter = Adapter(new ContendedSwitches(Record, null) { Hang = new TaskCompletionSource() });
        using var cancel = new CancellationTokenSource();
        var apply = adapter.ApplyAsync(Change(25), cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => apply);
    }

    [Fact]
    public async Task A_record_that_is_away_is_unreachable()
    {
        Record.Away = true;

        await Assert.ThrowsAsync<TargetUnreachableException>(() => Subject.ApplyAsync(Change(25), default));
        await Assert.ThrowsAsync<TargetUnreachableException>(ObserveAsync);
    }
}
