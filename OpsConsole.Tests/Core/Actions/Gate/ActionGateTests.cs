using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Halt;
using OpsConsole.Core.Actions.Promote;
using OpsConsole.Core.Board;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Releases;
using OpsConsole.Tests.Shared;
using static OpsConsole.Tests.Core.Actions.Gate.GateWorld;

namespace OpsConsole.Tests.Core.Actions.Gate;

public sealed class ActionGateTests
{
    private readonly GateWorld _world = new();

    [Fact]
    public async Task An_allowed_action_is_recorded_with_sealed_evidence_before_anything_is_done()
    {
        var release = _world.Release();

        var action = Accepted(await _world.PromoteAsync(release));

        Assert.Equal((ActionPhase.Executing, 25d, 50d), (action.Phase, action.FromExposure, action.ToExposure));
        Assert.Empty(_world.Target.Asked);
        var stored = await _world.ActionAsync(action.Id);
        Assert.True(EvidenceSeal.Holds(stored.EvidenceJson, stored.EvidenceSeal));
        Assert.False(EvidenceSeal.Holds(stored.EvidenceJson.Replace("5000", "5001", StringComparison.Ordinal), stored.EvidenceSeal));
        Assert.Contains("\"artifactDigest\":\"sha256:aaaa", stored.EvidenceJson, StringComparison.Ordinal);
        Assert.Contains("\"name\":\"hold time\"", stored.EvidenceJson, StringComparison.Ordinal);
        var audit = Assert.Single(_world.Record.Audit);
        Assert.Equal(("promote", "intent", "mia", "looks fine", stored.EvidenceSeal), (audit.Event, audit.Outcome, audit.Actor, audit.Reason, audit.EvidenceSeal));
        _world.Build();
        Assert.Equal(ActionPhase.Executing, _world.Board.Find(release.Id)!.Action!.Phase);
        Assert.Equal(25, _world.Board.Find(release.Id)!.ExposurePercent);
    }

    [Fact]
    public async Task A_double_click_makes_one_action()
    {
        var release = _world.Release();
        var seen = _world.Seen(release);

        var first = Accepted(await _world.PromoteAsync(release, seen: seen));
        var second = await _world.PromoteAsync(release, seen: seen);

        Assert.Equal(["already-in-flight"], Refused(second));
        Assert.Equal(first.Id, Assert.Single(await _world.Record.ListInFlightAsync(default)).Id);
    }

    [Fact]
    public async Task Of_two_people_at_the_same_moment_one_is_let_through_and_the_other_told_who_it_was()
    {
        var release = _world.Release();
        var other = new Operator("max", Role.ReleaseManager, false);
        var once = true;
        _world.Record.BeforeSave = change =>
        {
            if (change.IsNew && once)
            {
                once = false;
                Accepted(_world.PromoteAsync(release, other).GetAwaiter().GetResult());
            }
        };

        var answer = await _world.PromoteAsync(release);

        var refusal = Assert.Single(Assert.IsType<GateAnswer.Refused>(answer).Refusals);
        Assert.Equal("already-in-flight", refusal.Code);
        Assert.Contains("by max", refusal.Sentence, StringComparison.Ordinal);
        Assert.Single(await _world.Record.ListInFlightAsync(default));
    }

    [Fact]
    public async Task What_changed_after_the_look_refuses_the_decision()
    {
        var release = _world.Release();
        var seen = _world.Seen(release);
        _world.Measure(release, errors: 7);
        _world.Measure(release, errors: 0.1);

        Assert.Contains("stale-seen-version", Refused(await _world.PromoteAsync(release, seen: seen)));
        Assert.Contains("unknown-seen-version", Refused(await _world.PromoteAsync(release, seen: seen + 100_000)));
    }

