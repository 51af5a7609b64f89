using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OpsConsole.Tests.Browser;
using OpsConsole.Tests.Crashes;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Web.Operations;

/// <summary>A console whose database is taken away: not ready, in words, and alive.</summary>
public sealed class ReadinessTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Without_its_database_it_is_not_ready_and_alive()
    {
        await using var database = await postgres.CreateDatabaseAsync(TestContext.Current.CancellationToken);
        var relay = new KillingRelay(database.ConnectionString);
        await using var console = new ConsoleProcess(playground: false)
        {
            Settings = { ["Database__Provider"] = "Postgres", ["ConnectionStrings__OpsConsole"] = relay.ConnectionString },
        };
        try
        {
            await console.StartAsync(TestContext.Current.CancellationToken);
        }
        finally
        {
            await relay.DisposeAsync();
        }

        await Eventually.TrueAsync(async () => (await AskAsync(console, "ready")).Status == HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(60));

        var (_, checks) = await AskAsync(console, "ready");
        Assert.Equal("does not answer", checks.GetProperty("checks").GetProperty("database").GetProperty("detail").GetString());
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(console, "live")).Status);
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> AskAsync(ConsoleProcess console, string what)
    {
        using var answer = await console.Http.GetAsync(new Uri($"/health/{what}", UriKind.Relative), TestContext.Current.CancellationToken);
        return (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType == "application/json" ? await answer.Content.ReadFromJsonAsync<JsonElement>() : default);
    }
}
