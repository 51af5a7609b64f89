using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Tests.Core.Actions.Gate;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Catalog;
using OpsConsole.Web.Components.Pages;
using OpsConsole.Web.Playground.Servers;

namespace OpsConsole.Tests.Web.Catalog;

/// <summary>What is said of a service before it is applied, and what is not.</summary>
public sealed class CatalogDraftReviewTests : IAsyncDisposable
{
    private readonly CatalogWorld _world = new();
    private readonly ComponentHarness _pages;

    public CatalogDraftReviewTests() => _pages = CatalogPages.Over(_world, new Identity.AuditLines());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _pages.DisposeAsync();
        _world.Dispose();
    }

    [Fact]
    public async Task What_was_not_tested_or_did_not_pass_is_said_before_it_is_applied_and_is_not_shown_as_done()
    {
        Connect();
        await using var prometheus = await LoopbackServer.StartAsync(app => app.Map("/{**path}", () => Results.Json(new
        {
            status = "success", data = new { resultType = "vector", result = Array.Empty<object>() },
        })), Token);
        await BeginAsync();
        await _pages.TypeAsync("#draft-target", "gateway");
        await _pages.ClickAsync("#draft-next");
        Assert.Equal("open", (await _pages.FindAsync("[data-step=Target]"))["class"]);

        await ChooseAsync("#draft-source-kind", "prometheus");
        await _pages.TypeAsync("#draft-source", "shop-errors");
        await _pages.TypeAsync("#draft-address", prometheus.Address.ToString());
        await _pages.TypeAsync("#draft-signal", "http_5xx_rate");
        await _pages.TypeAsync("#draft-selects", "sum(errors{version=\"$version\"})");
        await _pages.TypeAsync("#draft-source-version", "2.15.0");
        await _pages.FireAsync(".test", "onsubmit", EventArgs.Empty);
        await _pages.SeesAsync("It was read, and its signal has no value.");
        await _pages.ClickAsync("#draft-next");

        await _pages.SeesAsync("The target gateway was not tested.");
        await _pages.SeesAsync("The test of the source shop-errors did not pass: It was read, and its signal has no value.");
        Assert.Equal(["over", "open", "open", "now"], await StepsAsync());
        await _pages.ClickAsync("#draft-write");
        await _pages.SeesAsync("shop is in the catalogue");
    }

    [Fact]
    public async Task What_passed_its_test_is_done()
    {
        Connect();
        await BeginAsync();
        await _pages.TypeAsync("#draft-target", "gateway");
        await _pages.TypeAsync("#draft-target-version", "2.15.0");
        await _pages.FireAsync(".test", "onsubmit", EventArgs.Empty);
        await _pages.SeesAsync("2.15.0 of shop has 25 % there.");
        await _pages.ClickAsync("#draft-next");
        await _pages.ClickAsync("#draft-next");

        await _pages.FindAsync("#draft-write");
        Assert.Equal(["over", "over", "over", "now"], await StepsAsync());
        Assert.Null((await _pages.ShownAsync()).Find("#draft-untested"));
    }

    [Fact]
    public void A_test_counts_for_what_was_tested_alone()
    {
        var draft = new ServiceDraft { Name = "shop", TargetName = "gateway", SourceKind = "prometheus", SourceKey = "errors" };
        foreach (var step in new[] { DraftStep.Target, DraftStep.Source })
        {
            draft.Tests.Keep(step, draft.Tests.Begin(step), passed: true, "Well.");
        }

        draft.Contact = "#commerce";
        Assert.Null(draft.Tests.Lack(DraftStep.Target));
        Assert.Null(draft.Tests.Lack(DraftStep.Source));
        draft.Address = "http://elsewhere";
        Assert.Equal("The source errors was not tested.", draft.Tests.Lack(DraftStep.Source));
        draft.TargetValues["Address"] = "http://elsewhere";
        Assert.Equal("The target gateway was not tested.", draft.Tests.Lack(DraftStep.Target));

        draft.Tests.Keep(DraftStep.Target, draft.Tests.Begin(DraftStep.Target), passed: null, "Too many tests.");
        Assert.Equal("The target gateway was not tested: Too many tests.", draft.Tests.Lack(DraftStep.Target));
        draft.SourceKind = ServiceDraft.NoSource;
        Assert.Null(draft.Tests.Lack(DraftStep.Source));
    }

    [Fact]
    public async Task A_target_that_nobody_connects_is_told_of_before_it_is_applied_and_after()
    {
        const string Warning = "Nobody connects gatway in production: what is registered there cannot be promoted, halted or rolled back from here. Did you mean 'gateway'?";
        Connect();
        await BeginAsync();
        await _pages.TypeAsync("#draft-target", "gatway");
        await _pages.SeesAsync("No target of this name is connected now");
        await _pages.SeesAsync("Did you mean 'gateway'?");
        await _pages.ClickAsync("#draft-next");
        await _pages.ClickAsync("#draft-next");
        await _pages.SeesAsync(Warning);
        await _pages.ClickAsync("#draft-write");
        await _pages.SeesAsync("shop is in the catalogue");

        await using var service = CatalogPages.Over(_world, new Identity.AuditLines());
        await service.RenderAsync<CatalogServicePage>(new Dictionary<string, object?> { ["Name"] = "shop" }, CatalogWorld.Admin);
        Assert.Equal(Warning, (await service.FindAsync("[data-unconnected=gatway]")).Text.Trim());
        Assert.DoesNotContain((await service.FindAsync("[data-target=gatway]")).FindAll("a"), a => a["href"]?.StartsWith("targets", StringComparison.Ordinal) == true);

        await using var catalogue = CatalogPages.Over(_world, new Identity.AuditLines());
        await catalogue.RenderAsync<CatalogPage>(null, CatalogWorld.Admin);
        await catalogue.SeesAsync("nobody connects gatway in production");
    }

    [Fact]
    public async Task A_target_that_is_connected_is_not_warned_of()
    {
        Connect();
        await BeginAsync();
        await _pages.TypeAsync("#draft-target", "gateway");
        await _pages.ClickAsync("#draft-next");
        await _pages.ClickAsync("#draft-next");

        await _pages.FindAsync("#draft-write");
        Assert.DoesNotContain("Nobody connects", (await _pages.ShownAsync()).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "What stands here is no secret's name")]
    [InlineData("mfkq9r8gkyqrtwjupd8ilpzio2lalasw", "names a secret that is not there, and is not shown because it may be the secret itself")]
    public async Task A_secret_in_the_place_of_its_name_is_neither_repeated_nor_kept(string secret, string fault)
    {
        await BeginAsync();
        await ChooseAsync("#draft-target-kind", "webhook");
        await _pages.TypeAsync("#draft-target", "deployer");
        await _pages.TypeAsync("#target-address", "https://deployer.example");
        await _pages.TypeAsync("#target-secret", secret);
        await _pages.ClickAsync("#draft-next");

        await _pages.SeesAsync(fault);
        Assert.DoesNotContain(secret, (await _pages.ShownAsync()).Text, StringComparison.Ordinal);
        var kept = _pages.Js.Calls.Where(c => c.Name == "./js/draft.js.keep").Select(c => c.Arguments[0] as string ?? "").ToList();
        Assert.Contains(kept, k => k.Contains("deployer.example", StringComparison.Ordinal));
        Assert.DoesNotContain(kept, k => k.Contains(secret, StringComparison.Ordinal));
    }

    [Fact]
    public void The_name_of_a_secret_that_is_yet_to_be_given_is_kept()
    {
        var draft = new ServiceDraft { Name = "shop", Token = "prometheus_production", TargetValues = { ["Secret"] = "deployer-2", ["Address"] = "https://Deployer.example" }, SourceValues = { ["Key"] = "A B" } };

        var kept = draft.ToKeep(new HashSet<string>(["Secret", "Key"], StringComparer.OrdinalIgnoreCase));

        Assert.Equal(("prometheus_production", "deployer-2", "https://Deployer.example"), (kept.Token, kept.TargetValues["secret"], kept.TargetValues["address"]));
        Assert.Empty(kept.SourceValues);
        Assert.Equal("", new ServiceDraft { Token = "No name" }.ToKeep(new HashSet<string>()).Token);
    }

    private void Connect() => _world.Targets.Add(new FakeTarget("gateway", Given.Gateway, _world.Time) { State = new TargetObservation(25, false, null, _world.Time.GetUtcNow()) });

    private async Task BeginAsync()
    {
        await _world.Book.LookAsync(Token);
        await _pages.RenderAsync<CatalogAddPage>(null, CatalogWorld.Admin);
        await _pages.TypeAsync("#draft-name", "shop");
        await _pages.TypeAsync("#draft-team", "commerce");
        await _pages.ClickAsync("#draft-next");
    }

    private Task ChooseAsync(string selector, string value) => _pages.FireAsync(selector, "onchange", new ChangeEventArgs { Value = value });

    private async Task<IEnumerable<string?>> StepsAsync() => (await _pages.FindAsync(".draft-steps")).FindAll("li").Select(s => s["class"]);
}
