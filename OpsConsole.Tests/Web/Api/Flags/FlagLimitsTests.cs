using System.Net;

namespace OpsConsole.Tests.Web.Api.Flags;

/// <summary>The limit of a token. The bucket here fills by one in more time than a test takes.</summary>
public sealed class FlagLimitsTests
{
    private static readonly (string Name, string Value)[] Small = [("Flags:Burst", "3"), ("Flags:RequestsPerSecond", "1")];

    [Fact]
    public async Task Too_many_questions_are_told_when_to_come_back_and_another_token_is_not_held_up()
    {
        await using var server = await FlagServer.StartAsync(settings: Small);
        using var refused = await DrainAsync(server);

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.True(refused.Headers.RetryAfter!.Delta >= TimeSpan.FromSeconds(1));
        Assert.Contains("errorDetails", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        server.As(server.Client("production").Token);
        using var other = await server.SendAsync("", FlagServer.Context);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task Everyone_hears_of_a_kill_however_much_was_asked_before()
    {
        await using var server = await FlagServer.StartAsync(settings: Small);
        server.As(server.Client("production").Token);
        (await DrainAsync(server)).Dispose();

        server.Kill("vouchers");

        // Fifty devices with one token, each of them once: all are answered, though the bucket holds three.
        for (var device = 0; device < 50; device++)
        {
            using var answer = await server.SendAsync("/vouchers", FlagServer.Context, null, ("X-Client-Id", "device-" + device));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        (await DrainAsync(server)).Dispose();
    }

    [Fact]
    public async Task A_device_that_runs_wild_does_not_keep_another_one_out()
    {
        await using var server = await FlagServer.StartAsync(settings: Small);
        using var mine = await server.SendAsync("", FlagServer.Context);
        server.Kill("vouchers");
        (await DrainAsync(server)).Dispose();

        using var other = await server.SendAsync("", FlagServer.Context, mine.Headers.ETag!.Tag);

        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    /// <summary>Asks as one device until it is refused.</summary>
    private static async Task<HttpResponseMessage> DrainAsync(FlagServer server)
    {
        for (var i = 0; i < 1000; i++)
        {
            var answer = await server.SendAsync("/vouchers", FlagServer.Context, null, ("X-Client-Id", "wild"));
            if (answer.StatusCode == HttpStatusCode.TooManyRequests)
            {
                return answer;
            }

            answer.Dispose();
        }

        throw new InvalidOperationException("It was never refused.");
    }
}
