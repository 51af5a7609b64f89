using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Approve;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Promote;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Gates.Waivers;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Releases;
using OpsConsole.Tests.Core.Actions.Gate;
using static OpsConsole.Tests.Core.Actions.Gate.GateWorld;

namespace OpsConsole.Tests.Core.Actions.Approve;

/// <summary>Approvals through the real gate: submit, approve, promote, and everything that comes between.</summary>
public sealed class ApprovalStories
{
    private static readonly PolicySnapshot Policy = new("web-canary", 3, new string('d', 64), "canary: {}");
    private static readonly Operator Ana = new("ana", Role.ReleaseManager, false);
    private static readonly Operator Bob = new("bob", Role.Admin, false);

    private readonly GateWorld _world = new();

    private Release Waiting(int needed = 1, TimeSpan? hold = null, string? author = "jonas")
    {
        _world.Gates.Policy = new ReleasePolicy { Approvals = new() { Required = needed, Expires = TimeSpan.FromHours(4) }, Evidence = new() { Required = ["unit"] } };
        var release = _world.Release(policy: Policy, author: author, hold: hold);
        Post(release);
        return release;
    }

    private void Post(Release release, EvidenceOutcome outcome = EvidenceOutcome.Passed) => _world.Gates.Put(new EvidenceItem
    {
        Id = Guid.NewGuid(), ReleaseId = release.Id, Kind = "junit", Stage = "unit", Source = "ci", Outcome = outcome, Blocking = outcome > EvidenceOutcome.PassedWithWarnings,
        Summary = "412 tests", DetailJson = "{}", ContentDigest = Guid.NewGuid().ToString("N"), ReceivedAt = _world.Time.GetUtcNow(), ReceivedBy = "pipeline",
    });

    private async Task<ReleaseAction> AskAsync(Release release)
    {
        var action = Accepted(await _world.PromoteAsync(release));
        Assert.Equal(ActionPhase.AwaitingApproval, action.Phase);
        return action;
    }

    private async Task<string> SealAsync(Guid actionId) => (await _world.Approvals.WaitingAsync(Ana, default)).Single(r => r.Action.Id == actionId).Seal;

    private async Task<GateAnswer> ApproveAsync(Guid actionId, Operator by, string? seal = null) =>
        await _world.Approvals.SayAsync(new ApproveCommand(actionId, seal ?? await SealAsync(actionId), null), by, default);

