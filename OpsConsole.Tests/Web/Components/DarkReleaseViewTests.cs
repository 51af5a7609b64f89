using OpsConsole.Core.Access;
using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Switches;
using OpsConsole.Core.Targets.Flags;
using OpsConsole.Web.Components.Board;
using OpsConsole.Web.Components.Pages;
using OpsConsole.Web.Components.Releases;

namespace OpsConsole.Tests.Web.Components;

/// <summary>How a release that its switch exposes is shown, and its switch.</summary>
public sealed class DarkReleaseViewTests
{
    private const string Key = "new-checkout";

    [Theory]
    [InlineData(true, "0 % while new-checkout is killed, 50 % once it is restored")]
    [InlineData(false, "50 %")]
    public async Task A_row_and_a_header_say_who_has_it_now_and_lead_to_the_switch(bool killed, string exposed)
    {
        await using var pages = new Interface();
        pages.Targets.Add(new FlagAdapter(new FlagTargetOptions(), pages.Record, pages.Record, pages.Flags, pages.Time));
        var release = Pretend.Snapshot(verdict: Verdict.Fail, bound: new SwitchSummary(Key, killed, Pretend.Now, "the new checkout")) with { Target = "flags" };

        await pages.Harness.RenderAsync<BoardTable>(new Dictionary<string, object?> { ["Board"] = Pretend.Board(release), ["Filter"] = new BoardFilter() }, Pretend.OnCall);
        Assert.Contains(exposed, (await pages.Harness.FindAsync(".exposed")).Text, StringComparison.Ordinal);

        await using var page = new Interface();
        page.Targets.Add(pages.Targets.Find("flags", "production")!);
        await page.Harness.RenderAsync<ReleaseHeader>(new Dictionary<string, object?> { ["Release"] = Dark(), ["Live"] = release }, Pretend.OnCall);
        await page.Harness.SeesAsync($"exposure {exposed}");
        Assert.Single((await page.Harness.ShownAsync()).FindAll("a"), a => a["href"] == "switches/new-checkout");
    }

    [Fact]
    public async Task A_release_that_is_not_on_the_board_any_more_leads_to_its_switch_too()
    {
        await using var pages = new Interface();
        await pages.Harness.RenderAsync<ReleaseHeader>(new Dictionary<string, object?> { ["Release"] = Dark() }, Pretend.OnCall);

        Assert.Single((await pages.Harness.ShownAsync()).FindAll("a"), a => a["href"] == "switches/new-checkout");
    }

    [Fact]
    public async Task The_switchs_page_says_which_release_drives_the_share_and_does_not_take_it()
    {
        await using var pages = new Interface();
        var release = Dark();
        pages.Board.Track(release);
        pages.Board.Show(new SwitchSummary(Key, false, Pretend.Now, "the new checkout"));
        pages.Board.BuildDue();
        pages.Record.Switches.Add(new KillSwitch { Key = Key, Owner = "commerce", TurnsOff = "the new checkout", ChangedAt = Pretend.Now });
        var place = new SwitchEnvironment { Key = Key, Environment = "production", ChangedAt = Pretend.Now };
        place.Target(TargetingText.Write(new Targeting([], 5) { Drive = new(release.Id, [], false) }), "shop 2.15.0", Pretend.Now);
        pages.Record.Places.Add(place);

        await pages.Harness.RenderAsync<SwitchPage>(new Dictionary<string, object?> { ["Key"] = Key }, new Operator("ana", Role.ReleaseManager, false));

        await pages.Harness.SeesAsync("The share of everyone else is the exposure of shop 2.15.0");
        Assert.NotNull((await pages.Harness.FindAsync("#targeting-percent"))["disabled"]);
    }

    private static Release Dark() => new()
    {
        Id = Guid.CreateVersion7(Pretend.Now), Service = "shop", Target = "flags", Environment = "production", Version = "2.15.0", SwitchKey = Key, Owner = "commerce",
        Artifact = new("sha256:" + new string('a', 64), "abc1234", null, null), Stages = [new(5, TimeSpan.Zero), new(100, TimeSpan.Zero)], Signals = [], RegisteredAt = Pretend.Now,
    };
}
