using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Web.Api;

/// <summary>The address of pipelines' own tokens on a console that trusts no issuer of them.</summary>
public sealed class FederatedTokensEndpointTests(PostgresFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Where_no_issuer_is_trusted_it_says_so_and_stands_in_the_description()
    {
        await using var console = await WholeConsole.StartAsync(postgres);
        using var http = console.CreateClient();
        using var form = new FormUrlEncodedContent([new("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"), new("subject_token", "a.b.c"), new("subject_token_type", "urn:ietf:params:oauth:token-type:jwt")]);

        using var answer = await http.PostAsync(new Uri("/api/v1/tokens/federated", UriKind.Relative), form, Token);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Token);
        Assert.Equal("No issuer is trusted", problem.GetProperty("title").GetString());
        Assert.Contains("OpsConsole:Federation", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        var description = await http.GetFromJsonAsync<JsonElement>(new Uri("/openapi/v1.json", UriKind.Relative), Token);
        Assert.True(description.GetProperty("paths").TryGetProperty("/api/v1/tokens/federated", out _));
    }
}
