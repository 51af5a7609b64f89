using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Gates.Artifacts;
using OpsConsole.Web.Components.Actions;
using OpsConsole.Web.Components.Pages;

namespace OpsConsole.Tests.Web.Components;

public sealed class RejectedArtifactsPageTests
{
    private static readonly Operator Admin = new("cleo", Role.Admin, false);
    private static readonly Operator Manager = new("ana", Role.ReleaseManager, false);

    private static RejectedDigest Rejected(string digest = "sha256:9f86d081884c7d65", string title = "shop 2.15.0", string reason = "leaks memory") =>
        new() { Id = Guid.CreateVersion7(Pretend.Now), Digest = digest, Title = title, Reason = reason, By = "ben", At = Pretend.Now.AddMinutes(-5) };

    [Fact]
    public async Task What_is_rejected_says_who_why_and_what_it_refuses_and_what_was_lifted_stays_as_history()
    {
        await using var pages = new Interface();
        var release = Pretend.Release();
        pages.Record.Releases.Add(release);
        var lifted = Rejected("sha256:old", "shop 2.14.9", "wrong build");
        lifted.Lift("cleo", "built anew", Pretend.Now);
        pages.Gates.Put(lifted);
        pages.Gates.Put(Rejected());

        await pages.Harness.RenderAsync<RejectedArtifactsPage>(null, Admin);

        foreach (var text in new[] { "shop 2.15.0", "sha256:9f86d081884c7d65", "ben", "“leaks memory”", "Refused on every target", "no waiver lets one pass", "on gateway, production", "“built anew”" })
        {
            await pages.Harness.SeesAsync(text);
        }

        var shown = await pages.Harness.ShownAsync();
        Assert.Equal(["inForce", "lifted"], shown.FindAll("[data-rejected]").Select(r => r["data-state"]));
        Assert.Single(shown.FindAll("[data-lift]"));
        Assert.Equal($"releases/{release.Id}", shown.Find(".has")!.Find("a")!["href"]);
        Assert.Equal(shown.Find("[data-copy]")!["data-copy"], shown.Find(".digest")!.Find("code")!["id"]);
    }

    [Fact]
    public async Task Lifting_says_what_will_happen_needs_a_reason_and_is_on_record()
    {
        await using var pages = new Interface();
        var rejected = Rejected();
        pages.Gates.Put(rejected);
        pages.Gates.Put(Rejected(reason: "and again"));
        await pages.Harness.RenderAsync<RejectedArtifactsPage>(null, Admin);

        await pages.Harness.ClickAsync("[data-lift]");
        foreach (var text in new[] { "can be registered and promoted again, on every target", "has to be asked for anew", "1 more rejection of the same artifact is in force" })
        {
            await pages.Harness.SeesAsync(text);
        }

        Assert.NotNull((await pages.Harness.FindAsync("#lift-dialog-send"))["disabled"]);
        await pages.Harness.TypeAsync("#lift-dialog-reason", "false alarm");
        await pages.Harness.ClickAsync("#lift-dialog-send");

        await pages.Harness.SeesAsync("Lifted by cleo: “false alarm”");
        Assert.Single(await ((IRejectedArtifactStore)pages.Gates).InForceAsync([rejected.Digest], default));
    }

    [Fact]
    public async Task Whoever_may_not_lift_is_told_who_can_and_has_no_button()
    {
        await using var pages = new Interface();
        pages.Gates.Put(Rejected());

        await pages.Harness.RenderAsync<RejectedArtifactsPage>(null, Manager);

        await pages.Harness.SeesAsync("you may not lift rejections of artifacts; admin can");
        Assert.Empty((await pages.Harness.ShownAsync()).FindAll("[data-lift]"));
    }

    [Fact]
    public async Task The_address_of_a_release_shows_its_own_alone_and_says_when_there_is_none()
    {
        await using var pages = new Interface();
        var release = Pretend.Release();
        var other = Pretend.Release("search", "89.0.0");
        pages.Record.Releases.Add(release);
        pages.Gates.Put(Rejected());
        pages.Gates.Put(Rejected("sha256:other", "search 89.0.0"));
        pages.Harness.Navigation.NavigateTo($"artifacts/rejected?release={release.Id}");

        await pages.Harness.RenderAsync<RejectedArtifactsPage>(null, Admin);

        await pages.Harness.SeesAsync("“leaks memory”");
        Assert.Single((await pages.Harness.ShownAsync()).FindAll("[data-rejected]"));

        pages.Harness.Navigation.NavigateTo($"artifacts/rejected?release={other.Id}");
        await pages.Harness.SeesAsync("There is no such release");
        pages.Harness.Navigation.NavigateTo("artifacts/rejected");
        await pages.Harness.SeesAsync("search 89.0.0");
    }

    [Fact]
    public async Task Nothing_rejected_says_how_one_is_and_a_record_that_is_away_says_so()
    {
        await using var pages = new Interface();
        pages.Record.Away = "the database is away";
        await pages.Harness.RenderAsync<RejectedArtifactsPage>(null, Admin);
        await pages.Harness.SeesAsync("the database is away");

        pages.Record.Away = null;
        await pages.Harness.ClickAsync("#try-again");
        await pages.Harness.SeesAsync("No artifact has been rejected");
    }

    [Fact]
    public async Task The_gate_of_a_rejected_artifact_leads_there()
    {
        await using var pages = new Interface();
        var release = Guid.NewGuid();
        GateResult[] gates =
        [
            new(GateNames.ArtifactRejected, Verdict.Fail, "The artifact was rejected.", RejectedDigest.Record, null),
            new(GateNames.WayBack, Verdict.Inconclusive, "Not known.", "release record", null),
        ];

        await pages.Harness.RenderAsync<GateList>(new Dictionary<string, object?> { ["Gates"] = gates, ["ReleaseId"] = release });

        Assert.Equal([$"artifacts/rejected?release={release}"], (await pages.Harness.ShownAsync()).FindAll("[data-rejection]").Select(a => a["href"]));
    }
}
