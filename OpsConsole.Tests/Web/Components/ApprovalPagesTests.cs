using Microsoft.AspNetCore.Components;
using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Approve;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Gates.Waivers;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Rollouts;
using OpsConsole.Web.Components.Actions;
using OpsConsole.Web.Components.Board;
using OpsConsole.Web.Components.Pages;
using OpsConsole.Web.Components.Releases;
using OpsConsole.Core.Recovery;
using OpsConsole.Core.Switches;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Web.Components;

public sealed class ApprovalPagesTests
{
    private static readonly Operator Ana = new("ana", Role.ReleaseManager, false);
    private static readonly Operator Viewer = new("lena", Role.Viewer, false);

    private static ApprovalRequest Request(IReadOnlyList<Refusal>? against = null, params ShownWord[] words)
    {
        var action = new ReleaseAction
        {
            Id = Guid.CreateVersion7(Pretend.Now), Verb = ActionVerb.Promote, ReleaseId = Guid.NewGuid(), Service = "shop", RequestedBy = "mia", Role = nameof(Role.ReleaseManager), Reason = "looks fine",
            EvidenceJson = "{}", EvidenceSeal = "9032f95fabc", RequestedAt = Pretend.Now.AddMinutes(-3), FromExposure = 5, ToExposure = 25, ApprovalsNeeded = 2, ExpiresAt = Pretend.Now.AddHours(4),
        };
        action.Move(ActionPhase.AwaitingApproval, Pretend.Now, "Asked for approval.");
        return new ApprovalRequest
        {
            Action = action, Title = "shop 2.15.0 on gateway, production", Author = "jonas", Seal = "abc123def456789", Needed = 2, Given = 1, Words = words,
            Gates = [new GateResult("evidence: unit", Verdict.Inconclusive, "No unit test report yet.", "pipeline", null)],
            AgainstApproving = against ?? [], AgainstRejecting = against ?? [], AgainstWithdrawing = against ?? [],
        };
    }

    private static Approval Word(string by) => new()
    {
        Id = Guid.NewGuid(), ActionId = Guid.NewGuid(), ReleaseId = Guid.NewGuid(), By = by, Role = nameof(Role.Admin), Approved = true, At = Pretend.Now, Seal = "x",
    };

    [Fact]
    public async Task What_waits_is_shown_with_who_asked_what_is_needed_and_what_lapsed()
    {
        await using var pages = new Interface();
        pages.Approvals.Waiting.Add(Request(null, new ShownWord(Word("bob"), "Approval by bob lapsed: a new unit report of ci arrived (passed).")));

        await pages.Harness.RenderAsync<ApprovalsPage>(null, Ana);

        foreach (var text in new[] { "shop 2.15.0 on gateway", "Asked by", "mia", "jonas", "1 of 2", "Approval by bob lapsed: a new unit report", "No unit test report yet.", "abc123def456" })
        {
            await pages.Harness.SeesAsync(text);
        }

        Assert.NotNull((await pages.Harness.ShownAsync()).Find("s"));
    }

    [Fact]
    public async Task What_another_console_has_to_go_on_with_says_so()
    {
        await using var pages = new Interface();
        var request = Request();
        request.Action.Move(ActionPhase.Approved, Pretend.Now, "Approved by bob; carried out as soon as every gate passes.");
        pages.Approvals.Waiting.Add(request with { DecidedElsewhere = "It hangs on bob, of whom this console knows nothing." });

        await pages.Harness.RenderAsync<ApprovalsPage>(null, Ana);

        Assert.Equal("It hangs on bob, of whom this console knows nothing.", (await pages.Harness.FindAsync("[data-elsewhere]")).Text);
    }

