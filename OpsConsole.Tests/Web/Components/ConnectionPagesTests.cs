using Microsoft.AspNetCore.Components.Web;
using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Catalog;
using OpsConsole.Tests.Core.Board;
using OpsConsole.Tests.Shared;
using OpsConsole.Tests.Web.Connections;
using OpsConsole.Web.Components.Pages;

namespace OpsConsole.Tests.Web.Components;

/// <summary>The pages of sources and of targets.</summary>
public sealed class ConnectionPagesTests
{
    private static readonly Operator Viewer = new("vik", Role.Viewer, false);

    [Fact]
    public async Task Without_a_source_the_page_says_how_to_add_one()
    {
        await using var pages = new Interface();

        await pages.Harness.RenderAsync<SourcesPage>(null, Pretend.OnCall);

        await pages.Harness.SeesAsync("No source is connected yet");
        await pages.Harness.SeesAsync("\"Kind\": \"prometheus-text\"");
        await pages.Harness.SeesAsync("Add a service with its first source");
    }

    [Fact]
    public async Task Every_source_says_what_was_found_what_fails_first_and_no_secret()
    {
        await using var pages = new Interface();
        pages.Connected.Read(Bound.Binding(signals: ["http_5xx_rate", "queue_depth"]), Bound.Found(), Bound.Missing("queue_depth"));
        pages.Connected.Failing(Bound.Binding("search", "search"), "The source answered 503.");

        await pages.Harness.RenderAsync<SourcesPage>(null, Pretend.OnCall);

        var shown = await pages.Harness.ShownAsync();
        Assert.Equal(["search", "shop-2.15.0"], shown.FindAll("[data-source]").Select(s => s["data-source"]));
        Assert.Equal(["Failing", "Missing"], shown.FindAll("[data-source]").Select(s => s["data-standing"]));
        foreach (var text in new[]
        {
            "The source answered 503.", "4 failed reads in a row", "shop on gateway, production", "told at shop.test:9100", "0.4 %, 120 requests", "3, 3",
            "No series of it was found since reading began at 2026-03-01 11:50:00 UTC", "1 failing", "1 nothing found",
        })
        {
            Assert.Contains(text, shown.Text, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("s3cret", shown.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_found_is_looked_at_again_while_the_page_is_open()
    {
        await using var pages = new Interface();
        pages.Connected.Read(Bound.Binding());
        await pages.Harness.RenderAsync<SourcesPage>(null, Pretend.OnCall);
        await pages.Harness.SeesAsync("It was not read yet.");

        pages.Connected.Schedule.Sources.Clear();
        pages.Connected.Read(Bound.Binding(), Bound.Found());
        pages.Time.Advance(TimeSpan.FromSeconds(5));

        await pages.Harness.SeesAsync("Its signal has a fresh value.");
    }

    [Fact]
    public async Task The_address_names_one_service_or_one_source()
    {
        await using var pages = new Interface();
        pages.Connected.Read(Bound.Binding(), Bound.Found());
        pages.Connected.Read(Bound.Binding("search", "search"), Bound.Found());

        await pages.Harness.RenderAsync<SourcesPage>(new Dictionary<string, object?> { ["Key"] = "search" }, Pretend.OnCall);

        var shown = await pages.Harness.ShownAsync();
        Assert.Equal("search", Assert.Single(shown.FindAll("[data-source]"))["data-source"]);
        Assert.Contains("gauge: http_5xx_rate", shown.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_that_is_not_there_is_said_to_be_none()
    {
        await using var pages = new Interface();

        await pages.Harness.RenderAsync<SourcesPage>(new Dictionary<string, object?> { ["Key"] = "gone" }, Pretend.OnCall);

        await pages.Harness.SeesAsync("No source is called “gone”");
    }

    [Fact]
    public async Task A_test_says_what_it_does_and_what_it_found()
    {
        await using var pages = new Interface();
        pages.Connected.Failing(Bound.Binding(signals: ["http_5xx_rate", "queue_depth"]), "It is down.");
        pages.Connected.Finds = rule => rule.Signal.Value == "queue_depth" ? Bound.Missing("queue_depth") : Bound.Found();
        var hold = new TaskCompletionSource<string?>();
        pages.Connected.Ends = () => hold.Task;
        await pages.Harness.RenderAsync<SourcesPage>(null, Pretend.OnCall);

        var click = pages.Harness.FireAsync("[data-test]", "onclick", new MouseEventArgs());
        await pages.Harness.SeesAsync("Reading it.");
        Assert.NotNull((await pages.Harness.FindAsync("[data-test]"))["disabled"]);

        hold.SetResult(null);
        await click;
        await pages.Harness.SeesAsync("1 of 2 signals have a value.");
        var found = (await pages.Harness.FindAsync("[data-passed]")).FindAll("[data-signal]");
        Assert.Equal([("http_5xx_rate", "Fresh"), ("queue_depth", "Missing")], found.Select(f => (f["data-signal"], f["data-standing"])));
    }

    [Fact]
    public async Task Whoever_may_not_test_is_told_who_can_and_has_no_button()
    {
        await using var pages = new Interface();
        pages.Connected.Read(Bound.Binding(), Bound.Found());

        await pages.Harness.RenderAsync<SourcesPage>(null, Viewer);

        await pages.Harness.SeesAsync("you may not test sources and targets; on-call, release manager and admin can");
        Assert.Empty((await pages.Harness.ShownAsync()).FindAll("[data-test]"));
    }

    [Fact]
    public async Task Every_target_says_what_it_can_do_what_stays_exposed_and_whether_it_answered()
    {
        await using var pages = new Interface();
        pages.Targets.CannotRollBack("app-store");

        await pages.Harness.RenderAsync<TargetsPage>(null, Pretend.OnCall);

        var shown = await pages.Harness.ShownAsync();
        Assert.Equal(["app-store", "gateway"], shown.FindAll("[data-target]").Select(t => t["data-target"]));
        Assert.Equal(["true", "true", "true", "false"], shown.FindAll("[data-target]")[0].FindAll("[data-verb]").Select(v => v["data-can"]));
        foreach (var text in new[] { "It was not asked since the console started.", "Whoever has it keeps it.", "Nobody keeps it.", "every environment" })
        {
            Assert.Contains(text, shown.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_target_is_tested_about_what_is_under_way_there()
    {
        await using var pages = new Interface();
        var target = new FakeTarget("gateway", pages.Targets.CapabilitiesOf("gateway")!, pages.Time) { State = new TargetObservation(25, false, null, Bound.Now) };
        pages.Targets.Add(target);
        pages.Board.Track(BoardRig.Release(registeredAt: Bound.Now));
        pages.Board.BuildDue();
        await pages.Harness.RenderAsync<TargetsPage>(null, Pretend.OnCall);

        await pages.Harness.FireAsync("form", "onsubmit", EventArgs.Empty);

        await pages.Harness.SeesAsync("2.0.0 of shop has 25 % there.");
        Assert.Equal((1, 0), (target.Reads, target.Asked.Count));

        await pages.Harness.TypeAsync("[data-test-version]", "3.0.0");
        Assert.Null((await pages.Harness.ShownAsync()).Find(".outcome-of-test"));
    }

    [Theory]
    [InlineData("shop", "shop", "production", "shop")]
    [InlineData("shop checkout", "", "production", "shop checkout")]
    public async Task A_target_is_tested_about_the_service_that_the_catalogue_has_for_it(string services, string filled, string environment, string offered)
    {
        await using var pages = new Interface();
        pages.Connected.Services.AddRange(services.Split(' ').Select(s => Named(s, "gateway")));
        pages.Connected.Services.Add(Named("search", "elsewhere"));

        await pages.Harness.RenderAsync<TargetsPage>(null, Pretend.OnCall);

        var form = (await pages.Harness.ShownAsync()).FindAll("[data-target]").Single(t => t["data-target"] == "gateway");
        Assert.Equal((filled, environment), (form.Find("[data-test-service]")!["value"], form.Find("[data-test-environment]")!["value"]));
        Assert.Equal(offered, string.Join(' ', form.Find("#services-gateway")!.FindAll("option").Select(o => o["value"])));
    }

    [Fact]
    public async Task Without_a_target_the_page_says_how_to_add_one()
    {
        await using var pages = new Interface();
        pages.Targets.Clear();

        await pages.Harness.RenderAsync<TargetsPage>(null, Pretend.OnCall);

        await pages.Harness.SeesAsync("No target is connected yet");
        await pages.Harness.SeesAsync("Add a service with its first target");
    }

    private static CatalogService Named(string service, string target) =>
        new() { Name = service, Owner = new CatalogOwner("commerce", null), Environments = ["production"], Targets = [new CatalogTarget(target, ["production"], null)] };
}
