using Microsoft.AspNetCore.Components;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Signals;
using OpsConsole.Tests.Core.Actions.Gate;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Catalog;
using OpsConsole.Web.Components.Pages;

namespace OpsConsole.Tests.Web.Catalog;

/// <summary>Filling in a service step by step.</summary>
public sealed class CatalogDraftTests : IAsyncDisposable
{
    private readonly CatalogWorld _world = new();
    private readonly ComponentHarness _pages;

    public CatalogDraftTests() => _pages = CatalogPages.Over(_world, new Identity.AuditLines());

    public async ValueTask DisposeAsync()
    {
        await _pages.DisposeAsync();
        _world.Dispose();
    }

    [Fact]
    public async Task What_is_missing_is_told_in_the_words_of_the_fields()
    {
        await BeginAsync();
        await _pages.ClickAsync("#draft-next");
        await _pages.SeesAsync("Say what the service is called.");
        await NameAsync();

        await ChooseAsync("#draft-target-kind", "webhook");
        await _pages.ClickAsync("#draft-next");
        await _pages.SeesAsync("Say what the target is called.");
        await _pages.SeesAsync("webhook needs Address, Secret.");
        await ElsewhereAsync();

        await ChooseAsync("#draft-source-kind", "prometheus");
        await _pages.ClickAsync("#draft-next");
        await _pages.SeesAsync("Give the source's address.");
        await _pages.SeesAsync("Give the query.");
        Assert.DoesNotContain("without a colon", (await _pages.ShownAsync()).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Enter_in_a_field_goes_on()
    {
        await BeginAsync();
        await _pages.TypeAsync("#draft-name", "shop");
        await _pages.TypeAsync("#draft-team", "commerce");

        await _pages.FireAsync("#draft-form", "onsubmit", EventArgs.Empty);

        await _pages.FindAsync("#draft-target");
    }

    [Fact]
    public async Task A_target_that_nothing_connects_is_told_of()
    {
        await BeginAsync();
        await NameAsync();

        await _pages.TypeAsync("#draft-target", "gateway");

        await _pages.SeesAsync("No target of this name is connected now");
    }

    [Fact]
    public async Task What_was_found_of_a_version_is_not_shown_for_another()
    {
        _world.Targets.Add(new FakeTarget("gateway", Given.Gateway, _world.Time) { State = new TargetObservation(25, false, null, _world.Time.GetUtcNow()) });
        await BeginAsync();
        await NameAsync();
        await _pages.SeesAsync("“Go on” says what is missing before it can be tested.");
        await _pages.TypeAsync("#draft-target", "gateway");
        await _pages.SeesAsync("Say which version to ask about.");
        await _pages.TypeAsync("#draft-target-version", "2.15.0");
        await _pages.FireAsync(".test", "onsubmit", EventArgs.Empty);
        await _pages.SeesAsync("2.15.0 of shop has 25 % there.");

        await _pages.TypeAsync("#draft-target-version", "2.16.0");

        Assert.Null((await _pages.ShownAsync()).Find(".outcome-of-test"));
    }

    [Fact]
    public async Task A_kind_offers_the_rules_that_it_takes()
    {
        await BeginAsync();
        await NameAsync();
        await ElsewhereAsync();

        await ChooseAsync("#draft-source-kind", "prometheus");
        Assert.Equal(["query"], await RulesAsync());
        await ChooseAsync("#draft-source-kind", "prometheus-text");

        Assert.Equal(["ratio", "quantile", "rate", "gauge"], await RulesAsync());
        await _pages.SeesAsync("Divided by");
    }

    [Fact]
    public async Task A_policy_that_its_releases_could_not_go_by_is_told_of_before_anything_is_written()
    {
        _world.Policies.Add("web-canary", 1, "canary:\n");
        await BeginAsync();
        await _pages.TypeAsync("#draft-policies", "web-canary");
        await NameAsync();
        await ElsewhereAsync();
        await _pages.ClickAsync("#draft-next");

        await _pages.SeesAsync("Its releases could not be registered as things are.");
        await _pages.SeesAsync("'canary' has no value");
    }

    [Fact]
    public async Task What_is_filled_in_outlives_a_console_that_is_started_anew()
    {
        await BeginAsync();
        await NameAsync();
        await ChooseAsync("#draft-target-kind", "webhook");
        await _pages.TypeAsync("#draft-target", "deployer");
        await _pages.TypeAsync("#target-address", "https://deployer.example");
        var kept = Assert.IsType<string>(_pages.Js.Calls.Last(c => c.Name == "./js/draft.js.keep").Arguments[0]);

        await using var again = CatalogPages.Over(_world, new Identity.AuditLines());
        again.Js.Answers["./js/draft.js.take"] = kept;
        await again.RenderAsync<CatalogAddPage>(null, CatalogWorld.Admin);

        await again.SeesAsync("This is what you had filled in.");
        Assert.Equal("deployer", (await again.FindAsync("#draft-target"))["value"]);
        Assert.Equal("https://deployer.example", (await again.FindAsync("#target-address"))["value"]);
        await again.ClickAsync("#draft-anew");
        Assert.Equal("", (await again.FindAsync("#draft-name"))["value"]);
        Assert.Null(again.Js.Calls.Last(c => c.Name == "./js/draft.js.keep").Arguments[0]);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{ \"Draft\": null, \"Step\": 0 }")]
    [InlineData("{ \"Draft\": {}, \"Step\": 9 }")]
    public async Task What_cannot_be_read_is_begun_anew(string kept)
    {
        _pages.Js.Answers["./js/draft.js.take"] = kept;

        await BeginAsync();

        Assert.DoesNotContain("you had filled in", (await _pages.ShownAsync()).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_written_is_not_taken_up_again()
    {
        await BeginAsync();
        await NameAsync();
        await ElsewhereAsync();
        await _pages.ClickAsync("#draft-next");

        await _pages.ClickAsync("#draft-write");
        await _pages.SeesAsync("shop is in the catalogue");

        Assert.Null(_pages.Js.Calls.Last(c => c.Name == "./js/draft.js.keep").Arguments[0]);
    }

    [Fact]
    public void What_was_said_for_another_kind_is_not_written()
    {
        var sql = new SourceKind("sql", _ => [], _ => throw new NotSupportedException()) { HasAddress = false };
        var draft = new ServiceDraft
        {
            Name = "shop", Team = "commerce", TargetName = "gateway", SourceKey = "orders", SourceKind = "sql", Address = "http://prometheus.internal:9090", Token = "prometheus",
            Signal = "checkout_success_rate", Rule = "query", Selects = "SELECT 1 AS value", Divides = "sum(all)",
        };

        var text = draft.File(DraftStep.Review, [], sql).Text;

        Assert.DoesNotContain("address", text, StringComparison.Ordinal);
        Assert.DoesNotContain("token", text, StringComparison.Ordinal);
        Assert.DoesNotContain("count", text, StringComparison.Ordinal);
        Assert.Contains("query: 'SELECT 1 AS value'", text, StringComparison.Ordinal);
    }

    private async Task BeginAsync()
    {
        await _world.Book.LookAsync(TestContext.Current.CancellationToken);
        await _pages.RenderAsync<CatalogAddPage>(null, CatalogWorld.Admin);
        await _pages.FindAsync("#draft-name");
    }

    private async Task NameAsync()
    {
        await _pages.TypeAsync("#draft-name", "shop");
        await _pages.TypeAsync("#draft-team", "commerce");
        await _pages.ClickAsync("#draft-next");
    }

    /// <summary>A target that another file or the configuration connects.</summary>
    private async Task ElsewhereAsync()
    {
        await ChooseAsync("#draft-target-kind", "");
        await _pages.TypeAsync("#draft-target", "gateway");
        await _pages.ClickAsync("#draft-next");
    }

    private Task ChooseAsync(string selector, string value) => _pages.FireAsync(selector, "onchange", new ChangeEventArgs { Value = value });

    private async Task<IEnumerable<string>> RulesAsync() => (await _pages.FindAsync("#draft-rule")).FindAll("option").Select(o => o["value"]!);
}