    [Fact]
    public async Task What_was_decided_says_which_approval_lapsed_and_which_gate_was_waived()
    {
        await using var pages = new Interface();
        var request = Request(null, new ShownWord(Word("bob"), "Approval by bob lapsed: a new unit report of ci arrived (passed)."), new ShownWord(Word("ana"), null)) with { Gates = [Waived] };
        request.Action.Move(ActionPhase.Executing, Pretend.Now);
        request.Action.Move(ActionPhase.Confirmed, Pretend.Now, "2.15.0 is at 25 % on gateway.");
        pages.Approvals.Decided.Add(request);

        await pages.Harness.RenderAsync<ApprovalsPage>(null, Ana);

        await pages.Harness.SeesAsync("bob approved, which lapsed: a new unit report of ci arrived (passed).");
        await pages.Harness.SeesAsync("ana approved.");
        Assert.Contains("evidence: unit waived", (await pages.Harness.ShownAsync()).Find(".decided")!.Find(".waived")!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_waived_gate_has_a_mark_of_its_own_and_is_counted_apart()
    {
        await using var pages = new Interface();
        pages.Approvals.Waiting.Add(Request() with { Gates = [Waived, new GateResult("freeze", Verdict.Pass, "No freeze.", "windows", null)] });

        await pages.Harness.RenderAsync<ApprovalsPage>(null, Ana);

        await pages.Harness.SeesAsync("1 pass, 1 waived by mira until 2026-03-01 16:00 UTC");
        var shown = await pages.Harness.ShownAsync();
        var row = shown.FindAll("li").Single(l => l["data-gate"] == "evidence: unit");
        Assert.Equal("waived", row["class"]);
        Assert.Equal("img/icons.svg#waived", row.Find("use")!["href"]);
        Assert.Equal("waived", row.Find(".mark")!.Text.Trim());
    }

    [Fact]
    public async Task Who_approves_sees_what_changes_what_the_judge_says_and_the_evidence_on_the_card_and_in_the_dialog()
    {
        await using var pages = new Interface();
        var brief = new DecisionBrief
        {
            Size = ChangeSize.Of(new CodeChange { LinesAdded = 1_200, LinesRemoved = 30 }),
            Schema = new SchemaSaid(MigrationClass.None, null, MigrationClass.Expand),
            Analysis = new AnalysisRun { Id = Guid.NewGuid(), ReleaseId = Guid.NewGuid(), At = Pretend.Now.AddMinutes(-1), StageIndex = 0, Verdict = "marginal", Score = 71, ReportJson = "{}" },
            IsOfThisStage = true,
            Evidence = [.. Enumerable.Range(0, 14).Select(i => Evidence($"suite {i}", EvidenceOutcome.Passed)), Evidence("nightly", EvidenceOutcome.Failed)],
        };
        var request = Request() with { Brief = brief };
        pages.Approvals.Waiting.Add(request);
        await pages.Harness.RenderAsync<ApprovalsPage>(null, Ana);
        var card = (await pages.Harness.ShownAsync()).Find(".request")!;
        foreach (var text in new[] { "1,230 lines: a large change", "expand: only adds", "its change set says expand", "so by no schema change", "marginal", "71 of 100", "nightly", "more on the page of the release", "are not part of what lapses an approval" })
        {
            Assert.Contains(text, card.Text, StringComparison.Ordinal);
        }

        await pages.Harness.ClickAsync("[data-approve]");

        var dialog = (await pages.Harness.ShownAsync()).Find("#approve-dialog")!;
        foreach (var text in new[] { "1,230 lines", "nightly", "No unit test report yet.", "71 of 100" })
        {
            Assert.Contains(text, dialog.Text, StringComparison.Ordinal);
        }
    }

    private static GateResult Waived => new("evidence: unit", Verdict.Pass, "Waived by mira until 2026-03-01 16:00 UTC: ran by hand. It would be fail.", "ci", null) { WaivedBy = "mira", WaivedUntil = Pretend.Now.AddHours(4) };

    private static EvidenceItem Evidence(string source, EvidenceOutcome outcome) => new()
    {
        Id = Guid.NewGuid(), ReleaseId = Guid.NewGuid(), Kind = "junit", Stage = "unit", Source = source, Outcome = outcome, Blocking = false, Summary = "412 tests",
        DetailJson = """{"counts":{},"items":[],"flaky":[]}""", ContentDigest = source, ReceivedAt = Pretend.Now, ReceivedBy = "pipeline",
    };

    [Fact]
    public async Task Approving_says_what_will_happen_and_hands_in_the_seal_that_was_seen()
    {
        await using var pages = new Interface();
        var request = Request();
        pages.Approvals.Waiting.Add(request);
        pages.Approvals.Answer = _ => new GateAnswer.Accepted(request.Action);
        await pages.Harness.RenderAsync<ApprovalsPage>(null, Ana);

        await pages.Harness.ClickAsync("[data-approve]");
        await pages.Harness.SeesAsync("Yours is the last approval that is missing");
        await pages.Harness.ClickAsync("#approve-dialog-send");

        Assert.Equal([new ApproveCommand(request.Action.Id, "abc123def456789", null)], pages.Approvals.Said);
    }

    [Fact]
    public async Task Rejecting_needs_a_reason_and_can_take_the_artifact_with_it()
    {
        await using var pages = new Interface();
        var request = Request();
        pages.Approvals.Waiting.Add(request);
        pages.Approvals.Answer = _ => new GateAnswer.Refused([new EvidenceChangedRefusal("x")]);
        await pages.Harness.RenderAsync<ApprovalsPage>(null, Ana);
        await pages.Harness.ClickAsync("[data-reject]");
        Assert.NotNull((await pages.Harness.FindAsync("#reject-dialog-send"))["disabled"]);

        await pages.Harness.FireAsync("#reject-artifact", "onchange", new ChangeEventArgs { Value = true });
        await pages.Harness.TypeAsync("#reject-dialog-reason", "leaks memory");
        await pages.Harness.ClickAsync("#reject-dialog-send");

        Assert.Equal([new RejectCommand(request.Action.Id, "leaks memory", true)], pages.Approvals.Said);
        await pages.Harness.SeesAsync("The evidence has changed since you looked");
    }

    [Fact]
    public async Task Who_may_not_is_told_why_and_has_no_buttons()
    {
        await using var pages = new Interface();
        pages.Approvals.Waiting.Add(Request([new RoleMayNotRefusal(Permission.ReleasesApprove, Role.Viewer, "approve or reject promotions")]));

        await pages.Harness.RenderAsync<ApprovalsPage>(null, Viewer);

        await pages.Harness.SeesAsync("ask someone who is on-call, release manager or admin");
        Assert.Empty((await pages.Harness.ShownAsync()).FindAll("[data-approve]"));
    }

    [Fact]
    public async Task Nothing_waiting_says_what_the_page_is_for_and_a_record_that_is_away_says_so()
    {
        await using var pages = new Interface();
        pages.Approvals.Away = "the database is away";
        await pages.Harness.RenderAsync<ApprovalsPage>(null, Ana);
        await pages.Harness.SeesAsync("the database is away");

        pages.Approvals.Away = null;
        await pages.Harness.ClickAsync("#try-again");
        await pages.Harness.SeesAsync("Nothing waits for approval");
    }

    [Fact]
    public async Task A_gate_that_can_be_waived_offers_it_beside_its_sentence_and_the_waiver_is_loud()
    {
        await using var pages = new Interface();
        var release = Pretend.Snapshot();
        pages.Gate.Shown = [new GateResult("evidence: unit", Verdict.Inconclusive, "No unit test report yet.", "pipeline", null), new GateResult("fresh data", Verdict.Inconclusive, "No data.", "board", null)];
        var stored = Pretend.Release();
        pages.Gates.Record.Put(stored);
        pages.Gates.Put(new EvidenceItem
        {
            Id = Guid.NewGuid(), ReleaseId = stored.Id, Kind = "junit", Stage = "unit", Source = "ci", Outcome = EvidenceOutcome.Failed, Blocking = true, Summary = "1 of 412 failed", DetailJson = "{}",
            ContentDigest = "u", ReceivedAt = Pretend.Now, ReceivedBy = "pipeline",
        });
        await pages.Harness.RenderAsync<GatesPanel>(new Dictionary<string, object?> { ["Release"] = release with { Id = stored.Id } }, Ana);

        Assert.Equal(["evidence: unit"], (await pages.Harness.ShownAsync()).FindAll("[data-waive]").Select(b => b["data-waive"]));
        await pages.Harness.ClickAsync("[data-waive]");
        await pages.Harness.TypeAsync("#waive-dialog-reason", "ran by hand");
        await pages.Harness.ClickAsync("#waive-dialog-send");

        await pages.Harness.SeesAsync("waived by ana: “ran by hand”");
        var waiver = Assert.Single(await ((IWaiverStore)pages.Gates).ForReleaseAsync(stored.Id, default));
        Assert.Equal(Pretend.Now.AddHours(4), waiver.ExpiresAt);
    }

    [Fact]
    public async Task Who_may_not_waive_is_told_who_can()
    {
        await using var pages = new Interface();
        pages.Gate.Shown = [new GateResult("evidence: unit", Verdict.Inconclusive, "No unit test report yet.", "pipeline", null)];

        await pages.Harness.RenderAsync<GatesPanel>(new Dictionary<string, object?> { ["Release"] = Pretend.Snapshot() }, Pretend.OnCall);

        await pages.Harness.SeesAsync("release manager and admin can");
        Assert.Empty((await pages.Harness.ShownAsync()).FindAll("[data-waive]"));
    }

    [Fact]
    public async Task The_promote_dialog_says_that_it_asks_and_stops_following_when_it_waits()
    {
        await using var pages = new Interface();
        pages.Gate.Briefing = Pretend.Briefing(type: null) with { WhatHappens = "It asks for 2 approvals.", ApprovalsNeeded = 2 };
        var ask = new ActionAsk(ActionVerb.Promote, Guid.CreateVersion7(Pretend.Now), null, 100);
        await pages.Harness.RenderAsync<ActionDialog>(cascading: Ana);
        await pages.Harness.OnContextAsync(() => pages.Harness.Get<ActionDesk>().Ask(ask));
        await pages.Harness.SeesAsync("It asks for 2 approvals.");
        await pages.Harness.SeesAsync("Ask for approval");
        var action = Request().Action;
        pages.Gate.Answer = _ => Task.FromResult<GateAnswer>(new GateAnswer.Accepted(action));
        await pages.Harness.TypeAsync("#action-reason", "looks good");

        await pages.Harness.ClickAsync("#action-send");

        await pages.Harness.SeesAsync("Waits for approval");
    }

    [Fact]
    public async Task The_board_says_how_many_have_approved()
    {
        await using var pages = new Interface();
        var action = Pretend.Summary(ActionVerb.Promote, ActionPhase.AwaitingApproval) with { ApprovalsNeeded = 2, ApprovalsGiven = 1 };

        await pages.Harness.RenderAsync<ActionState>(new Dictionary<string, object?> { ["Action"] = action });

        await pages.Harness.SeesAsync("promote waiting for approval 1 of 2");
    }

    [Theory]
    [InlineData(null, "promote: Approved by bob; waits: hold time.")]
    [InlineData("It hangs on bob, of whom this console knows nothing.", "promote: approved. It hangs on bob, of whom this console knows nothing.")]
    public async Task The_board_says_what_an_approved_promotion_waits_for_as_the_page_of_approvals_does(string? hangsOn, string said)
    {
        await using var pages = new Interface();
        var action = Pretend.Summary(ActionVerb.Promote, ActionPhase.Approved) with { Outcome = "Approved by bob; waits: hold time.", HangsOn = hangsOn };

        await pages.Harness.RenderAsync<ActionState>(new Dictionary<string, object?> { ["Action"] = action });

        Assert.Equal(said, (await pages.Harness.FindAsync(".action-state")).Text.Trim());
    }

    [Theory]
    [InlineData(MigrationClass.Expand, ActionVerb.Rollback)]
    [InlineData(MigrationClass.Contract, ActionVerb.Halt)]
    public void Submitted_sql_that_removes_changes_what_is_recommended(MigrationClass found, ActionVerb first)
    {
        var release = Pretend.Snapshot(verdict: Verdict.Fail) with
        {
            Policy = new PolicyStanding
            {
                PolicyTitle = "web-canary, version 3", Mode = default, OnTrigger = default, Step = RolloutStep.Verifying, StepSince = Pretend.Now, Reason = "", Migration = found, AsOf = Pretend.Now,
            },
        };

        Assert.Equal(first, Recommendation.For(release, new PlaybookReading(new PretendTargets(), new SwitchBoard(), new PretendMemory(), new PretendMemory(), new FakeTime(Pretend.Now)).Of(release)).First);
    }
}
