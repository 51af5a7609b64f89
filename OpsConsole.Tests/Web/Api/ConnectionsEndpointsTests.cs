using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using OpsConsole.Core.Access;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Web.Api;

/// <summary>Sources and targets over HTTP, with a service that is really read.</summary>
public sealed class ConnectionsEndpointsTests(PostgresFixture postgres) : IAsyncLifetime
{
    private const string Secret = "s3cret-of-the-source";

    private WebApplication _service = null!;
    private WholeConsole _console = null!;
    private string _authority = "";
    private int _served;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _service = QuietWebApplication.CreateBuilder().Build();
        _service.MapGet("/metrics", () => $"# TYPE requests counter\nrequests{{code=\"200\"}} {100 * Interlocked.Increment(ref _served)}\nwaiting 7\n");
        await _service.StartAsync();
        var address = _service.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        _authority = new Uri(address).Authority;
        _console = await WholeConsole.StartAsync(
            postgres,
            [
                .. Source("shop", address + "/metrics?token=" + Secret, "queue_depth", "gauge", "waiting"),
                .. Source("slow", address + "/metrics", "orders_rate", "rate", "requests"),
                ("OpsConsole:Sources:slow:Interval", "1h"),
                .. Source("misspelt", address + "/metrics", "queue_length", "gauge", "wating"),
                ("OpsConsole:Targets:flags:Kind", "feature-flag"),
            ]);
    }

    public async ValueTask DisposeAsync()
    {
        await _console.DisposeAsync();
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task Every_source_is_listed_with_what_was_found_and_without_a_secret()
    {
        using var http = _console.As(Role.Viewer);
        JsonElement shop = default, misspelt = default;
        await Eventually.TrueAsync(async () =>
        {
            var sources = (await http.GetFromJsonAsync<JsonElement>(Of("sources"), Token)).GetProperty("sources").EnumerateArray().ToDictionary(s => s.GetProperty("key").GetString()!);
            (shop, misspelt) = (sources["shop"], sources["misspelt"]);
            return shop.GetProperty("standing").GetString() == "fresh" && misspelt.GetProperty("standing").GetString() == "missing";
        });

        Assert.Equal((_authority, "production", 1), (shop.GetProperty("host").GetString(), shop.GetProperty("environment").GetString(), shop.GetProperty("intervalSeconds").GetInt32()));
        var signal = shop.GetProperty("signals")[0];
        Assert.Equal((7, 1, 1, "queue_depth"), (signal.GetProperty("value").GetInt32(), signal.GetProperty("series").GetInt32(), signal.GetProperty("points").GetInt32(), signal.GetProperty("signal").GetString()));
        Assert.Contains("No series of it was found since reading began at", misspelt.GetProperty("signals")[0].GetProperty("sentence").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, await http.GetStringAsync(Of("sources"), Token), StringComparison.Ordinal);
        Assert.Equal("shop", (await http.GetFromJsonAsync<JsonElement>(Of("sources/shop"), Token)).GetProperty("key").GetString());
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(Of("sources/gone"), Token)).StatusCode);
    }

    [Theory]
    [InlineData("sources?service=shop", 3)]
    [InlineData("sources?service=cart", 0)]
    [InlineData("sources?service=", 3)]
    public async Task Sources_are_listed_of_the_service_that_is_asked_for(string path, int expected)
    {
        using var http = _console.As(Role.Viewer);

        Assert.Equal(expected, (await http.GetFromJsonAsync<JsonElement>(Of(path), Token)).GetProperty("sources").GetArrayLength());
    }

    [Fact]
    public async Task A_source_is_tested_whether_its_time_has_come_or_not()
    {
        using var http = _console.As(Role.OnCall);

        using var answer = await http.PostAsync(Of("sources/slow/test"), null, Token);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var report = await answer.Content.ReadFromJsonAsync<JsonElement>(Token);
        Assert.Equal((true, 2, "Its signal has a value."), (report.GetProperty("passed").GetBoolean(), report.GetProperty("reads").GetInt32(), report.GetProperty("sentence").GetString()));
        Assert.InRange(report.GetProperty("signals")[0].GetProperty("value").GetDouble(), 1, 10_000);
    }

    [Fact]
    public async Task What_is_wrong_with_a_source_is_in_the_answer()
    {
        using var http = _console.As(Role.OnCall);

        using var answer = await http.PostAsync(Of("sources/misspelt/test"), null, Token);
        var report = await answer.Content.ReadFromJsonAsync<JsonElement>(Token);

        Assert.Equal((HttpStatusCode.OK, false, "missing"), (answer.StatusCode, report.GetProperty("passed").GetBoolean(), report.GetProperty("signals")[0].GetProperty("standing").GetString()));
        Assert.Equal(0, report.GetProperty("signals")[0].GetProperty("series").GetInt32());
    }

    [Fact]
    public async Task Every_target_is_listed_with_what_it_can_do()
    {
        using var http = _console.As(Role.Viewer);

        var target = Assert.Single((await http.GetFromJsonAsync<JsonElement>(Of("targets"), Token)).GetProperty("targets").EnumerateArray());

        Assert.Equal(("flags", "feature-flag", JsonValueKind.Null), (target.GetProperty("target").GetString(), target.GetProperty("kind").GetString(), target.GetProperty("lastAskedAt").ValueKind));
        Assert.Equal(["promote", "halt", "resume", "rollback"], target.GetProperty("verbs").EnumerateArray().Select(v => v.GetProperty("verb").GetString()));
        Assert.All(target.GetProperty("verbs").EnumerateArray(), v => Assert.True(v.GetProperty("can").GetBoolean()));
        Assert.True(target.GetProperty("staysAfterRollback").GetString()!.Length > 10);
    }

    [Fact]
    public async Task A_target_is_read_about_a_service_and_a_version_and_that_it_was_asked_is_listed()
    {
        using var http = _console.As(Role.OnCall);

        using var answer = await http.PostAsync(Of("targets/flags/production/test?service=shop&version=2.15.0"), null, Token);

        var report = await answer.Content.ReadFromJsonAsync<JsonElement>(Token);
        Assert.Equal((HttpStatusCode.OK, false), (answer.StatusCode, report.GetProperty("passed").GetBoolean()));
        Assert.Equal("No release of shop 2.15.0 with a switch is registered on flags in production.", report.GetProperty("sentence").GetString());
        var listed = (await http.GetFromJsonAsync<JsonElement>(Of("targets"), Token)).GetProperty("targets")[0];
        Assert.Equal((JsonValueKind.String, JsonValueKind.Null), (listed.GetProperty("lastAnsweredAt").ValueKind, listed.GetProperty("trouble").ValueKind));
    }

    [Theory]
    [InlineData("targets/flags/production/test", HttpStatusCode.BadRequest)]
    [InlineData("targets/flags/production/test?service=shop", HttpStatusCode.BadRequest)]
    [InlineData("targets/gone/production/test?service=shop&version=1", HttpStatusCode.NotFound)]
    [InlineData("sources/gone/test", HttpStatusCode.NotFound)]
    [InlineData("sources/shop/test?version=", HttpStatusCode.BadRequest)]
    public async Task What_cannot_be_tested_is_said(string path, HttpStatusCode expected)
    {
        using var http = _console.As(Role.OnCall);
        using var answer = await http.PostAsync(Of(path), null, Token);

        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task Whoever_only_looks_has_nothing_tested_and_that_is_on_record()
    {
        using var http = _console.As(Role.Viewer);
        foreach (var path in new[] { "sources/shop/test", "targets/flags/production/test?service=shop&version=2.15.0" })
        {
            using var answer = await http.PostAsync(Of(path), null, Token);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }

        using var staging = _console.As(AccessScope.Parse("staging:connections:test"));
        using var elsewhere = await staging.PostAsync(Of("sources/shop/test"), null, Token);
        Assert.Equal(HttpStatusCode.Forbidden, elsewhere.StatusCode);
        Assert.Equal("3", (await _console.Database.QueryAsync("SELECT count(*) FROM audit WHERE event = 'access' AND outcome = 'refused'")).Trim());
    }

    private static Uri Of(string path) => new("/api/v1/" + path, UriKind.Relative);

    private static (string Name, string Value)[] Source(string key, string address, string signal, string rule, string selector) =>
    [
        ($"OpsConsole:Sources:{key}:Service", "shop"), ($"OpsConsole:Sources:{key}:Target", "gateway"), ($"OpsConsole:Sources:{key}:Environment", "production"), ($"OpsConsole:Sources:{key}:Version", "2.15.0"),
        ($"OpsConsole:Sources:{key}:Address", address), ($"OpsConsole:Sources:{key}:Interval", "1s"), ($"OpsConsole:Sources:{key}:Signals:{signal}:Rule", rule), ($"OpsConsole:Sources:{key}:Signals:{signal}:Numerator", selector),
    ];
}
