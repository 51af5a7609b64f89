using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using OpsConsole.Core.Sources.Otlp;
using OpsConsole.Tests.Core.Sources.Otlp;
using OpsConsole.Web.Api;

namespace OpsConsole.Tests.Web.Api;

public sealed class OtlpEndpointTests : IAsyncLifetime
{
    private const string Json = "application/json";
    private const string Protobuf = "application/x-protobuf";

    private SignalsServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await SignalsServer.StartAsync();

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_export_in_json_is_taken(bool isPacked)
    {
        var (status, type, body) = await SendAsync(Export(), Json, isPacked ? "gzip" : null);

        Assert.Equal((200, Json, "{}"), (status, type, Encoding.UTF8.GetString(body)));
        _server.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(7, new OtlpSender(_server.Metrics, _server.Time).Total("http_requests"));
    }

    [Fact]
    public async Task An_export_without_anything_is_no_fault()
    {
        Assert.Equal((200, Protobuf, 0), Short(await SendAsync([], Protobuf)));
        Assert.Equal((200, Json, 2), Short(await SendAsync("{}"u8.ToArray(), Json)));
    }

    [Fact]
    public async Task What_is_not_taken_is_told_beside_what_is_in_json()
    {
        var sender = Sender();

        var (status, _, body) = await SendAsync(OtlpSender.Body("2.15.0", "a", "production", sender.Counter("http.requests", 7), sender.Counter("http.late", 7, at: _server.Time.GetUtcNow().AddHours(-1), start: _server.Time.GetUtcNow().AddHours(-2))), Json);

        Assert.Equal(200, status);
        var partial = JsonDocument.Parse(body).RootElement.GetProperty("partialSuccess");
        Assert.Equal("1", partial.GetProperty("rejectedDataPoints").GetString());
        Assert.Contains("http_late: they are older than 10 min", partial.GetProperty("errorMessage").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_taken_is_told_in_protobuf()
    {
        // One gauge with one point, of a resource that does not say who it is.
        var metric = new ProtobufWriter().Text(1, "g").Message(5, new ProtobufWriter().Message(1, new ProtobufWriter().Fixed64(3, 1).Double(4, 1)));
        var export = new ProtobufWriter().Message(1, new ProtobufWriter().Message(2, new ProtobufWriter().Message(2, metric)));

        var (status, type, body) = await SendAsync(export.Bytes, Protobuf, "gzip");

        Assert.Equal((200, Protobuf), (status, type));
        var answer = new ProtobufReader(body);
        Assert.True(answer.Next() && answer.Field == 1);
        var partial = new ProtobufReader(answer.Bytes());
        Assert.True(partial.Next() && partial.Field == 1 && partial.Varint() == 1);
        Assert.True(partial.Next() && partial.Field == 2);
        Assert.Contains("service.name", partial.Text(), StringComparison.Ordinal);
        Assert.False(partial.Next() || answer.Next());
    }

    [Theory]
    [InlineData("{", Json, null, 400, "The body is not JSON")]
    [InlineData("{\"resourceMetrics\":7}", Json, null, 400, "not a list")]
    [InlineData("nonsense", Protobuf, null, 400, "damaged or cut off")]
    [InlineData("nonsense", Json, "gzip!", 400, "not gzip, or damaged")]
    [InlineData("{}", Json, "br", 415, "only gzip")]
    public async Task What_is_no_export_is_refused_in_the_encoding_of_the_request(string text, string type, string? coding, int expected, string reason)
    {
        var (status, answered, body) = await SendAsync(Encoding.UTF8.GetBytes(text), type, coding);

        Assert.Equal((expected, type), (status, answered));
        Assert.Contains(reason, Message(body, type), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(OtlpEndpoint.MostBytes + 1, false)]
    [InlineData(OtlpEndpoint.MostUnpacked + 1, true)]
    public async Task What_is_too_long_is_refused_also_where_it_came_small(int length, bool isPacked)
    {
        var body = new byte[length];
        Array.Fill(body, (byte)' ');

        var (status, _, answer) = await SendAsync(body, Json, isPacked ? "gzip" : null);

        Assert.Equal(413, status);
        Assert.Contains("at most 4 MiB", Message(answer, Json), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_media_types_are_refused() => Assert.Equal(415, (await SendAsync("{}"u8.ToArray(), "text/plain")).Status);

    [Fact]
    public async Task Nobody_sends_without_the_permission()
    {
        Assert.Equal(401, (await SendAsync(Export(), Json, who: null)).Status);
        Assert.Equal(403, (await SendAsync(Export(), Json, who: "Viewer:eve")).Status);
    }

    [Fact]
    public async Task A_token_of_one_environment_sends_for_no_other()
    {
        var sender = Sender();
        var production = Export();
        var staging = OtlpSender.Body("2.15.0", "a", "staging", sender.Counter("http.requests", 7));

        Assert.Equal(200, (await SendAsync(staging, Json, who: "Service:ci", scope: "staging:signals:push")).Status);
        var (status, _, body) = await SendAsync(production, Json, who: "Service:ci", scope: "staging:signals:push");

        Assert.Equal(403, status);
        Assert.Contains("production", Message(body, Json), StringComparison.Ordinal);
        _server.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(sender.Total("http_requests"));
    }

    private static (int, string?, int) Short((int Status, string? Type, byte[] Body) answer) => (answer.Status, answer.Type, answer.Body.Length);

    private static string Message(byte[] body, string type)
    {
        if (type == Json)
        {
            return JsonDocument.Parse(body).RootElement.GetProperty("message").GetString()!;
        }

        var status = new ProtobufReader(body);
        Assert.True(status.Next() && status.Field == 2);
        return status.Text();
    }

    private OtlpSender Sender() => new(_server.Metrics, _server.Time);

    private byte[] Export() => OtlpSender.Body("2.15.0", "a", "production", Sender().Counter("http.requests", 7, OtlpSender.Delta, start: _server.Time.GetUtcNow().AddSeconds(-5)));

    /// <summary>Sends a body. The coding <c>gzip</c> packs it; <c>gzip!</c> says so of one that is not.</summary>
    private async Task<(int Status, string? Type, byte[] Body)> SendAsync(byte[] body, string type, string? coding = null, string? who = "Admin:agent", string? scope = null)
    {
        using var content = new ByteArrayContent(coding == "gzip" ? Packed(body) : body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        if (coding is not null)
        {
            content.Headers.ContentEncoding.Add(coding.TrimEnd('!'));
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/otlp/v1/metrics") { Content = content };
        request.Headers.Add("Who", who is null ? [] : [who]);
        request.Headers.Add("Scope", scope is null ? [] : [scope]);
        using var answer = await _server.Client.SendAsync(request);
        return ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, await answer.Content.ReadAsByteArrayAsync());
    }

    private static byte[] Packed(byte[] body)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(body);
        }

        return packed.ToArray();
    }
}