    [Fact]
    public async Task A_second_promotion_is_not_judged_on_the_evidence_of_the_stage_before()
    {
        var release = _world.Release(hold: TimeSpan.Zero);
        var seen = _world.Seen(release);
        await _world.RunAsync(Accepted(await _world.PromoteAsync(release, seen: seen)).Id);

        // The board has not been built since the first one was confirmed.
        Assert.Contains("board-behind", Refused(await _world.PromoteAsync(release, seen: seen, confirmation: "shop")));
    }

    [Fact]
    public async Task Every_refusal_is_on_the_record_and_in_the_timeline()
    {
        var release = _world.Release();

        Refused(await _world.PromoteAsync(release, Given.Viewer));

        var audit = Assert.Single(_world.Record.Audit);
        Assert.Equal(("promote", "refused", "vik", "Viewer"), (audit.Event, audit.Outcome, audit.Actor, audit.Role));
        Assert.Contains("The role viewer may not promote", audit.Detail, StringComparison.Ordinal);
        Assert.Equal(ReleaseEventKind.ActionRefused, Assert.Single(_world.Record.Events).Kind);
    }

    [Fact]
    public async Task A_refusal_that_cannot_be_recorded_is_a_refusal_all_the_same()
    {
        var release = _world.Release();
        _world.Record.AuditAway = true;

        Assert.Equal(["not-permitted"], Refused(await _world.PromoteAsync(release, Given.Viewer)));
    }

    [Fact]
    public async Task While_the_record_is_away_nothing_is_done_and_it_is_said()
    {
        var release = _world.Release();
        _world.Record.Away = true;

        var answer = Assert.IsType<GateAnswer.Unavailable>(await _world.HaltAsync(release));

        Assert.Contains("nothing was done", answer.Sentence, StringComparison.Ordinal);
        Assert.False(_world.Queue.Stopping.TryRead(out _));
        _world.Record.Away = false;
        Accepted(await _world.HaltAsync(release));
    }

    [Fact]
    public async Task The_record_going_away_at_the_moment_of_saving_does_nothing()
    {
        var release = _world.Release();
        var seen = _world.Seen(release);
        _world.Record.BeforeSave = _ => _world.Record.Away = true;

        Assert.IsType<GateAnswer.Unavailable>(await _world.RollbackAsync(release, seen: seen));

        _world.Record.Away = false;
        Assert.Empty(await _world.Record.ListInFlightAsync(default));
        Assert.False(_world.Queue.Stopping.TryRead(out _));
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        Assert.IsType<GateAnswer.NotFound>(await _world.Gate.RequestAsync(new HaltCommand(Guid.NewGuid(), "errors", null, null), Given.OnCall, default));
        Assert.IsType<GateAnswer.NotFound>(await _world.Gate.RequestAsync(new OpsConsole.Core.Actions.Kill.KillCommand("nothing", "errors"), Given.OnCall, default));
    }

    [Fact]
    public async Task The_role_is_read_anew_for_every_command()
    {
        var release = _world.Release();
        _world.Roles.Now = _ => Role.Viewer;
        Assert.Equal(["not-permitted"], Refused(await _world.PromoteAsync(release)));

        _world.Roles.Now = _ => null;
        var withdrawn = Assert.Single(Assert.IsType<GateAnswer.Refused>(await _world.PromoteAsync(release)).Refusals);
        Assert.StartsWith("You are signed out, or your access was withdrawn", withdrawn.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Role.Viewer, false, false, false)]
    [InlineData(Role.OnCall, false, true, true)]
    [InlineData(Role.ReleaseManager, true, true, true)]
    [InlineData(Role.Admin, true, true, true)]
    public async Task Each_role_may_do_what_the_table_says(Role role, bool promote, bool halt, bool rollback)
    {
        var by = new Operator("someone", role, false);
        Assert.Equal(promote, await _world.PromoteAsync(_world.Release(), by) is GateAnswer.Accepted);
        Assert.Equal(halt, await _world.HaltAsync(_world.Release(version: "2.15.1"), by) is GateAnswer.Accepted);
        Assert.Equal(rollback, await _world.RollbackAsync(_world.Release(version: "2.15.2"), by) is GateAnswer.Accepted);
    }

