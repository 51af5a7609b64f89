using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using OpsConsole.Core.Access;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Slos;
using OpsConsole.Core.Storage;
using OpsConsole.Core.Switches;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Api;
using OpsConsole.Web.Identity;
using OpsConsole.Web.Operations;
using OpsConsole.Web.Startup;

namespace OpsConsole.Tests.Web.Api;

public sealed class SlosEndpointsTests : IAsyncLifetime
{
    private const string Sound = """
        { "title": "Checkouts that go through", "service": "shop", "environment": "production", "owner": "commerce", "signal": "checkout_success_rate",
          "share": "good", "objectivePercent": 99.5, "period": "30d", "why": "Every one is an order.", "runbook": "https://runbooks.example/checkout" }
        """;

    private readonly InMemorySlos _store = new();
    private readonly InMemoryRecord _record = new();
    private readonly string _data = Directory.CreateTempSubdirectory("slos-").FullName;
    private WebApplication _app = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = QuietWebApplication.CreateBuilder();
        builder.WebHost.UseTestServer();
        builder.Configuration["OpsConsole:DataFolder"] = _data;
        builder.Configuration["OpsConsole:SignIn:ServicesOnly"] = "true";
        builder.Services.AddSingleton<IReleaseStore>(_record);
        builder.Services.AddSingleton<ISwitchStore>(_record);
        builder.Services.AddSingleton<IAuditStore>(_record);
        builder.Services.AddSingleton<ISloStore>(_store);
        builder.Services.AddSingleton<OpsConsole.Core.Board.ReleaseBoard>();
        var ready = new StorageReady();
        ready.Set();
        builder.Services.AddSingleton(ready);
        builder.AddSlos();
        builder.AddIdentity();
        builder.AddApi();
        _app = builder.Build();
        _app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = Failure.AnswerAsync });
        _app.UseAuthentication();
        _app.UseAuthorization();
        _app.MapGroup("/api/v1").MapSlos();
        _app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
        await _app.StartAsync();

        // Until the recorder has read the record, a change is answered with "in a moment".
        using var http = Http(Role.Admin);
        await Eventually.TrueAsync(async () =>
        {
            using var answer = await http.DeleteAsync(new Uri("/api/v1/slos/none", UriKind.Relative));
            return answer.StatusCode == HttpStatusCode.NotFound;
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    [Fact]
    public async Task Put_read_and_deleted()
    {
        using var http = Http(Role.ReleaseManager);
        var (created, body) = await PutAsync(http, "checkout", Sound);
        Assert.Equal(HttpStatusCode.Created, created);
        Assert.Equal("noData", body.GetProperty("standing").GetProperty("verdict").GetString());
        Assert.Equal(99.5m, body.GetProperty("definition").GetProperty("objectivePercent").GetDecimal());
        Assert.Equal(HttpStatusCode.OK, (await PutAsync(http, "checkout", Sound.Replace("99.5", "99.9", StringComparison.Ordinal))).Status);

        var sink = _app.Services.GetRequiredService<ISampleSink>();
        var now = TimeProvider.System.GetUtcNow();
        for (var ago = 300; ago >= 0; ago -= 5)
        {
            sink.Record(new SignalSample(new("shop", "gateway", "production", "2.15.0", new SignalKey("checkout_success_rate")), now.AddSeconds(-ago), 50, 10));
        }

        var book = _app.Services.GetRequiredService<SloBook>();
        book.Refresh();
        var list = await http.GetFromJsonAsync<JsonElement>(new Uri("/api/v1/slos", UriKind.Relative), Token);
        var standing = Assert.Single(list.GetProperty("items").EnumerateArray()).GetProperty("standing");
        Assert.Equal("exhausted", standing.GetProperty("verdict").GetString());
        Assert.Equal(500m, standing.GetProperty("burnRateNow").GetDecimal());
        Assert.Equal(["1h/5m", "6h/30m", "1d/2h", "3d/6h"], standing.GetProperty("windows").EnumerateArray().Select(w => w.GetProperty("window").GetString()));
        Assert.Equal("firing", standing.GetProperty("windows")[0].GetProperty("state").GetString());
        var alert = standing.GetProperty("alerts")[0];
        Assert.Equal(("page", "Every one is an order.", "https://runbooks.example/checkout", "commerce", "/slos/checkout"), (
            alert.GetProperty("severity").GetString(), alert.GetProperty("why").GetString(), alert.GetProperty("runbook").GetString(), alert.GetProperty("owner").GetString(), alert.GetProperty("page").GetString()));

        var one = await http.GetFromJsonAsync<JsonElement>(new Uri("/api/v1/slos/checkout", UriKind.Relative), Token);
        Assert.Equal(JsonValueKind.Array, one.GetProperty("history").ValueKind);
        Assert.Equal(0, one.GetProperty("releases").GetArrayLength());

        using var gone = await http.DeleteAsync(new Uri("/api/v1/slos/checkout", UriKind.Relative), Token);
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        using var missing = await http.GetAsync(new Uri("/api/v1/slos/checkout", UriKind.Relative), Token);
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.Equal(["slo.define", "slo.change", "slo.remove"], _record.Audit.Select(a => a.Event));
    }

    [Fact]
    public async Task Faults_are_told_by_path_and_nothing_is_stored()
    {
        using var http = Http(Role.ReleaseManager);
        var (status, body) = await PutAsync(http, "checkout", Sound.Replace("30d", "42d", StringComparison.Ordinal).Replace("99.5", "100", StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(["objectivePercent", "period"], body.GetProperty("errors").EnumerateObject().Select(e => e.Name).Order(StringComparer.Ordinal));
        Assert.Empty(await _store.ListAsync(Token));
    }

    [Theory]
    [InlineData("{ \"title\": 1 }", HttpStatusCode.BadRequest)]
    [InlineData("{ \"tittle\": \"a\" }", HttpStatusCode.BadRequest)]
    [InlineData("{ \"share\": 1 }", HttpStatusCode.BadRequest)]
    [InlineData("{ \"title\": \"a\", \"title\": \"b\" }", HttpStatusCode.BadRequest)]
    [InlineData("null", HttpStatusCode.BadRequest)]
    [InlineData("{", HttpStatusCode.BadRequest)]
    [InlineData("long", HttpStatusCode.RequestEntityTooLarge)]
    public async Task A_body_that_is_not_a_definition_is_refused(string text, HttpStatusCode expected)
    {
        using var http = Http(Role.ReleaseManager);
        Assert.Equal(expected, (await PutAsync(http, "checkout", text == "long" ? new string(' ', SlosEndpoints.MaxBytes + 1) : text)).Status);
    }

    [Theory]
    [InlineData(Role.Viewer, HttpStatusCode.Forbidden)]
    [InlineData(Role.OnCall, HttpStatusCode.Forbidden)]
    [InlineData(Role.ReleaseManager, HttpStatusCode.Created)]
    [InlineData(Role.Admin, HttpStatusCode.Created)]
    public async Task Everybody_reads_and_only_some_define(Role role, HttpStatusCode expected)
    {
        using var http = Http(role);
        Assert.Equal(expected, (await PutAsync(http, "checkout", Sound)).Status);
        using var list = await http.GetAsync(new Uri("/api/v1/slos", UriKind.Relative), Token);
        Assert.Equal(HttpStatusCode.OK, list.StatusCode);
    }

    [Fact]
    public async Task Nobody_in_particular_reads_nothing()
    {
        using var http = _app.GetTestClient();
        using var list = await http.GetAsync(new Uri("/api/v1/slos", UriKind.Relative), Token);
        Assert.Equal(HttpStatusCode.Unauthorized, list.StatusCode);
    }

    [Fact]
    public async Task While_the_record_is_away_nothing_is_defined()
    {
        using var http = Http(Role.Admin);
        _store.IsAway = true;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await PutAsync(http, "checkout", Sound)).Status);
        _store.IsAway = false;
        Assert.Empty(_app.Services.GetRequiredService<SloBook>().Slos);
    }

    private HttpClient Http(Role role)
    {
        var http = _app.GetTestClient();
        http.DefaultRequestHeaders.Authorization = new("Bearer", _app.Services.GetRequiredService<ServiceTokens>().Issue("test", role));
        return http;
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> PutAsync(HttpClient http, string name, string body)
    {
        using var answer = await http.PutAsync(new Uri("/api/v1/slos/" + name, UriKind.Relative), new StringContent(body, Encoding.UTF8, "application/json"), Token);
        var text = await answer.Content.ReadAsStringAsync(Token);
        return (answer.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement);
    }
}
