using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
using OpsConsole.Core.Recovery;
using OpsConsole.Core.Releases;
using OpsConsole.Web.Components.Releases;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Web.Components;

/// <summary>What the release page says of the moves.</summary>
public sealed class PlaybookPanelTests
{
    [Fact]
    public async Task The_recommended_move_comes_first_with_its_time_what_stays_and_what_it_costs()
    {
        await using var pages = new Interface();
        pages.Recovery.Times[RecoveryMove.Rollback] = new MeasuredTime(6, TimeSpan.FromMilliseconds(48), TimeSpan.FromMilliseconds(91), Pretend.Now.AddDays(-3));

        var shown = await ShowAsync(pages, Pretend.Snapshot(verdict: Verdict.Fail));

        Assert.Equal("rollback", shown.Find("[data-playbook]")!["data-playbook"]);
        foreach (var text in new[] { "Recommended: roll back.", "48 ms here (p95 91 ms, n 6, last 3 d ago)", "Nobody keeps it.", "Everything in 2.15.0 goes, also what is good." })
        {
            Assert.Contains(text, shown.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Every_other_move_is_possible_or_says_why_not()
    {
        await using var pages = new Interface();
        pages.Targets.CannotRollBack("gateway");

        var shown = await ShowAsync(pages, Pretend.Snapshot(verdict: Verdict.Fail));

        Assert.Equal(6, shown.FindAll("[data-move]").Count);
        var rollback = shown.FindAll("[data-move]").Single(m => m["data-move"] == "rollback");
        Assert.Equal("false", rollback["data-possible"]);
        Assert.Contains("cannot roll back", rollback.Text, StringComparison.Ordinal);
        Assert.Contains("This release has no kill switch", shown.FindAll("[data-move]").Single(m => m["data-move"] == "kill").Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_says_when_not_to_roll_back()
    {
        await using var pages = new Interface();

        var shown = await ShowAsync(pages, Pretend.Snapshot(verdict: Verdict.Fail) with { Migration = MigrationClass.Contract });

        Assert.Contains("Do not roll back: 2.15.0 removed database structure", shown.Find(".not-back")!.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Verdict.Fail, ReleasePhase.RollingOut, true)]
    [InlineData(Verdict.Pass, ReleasePhase.RollingOut, false)]
    [InlineData(Verdict.Fail, ReleasePhase.Done, false)]
    public async Task It_is_marked_only_while_something_is_wrong_with_what_is_live(Verdict verdict, ReleasePhase phase, bool marked)
    {
        await using var pages = new Interface();

        var shown = await ShowAsync(pages, Pretend.Snapshot(verdict: verdict, phase: phase));

        Assert.Equal(marked, shown.Find("[data-playbook]")!["class"]!.Contains("wrong", StringComparison.Ordinal));
    }

    private static async Task<RenderedElement> ShowAsync(Interface pages, ReleaseSnapshot release)
    {
        await pages.Harness.RenderAsync<PlaybookPanel>(new Dictionary<string, object?> { ["Release"] = release }, Pretend.OnCall);
        return await pages.Harness.ShownAsync();
    }
}
