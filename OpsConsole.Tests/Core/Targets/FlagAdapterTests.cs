using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Switches;
using OpsConsole.Tests.Core.Actions.Gate;

namespace OpsConsole.Tests.Core.Targets;

/// <summary>What each action does to the switch, and what a kill does to what is read back.</summary>
public sealed class FlagAdapterTests : FlagAdapterContext
{
    [Fact]
    public async Task What_is_asked_for_is_answered_to_clients_and_read_back_and_rules_stay()
    {
        var change = Change(25);
        await Subject.ApplyAsync(change, default);

        var seen = await ObserveAsync();
        Assert.Equal((25d, false, change.ActionId, null), (seen.ExposurePercent, seen.Halted, seen.LastActionId!.Value, seen.Beneath));
        Assert.Equal("testers", Assert.Single(Answered.Targeting.Rules).Name);
        Assert.InRange(Share(), 2_300, 2_700);
        var line = Record.Audit[^1];
        Assert.Equal(("switch.target", "console", "switch new-checkout in production"), (line.Event, line.Actor, line.SubjectTitle));
        Assert.Equal("1 rule, then 25 % of the rest, for shop 2.15.0 on flags; before: 1 rule, off for the rest.", line.Detail);
        Assert.Equal("shop 2.15.0", (await PlaceAsync()).TargetedBy);
    }

    [Fact]
    public async Task What_is_read_back_is_what_is_answered_and_never_what_was_asked()
    {
        await Subject.ApplyAsync(Change(25), default);

        var place = await PlaceAsync();
        place.Target(TargetingText.Write(TargetingText.Read(place.TargetingJson!) with { Percent = 60 }), "someone", Given.Now);
        await Record.SaveTargetingAsync(place, Line(), default);

        Assert.Equal(60, (await ObserveAsync()).ExposurePercent);
        Assert.Equal(60, Answered.Targeting.Percent);
    }

    [Fact]
    public async Task Asking_twice_is_harmless()
    {
        var first = Change(25);
        await Subject.ApplyAsync(first, default);
        await Subject.ApplyAsync(Change(25, halted: true), default);
        var revision = (await PlaceAsync()).Revision;

        await Subject.ApplyAsync(first, default);

        Assert.Equal((25d, true), ((await ObserveAsync()).ExposurePercent, (await ObserveAsync()).Halted));
        Assert.Equal(revision, (await PlaceAsync()).Revision);
    }

    [Fact]
    public async Task A_halt_holds_the_share_where_it_is_and_tells_no_client_to_ask_again()
    {
        await Subject.ApplyAsync(Change(5), default);
        List<FlagChange> told = [];
        Flags.Changed += told.Add;
        var changed = Answered.ChangedAt;
        Time.Advance(TimeSpan.FromMinutes(1));

        await Subject.ApplyAsync(Change(90, halted: true), default);

        var seen = await ObserveAsync();
        Assert.Equal((5d, true), (seen.ExposurePercent, seen.Halted));
        Assert.Contains("halted at 5 %", (await RefusedAsync(Change(25))).Message, StringComparison.Ordinal);
        Assert.Empty(told);
        Assert.Equal(changed, Answered.ChangedAt);

        await Subject.ApplyAsync(Change(5), default);
        await Subject.ApplyAsync(Change(25), default);
        Assert.Equal((25d, false), ((await ObserveAsync()).ExposurePercent, (await ObserveAsync()).Halted));
        Assert.Single(told);
    }

    [Fact]
    public async Task Rolling_back_is_0_for_everyone_but_whom_a_rule_names()
    {
        await Subject.ApplyAsync(Change(50), default);
        await Subject.ApplyAsync(Change(50, halted: true), default);

        await Subject.ApplyAsync(Change(0), default);

        Assert.Equal((0d, false), ((await ObserveAsync()).ExposurePercent, (await ObserveAsync()).Halted));
        Assert.Equal(0, Share());
        Assert.Single(Answered.Targeting.Rules);

        // It is said, and not while a kill takes it from them too.
        Assert.Contains("still gets it: kill the switch", (await ObserveAsync()).Besides, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_kill_shadows_it_and_restoring_brings_the_share_back_untouched(bool everywhere)
    {
        await Subject.ApplyAsync(Change(25), default);
        Kill(everywhere, off: true);

        var killed = await ObserveAsync();
        Assert.Equal((0d, 25d, 25d), (killed.ExposurePercent, killed.Beneath!.Value, killed.StandsAt));
        Assert.Contains("is killed", (await RefusedAsync(Change(50))).Message, StringComparison.Ordinal);
        await Subject.ApplyAsync(Change(0, halted: true), default);
        Assert.Equal((0d, 25d, true), ((await ObserveAsync()).ExposurePercent, (await ObserveAsync()).Beneath!.Value, (await ObserveAsync()).Halted));

        Kill(everywhere, off: false);
        Assert.Equal((25d, null), ((await ObserveAsync()).ExposurePercent, (await ObserveAsync()).Beneath));
    }

    [Fact]
    public async Task A_roll_back_beneath_a_kill_is_only_read_back_once_the_share_is_0()
    {
        await Subject.ApplyAsync(Change(25), default);
        Kill(everywhere: true, off: true);
        Assert.False(TargetConversation.Shows(await ObserveAsync(), Change(0), ActionVerb.Rollback));

        await Subject.ApplyAsync(Change(0), default);

        Assert.True(TargetConversation.Shows(await ObserveAsync(), Change(0), ActionVerb.Rollback));
        Kill(everywhere: true, off: false);
        Assert.Equal(0, Share());
    }

    [Fact]
    public async Task A_kill_that_was_taken_while_the_record_was_away_counts()
    {
        await Subject.ApplyAsync(Change(25), default);
        Flags.Hold(Key, "production", Given.Now);

        Assert.Equal((0d, 25d), ((await ObserveAsync()).ExposurePercent, (await ObserveAsync()).StandsAt));
        await RefusedAsync(Change(50));
    }

    [Fact]
    public async Task A_second_live_release_does_not_drive_the_same_switch_in_the_same_place()
    {
        var other = Register("3.0.0", Given.Now.AddMinutes(1), service: "cart");
        await Subject.ApplyAsync(Change(5), default);

        var refused = await Assert.ThrowsAsync<TargetRefusedException>(() => Subject.ApplyAsync(Change(1) with { Service = "cart", Version = "3.0.0" }, default));
        Assert.StartsWith("shop 2.15.0 on flags drives the share of new-checkout in production", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<TargetRefusedException>(() => Subject.ApplyAsync(Change(0) with { Service = "cart", Version = "3.0.0" }, default));
        Assert.Equal(5, Answered.Targeting.Percent);

        Release.RollBack(Given.Now);
        Record.Put(Release);
        await Subject.ApplyAsync(Change(1) with { Service = "cart", Version = "3.0.0" }, default);
        Assert.Equal((1d, other.Id), (Answered.Targeting.Percent, Answered.Targeting.Drive!.Release));
    }
}
