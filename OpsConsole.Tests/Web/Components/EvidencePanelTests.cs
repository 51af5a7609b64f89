using OpsConsole.Core.Gates;
using OpsConsole.Core.Releases;
using OpsConsole.Web.Components.Releases;

namespace OpsConsole.Tests.Web.Components;

public sealed class EvidencePanelTests
{
    private readonly Release _release = Pretend.Release();

    [Fact]
    public async Task Evidence_is_shown_by_stage_with_what_it_says_its_source_and_its_age()
    {
        await using var pages = new Interface();
        pages.Record.Evidence.AddRange(
        [
            Item("security", "scan", EvidenceOutcome.Failed, blocking: true, items: """[{"what":"critical","name":"R1","detail":"src/a.cs:3"}]"""),
            Item("unit", "unit tests", EvidenceOutcome.Flaky, blocking: true, flaky: """["Cart.adds"]"""),
            Item("lint", "eslint", EvidenceOutcome.PassedWithWarnings),
            Item("unit", "unit tests", EvidenceOutcome.Passed, minutes: -30),
        ]);

        await pages.Harness.RenderAsync<EvidencePanel>(new Dictionary<string, object?> { ["Release"] = _release });

        await pages.Harness.SeesAsync("Flaky: Cart.adds.");
        var shown = await pages.Harness.ShownAsync();
        Assert.Equal(["lint", "unit", "security"], shown.FindAll("[data-stage]").Select(s => s["data-stage"]));
        Assert.Equal(["passedwithwarnings", "flaky", "failed"], shown.FindAll("[data-outcome]").Select(s => s["data-outcome"]));
        foreach (var text in new[] { "Unit tests", "said by scan", "blocks the promotion", "does not block", "src/a.cs:3", "type checks", "1 older document is superseded", "passed with warnings", "5 m 00 s" })
        {
            await pages.Harness.SeesAsync(text);
        }
    }

    [Fact]
    public async Task Without_any_it_says_how_to_post_some()
    {
        await using var pages = new Interface();

        await pages.Harness.RenderAsync<EvidencePanel>(new Dictionary<string, object?> { ["Release"] = _release });

        await pages.Harness.SeesAsync("No pipeline has posted anything");
        await pages.Harness.SeesAsync($"api/v1/releases/{_release.Id}/evidence?kind=junit");
    }

    [Fact]
    public async Task A_record_that_is_away_is_said_and_can_be_tried_again()
    {
        await using var pages = new Interface();
        pages.Record.Away = "the database is away";
        await pages.Harness.RenderAsync<EvidencePanel>(new Dictionary<string, object?> { ["Release"] = _release });
        await pages.Harness.SeesAsync("the database is away");

        pages.Record.Away = null;
        pages.Record.Evidence.Add(Item("unit", "unit tests", EvidenceOutcome.Passed));
        await pages.Harness.ClickAsync("#evidence-again");

        await pages.Harness.SeesAsync("said by unit tests");
    }

    [Fact]
    public void Every_outcome_has_its_own_icon_and_none_but_a_pass_looks_like_one()
    {
        var slugs = Enum.GetValues<EvidenceOutcome>().ToDictionary(o => o, o => new EvidenceRow(Item("unit", "a", o), "", [], []).Slug);

        Assert.Equal([EvidenceOutcome.Passed, EvidenceOutcome.PassedWithWarnings], slugs.Where(s => s.Value == "pass").Select(s => s.Key));
    }

    private EvidenceItem Item(string stage, string source, EvidenceOutcome outcome, bool blocking = false, string items = "[]", string flaky = "[]", int minutes = -5) => new()
    {
        Id = Guid.CreateVersion7(), ReleaseId = _release.Id, Kind = "junit", Stage = stage, Source = source, Outcome = outcome, Blocking = blocking,
        Summary = $"said by {source}", DetailJson = $$"""{"counts":{},"items":{{items}},"flaky":{{flaky}}}""", ContentDigest = new string('a', 64), ReceivedAt = Pretend.Now.AddMinutes(minutes), ReceivedBy = "pipeline",
    };
}
