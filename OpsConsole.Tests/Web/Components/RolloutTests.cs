using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Rollouts;
using OpsConsole.Core.Signals;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Components.Board;
using OpsConsole.Web.Components.Releases;

namespace OpsConsole.Tests.Web.Components;

/// <summary>What a row and the release page show of the rollout engine.</summary>
public sealed class RolloutTests
{
    [Theory]
    [InlineData(RolloutStep.Paused, TriggerPhase.Clear, "Inconclusive: no fresh data.", "paused: inconclusive")]
    [InlineData(RolloutStep.Paused, TriggerPhase.Clear, "Trigger fired before.", "paused: a person decides")]
    [InlineData(RolloutStep.Holding, TriggerPhase.Pending, "Holds.", "pending: http_5xx_rate > 1% for 5m")]
    [InlineData(RolloutStep.Halting, TriggerPhase.Fired, "Trigger fired.", "fired: http_5xx_rate > 1% for 5m")]
    [InlineData(RolloutStep.Paused, TriggerPhase.Recovering, "Trigger fired.", "fired: http_5xx_rate > 1% for 5m")]
    [InlineData(RolloutStep.Verifying, TriggerPhase.Clear, "Every gate passes; waiting for a person.", "every gate passes")]
    [InlineData(RolloutStep.Verifying, TriggerPhase.Clear, "Not yet: evidence is running.", "verifying")]
    [InlineData(RolloutStep.Holding, TriggerPhase.Clear, "Holds.", null)]
    public async Task A_row_says_in_a_few_words_what_the_engine_does(RolloutStep step, TriggerPhase phase, string reason, string? words)
    {
        await using var pages = new Interface();
        var release = Pretend.Snapshot() with { Policy = Standing(step, phase, reason) };
        await pages.Harness.RenderAsync<BoardTable>(new Dictionary<string, object?> { ["Board"] = Pretend.Board(release), ["Filter"] = new BoardFilter() }, Pretend.OnCall);

        var row = (await pages.Harness.ShownAsync()).Find($"[data-release={release.Id}]")!;

        Assert.Equal(words is not null, row.Markup.Contains("class=\"rollout", StringComparison.Ordinal));
        Assert.Contains(words ?? "50 %", row.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RolloutStep.Halting, "Trigger fired: p99_latency > 900ms.", "fired: p99_latency", "seen")]
    [InlineData(RolloutStep.Halted, "Trigger fired: p99_latency > 900ms. Not rolled back.", "fired: p99_latency", "seen")]
    public void The_firing_that_halted_is_named_and_not_one_that_was_seen(RolloutStep step, string reason, string named, string not)
    {
        var standing = Standing(step, TriggerPhase.Fired, reason);
        var seen = standing.Triggers[0] with { Seen = new("mia", Pretend.Now) };
        var third = standing.Triggers[0] with { Trigger = standing.Triggers[0].Trigger with { Text = "crash_rate > 2%" } };
        var halting = standing.Triggers[0] with { Trigger = standing.Triggers[0].Trigger with { Text = "p99_latency > 900ms" } };

        var mark = RolloutMark.Of(Pretend.Snapshot() with { Policy = standing with { Triggers = [seen, third, halting] } }).Value;

        Assert.Contains(named, mark, StringComparison.Ordinal);
        Assert.DoesNotContain(not, mark, StringComparison.Ordinal);
        Assert.Contains(
            "fired, seen by mia: http_5xx_rate", RolloutMark.Of(Pretend.Snapshot() with { Policy = standing with { Step = RolloutStep.Verifying, Reason = "Not yet.", Triggers = [seen] } }).Value,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waived_gates_and_a_rejected_artifact_are_loud_in_row_and_header()
    {
        await using var pages = new Interface();
        var standing = Standing(RolloutStep.Verifying, TriggerPhase.Clear, "Every gate passes or is waived: evidence: unit waived by mira until 2026-03-01 16:00 UTC; waiting for a person to promote it to 25 %.");
        standing = standing with
        {
            RejectedBy = "pavel",
            Gates = [new GateResult("evidence: unit", Verdict.Pass, "Waived by mira until 2026-03-01 16:00 UTC: ran by hand. It would be fail: 1 of 9.", "ci", null) { WaivedBy = "mira", WaivedUntil = Pretend.Now.AddHours(4) }],
        };
        var live = Pretend.Snapshot() with { Policy = standing };

        var mark = RolloutMark.Of(live).Value;
        Assert.Contains("artifact rejected by pavel", mark, StringComparison.Ordinal);
        Assert.Contains("1 gate waived by mira", mark, StringComparison.Ordinal);
        Assert.Contains("every gate passes or is waived", mark, StringComparison.Ordinal);

        await pages.Harness.RenderAsync<ReleaseHeader>(new Dictionary<string, object?> { ["Release"] = Pretend.Release(), ["Live"] = live }, Pretend.OnCall);
        await pages.Harness.SeesAsync("artifact rejected by pavel");
        await pages.Harness.SeesAsync("1 gate waived by mira until 2026-03-01 16:00 UTC");
    }

    [Fact]
    public void A_dry_run_and_a_release_that_has_ended_say_nothing_and_text_is_no_markup()
    {
        var fired = Standing(RolloutStep.Holding, TriggerPhase.Fired, "<b>", dryRun: true);
        Assert.Equal("", RolloutMark.Of(Pretend.Snapshot() with { Policy = fired }).Value ?? "");
        Assert.Equal("", RolloutMark.Of(Pretend.Snapshot(phase: ReleasePhase.RolledBack) with { Policy = Standing(RolloutStep.Done, TriggerPhase.Fired, "x") }).Value ?? "");
        Assert.DoesNotContain("<b>", RolloutMark.Of(Pretend.Snapshot() with { Policy = Standing(RolloutStep.Paused, TriggerPhase.Clear, "<b>") }).Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_shows_step_triggers_and_checks()
    {
        await using var pages = new Interface();
        await pages.Harness.RenderAsync<RolloutPanel>(
            new Dictionary<string, object?> { ["Policy"] = Standing(RolloutStep.Holding, TriggerPhase.Pending, "Holds 5 % until 12:10:00 UTC.") }, Pretend.OnCall);

        var shown = await pages.Harness.ShownAsync();
        foreach (var text in new[] { "Holding", "Holds 5 % until 12:10:00 UTC.", "web-canary, version 3", "A fired trigger rolls it back." })
        {
            Assert.Contains(text, shown.Text, StringComparison.Ordinal);
        }

        Assert.Contains("http_5xx_rate > 1% for 5m 4.2 % pending fires", shown.Find(".triggers")!.Text, StringComparison.Ordinal);
        Assert.NotNull(shown.Find(".triggers")!.Find("[data-until]"));
        Assert.Contains("smoke dry run 3 / 1 failed", shown.Find(".checks")!.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TriggerReaction.Halt, "mia", "Fired before mia resumed the release at 12:00:00 UTC, and so seen: http_5xx_rate > 1% for 5m.", "a new firing after that halts it")]
    [InlineData(TriggerReaction.Rollback, null, "Fired before a person resumed the release at 12:00:00 UTC, and so seen", "a new firing after that rolls it back")]
    public async Task A_firing_that_was_seen_is_shown_as_such_and_what_a_new_one_does(TriggerReaction reaction, string? by, string seen, string anew)
    {
        await using var pages = new Interface();
        var standing = Standing(RolloutStep.Verifying, TriggerPhase.Fired, "Not yet.");
        standing = standing with { OnTrigger = reaction, Triggers = [standing.Triggers[0] with { Seen = new(by, Pretend.Now) }] };
        await pages.Harness.RenderAsync<RolloutPanel>(new Dictionary<string, object?> { ["Policy"] = standing }, Pretend.OnCall);

        var shown = await pages.Harness.ShownAsync();
        Assert.Contains(seen, shown.Text, StringComparison.Ordinal);
        Assert.Contains(anew, shown.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("A fired trigger", shown.Text, StringComparison.Ordinal);
        Assert.Contains($"seen by {by ?? "a person"}", shown.Find(".triggers")!.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ReleasePhase.RollingOut, "Halt the release or roll it back")]
    [InlineData(ReleasePhase.Halted, "The release is halted already: roll it back, or resume it")]
    public void A_halted_release_is_not_advised_to_be_halted(ReleasePhase phase, string advice)
    {
        var release = Pretend.Snapshot(phase: phase) with { Policy = Standing(RolloutStep.Paused, TriggerPhase.Fired, "Trigger fired.") };

        var gate = OpsConsole.Core.Gates.StandingGates.Judge(1, Pretend.Now, release, Pretend.Now).Single(g => g.Name == OpsConsole.Core.Gates.GateNames.Triggers);

        Assert.Contains(advice, gate.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_says_what_is_not_measured_and_how_to_provide_it()
    {
        await using var pages = new Interface();
        pages.Measured.Now = [];
        var shown = new Dictionary<string, object?> { ["Release"] = Sample.Release(), ["Live"] = Pretend.Snapshot() };
        await pages.Harness.RenderAsync<UnmeasuredPanel>(shown, Pretend.OnCall);

        await pages.Harness.SeesAsync("Nothing measures shop on gateway, production");
        await pages.Harness.SeesAsync("OpsConsole:Sources");
    }

    [Theory]
    [InlineData(true, ReleasePhase.RollingOut)]
    [InlineData(false, ReleasePhase.RolledBack)]
    public async Task It_says_nothing_where_all_is_measured_or_the_release_has_ended(bool measured, ReleasePhase phase)
    {
        await using var pages = new Interface();
        pages.Measured.Now = measured ? ["http_5xx_rate", "checkout_success_rate"] : [];
        await pages.Harness.RenderAsync<UnmeasuredPanel>(new Dictionary<string, object?> { ["Release"] = Sample.Release(), ["Live"] = Pretend.Snapshot(phase: phase) }, Pretend.OnCall);

        Assert.Empty((await pages.Harness.ShownAsync()).FindAll(".unmeasured"));
    }

    [Fact]
    public async Task Without_a_policy_the_page_has_no_such_panel()
    {
        await using var pages = new Interface();
        await pages.Harness.RenderAsync<RolloutPanel>(new Dictionary<string, object?> { ["Policy"] = null }, Pretend.OnCall);
        Assert.Empty((await pages.Harness.ShownAsync()).FindAll(".panel"));
    }

    private static PolicyStanding Standing(RolloutStep step, TriggerPhase phase, string reason, bool dryRun = false)
    {
        var trigger = new Trigger
        {
            Text = "http_5xx_rate > 1% for 5m", Signal = "http_5xx_rate", Measure = TriggerMeasure.Value, Comparison = TriggerComparison.Above, Threshold = 1,
            Unit = SignalUnit.Percent, For = TimeSpan.FromMinutes(5), DryRun = dryRun,
        };
        return new()
        {
            PolicyTitle = "web-canary, version 3", Mode = DeliveryMode.Delivery, OnTrigger = TriggerReaction.Rollback, Step = step, StepSince = Pretend.Now, Reason = reason,
            Triggers = [new(trigger, phase, 4.2, Pretend.Now, phase == TriggerPhase.Pending ? Pretend.Now.AddMinutes(5) : null, "4.2 %: breached.") { ValueText = "4.2 %" }],
            Checks = [new(new PolicyCheck { Name = "smoke", DryRun = true }, CheckPhase.Failed, 3, 1, 0, 0, "3 successful.")],
            AsOf = Pretend.Now,
        };
    }
}
