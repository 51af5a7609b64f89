using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Catalog;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Signals;
using OpsConsole.Tests.Core.Actions.Gate;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Catalog;
using OpsConsole.Web.Connections;
using OpsConsole.Web.Components.Pages;
using OpsConsole.Web.Playground.Servers;
using Radzen;

namespace OpsConsole.Tests.Web.Catalog;

public sealed class CatalogPagesTests : IAsyncDisposable
{
    private static readonly Operator Viewer = new("lena", Role.Viewer, IsService: false);

    private readonly CatalogWorld _world = new();
    private readonly Identity.AuditLines _trials = new();
    private readonly ComponentHarness _pages;

    public CatalogPagesTests() => _pages = CatalogPages.Over(_world, _trials);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _pages.DisposeAsync();
        _world.Dispose();
    }

    [Fact]
    public async Task What_waits_is_seen_and_applied()
    {
        _world.Write(CatalogWorld.Shop);
        await _world.Book.LookAsync(Token);
        await _pages.RenderAsync<CatalogPage>(null, CatalogWorld.Admin);
        await _pages.SeesAsync("shop: the target workers in production");
        await _pages.SeesAsync("token: the secret cloudflare");

        await _pages.ClickAsync("#apply");

        await _pages.SeesAsync("Version 1");
        await _pages.SeesAsync("by ada");
        Assert.NotNull(await _pages.FindAsync("[data-service=shop]"));
        Assert.Null((await _pages.ShownAsync()).Find("#waiting"));
        Assert.NotNull(_world.Targets.Find("workers", "production"));
    }

    [Fact]
    public async Task Who_may_not_apply_sees_what_waits_and_who_can()
    {
        _world.Write(CatalogWorld.Shop);
        await _world.Book.LookAsync(Token);

        await _pages.RenderAsync<CatalogPage>(null, Viewer);
        await _pages.SeesAsync("As viewer you may not apply changes of the catalogue; admin can.");
        Assert.Null((await _pages.ShownAsync()).Find("#apply"));
        await _pages.SeesAsync("Secrets that say no hosts: cloudflare, elsewhere, webhook.");
        Assert.DoesNotContain(CatalogWorld.Secret, (await _pages.ShownAsync()).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_is_shown_at_its_line_and_keeps_the_button_shut()
    {
        _world.Write(CatalogWorld.Shop);
        _world.Write("servce: web\n", "web.yaml");
        await _world.Book.LookAsync(Token);

        await _pages.RenderAsync<CatalogPage>(null, CatalogWorld.Admin);

        await _pages.SeesAsync("line 1, column 1");
        await _pages.SeesAsync("Did you mean 'service'?");
        Assert.True((await _pages.FindAsync("#apply")).Attributes.ContainsKey("disabled"));
    }

    [Fact]
    public async Task An_empty_catalogue_says_what_it_is_for()
    {
        await _world.Book.LookAsync(Token);

        await _pages.RenderAsync<CatalogPage>(null, CatalogWorld.Admin);

        await _pages.SeesAsync("No service is in the catalogue yet");
        await _pages.SeesAsync("Add the first service");
    }

    [Fact]
    public async Task A_service_shows_what_belongs_to_it_and_how_that_stands()
    {
        _world.Write(CatalogWorld.Shop + "\npolicies: [web-canary]\n");
        await _world.Book.LookAsync(Token);
        await _pages.RenderAsync<CatalogServicePage>(new Dictionary<string, object?> { ["Name"] = "shop" }, Viewer);
        await _pages.SeesAsync("It is not applied yet");
        await _pages.SeesAsync("not connected");
        await _pages.SeesAsync("There is no policy 'web-canary' in the library");
        await _pages.SeesAsync("web-canary is not in the library yet");

        _world.Policies.Add("web-canary", 1, "canary:");
        await _world.ApplyAsync();
        _world.Time.Advance(CatalogWatch.Look);

        await _pages.SeesAsync("connected, not asked yet");
        await _pages.SeesAsync("in production, for releases that name none");
        await _pages.SeesAsync("\"service\": \"shop\", \"target\": \"workers\", \"environment\": \"production\", \"owner\": \"commerce\"");
        await _pages.SeesAsync("\"policyName\": \"web-canary\"");
        await _pages.SeesAsync("policy: line 1, column 8: 'canary' has no value");
        await _pages.SeesAsync("\"signals\": [{ \"key\": \"http_5xx_rate\" }]");
        Assert.EndsWith("END", (await _pages.FindAsync("#lines-workers-production")).Text.Trim(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_was_slower_is_told_that_nothing_was_applied_by_them()
    {
        _world.Write(CatalogWorld.Shop);
        await _world.Book.LookAsync(Token);
        await _pages.RenderAsync<CatalogPage>(null, CatalogWorld.Admin);
        await _pages.FindAsync("#apply");
        await _world.ApplyAsync(new Operator("bob", Role.Admin, IsService: false));

        await _pages.ClickAsync("#apply");

        Assert.Null((await _pages.ShownAsync()).Find("#waiting"));
        Assert.Contains("Nothing was applied by you.", Assert.Single(_pages.Get<NotificationService>().Messages).Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_nothing_has_is_told_of()
    {
        await _world.Book.LookAsync(Token);

        await _pages.RenderAsync<CatalogServicePage>(new Dictionary<string, object?> { ["Name"] = "nothing" }, Viewer);

        await _pages.SeesAsync("There is no such service");
    }

    [Fact]
    public async Task A_service_is_added_with_a_target_and_a_source_that_were_tested()
    {
        _world.Targets.Add(new FakeTarget("gateway", Given.Gateway, _world.Time) { State = new TargetObservation(25, false, null, _world.Time.GetUtcNow()) });
        await using var prometheus = await LoopbackServer.StartAsync(app => app.Map("/{**path}", () => Results.Json(new
        {
            status = "success", data = new { resultType = "vector", result = new[] { new { metric = new { }, value = new object[] { TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(), "0.5" } } } },
        })), Token);
        await _world.Book.LookAsync(Token);
        await _pages.RenderAsync<CatalogAddPage>(null, CatalogWorld.Admin);

        await _pages.ClickAsync("#draft-next");
        await _pages.SeesAsync("Say which team answers for it.");
        await _pages.TypeAsync("#draft-name", "shop");
        await _pages.TypeAsync("#draft-team", "commerce");
        await _pages.TypeAsync("#draft-contact", "on-call: it's #commerce");
        await _pages.ClickAsync("#draft-next");

        await _pages.TypeAsync("#draft-target", "gateway");
        await _pages.TypeAsync("#draft-target-version", "2.15.0");
        await _pages.FireAsync(".test", "onsubmit", EventArgs.Empty);
        await _pages.SeesAsync("2.15.0 of shop has 25 % there.");
        await _pages.ClickAsync("#draft-next");

        await _pages.FireAsync("#draft-source-kind", "onchange", new ChangeEventArgs { Value = "prometheus" });
        await _pages.TypeAsync("#draft-source", "shop-errors");
        await _pages.TypeAsync("#draft-address", prometheus.Address.ToString());
        await _pages.TypeAsync("#draft-signal", "http_5xx_rate");
        await _pages.TypeAsync("#draft-selects", "sum(errors{version=\"$version\"})");
        await _pages.FireAsync(".test", "onsubmit", EventArgs.Empty);
        await _pages.SeesAsync("http_5xx_rate: 0.5");
        await _pages.ClickAsync("#draft-next");

        await _pages.SeesAsync("contact: 'on-call: it''s #commerce'");
        await _pages.SeesAsync("shop: the source shop-errors");
        await _pages.ClickAsync("#draft-write");

        await _pages.SeesAsync("shop is in the catalogue");
        await _pages.SeesAsync("curl -sS --fail-with-body -X POST");
        Assert.Equal(["catalog.try", "catalog.try"], _trials.Entries.Select(e => e.Event));
        Assert.Equal("shop.yaml", Assert.Single(Assert.Single(_world.Store.Versions).Files).Name);
        Assert.Equal("shop-errors", Assert.Single(_world.SourceOptions.All).Key);
        Assert.True(File.Exists(Path.Combine(_world.Files.Path, "shop.yaml")));
    }

    [Fact]
    public async Task What_a_target_said_before_the_draft_was_changed_is_not_shown_of_what_it_is_now()
    {
        var hold = new TaskCompletionSource();
        _world.Targets.Add(new FakeTarget("gateway", Given.Gateway, _world.Time) { OnObserve = _ => hold.Task });
        await _world.Book.LookAsync(Token);
        await _pages.RenderAsync<CatalogAddPage>(null, CatalogWorld.Admin);
        await _pages.TypeAsync("#draft-name", "shop");
        await _pages.TypeAsync("#draft-team", "commerce");
        await _pages.ClickAsync("#draft-next");
        await _pages.TypeAsync("#draft-target", "gateway");
        await _pages.TypeAsync("#draft-target-version", "2.15.0");

        var test = _pages.FireAsync(".test", "onsubmit", EventArgs.Empty);
        await _pages.SeesAsync("Reading it.");
        await _pages.TypeAsync("#draft-target", "another");
        hold.SetResult();
        await test;

        await _pages.SeesAsync("Nothing is changed there.");
        Assert.Null((await _pages.ShownAsync()).Find("[data-passed]"));
    }

    [Fact]
    public async Task A_target_of_a_kind_asks_for_its_settings_and_never_for_a_secret()
    {
        await _world.Book.LookAsync(Token);
        await _pages.RenderAsync<CatalogAddPage>(null, CatalogWorld.Admin);
        await _pages.TypeAsync("#draft-name", "shop");
        await _pages.TypeAsync("#draft-team", "commerce");
        await _pages.ClickAsync("#draft-next");

        await _pages.FireAsync("#draft-target-kind", "onchange", new ChangeEventArgs { Value = "cloudflare-workers" });
        await _pages.TypeAsync("#draft-target", "workers");
        await _pages.TypeAsync("#target-token", "clodflare");
        await _pages.ClickAsync("#draft-next");
        await _pages.SeesAsync("cloudflare-workers needs Account.");
        await _pages.TypeAsync("#target-account", "0123456789abcdef0123456789abcdef");
        await _pages.SeesAsync("names the secret 'clodflare', which is not there");
        await _pages.SeesAsync("Did you mean 'cloudflare'?");

        await _pages.TypeAsync("#target-token", "cloudflare");
        await _pages.ClickAsync("#draft-next");
        await _pages.ClickAsync("#draft-next");
        await _pages.SeesAsync("secret: cloudflare");
        Assert.DoesNotContain(CatalogWorld.Secret, (await _pages.ShownAsync()).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_of_another_environment_is_told_of_before_anything_is_tried_with_it()
    {
        await _world.Book.LookAsync(Token);
        await _pages.RenderAsync<CatalogAddPage>(null, CatalogWorld.Admin);
        await _pages.TypeAsync("#draft-name", "shop");
        await _pages.TypeAsync("#draft-team", "commerce");
        await _pages.ClickAsync("#draft-next");
        await _pages.FireAsync("#draft-target-kind", "onchange", new ChangeEventArgs { Value = "cloudflare-workers" });
        Assert.Equal(["cloudflare", "narrow", "webhook"], (await _pages.FindAsync("#target-secrets")).FindAll("option").Select(o => o["value"]));
        await _pages.TypeAsync("#draft-target", "workers");
        await _pages.TypeAsync("#target-account", "0123456789abcdef0123456789abcdef");
        await _pages.TypeAsync("#target-token", "elsewhere");
        await _pages.TypeAsync("#draft-target-version", "2.15.0");
        await _pages.ClickAsync("#draft-next");

        await _pages.SeesAsync("names the secret 'elsewhere', which is for staging alone, and this is production");
        Assert.True((await _pages.FindAsync("#draft-target-test")).Attributes.ContainsKey("disabled"));
        var file = new CatalogFile("shop.yaml", CatalogWorld.Shop.Replace("secret: cloudflare", "secret: elsewhere", StringComparison.Ordinal));
        var trials = _pages.Get<CatalogTrials>();
        Assert.IsType<RecordAnswer<TargetTestReport>.NotFound>(await trials.TargetAsync(file, "workers", "production", "2.15.0", CatalogWorld.Admin, Token));
        Assert.IsType<RecordAnswer<SourceTestReport>.NotFound>(await trials.SourceAsync(file, "shop-errors", null, CatalogWorld.Admin, null, Token));
        Assert.Empty(_trials.Entries);
    }

    [Fact]
    public async Task Few_things_are_tried_at_once_and_what_was_not_is_not_on_record()
    {
        await _world.Book.LookAsync(Token);
        var hold = new TaskCompletionSource<RecordAnswer<int>>();
        var running = Enumerable.Range(0, TestSlots.Most).Select(i => _pages.Get<TestSlots>().RunAsync($"test {i}", () => hold.Task)).ToList();
        var (trials, file) = (_pages.Get<CatalogTrials>(), new CatalogFile("shop.yaml", CatalogWorld.Shop));

        var target = Assert.IsType<RecordAnswer<TargetTestReport>.Refused>(await trials.TargetAsync(file, "workers", "production", "2.15.0", CatalogWorld.Admin, Token));
        var source = Assert.IsType<RecordAnswer<SourceTestReport>.Refused>(await trials.SourceAsync(file, "shop-errors", null, CatalogWorld.Admin, null, Token));

        Assert.IsType<TooManyTestsRefusal>(Assert.Single(target.Refusals));
        Assert.IsType<TooManyTestsRefusal>(Assert.Single(source.Refusals));
        Assert.Empty(_trials.Entries);
        hold.SetResult(new RecordAnswer<int>.Done(1));
        await Task.WhenAll(running);
    }

    [Fact]
    public async Task Who_may_not_add_services_is_told_who_can()
    {
        await _pages.RenderAsync<CatalogAddPage>(null, Viewer);

        await _pages.SeesAsync("As viewer you may not apply changes of the catalogue; admin can.");
        Assert.Null((await _pages.ShownAsync()).Find("#draft-name"));
    }

    [Fact]
    public async Task A_service_that_is_there_already_is_not_added_again()
    {
        _world.Write(CatalogWorld.Shop);
        await _world.Book.LookAsync(Token);
        await _pages.RenderAsync<CatalogAddPage>(null, CatalogWorld.Admin);
        await _pages.TypeAsync("#draft-name", "shop");
        await _pages.TypeAsync("#draft-team", "commerce");

        await _pages.ClickAsync("#draft-next");

        await _pages.SeesAsync("There is a service shop already");
    }
}
