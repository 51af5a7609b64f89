using OpsConsole.Core.Actions.Confirm;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Releases;
using OpsConsole.Tests.Core.Actions.Gate;
using static OpsConsole.Tests.Core.Actions.Gate.GateWorld;

namespace OpsConsole.Tests.Core.Actions.Confirm;

/// <summary>What a target that leads a rollout by itself is answered, from the gate with everything behind it.</summary>
public sealed class RolloutConfirmationTests
{
    private readonly GateWorld _world = new();

    private RolloutConfirmation Confirmation => new(_world.Record, _world.Record, _world.Board, _world.Targets, _world.Judge, _world.Time);

    [Fact]
    public async Task What_nobody_registered_or_promoted_does_not_go_on()
    {
        Assert.Equal((false, "No release of 2.15.0 is registered there: register it, and promote it here."), await GoOnAsync("2.15.0"));
        _world.Release(stage: -1);

        Assert.Equal((false, "Nobody has promoted 2.15.0 here (shop on gateway, production)."), await GoOnAsync("2.15.0"));
        Assert.Equal((false, "No release of 2.16.0 is registered there: register it, and promote it here."), await GoOnAsync("2.16.0"));
        Assert.StartsWith("The target does not tell", (await GoOnAsync(null)).Sentence, StringComparison.Ordinal);
        Assert.Equal((false, "No roll back of 2.15.0 is asked for."), await TakeBackAsync("2.15.0"));
    }

    [Fact]
    public async Task What_the_gate_let_through_goes_on_until_something_stands_against_it()
    {
        var release = _world.Release(stage: -1);
        Accepted(await _world.PromoteAsync(release));
        _world.Build();
        Assert.Equal((true, "The promotion of 2.15.0 by mia was let through."), await GoOnAsync("2.15.0"));

        _world.Measure(release, errors: 40);

        var answer = await GoOnAsync("2.15.0");
        Assert.False(answer.IsYes);
        Assert.Contains("The verdict is fail", answer.Sentence, StringComparison.Ordinal);
        Assert.Equal((false, "No roll back of 2.15.0 is asked for."), await TakeBackAsync("2.15.0"));
    }

    [Fact]
    public async Task A_release_that_the_board_does_not_show_does_not_go_on()
    {
        var release = _world.Release(stage: -1);
        Accepted(await _world.PromoteAsync(release));
        _world.Board.Untrack(release.Id);
        _world.Build();

        Assert.False((await GoOnAsync("2.15.0")).IsYes);
    }

    [Fact]
    public async Task A_halt_that_is_asked_for_or_in_force_refuses()
    {
        var release = _world.Release(stage: -1);
        Accepted(await _world.PromoteAsync(release));
        var halt = Accepted(await _world.HaltAsync(release));
        Assert.Equal((false, "2.15.0 is halted: resume and promote it here."), await GoOnAsync("2.15.0"));

        await _world.RunAsync(halt.Id);

        Assert.Equal(ReleasePhase.Halted, (await _world.StoredAsync(release)).Phase);
        Assert.Equal((false, "2.15.0 is halted: resume and promote it here."), await GoOnAsync("2.15.0"));
    }

    [Fact]
    public async Task A_roll_back_that_is_asked_for_here_takes_the_version_back_and_lets_the_way_back_go_on()
    {
        var release = _world.Release();
        var rollback = Accepted(await _world.RollbackAsync(release));

        await TakenBackAsync();
        await _world.RunAsync(rollback.Id);
        Assert.Equal(ReleasePhase.RolledBack, (await _world.StoredAsync(release)).Phase);
        await TakenBackAsync();

        async Task TakenBackAsync()
        {
            Assert.Equal((true, "2.15.0 is rolled back."), await TakeBackAsync("2.15.0"));
            Assert.Equal((false, "2.15.0 is rolled back."), await GoOnAsync("2.15.0"));
            Assert.Equal((true, "2.14.3 is the way back from 2.15.0."), await GoOnAsync("2.14.3"));
            Assert.False((await TakeBackAsync("2.14.3")).IsYes);
        }
    }

    [Fact]
    public async Task What_everybody_has_goes_on_unless_it_is_bad()
    {
        var release = _world.Release(stage: 3);
        Assert.Equal((true, "Everybody has 2.15.0 already."), await GoOnAsync("2.15.0"));

        _world.Measure(release, errors: 40);

        Assert.False((await GoOnAsync("2.15.0")).IsYes);
    }

    [Theory]
    [InlineData(ActionPhase.AwaitingApproval, "The promotion of 2.15.0 by mia waits for approval.")]
    [InlineData(ActionPhase.Approved, "The promotion of 2.15.0 by mia waits for its gates.")]
    [InlineData(ActionPhase.Failed, "Nobody has promoted 2.15.0 here; the last try failed: The target said no.")]
    public void A_promotion_that_waits_or_failed_is_no_yes(ActionPhase phase, string sentence)
    {
        var release = _world.Release(stage: -1);
        var action = new ReleaseAction
        {
            Id = Guid.NewGuid(), Verb = ActionVerb.Promote, ReleaseId = release.Id, RequestedBy = "mia", Role = "ReleaseManager", Reason = "looks fine", EvidenceJson = "{}", EvidenceSeal = "", RequestedAt = Given.Now,
        };
        action.Move(phase, Given.Now, "The target said no.");
        var asked = new ConfirmedRelease(release, action);

        var answer = ConfirmRule.Judge(ConfirmQuestion.GoOn, new ConfirmFacts("2.15.0", asked, asked) { Standing = [] });

        Assert.Equal((false, sentence), (answer.IsYes, answer.Sentence));
    }

    [Fact]
    public void What_was_not_judged_is_no_yes()
    {
        var release = _world.Release(stage: 3);
        var asked = new ConfirmedRelease(release, null);

        Assert.False(ConfirmRule.Judge(ConfirmQuestion.GoOn, new ConfirmFacts("2.15.0", asked, asked)).IsYes);
    }

    private Task<(bool IsYes, string Sentence)> GoOnAsync(string? version) => AskAsync(ConfirmQuestion.GoOn, version);

    private Task<(bool IsYes, string Sentence)> TakeBackAsync(string? version) => AskAsync(ConfirmQuestion.TakeBack, version);

    private async Task<(bool IsYes, string Sentence)> AskAsync(ConfirmQuestion question, string? version)
    {
        var answer = await Confirmation.AskAsync(question, "shop", "gateway", "production", version, TestContext.Current.CancellationToken);
        return (answer.IsYes, answer.Sentence);
    }
}
