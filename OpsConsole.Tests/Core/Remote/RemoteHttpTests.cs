using System.Net;
using System.Net.Http.Headers;
using System.Text;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Remote;

namespace OpsConsole.Tests.Core.Remote;

public sealed class RemoteHttpTests
{
    [Theory]
    [InlineData("Bearer", "signed-once")]
    [InlineData("AWS4-HMAC-SHA256", "Credential=AKIA/2026, Signature=0a1b")]
    public async Task What_a_request_is_let_in_by_is_in_no_sentence(string scheme, string credential)
    {
        using var http = Connect(new Repeats());

        var answer = await http.ReadAsync(
            () =>
            {
                var request = new HttpRequestMessage(HttpMethod.Get, new Uri("http://far.example/"));
                request.Headers.Authorization = new AuthenticationHeaderValue(scheme, credential);
                return request;
            },
            TestContext.Current.CancellationToken);

        Assert.Equal("Far does not accept the console's credential, or it may not read this: I do not know (secret).", http.WhyNotRead(answer));
        Assert.DoesNotContain(credential, (answer with { Text = "" }).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-3, ".")]
    [InlineData(0, ".")]
    [InlineData(1.2, "; ask again in 2 s.")]
    public void When_to_ask_again_is_told_where_it_is_to_come(double seconds, string told)
    {
        using var http = Connect(new Repeats());
        var answer = new RemoteAnswer(HttpStatusCode.TooManyRequests, "", TimeSpan.FromSeconds(seconds));

        Assert.Equal($"Far is asked too often{told}", http.WhyNotRead(answer));
        Assert.Equal($"Far is asked too often and did nothing{told}", Assert.Throws<TargetRefusedException>(() => http.Accept(answer)).Message);
    }

    [Fact]
    public void An_answer_to_a_reading_is_taken_where_it_was_read()
    {
        using var http = Connect(new Repeats());

        Assert.Equal("shop", http.TakeRead(new RemoteAnswer(HttpStatusCode.OK, """{"name":"shop"}"""), static a => a.Text("name")));
        Assert.Equal("Far does not know it.", Assert.Throws<TargetUnreachableException>(() => http.TakeRead(new RemoteAnswer(HttpStatusCode.NotFound, "{}"), static a => a.Text("name"))).Message);
        Assert.Equal("Far answered something else than was asked for.", Assert.Throws<TargetUnreachableException>(() => http.TakeRead(new RemoteAnswer(HttpStatusCode.OK, "[]"), static a => a.Text("name"))).Message);
    }

    private static RemoteHttp Connect(HttpMessageHandler handler) =>
        new(new HttpClient(handler), "Far", TimeSpan.FromSeconds(5), [], static answer => answer.Text("message"), TimeProvider.System);

    /// <summary>Lets nobody in, and repeats by what it was asked to.</summary>
    private sealed class Repeats : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.Unauthorized)
        {
            Content = new StringContent($$"""{"message":"I do not know {{request.Headers.Authorization!.Parameter}}."}""", Encoding.UTF8, "application/json"),
        });
    }
}
