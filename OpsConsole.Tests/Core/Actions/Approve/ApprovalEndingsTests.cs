using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Approve;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Promote;
using OpsConsole.Core.Board;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Gates.Artifacts;
using OpsConsole.Core.Gates.Waivers;
using OpsConsole.Core.Releases;
using OpsConsole.Tests.Core.Actions.Gate;
using static OpsConsole.Tests.Core.Actions.Gate.GateWorld;

namespace OpsConsole.Tests.Core.Actions.Approve;

/// <summary>What ends a request, and what else keeps a promotion from being carried out.</summary>
public sealed class ApprovalEndingsTests : ApprovalWorld
{
    [Fact]
    public async Task A_rejection_ends_the_request_and_with_the_artifact_refuses_it_everywhere()
    {
        var release = Waiting();
        var action = await AskAsync(release);
        Assert.Equal(["text-length"], Refused(await World.Approvals.SayAsync(new RejectCommand(action.Id, null, true), Ana, default)));

        var rejected = Accepted(await World.Approvals.SayAsync(new RejectCommand(action.Id, "leaks memory", true), Ana, default));

        Assert.Equal(ActionPhase.Rejected, rejected.Phase);
        World.Build();
        Assert.Equal(["policy-gate"], Refused(await World.PromoteAsync(release)));
        Assert.Contains("rejected by ana: leaks memory", Assert.IsType<GateAnswer.Refused>(await World.PromoteAsync(release)).Refusals[0].Sentence, StringComparison.Ordinal);
        var other = World.Release(version: "2.15.1", service: "search");
        Assert.Equal(["policy-gate"], Refused(await World.PromoteAsync(other)));
        Assert.Equal(ActionPhase.Rejected, Assert.Single(await World.Approvals.DecidedAsync(10, default)).Action.Phase);
    }

    [Fact]
    public async Task What_lapsed_is_told_as_lapsed_once_the_promotion_was_carried_out_on_other_evidence()
    {
        var release = Waiting(hold: TimeSpan.FromMinutes(61));
        var action = await LapsedAsync(release);
        World.Time.Advance(TimeSpan.FromMinutes(2));
        World.Measure(release);
        Accepted(await ApproveAsync(action.Id, Bob));
        Assert.Equal(ActionPhase.Confirmed, (await World.RunAsync(action.Id)).Phase);

        var decided = Assert.Single(await World.Approvals.DecidedAsync(10, default));

        Assert.Equal((1, 2), (decided.Given, decided.Words.Count));
        Assert.Equal("a new unit report of ci arrived (passed)", decided.Words.Single(w => w.Word.By == "ana").LapsedBecause);
        Assert.Null(decided.Words.Single(w => w.Word.By == "bob").Lapsed);
    }

    [Fact]
    public async Task What_lapsed_before_a_rejection_stays_lapsed()
    {
        var release = Waiting(hold: TimeSpan.FromMinutes(61));
        var action = await LapsedAsync(release);
        Accepted(await World.Approvals.SayAsync(new RejectCommand(action.Id, "leaks memory", false), Bob, default));

        var decided = Assert.Single(await World.Approvals.DecidedAsync(10, default));

        Assert.Equal(0, decided.Given);
        Assert.NotNull(decided.Words.Single(w => w.Word.Approved).Lapsed);
        Assert.Null(decided.Words.Single(w => !w.Word.Approved).Lapsed);
    }

    [Fact]
    public async Task A_rejected_artifact_and_its_lift_are_in_the_timeline_of_the_release()
    {
        var release = Waiting();
        var other = World.Release(version: "2.14.1", service: "search");
        var action = await AskAsync(release);
        Accepted(await World.Approvals.SayAsync(new RejectCommand(action.Id, "leaks memory", true), Ana, default));
        Assert.Single(World.Record.Events, e => e.ReleaseId == release.Id && e.Text.StartsWith("Artifact rejected by ana", StringComparison.Ordinal));
        var results = await World.PolicyGates.JudgeAsync(release, null, default);
        Assert.Equal("ana", results.RejectedBy);

        var rejected = Assert.Single(await ((IRejectedArtifactStore)World.Gates).ListAsync(10, default));
        var desk = new ArtifactDesk(World.Gates, World.Record, World.Roles, World.Time);
        Assert.IsType<RecordAnswer<RejectedDigest>.Done>(await desk.LiftAsync(rejected.Id, "false alarm", Bob, default));

        Assert.Equal(
            new[] { release.Id, other.Id }.Order(),
            World.Record.Events.Where(e => e.Text == "Rejection of the artifact lifted by bob; ana had rejected it: leaks memory.").Select(e => e.ReleaseId).Order());
    }