    [Fact]
    public async Task A_halted_release_answers_a_second_halt_with_the_first()
    {
        var release = _world.Release();
        var first = Accepted(await _world.HaltAsync(release));
        Assert.Equal(first.Id, Accepted(await _world.HaltAsync(release)).Id);

        await _world.RunAsync(first.Id);

        Assert.Equal(first.Id, Accepted(await _world.HaltAsync(release, Given.Manager)).Id);
        Assert.Single(_world.Target.Asked);
        Assert.Equal(["already-halted"], Given.Codes(PreviewHalt(release)));
    }

    [Fact]
    public async Task Stopping_is_judged_anew_until_it_gets_through()
    {
        var release = _world.Release();
        var promotion = Accepted(await _world.PromoteAsync(release));
        var once = true;
        _world.Record.BeforeSave = change =>
        {
            // The promotion is confirmed in the moment between the judgement of the halt and its save.
            if (change.IsNew && once)
            {
                once = false;
                _world.RunAsync(promotion.Id).GetAwaiter().GetResult();
            }
        };

        var halt = Accepted(await _world.HaltAsync(release));

        Assert.Equal(50, halt.ToExposure);
        Assert.Equal(ActionPhase.Confirmed, (await _world.ActionAsync(promotion.Id)).Phase);
    }

    [Fact]
    public async Task What_keeps_changing_is_refused_in_the_end()
    {
        var release = _world.Release();
        var promotion = Accepted(await _world.PromoteAsync(release));
        _world.Record.BeforeSave = change =>
        {
            if (change.IsNew)
            {
                var now = _world.ActionAsync(promotion.Id).GetAwaiter().GetResult();
                now.Move(ActionPhase.Executing, _world.Time.GetUtcNow());
                _world.Record.Put(now);
            }
        };

        Assert.Equal(["contended"], Refused(await _world.HaltAsync(release)));
    }

    [Theory]
    [InlineData(DeployWindowKind.Allow, "deploy window")]
    [InlineData(DeployWindowKind.Freeze, "freeze")]
    public async Task A_deploy_window_on_record_that_cannot_be_judged_lets_nothing_be_promoted_and_is_named(DeployWindowKind kind, string gate)
    {
        var release = _world.Release();
        _world.Gates.Put(new DeployWindow
        {
            Id = Guid.NewGuid(), Name = "Office hours", Kind = kind, Days = 31, StartsAt = TimeSpan.FromHours(9), Lasts = TimeSpan.FromHours(-8),
            Reason = "x", CreatedBy = "ana", CreatedAt = _world.Time.GetUtcNow().AddDays(-1),
        });

        var refusals = Assert.IsType<GateAnswer.Refused>(await _world.PromoteAsync(release)).Refusals;

        var refusal = Assert.IsType<PolicyGateRefusal>(Assert.Single(refusals));
        Assert.Equal((gate, Verdict.Error), (refusal.Gate.Name, refusal.Gate.Verdict));
        Assert.EndsWith("Office hours cannot be judged: it does not last between nothing and 24 h; end it by hand.", refusal.Sentence, StringComparison.Ordinal);
        Assert.Empty(await _world.Record.ForReleaseAsync(release.Id, default));
        Accepted(await _world.HaltAsync(release));
    }

    [Fact]
    public async Task A_board_that_missed_a_change_is_told()
    {
        var release = _world.Release();
        var stored = await _world.StoredAsync(release);
        stored.EnterNextStage(_world.Time.GetUtcNow() - TimeSpan.FromHours(1));
        _world.Record.Put(stored);

        Assert.Contains("board-behind", Refused(await _world.PromoteAsync(release)));
        _world.Measure(release);

        Accepted(await _world.PromoteAsync(release, confirmation: "shop"));
    }

    private IReadOnlyList<Refusal> PreviewHalt(Release release)
    {
        _world.Build();
        return _world.Gate.Preview(ActionVerb.Halt, _world.Board.Find(release.Id)!, Given.OnCall);
    }
}
