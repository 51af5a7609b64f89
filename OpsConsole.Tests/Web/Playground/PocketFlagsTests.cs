using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using OpsConsole.Core.Targets.AppStore;
using OpsConsole.Tests.Core.Targets;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Playground.Devices;
using OpsConsole.Web.Playground.Servers;

namespace OpsConsole.Tests.Web.Playground;

/// <summary>How phones read the flag of the app, and what its being off does to the build that crashes.</summary>
public sealed class PocketFlagsTests : IDisposable
{
    private static readonly Uri Nowhere = new("http://127.0.0.1:9/");

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly FakeTime _time = new();
    private readonly Device _phone = new(StorePlatform.Android, 4, "7.4.0");

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task Killing_the_flag_stops_the_crashes_of_a_phone_that_keeps_the_bad_build()
    {
        var on = true;
        List<string> asked = [];
        await using var console = await LoopbackServer.StartAsync(
            app => app.Run(async context =>
            {
                asked.Add($"{context.Request.Method} {context.Request.Path} {context.Request.Headers["X-Client-Id"]} {context.Request.Headers.Authorization}");
                await context.Response.WriteAsJsonAsync(new { key = PocketApp.BudgetFlag, value = on });
            }),
            TestContext.Current.CancellationToken);
        var app = new PocketApp(_http, Nowhere, Flags(console.Address), _time);

        await Assert.ThrowsAsync<FormatException>(() => app.OpenAsync(_phone, CancellationToken.None));
        on = false;
        Assert.Equal(2, (await app.OpenAsync(_phone, CancellationToken.None)).Requests);
        Assert.All(asked, line => Assert.Equal("POST /ofrep/v1/evaluate/flags/daily-budget android-004 Bearer token", line));
        Assert.Equal(2, asked.Count);

        // The version before has no such feature, and the one after reads what the bad one cannot.
        await app.OpenAsync(new Device(StorePlatform.Android, 4, "7.3.1"), CancellationToken.None);
        Assert.Equal(2, asked.Count);
        on = true;
        await app.OpenAsync(new Device(StorePlatform.Android, 4, "7.4.1"), CancellationToken.None);
        Assert.Equal(3, asked.Count);
    }

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError, "{}")]
    [InlineData(HttpStatusCode.OK, "{}")]
    [InlineData(HttpStatusCode.OK, "[]")]
    [InlineData(HttpStatusCode.OK, "nonsense")]
    [InlineData(HttpStatusCode.OK, "{\"value\":\"true\"}")]
    public async Task Without_an_answer_the_feature_is_left_out(HttpStatusCode status, string body)
    {
        await using var console = await MisbehavingServer.AnswersAsync(status, body);
        Assert.False(await Flags(console.Address).IsOnAsync("f", _phone, CancellationToken.None));
    }

    [Fact]
    public async Task A_phone_remembers_its_own_last_answer()
    {
        var broken = false;
        await using var console = await LoopbackServer.StartAsync(
            app => app.Run(context => broken ? context.Response.WriteAsync("nonsense") : context.Response.WriteAsJsonAsync(new { value = true })), TestContext.Current.CancellationToken);
        var flags = Flags(console.Address);
        Assert.True(await flags.IsOnAsync("f", _phone, CancellationToken.None));

        broken = true;
        Assert.True(await flags.IsOnAsync("f", _phone, CancellationToken.None));
        Assert.False(await flags.IsOnAsync("f", new Device(StorePlatform.Android, 5, "7.4.0"), CancellationToken.None));
    }

    [Fact]
    public async Task A_console_that_hangs_is_given_up()
    {
        await using var console = await MisbehavingServer.HangsAsync();
        var asking = Flags(console.Address).IsOnAsync("f", _phone, CancellationToken.None);
        await Eventually.TrueAsync(() => console.Requests == 1);

        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.False(await asking);
    }

    private PocketFlags Flags(Uri console) => new(_http, console, "token", _time);
}
