using OpsConsole.Core.Access;
using OpsConsole.Core.Board;
using OpsConsole.Core.Recovery;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Components.Board;
using OpsConsole.Web.Components.Pages;
using OpsConsole.Web.Components.Recovery;

namespace OpsConsole.Tests.Web.Components;

/// <summary>Clocks, curves and the record of targets as people see them.</summary>
public sealed class RecoveryViewTests
{
    [Fact]
    public async Task A_running_clock_shows_what_came_with_gaps_and_what_is_waited_for()
    {
        await using var pages = new Interface();
        var clock = Clock();
        clock.Acknowledge("mira", Pretend.Now.AddSeconds(5));
        clock.Decide(RecoveryMove.Rollback, null, Pretend.Now.AddSeconds(8));
        clock.Apply(Pretend.Now.AddSeconds(8.5));

        await pages.Harness.RenderAsync<ClockView>(new Dictionary<string, object?> { ["Clock"] = ClockFace.Of(clock) }, Pretend.OnCall);
        var shown = await pages.Harness.ShownAsync();

        Assert.Equal(["onset", "detected", "acknowledged", "decided", "applied", "confirmed", "verified"], shown.FindAll("[data-step]").Select(s => s["data-step"]));
        Assert.Contains("+3.0 s", Step(shown, "acknowledged").Text, StringComparison.Ordinal);
        Assert.Contains("first move asked for", Step(shown, "decided").Text, StringComparison.Ordinal);
        Assert.Contains("roll back", Step(shown, "applied").Text, StringComparison.Ordinal);
        Assert.Equal("runs", Step(shown, "confirmed")["class"]);
        Assert.Equal("open", Step(shown, "verified")["class"]);
        Assert.Contains("12:00:02 UTC", Step(shown, "detected").Text, StringComparison.Ordinal);
        Assert.Contains("not confirmed yet", shown.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_ended_clock_says_how_long_it_took()
    {
        await using var pages = new Interface();
        await pages.Harness.RenderAsync<ClockView>(new Dictionary<string, object?> { ["Clock"] = ClockFace.Of(Verified()) }, Pretend.OnCall);
        var shown = await pages.Harness.ShownAsync();

        Assert.Equal("verified", shown.Find("[data-clock]")!["data-clock"]);
        Assert.Contains("Verified 1 m 10 s after it was detected, by the roll back.", shown.Text, StringComparison.Ordinal);
        Assert.Contains("never", Step(shown, "acknowledged").Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_row_of_a_failing_release_shows_its_clock_and_who_has_it_and_lets_on_call_acknowledge()
    {
        await using var pages = new Interface();
        var release = Failing();
        await pages.Harness.RenderAsync<BoardRow>(new Dictionary<string, object?> { ["Release"] = release }, Pretend.OnCall);
        var shown = await pages.Harness.ShownAsync();

        var line = shown.Find("[data-clock-line]")!.Text;
        Assert.Contains("to a decision", line, StringComparison.Ordinal);
        Assert.Contains("12.5 % of requests: 500 of 4,000", line, StringComparison.Ordinal);
        Assert.Contains("34 of 812 requests hurt", line, StringComparison.Ordinal);
        Assert.NotNull(shown.Find("[data-acknowledge]"));
    }

    [Fact]
    public async Task The_row_of_a_fix_says_who_still_has_what_it_fixes()
    {
        await using var pages = new Interface();
        var bad = new FixedForward(Guid.NewGuid(), "7.4.0", new(Pretend.Now, 12.5, 25, 200), "sessions by version", Pretend.Now);
        var release = Failing();
        await pages.Harness.RenderAsync<BoardRow>(new Dictionary<string, object?> { ["Release"] = release with { Recovery = release.Recovery! with { Fixes = bad } } }, Pretend.OnCall);
        var line = (await pages.Harness.ShownAsync()).Find("[data-fixes]")!.Text;

        Assert.Contains("7.4.0", line, StringComparison.Ordinal);
        Assert.Contains("12.5 % of sessions still have it, recovery clock ", line, StringComparison.Ordinal);
        Assert.Equal("nobody has it any more", ExposureDrawing.Left(bad with { Left = new(Pretend.Now, 0, 0, 200) }));
        Assert.Equal("20 % still have it, as the target confirmed", ExposureDrawing.Left(bad with { Left = new(Pretend.Now, 20, 0, 0) }));
    }

    [Fact]
    public async Task Who_may_not_acknowledge_is_told_who_can()
    {
        await using var pages = new Interface();
        await pages.Harness.RenderAsync<TakeNoteButton>(
            new Dictionary<string, object?> { ["ReleaseId"] = Guid.NewGuid(), ["Environment"] = "production", ["Clock"] = ClockFace.Of(Clock()) }, new Operator("vik", Role.Viewer, false));
        var shown = await pages.Harness.ShownAsync();

        Assert.Contains("on-call", shown.Find("[data-acknowledge]")!["title"], StringComparison.Ordinal);
        Assert.NotNull(shown.Find("[data-acknowledge]")!["disabled"]);
    }

    [Theory]
    [InlineData("staging", true)]
    [InlineData("production", false)]
    public async Task The_role_where_the_release_is_decides_who_acknowledges(string where, bool disabled)
    {
        await using var pages = new Interface();
        await pages.Harness.RenderAsync<TakeNoteButton>(
            new Dictionary<string, object?> { ["ReleaseId"] = Guid.NewGuid(), ["Environment"] = "production", ["Clock"] = ClockFace.Of(Clock()) },
            new Operator("vik", Role.Viewer, false) { ByEnvironment = new EnvironmentRoles(Role.Viewer, [new(where, Role.OnCall)]) });

        Assert.Equal(disabled, (await pages.Harness.ShownAsync()).Find("[data-acknowledge]")!["disabled"] is not null);
    }

    [Fact]
    public async Task The_curve_says_share_counts_window_source_and_time()
    {
        await using var pages = new Interface();
        var exposure = new Exposure("requests by version", [new(Pretend.Now, 25, 1000, 4000), new(Pretend.Now.AddSeconds(30), 12.5, 500, 4000)], null);
        await pages.Harness.RenderAsync<ExposureCurve>(
            new Dictionary<string, object?> { ["Exposure"] = exposure, ["Version"] = "2.15.0", ["Window"] = TimeSpan.FromSeconds(30) }, Pretend.OnCall);
        var shown = await pages.Harness.ShownAsync();

        foreach (var text in new[] { "12.5 % of requests: 500 of 4,000 in 30 s", "from requests by version, as of 12:00:30 UTC", "is not known" })
        {
            Assert.Contains(text, shown.Text, StringComparison.Ordinal);
        }

        Assert.Equal("M0 2L320 32", shown.Find("path")!["d"]);
    }

    [Fact]
    public async Task The_page_names_the_weakest_link_and_what_was_never_exercised()
    {
        await using var pages = new Interface();
        pages.Recoveries.Put(Verified());
        pages.Board.Track(Pretend.Release());
        pages.Board.BuildDue();

        await pages.Harness.RenderAsync<RecoveryPage>(null, Pretend.OnCall);
        await pages.Harness.SeesAsync("Weakest link");
        var shown = await pages.Harness.ShownAsync();

        Assert.Equal("gateway", shown.Find("[data-weakest]")!.Text);
        var moves = shown.FindAll("[data-move]").ToList();
        Assert.Equal(["rollback", "halt"], moves.Select(m => m["data-move"]));
        Assert.Contains("1 m 10 s", moves[0].Text, StringComparison.Ordinal);
        Assert.Equal("never", moves[1]["class"]);
        Assert.Contains("never exercised", moves[1].Text, StringComparison.Ordinal);
        Assert.Single(shown.FindAll("[data-recovery]"));
    }

    [Fact]
    public async Task The_page_is_plain_when_empty_and_when_the_record_is_away()
    {
        await using var pages = new Interface();
        await pages.Harness.RenderAsync<RecoveryPage>(null, Pretend.OnCall);
        await pages.Harness.SeesAsync("Nothing to recover yet");

        await using var away = new Interface();
        away.Recoveries.Away = true;
        await away.Harness.RenderAsync<RecoveryPage>(null, Pretend.OnCall);
        await away.Harness.SeesAsync("The recoveries could not be read");
    }

    private static RenderedElement Step(RenderedElement shown, string name) => shown.FindAll("[data-step]").Single(s => s["data-step"] == name);

    private static RecoveryClock Clock(Guid? release = null) => new()
    {
        Id = Guid.CreateVersion7(Pretend.Now), ReleaseId = release ?? Guid.CreateVersion7(Pretend.Now), Service = "shop", Target = "gateway", Environment = "production", Version = "2.15.0",
        Fault = FaultKind.Errors, Signal = "errors", OnsetAt = Pretend.Now, DetectedAt = Pretend.Now.AddSeconds(2),
    };

    private static RecoveryClock Verified()
    {
        var clock = Clock();
        clock.Decide(RecoveryMove.Rollback, null, Pretend.Now.AddSeconds(8));
        clock.Apply(Pretend.Now.AddSeconds(8));
        clock.Confirm(Pretend.Now.AddSeconds(9));
        clock.End(RecoveryEnding.Verified, Pretend.Now.AddSeconds(72));
        return clock;
    }

    private static ReleaseSnapshot Failing()
    {
        var release = Pretend.Snapshot(verdict: Verdict.Fail);
        return release with
        {
            Recovery = new RecoveryStanding
            {
                Advice = new PlaybookAdvice(FaultKind.Errors, RecoveryMove.Rollback, "Errors out of limits.", null, []),
                Clock = ClockFace.Of(Clock(release.Id)),
                Exposure = new Exposure("requests by version", [new(Pretend.Now, 12.5, 500, 4000)], new Hurt(34, 812, "requests", Pretend.Now, Pretend.Now.AddSeconds(30))),
                AsOf = Pretend.Now,
            },
        };
    }
}