    [Fact]
    public async Task A_promotion_that_went_through_because_of_a_waiver_says_so_wherever_it_is_told()
    {
        var release = Waiting(needed: 0);
        Freeze();
        Assert.IsType<RecordAnswer<Waiver>.Done>(await World.Waivers.WaiveAsync(new WaiveCommand(release.Id, "freeze", "agreed with all", World.Time.GetUtcNow().AddHours(1)), Bob, default));
        var results = await World.PolicyGates.JudgeAsync(release, null, default);
        var waived = Assert.Single(WaivedGates.Of(results.Gates));
        Assert.Equal(("freeze", "bob", Verdict.Pass), (waived.Name, waived.WaivedBy, waived.Verdict));
        Assert.Equal(World.Time.GetUtcNow().AddHours(1), waived.WaivedUntil);

        var done = await World.RunAsync(Accepted(await World.PromoteAsync(release)).Id);

        Assert.Equal(ActionPhase.Confirmed, done.Phase);
        Assert.Contains("Not every gate passed by itself: freeze waived by bob until", done.Outcome, StringComparison.Ordinal);
        Assert.Equal(2, World.Record.Audit.Count(e => e.ActionId == done.Id && e.Detail!.Contains("freeze waived by bob", StringComparison.Ordinal)));
        Assert.Contains(World.Record.Events, e => e.Kind == ReleaseEventKind.StageChanged && e.Text.Contains("freeze waived by bob", StringComparison.Ordinal));
        Assert.True(EvidenceSeal.Holds(done.EvidenceJson, done.EvidenceSeal));
    }

    /// <summary>Asked for and approved by ana, on evidence that changed since.</summary>
    private async Task<ReleaseAction> LapsedAsync(Release release)
    {
        var action = await AskAsync(release);
        World.Time.Advance(TimeSpan.FromSeconds(1));
        Accepted(await ApproveAsync(action.Id, Ana));
        World.Time.Advance(TimeSpan.FromSeconds(1));
        Post(release);
        await World.Promotions.RunAsync(default);
        return action;
    }

    [Fact]
    public async Task Who_asked_can_withdraw_and_a_stranger_without_the_right_cannot()
    {
        var release = Waiting();
        var action = await AskAsync(release);
        Assert.Equal(["not-yours-to-withdraw"], Refused(await World.Approvals.SayAsync(new WithdrawCommand(action.Id, null), Given.OnCall, default)));

        Assert.Equal(ActionPhase.Withdrawn, Accepted(await World.Approvals.SayAsync(new WithdrawCommand(action.Id, "not today"), Given.Manager, default)).Phase);
        World.Build();
        Assert.Equal(ActionPhase.Withdrawn, World.Board.Find(release.Id)!.Action!.Phase);

        World.Measure(release);
        await AskAsync(release);
    }

    [Fact]
    public async Task Whoever_lost_the_role_since_does_not_count_any_more()
    {
        var release = Waiting(hold: TimeSpan.FromMinutes(61));
        var action = await AskAsync(release);
        Accepted(await ApproveAsync(action.Id, Ana));

        World.Roles.Now = by => by.Name == "ana" ? null : by.Role;
        World.Time.Advance(TimeSpan.FromMinutes(2));
        World.Measure(release);

        Assert.Equal(0, await World.Promotions.RunAsync(default));
        Assert.Equal(ActionPhase.AwaitingApproval, (await World.ActionAsync(action.Id)).Phase);
        Assert.Empty(World.Target.Asked);
    }

    [Fact]
    public async Task A_waiver_changes_what_was_approved_and_lets_its_gate_pass()
    {
        var release = Waiting(hold: TimeSpan.FromHours(3));
        var action = await AskAsync(release);
        Accepted(await ApproveAsync(action.Id, Ana));
        World.Time.Advance(TimeSpan.FromSeconds(1));
        Freeze();

        var waiver = Assert.IsType<RecordAnswer<Waiver>.Done>(await World.Waivers.WaiveAsync(
            new WaiveCommand(release.Id, "freeze", "agreed with all", World.Time.GetUtcNow().AddHours(1)), Bob, default)).Value;
        await World.Promotions.RunAsync(default);

        Assert.Contains("Approval by ana lapsed: a gate was waived", (await World.ActionAsync(action.Id)).Outcome, StringComparison.Ordinal);
        Assert.Contains(World.Record.Events, e => e.Kind == ReleaseEventKind.Waiver);
        Assert.IsType<RecordAnswer<Waiver>.Done>(await World.Waivers.RevokeAsync(waiver.Id, "not needed", Bob, default));
        Assert.IsType<RecordAnswer<Waiver>.Refused>(await World.Waivers.RevokeAsync(waiver.Id, "not needed", Bob, default));

        await World.Promotions.RunAsync(default);
        var request = Assert.Single(await World.Approvals.WaitingAsync(Ana, default));
        Assert.Equal((0, ActionPhase.AwaitingApproval), (request.Given, request.Action.Phase));
        Accepted(await ApproveAsync(action.Id, Ana));
    }

    [Fact]
    public async Task Waivers_need_the_right_a_reason_an_end_and_a_gate_that_can_be_waived()
    {
        var release = Waiting();
        var refused = Assert.IsType<RecordAnswer<Waiver>.Refused>(await World.Waivers.WaiveAsync(
            new WaiveCommand(release.Id, "artifact rejected", "x", World.Time.GetUtcNow().AddDays(8)), Given.OnCall, default));

        Assert.Equal(["role-may-not", "not-waivable", "text-length", "waiver-expiry"], Given.Codes(refused.Refusals));
    }

