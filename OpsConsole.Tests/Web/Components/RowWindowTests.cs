using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Components.Board;

namespace OpsConsole.Tests.Web.Components;

/// <summary>Rows on the screen follow every change, the others with less haste, and a decision shows at once everywhere.</summary>
public sealed class RowWindowTests
{
    private readonly RowWindow _window = new();

    private readonly ReleaseSnapshot[] _releases = [.. Enumerable.Range(0, 50).Select(i => Pretend.Snapshot($"service-{i:00}"))];

    [Fact]
    public void Rows_on_the_screen_are_near_and_follow_every_change()
    {
        _window.Choose(_releases);
        var changed = Later(TimeSpan.FromSeconds(1));

        var rows = _window.Choose(changed);

        Assert.Equal(RowWindow.Expected, rows.Count(r => r.Near));
        Assert.Same(changed[0], rows[0].Release);
        Assert.Same(_releases[49], rows[49].Release);
    }

    [Fact]
    public void A_distant_row_is_never_older_than_its_pace()
    {
        _window.Choose(_releases);
        var changed = Later(RowWindow.DistantPace);

        Assert.Same(changed[49], _window.Choose(changed)[49].Release);
    }

    [Fact]
    public void A_decision_shows_at_once_wherever_the_row_is()
    {
        _window.Choose(_releases);
        var changed = Later(TimeSpan.FromSeconds(1));
        changed[49] = changed[49] with { DecisionVersion = changed[49].DecisionVersion + 1, Verdict = Verdict.Fail };

        var row = _window.Choose(changed)[49];

        Assert.Same(changed[49], row.Release);
        Assert.True(row.Near);
    }

    [Fact]
    public void A_row_that_comes_onto_the_screen_is_the_newest_and_keeps_its_buttons_when_it_leaves()
    {
        _window.Choose(_releases);
        var changed = Later(TimeSpan.FromSeconds(1));
        _window.Move(40, 49);
        Assert.Same(changed[49], _window.Choose(changed)[49].Release);

        _window.Move(0, 9);

        Assert.True(_window.Choose(changed)[49].Near);
    }

    [Fact]
    public void A_distant_row_says_all_that_a_near_one_says()
    {
        var release = Pretend.Snapshot("shop", Verdict.Inconclusive, phase: ReleasePhase.Halted);

        var row = DistantRow.Of(release);

        Assert.Equal("row inconclusive", row.Class);
        var text = new RenderedMarkup(row.Cells.Value).Text;
        foreach (var words in (string[])["inconclusive", "shop", release.Version, release.Owner, "halted at", "4.21 %", "+3.94 pp", "not measured on this target"])
        {
            Assert.Contains(words, text, StringComparison.Ordinal);
        }
    }

    private ReleaseSnapshot[] Later(TimeSpan time) => [.. _releases.Select(r => r with { AsOf = r.AsOf + time, SnapshotVersion = r.SnapshotVersion + 1 })];
}
