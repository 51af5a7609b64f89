using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Releases;
using OpsConsole.Tests.Core.Actions.Gate;
using static OpsConsole.Tests.Core.Actions.Gate.GateWorld;

namespace OpsConsole.Tests.Core.Actions.Approve;

/// <summary>Approvals through the real gate: submit, approve, promote, and everything that comes between.</summary>
public sealed class ApprovalStories : ApprovalWorld
{
    [Fact]
    public async Task Submit_approve_promote()
    {
        var release = Waiting();
        var action = await AskAsync(release);
        Assert.Empty(World.Target.Asked);
        Assert.Equal(1, action.ApprovalsNeeded);
        Assert.Contains(World.Record.Audit, e => e.Outcome == "intent" && e.Detail!.StartsWith("Asked for approval", StringComparison.Ordinal));
        await World.Promotions.RunAsync(default);
        Assert.Equal(1, World.Waiting.Count);

        var approved = Accepted(await ApproveAsync(action.Id, Ana));

        Assert.Equal(ActionPhase.Executing, approved.Phase);
        var done = await World.RunAsync(action.Id);
        Assert.Equal(ActionPhase.Confirmed, done.Phase);
        Assert.Equal(50, World.Target.State.ExposurePercent);
        Assert.Equal(50, (await World.StoredAsync(release)).ExposurePercent);
        Assert.Equal(0, World.Waiting.Count);
        Assert.True(EvidenceSeal.Holds(done.EvidenceJson, done.EvidenceSeal));
        Assert.Contains("evidence: unit", done.EvidenceJson, StringComparison.Ordinal);
        Assert.Equal(["intent", "approved", "intent", "confirmed"], World.Record.Audit.Where(e => e.ActionId == action.Id).Select(e => e.Outcome));
        Assert.Contains(World.Record.Events, e => e.Kind == ReleaseEventKind.Approval && e.Text.StartsWith("ana approved", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_approval_given_before_a_new_test_report_lapses_visibly_and_once()
    {
        var release = Waiting(needed: 2);
        var action = await AskAsync(release);
        Accepted(await ApproveAsync(action.Id, Ana));
        var before = await SealAsync(action.Id);

        World.Time.Advance(TimeSpan.FromSeconds(1));
        Post(release);
        await World.Promotions.RunAsync(default);
        await World.Promotions.RunAsync(default);

        var request = Assert.Single(await World.Approvals.WaitingAsync(Ana, default));
        Assert.Equal((0, 2), (request.Given, request.Needed));
        Assert.Contains("Approval by ana lapsed: a new unit report of ci arrived", Assert.Single(request.Words).Lapsed, StringComparison.Ordinal);
        Assert.Contains("Approval by ana lapsed", (await World.ActionAsync(action.Id)).Outcome, StringComparison.Ordinal);
        Assert.Single(World.Record.Audit, e => e.Outcome == "lapsed");
        Assert.Single(World.Record.Events, e => e.Text.Contains("lapsed", StringComparison.Ordinal));
        Assert.Equal(["evidence-changed"], Refused(await ApproveAsync(action.Id, Bob, before)));
        Accepted(await ApproveAsync(action.Id, Ana));
        Assert.Equal(ActionPhase.Executing, Accepted(await ApproveAsync(action.Id, Bob)).Phase);
    }

    [Fact]
    public async Task An_approved_promotion_that_still_holds_goes_back_to_waiting_when_its_evidence_changes()
    {
        var release = Waiting(hold: TimeSpan.FromHours(2));
        var action = await AskAsync(release);
        Assert.Equal(ActionPhase.Approved, Accepted(await ApproveAsync(action.Id, Ana)).Phase);

        World.Time.Advance(TimeSpan.FromSeconds(1));
        Post(release, EvidenceOutcome.Failed);
        await World.Promotions.RunAsync(default);

        Assert.Equal(ActionPhase.AwaitingApproval, (await World.ActionAsync(action.Id)).Phase);
    }

    [Fact]
    public async Task Asking_does_not_wait_for_the_hold_and_carrying_out_does()
    {
        var release = Waiting(hold: TimeSpan.FromMinutes(61));
        var action = await AskAsync(release);

        var approved = Accepted(await ApproveAsync(action.Id, Ana));

        Assert.Equal(ActionPhase.Approved, approved.Phase);
        Assert.Contains("waits: hold time", approved.Outcome, StringComparison.Ordinal);
        Assert.Empty(World.Target.Asked);
        World.Time.Advance(TimeSpan.FromMinutes(2));
        World.Measure(release);
        Assert.Equal(1, await World.Promotions.RunAsync(default));
        var done = await World.RunAsync(action.Id);
        Assert.Equal(ActionPhase.Confirmed, done.Phase);
        Assert.True(done.TimeToConfirmed < TimeSpan.FromMinutes(1), "The time people took is not the target's.");
    }

    [Fact]
    public async Task A_failing_gate_stands_against_asking()
    {
        var release = Waiting();
        World.Time.Advance(TimeSpan.FromSeconds(1));
        Post(release, EvidenceOutcome.Failed);

        Assert.Equal(["policy-gate"], Refused(await World.PromoteAsync(release)));
    }

    [Fact]
    public async Task A_gate_that_fails_after_the_approval_keeps_it_from_being_carried_out()
    {
        var release = Waiting(hold: TimeSpan.FromMinutes(61));
        var action = await AskAsync(release);
        Accepted(await ApproveAsync(action.Id, Ana));

        World.Time.Advance(TimeSpan.FromMinutes(2));
        World.Measure(release, errors: 30);

        Assert.Equal(0, await World.Promotions.RunAsync(default));
        Assert.Contains("verdict", (await World.ActionAsync(action.Id)).Outcome, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mia", "requester-cannot-approve")]
    [InlineData(" MIA ", "requester-cannot-approve")]
    [InlineData("Jonas", "author-cannot-approve")]
    public async Task The_author_and_the_requester_cannot_approve(string name, string code)
    {
        var action = await AskAsync(Waiting());

        Assert.Equal([code], Refused(await ApproveAsync(action.Id, new Operator(name, Role.Admin, false))));
        Assert.Empty(World.Gates.Words);
        Assert.Contains(World.Record.Audit, e => e is { Event: "approve", Outcome: "refused" });
    }

    [Fact]
    public async Task Roles_that_may_not_and_service_tokens_cannot_approve()
    {
        var action = await AskAsync(Waiting());

        Assert.Equal(["role-may-not"], Refused(await ApproveAsync(action.Id, new Operator("lena", Role.Viewer, false))));
        Assert.Equal(["policy-role"], Refused(await ApproveAsync(action.Id, Given.OnCall)));
        Assert.Equal(["service-cannot-approve"], Refused(await ApproveAsync(action.Id, new Operator("pipeline", Role.Admin, true))));
        World.Gates.Policy = World.Gates.Policy with { Approvals = World.Gates.Policy.Approvals with { Roles = ["admin"] } };
        Assert.Equal(["policy-role"], Refused(await ApproveAsync(action.Id, Ana)));
        Accepted(await ApproveAsync(action.Id, Bob));
    }

    [Fact]
    public async Task Where_the_policy_names_on_call_its_approval_counts_and_carries_the_promotion_out()
    {
        var release = Waiting();
        World.Gates.Policy = World.Gates.Policy with { Approvals = World.Gates.Policy.Approvals with { Roles = ["on-call"] } };
        var action = await AskAsync(release);
        Assert.Equal(["policy-role"], Refused(await ApproveAsync(action.Id, Ana)));

        Assert.Equal(ActionPhase.Executing, Accepted(await ApproveAsync(action.Id, Given.OnCall)).Phase);
    }

    [Fact]
    public async Task Approving_twice_counts_once()
    {
        var action = await AskAsync(Waiting(needed: 2));
        Accepted(await ApproveAsync(action.Id, Ana));

        Assert.Equal(["already-spoken"], Refused(await ApproveAsync(action.Id, Ana with { Name = "ANA" })));
        Assert.Equal(ActionPhase.AwaitingApproval, (await World.ActionAsync(action.Id)).Phase);
    }

    [Fact]
    public async Task Two_people_at_the_same_moment_both_count()
    {
        var action = await AskAsync(Waiting(needed: 2));
        var seal = await SealAsync(action.Id);
        var raced = false;
        World.Record.BeforeSave = change =>
        {
            if (change.Approvals.Any(a => a.By == "ana") && !raced)
            {
                raced = true;
                Assert.IsType<GateAnswer.Accepted>(ApproveAsync(action.Id, Bob, seal).GetAwaiter().GetResult());
            }
        };

        Accepted(await ApproveAsync(action.Id, Ana, seal));

        Assert.True(raced);
        Assert.Equal(["ana", "bob"], World.Gates.Words.Select(w => w.By).Order());
        Assert.Equal(ActionPhase.Executing, (await World.ActionAsync(action.Id)).Phase);
    }

    [Fact]
    public async Task A_request_that_nobody_decides_expires()
    {
        var action = await AskAsync(Waiting());
        World.Time.Advance(TimeSpan.FromHours(4));

        await World.Promotions.RunAsync(default);

        var expired = await World.ActionAsync(action.Id);
        Assert.Equal((ActionPhase.Expired, (string?)null), (expired.Phase, expired.InFlightKey));
        Assert.Equal(["not-waiting"], Refused(await ApproveAsync(action.Id, Ana, "x")).Except(["evidence-changed"]));
    }

    [Fact]
    public async Task A_halt_takes_the_place_of_what_waits()
    {
        var release = Waiting();
        var action = await AskAsync(release);

        var halt = Accepted(await World.HaltAsync(release));

        Assert.Equal(ActionPhase.PreEmpted, (await World.ActionAsync(action.Id)).Phase);
        Assert.Equal(ActionPhase.Confirmed, (await World.RunAsync(halt.Id)).Phase);
    }

    [Fact]
    public async Task A_first_release_that_waits_can_be_ended_without_its_target()
    {
        var release = Waiting();
        var early = World.Release(stage: -1, version: "3.0.0", service: "search", policy: Policy);
        Post(early);
        World.Measure(early);
        var action = await AskAsync(early);

        var end = Accepted(await World.Gate.RequestAsync(new OpsConsole.Core.Actions.Rollback.RollbackCommand(early.Id, "not needed", World.Seen(early), "search"), Given.OnCall, default));

        Assert.Equal(ActionPhase.Confirmed, (await World.RunAsync(end.Id)).Phase);
        Assert.Equal(ActionPhase.PreEmpted, (await World.ActionAsync(action.Id)).Phase);
        Assert.Empty(World.Target.Asked);
        Assert.NotEqual(release.Id, early.Id);
    }
}
