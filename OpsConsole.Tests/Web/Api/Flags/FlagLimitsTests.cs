using System.Net;
using OpsConsole.Web.Api;

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

    [Fact]
    public async Task Who_asks_one_by_one_hears_of_each_flag_after_a_change()
    {
        await using var server = await FlagServer.StartAsync(settings: Small);
        server.As(server.Client("production").Token);
        (await DrainAsync(server)).Dispose();

        server.Kill("vouchers");

        foreach (var key in (string[])["recommendations", "vouchers"])
        {
            using var answer = await server.SendAsync("/" + key, FlagServer.Context, null, ("X-Client-Id", "wild"));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        (await DrainAsync(server)).Dispose();
    }

    [Theory]
    [InlineData("/vouchers")]
    [InlineData("")]
    public async Task Only_an_answer_uses_up_what_a_change_lets_through_and_what_is_asked_wrongly_is_not_asked_without_end(string path)
    {
        await using var server = await FlagServer.StartAsync(settings: Small);
        server.As(server.Client("production").Token);
        (await DrainAsync(server)).Dispose();
        server.Kill("vouchers");

        using var wrong = await server.SendAsync(path, "{", null, ("X-Client-Id", "wild"));
        using var right = await server.SendAsync(path, FlagServer.Context, null, ("X-Client-Id", "wild"));
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.OK), (wrong.StatusCode, right.StatusCode));
        (await DrainAsync(server)).Dispose();

        var wrongs = 0;
        while (wrongs < 1_000)
        {
            using var answer = await server.SendAsync(path, "{", null, ("X-Client-Id", "broken"));
            if (answer.StatusCode == HttpStatusCode.TooManyRequests)
            {
                break;
            }

            wrongs++;
        }

        Assert.InRange(wrongs, FlagLimits.MostTries, FlagLimits.MostTries + 100);
    }

    [Theory]
    [InlineData(0, 1, "https://shop.example", "RequestsPerSecond")]
    [InlineData(1, 0, "https://shop.example", "Burst")]
    [InlineData(1, 1, "https://shop.example/", "no origin")]
    [InlineData(1, 1, "shop.example", "no origin")]
    [InlineData(1, 1, "file:///x", "no origin")]
    [InlineData(1, 1, "http://localhost:5173", null)]
    [InlineData(1, 1, "*", null)]
    public void Settings_that_cannot_be_are_told_at_the_start(int perSecond, int burst, string origin, string? fault)
    {
        var options = new FlagOptions { RequestsPerSecond = perSecond, Burst = burst, AllowedOrigins = [origin] };

        Assert.Equal(fault is not null, options.Fault()?.Contains(fault ?? "", StringComparison.Ordinal) ?? false);
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