    [Fact]
    public async Task Waivers_are_given_by_people_other_than_the_author_and_of_what_stands_in_the_way_now()
    {
        var release = Waiting();
        Freeze();

        Assert.Equal(["service-cannot-waive"], await AgainstWaivingAsync(release, "freeze", Bob with { IsService = true }));
        Assert.Equal(["author-cannot-waive"], await AgainstWaivingAsync(release, "freeze", new Operator(" JONAS ", Role.Admin, false)));
        Assert.Equal(["nothing-to-waive"], await AgainstWaivingAsync(release, "evidence: lint", Bob));
        Assert.Equal(["nothing-to-waive"], await AgainstWaivingAsync(release, "evidence: unit", Bob));
        Assert.Empty(await AgainstWaivingAsync(release, "freeze", Bob));
        Assert.Equal(["nothing-to-waive"], await AgainstWaivingAsync(release, "freeze", Bob));
        Assert.Equal(
            "The gate “evidence: unit” passes now, so there is nothing to waive; what can be waived now: freeze.",
            new NothingToWaiveRefusal("evidence: unit", true, ["freeze"]).Sentence);
    }

    [Fact]
    public async Task What_waits_survives_a_restart_and_adoption_leaves_it_alone()
    {
        var action = await AskAsync(Waiting());
        World.Restart();
        World.Time.Advance(TimeSpan.FromMinutes(5));

        await World.AdoptAsync();

        Assert.Equal(ActionPhase.AwaitingApproval, (await World.ActionAsync(action.Id)).Phase);
        Assert.Equal(0, World.Target.Reads);
    }

    [Fact]
    public async Task While_the_record_is_away_nothing_is_said()
    {
        var action = await AskAsync(Waiting());
        var seal = await SealAsync(action.Id);
        World.Record.Away = true;

        Assert.IsType<GateAnswer.Unavailable>(await ApproveAsync(action.Id, Ana, seal));

        World.Record.Away = false;
        Assert.Empty(World.Gates.Words);
        Accepted(await ApproveAsync(action.Id, Ana, seal));
    }

    [Fact]
    public async Task A_second_promotion_is_told_that_one_waits()
    {
        var release = Waiting();
        await AskAsync(release);
        World.Build();

        Assert.Contains("waits for approval", Assert.IsType<GateAnswer.Refused>(await World.PromoteAsync(release)).Refusals[0].Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submitted_sql_that_removes_structure_stands_against_rolling_back()
    {
        var release = Waiting();
        World.Gates.Put(new EvidenceItem
        {
            Id = Guid.NewGuid(), ReleaseId = release.Id, Kind = "migration", Stage = "migration", Source = "ci", Outcome = EvidenceOutcome.Failed, Blocking = true, Summary = "drops a column",
            DetailJson = """{"counts":{"class":3}}""", ContentDigest = "m", ReceivedAt = World.Time.GetUtcNow(), ReceivedBy = "pipeline",
        });

        Assert.Equal(["migration-forbids-rollback"], Refused(await World.RollbackAsync(release)));
    }

    [Fact]
    public async Task A_closed_window_lets_itself_be_asked_for_and_not_carried_out()
    {
        var release = Waiting();
        World.Gates.Put(new DeployWindow
        {
            Id = Guid.NewGuid(), Name = "office hours", Kind = DeployWindowKind.Allow, Days = 0, From = World.Time.GetUtcNow().AddHours(1), To = World.Time.GetUtcNow().AddHours(3), Reason = "people are there",
            CreatedBy = "ana", CreatedAt = World.Time.GetUtcNow(),
        });
        var action = await AskAsync(release);
        Assert.Equal(ActionPhase.Approved, Accepted(await ApproveAsync(action.Id, Ana)).Phase);

        World.Time.Advance(TimeSpan.FromHours(1));
        World.Measure(release);

        Assert.Equal(1, await World.Promotions.RunAsync(default));
    }

    [Fact]
    public async Task Without_approvals_a_closed_window_refuses_the_promotion_and_never_the_halt()
    {
        var release = Waiting(needed: 0);
        Freeze();

        var refused = Assert.IsType<GateAnswer.Refused>(await World.PromoteAsync(release));

        Assert.IsType<PolicyGateRefusal>(Assert.Single(refused.Refusals));
        Accepted(await World.HaltAsync(release));
    }

    private void Freeze() => World.Gates.Put(new DeployWindow
    {
        Id = Guid.NewGuid(), Name = "freeze", Kind = DeployWindowKind.Freeze, From = World.Time.GetUtcNow().AddHours(-1), Reason = "sales weekend", CreatedBy = "ana", CreatedAt = World.Time.GetUtcNow(),
    });

    private async Task<IReadOnlyList<string>> AgainstWaivingAsync(Release release, string gate, Operator by) =>
        await World.Waivers.WaiveAsync(new WaiveCommand(release.Id, gate, "agreed with all", World.Time.GetUtcNow().AddHours(1)), by, default) is RecordAnswer<Waiver>.Refused refused
            ? [.. Given.Codes(refused.Refusals)]
            : [];
}
