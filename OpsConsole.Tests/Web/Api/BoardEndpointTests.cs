using System.Net;
using System.Text.Json;
using OpsConsole.Core.Signals;
using OpsConsole.Tests.Core.Board;
using OpsConsole.Tests.Shared;
using OpsConsole.Tests.Web.Live;

namespace OpsConsole.Tests.Web.Api;

public sealed class BoardEndpointTests
{
    private static readonly Uri Board = new("/api/v1/board", UriKind.Relative);

    [Fact]
    public async Task The_board_is_written_as_agreed()
    {
        await using var console = await LiveConsole.StartAsync();
        var now = TimeProvider.System.GetUtcNow();
        var release = BoardRig.Release(registeredAt: now, signals: [.. new[] { "http_5xx_rate", "p99_latency", "crash_free_users", "request_rate", "queue_depth" }.Select(k => KnownSignals.Find(k)!)]);
        release.EnterNextStage(now);
        console.Board.Track(release);
        console.Record(release, 4.21061);
        using var http = console.Http(console.Token());
        JsonElement shown = default;
        await Eventually.TrueAsync(async () =>
        {
            using var json = JsonDocument.Parse(await http.GetStringAsync(Board));
            shown = json.RootElement.Clone();
            return shown.GetProperty("releases").GetArrayLength() == 1;
        });
        Assert.True(shown.GetProperty("version").GetInt64() > 0);
        Assert.True(shown.GetProperty("asOf").TryGetDateTimeOffset(out _));
        var row = shown.GetProperty("releases")[0];
        foreach (var name in new[] { "id", "service", "target", "environment", "version", "phase", "exposurePercent", "snapshotVersion", "verdict", "reason", "owner", "signals" })
        {
            Assert.True(row.TryGetProperty(name, out _), name);
        }

        Assert.Equal(("rollingOut", 5.0, "fail"), (row.GetProperty("phase").GetString(), row.GetProperty("exposurePercent").GetDouble(), row.GetProperty("verdict").GetString()));
        var errors = row.GetProperty("signals")[0];
        foreach (var name in new[] { "key", "family", "unit", "quality", "canary", "baseline", "delta", "verdict", "asOf", "samples" })
        {
            Assert.True(errors.TryGetProperty(name, out _), name);
        }

        Assert.Equal(
            ("http_5xx_rate", "errors", "%", "fresh", 4.2106, 1000L),
            (errors.GetProperty("key").GetString(), errors.GetProperty("family").GetString(), errors.GetProperty("unit").GetString(), errors.GetProperty("quality").GetString(), errors.GetProperty("canary").GetDouble(), errors.GetProperty("samples").GetInt64()));
        Assert.Equal(JsonValueKind.Null, errors.GetProperty("baseline").ValueKind);
        Assert.Equal(["%", "ms", "%", "/s", "count"], row.GetProperty("signals").EnumerateArray().Select(s => s.GetProperty("unit").GetString()));
        Assert.Equal("crashFree", row.GetProperty("signals")[2].GetProperty("family").GetString());
        Assert.Equal("missing", row.GetProperty("signals")[1].GetProperty("quality").GetString());
    }

    [Fact]
    public async Task It_is_for_those_who_may_read_it()
    {
        await using var console = await LiveConsole.StartAsync();
        using var nobody = console.Http(null);
        using var answer = await nobody.GetAsync(Board);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task The_document_describes_it()
    {
        await using var console = await LiveConsole.StartAsync();
        using var http = console.Http(console.Token());
        using var document = JsonDocument.Parse(await http.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)));
        var get = document.RootElement.GetProperty("paths").GetProperty("/api/v1/board").GetProperty("get");
        Assert.Equal("getBoard", get.GetProperty("operationId").GetString());
        Assert.True(document.RootElement.GetProperty("components").GetProperty("schemas").TryGetProperty("BoardView", out _));
    }
}