    [Fact]
    public async Task Submit_approve_promote()
    {
        var release = Waiting();
        var action = await AskAsync(release);
        Assert.Empty(_world.Target.Asked);
        Assert.Equal(1, action.ApprovalsNeeded);
        Assert.Contains(_world.Record.Audit, e => e.Outcome == "intent" && e.Detail!.StartsWith("Asked for approval", StringComparison.Ordinal));
        await _world.Promotions.RunAsync(default);
        Assert.Equal(1, _world.Waiting.Count);

        var approved = Accepted(await ApproveAsync(action.Id, Ana));

        Assert.Equal(ActionPhase.Executing, approved.Phase);
        var done = await _world.RunAsync(action.Id);
        Assert.Equal(ActionPhase.Confirmed, done.Phase);
        Assert.Equal(50, _world.Target.State.ExposurePercent);
        Assert.Equal(50, (await _world.StoredAsync(release)).ExposurePercent);
        Assert.Equal(0, _world.Waiting.Count);
        Assert.True(EvidenceSeal.Holds(done.EvidenceJson, done.EvidenceSeal));
        Assert.Contains("evidence: unit", done.EvidenceJson, StringComparison.Ordinal);
        Assert.Equal(["intent", "approved", "intent", "confirmed"], _world.Record.Audit.Where(e => e.ActionId == action.Id).Select(e => e.Outcome));
        Assert.Contains(_world.Record.Events, e => e.Kind == ReleaseEventKind.Approval && e.Text.StartsWith("ana approved", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_approval_given_before_a_new_test_report_lapses_visibly_and_once()
    {
        var release = Waiting(needed: 2);
        var action = await AskAsync(release);
        Accepted(await ApproveAsync(action.Id, Ana));
        var before = await SealAsync(action.Id);

        _world.Time.Advance(TimeSpan.FromSeconds(1));
        Post(release);
        await _world.Promotions.RunAsync(default);
        await _world.Promotions.RunAsync(default);

        var request = Assert.Single(await _world.Approvals.WaitingAsync(Ana, default));
        Assert.Equal((0, 2), (request.Given, request.Needed));
        Assert.Contains("Approval by ana lapsed: a new unit report of ci arrived", Assert.Single(request.Words).Lapsed, StringComparison.Ordinal);
        Assert.Contains("Approval by ana lapsed", (await _world.ActionAsync(action.Id)).Outcome, StringComparison.Ordinal);
        Assert.Single(_world.Record.Audit, e => e.Outcome == "lapsed");
        Assert.Single(_world.Record.Events, e => e.Text.Contains("lapsed", StringComparison.Ordinal));
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

        _world.Time.Advance(TimeSpan.FromSeconds(1));
        Post(release, EvidenceOutcome.Failed);
        await _world.Promotions.RunAsync(default);

        Assert.Equal(ActionPhase.AwaitingApproval, (await _world.ActionAsync(action.Id)).Phase);
    }

    [Fact]
    public async Task Asking_does_not_wait_for_the_hold_and_carrying_out_does()
    {
        var release = Waiting(hold: TimeSpan.FromMinutes(61));
        var action = await AskAsync(release);

        var approved = Accepted(await ApproveAsync(action.Id, Ana));

        Assert.Equal(ActionPhase.Approved, approved.Phase);
        Assert.Contains("waits: hold time", approved.Outcome, StringComparison.Ordinal);
        Assert.Empty(_world.Target.Asked);
        _world.Time.Advance(TimeSpan.FromMinutes(2));
        _world.Measure(release);
        Assert.Equal(1, await _world.Promotions.RunAsync(default));
        var done = await _world.RunAsync(action.Id);
        Assert.Equal(ActionPhase.Confirmed, done.Phase);
        Assert.True(done.TimeToConfirmed < TimeSpan.FromMinutes(1), "The time people took is not the target's.");
    }

    [Fact]
    public async Task A_failing_gate_stands_against_asking()
    {
        var release = Waiting();
        _world.Time.Advance(TimeSpan.FromSeconds(1));
        Post(release, EvidenceOutcome.Failed);

        Assert.Equal(["policy-gate"], Refused(await _world.PromoteAsync(release)));
    }

    [Fact]
    public async Task A_gate_that_fails_after_the_approval_keeps_it_from_being_carried_out()
    {
        var release = Waiting(hold: TimeSpan.FromMinutes(61));
        var action = await AskAsync(release);
        Accepted(await ApproveAsync(action.Id, Ana));

        _world.Time.Advance(TimeSpan.FromMinutes(2));
        _world.Measure(release, errors: 30);

        Assert.Equal(0, await _world.Promotions.RunAsync(default));
        Assert.Contains("verdict", (await _world.ActionAsync(action.Id)).Outcome, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mia", "requester-cannot-approve")]
    [InlineData(" MIA ", "requester-cannot-approve")]
    [InlineData("Jonas", "author-cannot-approve")]
    public async Task The_author_and_the_requester_cannot_approve(string name, string code)
    {
        var action = await AskAsync(Waiting());

        Assert.Equal([code], Refused(await ApproveAsync(action.Id, new Operator(name, Role.Admin, false))));
        Assert.Empty(_world.Gates.Words);
        Assert.Contains(_world.Record.Audit, e => e is { Event: "approve", Outcome: "refused" });
    }

    [Fact]
    public async Task Roles_that_may_not_and_service_tokens_cannot_approve()
    {
        var action = await AskAsync(Waiting());

        Assert.Equal(["role-may-not"], Refused(await ApproveAsync(action.Id, Given.OnCall)));
        Assert.Equal(["service-cannot-approve"], Refused(await ApproveAsync(action.Id, new Operator("pipeline", Role.Admin, true))));
        _world.Gates.Policy = _world.Gates.Policy with { Approvals = _world.Gates.Policy.Approvals with { Roles = ["admin"] } };
        Assert.Equal(["policy-role"], Refused(await ApproveAsync(action.Id, Ana)));
        Accepted(await ApproveAsync(action.Id, Bob));
    }

    [Fact]
    public async Task Approving_twice_counts_once()
    {
        var action = await AskAsync(Waiting(needed: 2));
        Accepted(await ApproveAsync(action.Id, Ana));

        Assert.Equal(["already-spoken"], Refused(await ApproveAsync(action.Id, Ana with { Name = "ANA" })));
        Assert.Equal(ActionPhase.AwaitingApproval, (await _world.ActionAsync(action.Id)).Phase);
    }

    [Fact]
    public async Task Two_people_at_the_same_moment_both_count()
    {
        var action = await AskAsync(Waiting(needed: 2));
        var seal = await SealAsync(action.Id);
        var raced = false;
        _world.Record.BeforeSave = change =>
        {
            if (change.Approvals.Any(a => a.By == "ana") && !raced)
            {
                raced = true;
                Assert.IsType<GateAnswer.Accepted>(ApproveAsync(action.Id, Bob, seal).GetAwaiter().GetResult());
            }
        };

        Accepted(await ApproveAsync(action.Id, Ana, seal));

        Assert.True(raced);
        Assert.Equal(["ana", "bob"], _world.Gates.Words.Select(w => w.By).Order());
        Assert.Equal(ActionPhase.Executing, (await _world.ActionAsync(action.Id)).Phase);
    }

    [Fact]
    public async Task A_request_that_nobody_decides_expires()
    {
        var action = await AskAsync(Waiting());
        _world.Time.Advance(TimeSpan.FromHours(4));

        await _world.Promotions.RunAsync(default);

        var expired = await _world.ActionAsync(action.Id);
        Assert.Equal((ActionPhase.Expired, (string?)null), (expired.Phase, expired.InFlightKey));
        Assert.Equal(["not-waiting"], Refused(await ApproveAsync(action.Id, Ana, "x")).Except(["evidence-changed"]));
    }

    [Fact]
    public async Task A_halt_takes_the_place_of_what_waits()
    {
        var release = Waiting();
        var action = await AskAsync(release);

        var halt = Accepted(await _world.HaltAsync(release));

        Assert.Equal(ActionPhase.PreEmpted, (await _world.ActionAsync(action.Id)).Phase);
        Assert.Equal(ActionPhase.Confirmed, (await _world.RunAsync(halt.Id)).Phase);
    }

    [Fact]
    public async Task A_first_release_that_waits_can_be_ended_without_its_target()
    {
        var release = Waiting();
        var early = _world.Release(stage: -1, version: "3.0.0", service: "search", policy: Policy);
        Post(early);
        _world.Measure(early);
        var action = await AskAsync(early);

        var end = Accepted(await _world.Gate.RequestAsync(new OpsConsole.Core.Actions.Rollback.RollbackCommand(early.Id, "not needed", _world.Seen(early), "search"), Given.OnCall, default));

        Assert.Equal(ActionPhase.Confirmed, (await _world.RunAsync(end.Id)).Phase);
        Assert.Equal(ActionPhase.PreEmpted, (await _world.ActionAsync(action.Id)).Phase);
        Assert.Empty(_world.Target.Asked);
        Assert.NotEqual(release.Id, early.Id);
    }

    [Fact]
    public async Task A_rejection_ends_the_request_and_with_the_artifact_refuses_it_everywhere()
    {
        var release = Waiting();
        var action = await AskAsync(release);
        Assert.Equal(["text-length"], Refused(await _world.Approvals.SayAsync(new RejectCommand(action.Id, null, true), Ana, default)));

        var rejected = Accepted(await _world.Approvals.SayAsync(new RejectCommand(action.Id, "leaks memory", true), Ana, default));

        Assert.Equal(ActionPhase.Rejected, rejected.Phase);
        _world.Build();
        Assert.Equal(["policy-gate"], Refused(await _world.PromoteAsync(release)));
        Assert.Contains("rejected by ana: leaks memory", Assert.IsType<GateAnswer.Refused>(await _world.PromoteAsync(release)).Refusals[0].Sentence, StringComparison.Ordinal);
        var other = _world.Release(version: "2.15.1", service: "search");
        Assert.Equal(["policy-gate"], Refused(await _world.PromoteAsync(other)));
        Assert.Equal(ActionPhase.Rejected, Assert.Single(await _world.Approvals.DecidedAsync(10, default)).Action.Phase);
    }

    [Fact]
    public async Task Who_asked_can_withdraw_and_a_stranger_without_the_right_cannot()
    {
        var release = Waiting();
        var action = await AskAsync(release);
        Assert.Equal(["not-yours-to-withdraw"], Refused(await _world.Approvals.SayAsync(new WithdrawCommand(action.Id, null), Given.OnCall, default)));

        Assert.Equal(ActionPhase.Withdrawn, Accepted(await _world.Approvals.SayAsync(new WithdrawCommand(action.Id, "not today"), Given.Manager, default)).Phase);

        _world.Measure(release);
        await AskAsync(release);
    }

    [Fact]
    public async Task Whoever_lost_the_role_since_does_not_count_any_more()
    {
        var release = Waiting(hold: TimeSpan.FromMinutes(61));
        var action = await AskAsync(release);
        Accepted(await ApproveAsync(action.Id, Ana));

        _world.Roles.Now = by => by.Name == "ana" ? null : by.Role;
        _world.Time.Advance(TimeSpan.FromMinutes(2));
        _world.Measure(release);

        Assert.Equal(0, await _world.Promotions.RunAsync(default));
        Assert.Equal(ActionPhase.AwaitingApproval, (await _world.ActionAsync(action.Id)).Phase);
        Assert.Empty(_world.Target.Asked);
    }

    [Fact]
    public async Task A_waiver_changes_what_was_approved_and_lets_its_gate_pass()
    {
        var release = Waiting(hold: TimeSpan.FromHours(3));
        var action = await AskAsync(release);
        Accepted(await ApproveAsync(action.Id, Ana));
        _world.Time.Advance(TimeSpan.FromSeconds(1));

        var waiver = Assert.IsType<RecordAnswer<Waiver>.Done>(await _world.Waivers.WaiveAsync(
            new WaiveCommand(release.Id, "evidence: unit", "ran by hand", _world.Time.GetUtcNow().AddHours(1)), Bob, default)).Value;
        await _world.Promotions.RunAsync(default);

        Assert.Contains("Approval by ana lapsed: a gate was waived", (await _world.ActionAsync(action.Id)).Outcome, StringComparison.Ordinal);
        Assert.Contains(_world.Record.Events, e => e.Kind == ReleaseEventKind.Waiver);
        Assert.IsType<RecordAnswer<Waiver>.Done>(await _world.Waivers.RevokeAsync(waiver.Id, "not needed", Bob, default));
        Assert.IsType<RecordAnswer<Waiver>.Refused>(await _world.Waivers.RevokeAsync(waiver.Id, "not needed", Bob, default));
    }

    [Fact]
    public async Task Waivers_need_the_right_a_reason_an_end_and_a_gate_that_can_be_waived()
    {
        var release = Waiting();
        var refused = Assert.IsType<RecordAnswer<Waiver>.Refused>(await _world.Waivers.WaiveAsync(
            new WaiveCommand(release.Id, "artifact rejected", "x", _world.Time.GetUtcNow().AddDays(8)), Given.OnCall, default));

        Assert.Equal(["role-may-not", "not-waivable", "text-length", "waiver-expiry"], Given.Codes(refused.Refusals));
    }

    [Fact]
    public async Task What_waits_survives_a_restart_and_adoption_leaves_it_alone()
    {
        var action = await AskAsync(Waiting());
        _world.Restart();
        _world.Time.Advance(TimeSpan.FromMinutes(5));

        await _world.AdoptAsync();

        Assert.Equal(ActionPhase.AwaitingApproval, (await _world.ActionAsync(action.Id)).Phase);
        Assert.Equal(0, _world.Target.Reads);
    }

    [Fact]
    public async Task While_the_record_is_away_nothing_is_said()
    {
        var action = await AskAsync(Waiting());
        var seal = await SealAsync(action.Id);
        _world.Record.Away = true;

        Assert.IsType<GateAnswer.Unavailable>(await ApproveAsync(action.Id, Ana, seal));

        _world.Record.Away = false;
        Assert.Empty(_world.Gates.Words);
        Accepted(await ApproveAsync(action.Id, Ana, seal));
    }

    [Fact]
    public async Task A_second_promotion_is_told_that_one_waits()
    {
        var release = Waiting();
        await AskAsync(release);
        _world.Build();

        Assert.Contains("waits for approval", Assert.IsType<GateAnswer.Refused>(await _world.PromoteAsync(release)).Refusals[0].Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submitted_sql_that_removes_structure_stands_against_rolling_back()
    {
        var release = Waiting();
        _world.Gates.Put(new EvidenceItem
        {
            Id = Guid.NewGuid(), ReleaseId = release.Id, Kind = "migration", Stage = "migration", Source = "ci", Outcome = EvidenceOutcome.Failed, Blocking = true, Summary = "drops a column",
            DetailJson = """{"counts":{"class":3}}""", ContentDigest = "m", ReceivedAt = _world.Time.GetUtcNow(), ReceivedBy = "pipeline",
        });

        Assert.Equal(["migration-forbids-rollback"], Refused(await _world.RollbackAsync(release)));
    }

    [Fact]
    public async Task A_closed_window_lets_itself_be_asked_for_and_not_carried_out()
    {
        var release = Waiting();
        _world.Gates.Put(new DeployWindow
        {
            Id = Guid.NewGuid(), Name = "office hours", Kind = DeployWindowKind.Allow, Days = 0, From = _world.Time.GetUtcNow().AddHours(1), To = _world.Time.GetUtcNow().AddHours(3), Reason = "people are there",
            CreatedBy = "ana", CreatedAt = _world.Time.GetUtcNow(),
        });
        var action = await AskAsync(release);
        Assert.Equal(ActionPhase.Approved, Accepted(await ApproveAsync(action.Id, Ana)).Phase);

        _world.Time.Advance(TimeSpan.FromHours(1));
        _world.Measure(release);

        Assert.Equal(1, await _world.Promotions.RunAsync(default));
    }

    [Fact]
    public async Task Without_approvals_a_closed_window_refuses_the_promotion_and_never_the_halt()
    {
        var release = Waiting(needed: 0);
        _world.Gates.Put(new DeployWindow
        {
            Id = Guid.NewGuid(), Name = "freeze", Kind = DeployWindowKind.Freeze, From = _world.Time.GetUtcNow().AddHours(-1), Reason = "sales weekend", CreatedBy = "ana", CreatedAt = _world.Time.GetUtcNow(),
        });

        var refused = Assert.IsType<GateAnswer.Refused>(await _world.PromoteAsync(release));

        Assert.IsType<PolicyGateRefusal>(Assert.Single(refused.Refusals));
        Accepted(await _world.HaltAsync(release));
    }
}
