using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using OpsConsole.Tests.Core.Targets;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Playground.Servers;
using OpsConsole.Web.Playground.Shop;

namespace OpsConsole.Tests.Web.Playground;

public sealed class FlagReaderTests : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly FakeTime _time = new();

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task It_follows_the_console_and_asks_with_the_last_tag()
    {
        var on = true;
        var unchanged = 0;
        await using var console = await LoopbackServer.StartAsync(app => app.Run(async context =>
        {
            var tag = on ? "\"on\"" : "\"off\"";
            context.Response.Headers.ETag = tag;
            if (context.Request.Headers.IfNoneMatch == tag)
            {
                unchanged++;
                context.Response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }

            await context.Response.WriteAsJsonAsync(new { flags = new[] { new { key = "f", value = on } } });
        }), TestContext.Current.CancellationToken);
        var flags = Reader(console.Address);
        Assert.False(flags.IsOn("f", codeDefault: false));

        Assert.True(await flags.ReadAsync(default));
        Assert.True(flags.IsOn("f", codeDefault: false));
        Assert.True(await flags.ReadAsync(default));
        Assert.Equal(1, unchanged);

        on = false;
        Assert.True(await flags.ReadAsync(default));
        Assert.False(flags.IsOn("f", codeDefault: true));
    }

    [Fact]
    public async Task The_last_answer_counts_for_a_while_and_then_the_default_in_the_code()
    {
        await using var console = await LoopbackServer.StartAsync(
            app => app.Run(context => context.Response.WriteAsJsonAsync(new { flags = new[] { new { key = "f", value = true } } })),
            TestContext.Current.CancellationToken);
        var flags = Reader(console.Address);
        await flags.ReadAsync(default);

        _time.Advance(FlagReader.KeepFor);
        Assert.True(flags.IsOn("f", codeDefault: false));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(flags.IsOn("f", codeDefault: false));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("nonsense")]
    [InlineData("{\"flags\":[{\"value\":true}]}")]
    public async Task An_answer_that_makes_no_sense_leaves_the_default(string body)
    {
        await using var console = await MisbehavingServer.AnswersAsync(System.Net.HttpStatusCode.OK, body);
        var flags = Reader(console.Address);

        Assert.False(await flags.ReadAsync(default));
        Assert.True(flags.IsOn("f", codeDefault: true));
    }

    [Fact]
    public async Task A_console_that_hangs_is_given_up()
    {
        await using var console = await MisbehavingServer.HangsAsync();
        var reading = Reader(console.Address).ReadAsync(default);
        await Eventually.TrueAsync(() => console.Requests == 1);

        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.False(await reading);
    }

    private FlagReader Reader(Uri console) => new(_http, console, "token", "shop", _time);
}
