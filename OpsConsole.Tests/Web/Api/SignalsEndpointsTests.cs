using System.Globalization;
using System.Text.Json;
using OpsConsole.Core.Board;
using OpsConsole.Core.Signals;

namespace OpsConsole.Tests.Web.Api;

public sealed class SignalsEndpointsTests : IAsyncLifetime
{
    private SignalsServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await SignalsServer.StartAsync();

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("[{0}]", "application/json")]
    [InlineData("{{ \"samples\": [{0}] }}", "application/json; charset=utf-8")]
    [InlineData("{{ \"from\": {{ \"samples\": [1] }}, \"samples\": [{0}], \"more\": [2] }}", "application/json")]
    [InlineData("{0}\n", "application/x-ndjson")]
    [InlineData("\r\n{0}", "application/x-ndjson")]
    public async Task Every_form_of_batch_is_taken(string form, string type)
    {
        var sample = Sample(more: """, "id": "a-1", "at": "2026-03-01T12:59:58.123456789+01:00", "count": 1200""");

        var (status, body) = await _server.PushAsync(string.Format(CultureInfo.InvariantCulture, form, sample), type);

        Assert.Equal(200, status);
        Assert.Equal("""{"accepted":1,"duplicates":0,"rejected":[],"unmatched":0}""", body.GetRawText());
        var recorded = Assert.Single(_server.Sink.Samples);
        Assert.Equal(new SignalAddress("pocket", "app-store", "production", "7.4.0", new SignalKey("crash_free_sessions")), recorded.Address);
        Assert.Equal((99.5, 1200L, SampleKind.Measured), (recorded.Value, recorded.Count, recorded.Kind));
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 11, 59, 58, TimeSpan.Zero).AddTicks(1234567), recorded.At);
    }

    [Fact]
    public async Task A_compressed_batch_is_refused_in_words()
    {
        using var body = new StringContent("[]", System.Text.Encoding.UTF8, "application/json");
        body.Headers.ContentEncoding.Add("gzip");

        var (status, problem) = await _server.PushAsync(body, "application/json");

        Assert.Equal(415, status);
        Assert.Contains("without compression", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_time_and_a_count_it_is_one_observation_now()
    {
        await _server.PushAsync($"[{Sample()}]");

        var recorded = Assert.Single(_server.Sink.Samples);
        Assert.Equal((_server.Time.GetUtcNow(), 1L), (recorded.At, recorded.Count));
    }

    [Fact]
    public async Task Good_of_a_total_is_a_percentage_and_nothing_of_nothing_is_missing()
    {
        await _server.PushAsync($"{Ratio("\"good\": 199, \"total\": 200")}\n{Ratio("\"good\": 0, \"total\": 0")}\n", "application/x-ndjson");

        Assert.Equal((99.5, 200L, SampleKind.Measured), Short(_server.Sink.Samples[0]));
        Assert.Equal((0, 0L, SampleKind.Missing), Short(_server.Sink.Samples[1]));
    }

    [Theory]
    [InlineData("\"value\": -1", "'value' -1 cannot be right for crash_free_sessions: it is a percentage")]
    [InlineData("\"value\": 100.01", "it is a percentage")]
    [InlineData("\"value\": 1e999", "'value' has to be a finite number")]
    [InlineData("\"value\": \"99\"", "'value' is not of the right type")]
    [InlineData("\"count\": 1", "'value' is missing, or 'good' and 'total'")]
    [InlineData("\"value\": 1, \"count\": -1", "'count' has to be a whole number")]
    [InlineData("\"value\": 1, \"count\": 1.5", "'count' has to be a whole number")]
    [InlineData("\"value\": 1, \"count\": 1e300", "'count' has to be a whole number")]
    [InlineData("\"good\": 3, \"total\": 2", "'good' is more than 'total'")]
    [InlineData("\"good\": -3, \"total\": 2", "'good' has to be a whole number")]
    [InlineData("\"good\": 3", "'total' is missing")]
    [InlineData("\"value\": 1, \"good\": 1, \"total\": 2", "not both")]
    [InlineData("\"value\": 1, \"at\": \"2026-03-01T12:00:06Z\"", "'at' is 6 s ahead")]
    [InlineData("\"value\": 1, \"at\": \"2026-03-01T11:49:59Z\"", "'at' is 601 s behind")]
    [InlineData("\"value\": 1, \"at\": \"2026-03-01T12:00:00\"", "'at' has to be a time")]
    [InlineData("\"value\": 1, \"at\": \"yesterday\"", "'at' has to be a time")]
    [InlineData("\"value\": 1, \"at\": 1772366400", "'at' is not of the right type")]
    [InlineData("\"value\": 1, \"signal\": \"P99\"", "'signal' has to be")]
    [InlineData("\"value\": 1, \"service\": \"Pocket!\"", "'service' has to be")]
    [InlineData("\"value\": 1, \"target\": null", "'target' is missing")]
    [InlineData("\"value\": 1, \"version\": \"\"", "'version' has to be")]
    [InlineData("\"value\": 1, \"id\": \"\"", "'id' has to be")]
    [InlineData("\"value\": 1, \"id\": 7", "'id' is not of the right type")]
    public async Task A_sample_that_cannot_be_right_is_refused_in_words_and_the_others_are_taken(string fault, string reason)
    {
        var (status, body) = await _server.PushAsync($"[{Sample()}, {Ratio(fault)}, {Sample()}]");

        Assert.Equal(200, status);
        Assert.Equal(2, body.GetProperty("accepted").GetInt32());
        var rejected = Assert.Single(body.GetProperty("rejected").EnumerateArray());
        Assert.Equal(1, rejected.GetProperty("index").GetInt32());
        Assert.Contains(reason, rejected.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal(2, _server.Sink.Samples.Count);
    }

    [Fact]
    public async Task Broken_lines_are_named_by_index_and_line_and_the_others_are_taken()
    {
        var (status, body) = await _server.PushAsync($"{Sample()}\n\nnonsense\n{Sample(more: ", \"value\": NaN")}\n[]\n{Sample()}", "application/x-ndjson");

        Assert.Equal(200, status);
        Assert.Equal(2, body.GetProperty("accepted").GetInt32());
        Assert.Equal([(1, 3), (2, 4), (3, 5)], body.GetProperty("rejected").EnumerateArray().Select(r => (r.GetProperty("index").GetInt32(), r.GetProperty("line").GetInt32())));
    }

    [Theory]
    [InlineData("", "application/json", "The body is not JSON")]
    [InlineData("{", "application/json", "The body is not JSON")]
    [InlineData("[{\"value\": NaN}]", "application/json", "The body is not JSON: line 1, byte 12.")]
    [InlineData("[] []", "application/json", "The body is not JSON")]
    [InlineData("7", "application/json", "has to be an array")]
    [InlineData("{\"sample\": []}", "application/json", "has to be an array")]
    [InlineData("{\"samples\": {}}", "application/json", "has to be an array")]
    [InlineData("{\"samples\": [], \"samples\": []}", "application/json", "twice")]
    [InlineData("[1, \"two\"]", "application/json", "Nothing in the body is a sample")]
    [InlineData("", "application/x-ndjson", "Nothing in the body is a sample")]
    [InlineData("nonsense\nmore", "application/x-ndjson", "Nothing in the body is a sample")]
    public async Task What_is_no_batch_is_refused_whole(string text, string type, string reason)
    {
        var (status, body) = await _server.PushAsync(text, type);

        Assert.Equal(400, status);
        Assert.Contains(reason, body.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Empty(_server.Sink.Samples);
    }

    [Fact]
    public async Task Json_that_breaks_off_records_nothing()
    {
        var (status, _) = await _server.PushAsync($"[{Sample()}, {Sample()}");

        Assert.Equal(400, status);
        Assert.Empty(_server.Sink.Samples);
    }

    [Fact]
    public async Task An_empty_batch_is_no_fault() => Assert.Equal(200, (await _server.PushAsync("[]")).Status);

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("")]
    public async Task Other_media_types_are_refused(string type) => Assert.Equal(415, (await _server.PushAsync("[]", type)).Status);

    [Fact]
    public async Task A_sample_counts_once_within_a_batch_and_across_batches()
    {
        var batch = $"[{Sample(more: ", \"id\": \"a\"")}, {Sample(more: ", \"id\": \"a\"")}, {Sample(more: ", \"id\": \"b\"")}]";

        Assert.Equal((2, 1), Counts(await _server.PushAsync(batch)));
        Assert.Equal((0, 3), Counts(await _server.PushAsync(batch)));
        Assert.Equal((2, 1), Counts(await _server.PushAsync(batch, who: "Admin:another")));
        Assert.Equal(4, _server.Sink.Samples.Count);
    }

    [Fact]
    public async Task Samples_without_a_release_are_counted_and_may_come_again()
    {
        _server.Sink.Outcome = static _ => RecordOutcome.NoRelease;
        var (_, body) = await _server.PushAsync($"[{Sample(more: ", \"id\": \"a\"")}]");
        Assert.Equal("""{"accepted":0,"duplicates":0,"rejected":[],"unmatched":1}""", body.GetRawText());

        _server.Sink.Outcome = static _ => RecordOutcome.Recorded;
        Assert.Equal((1, 0), Counts(await _server.PushAsync($"[{Sample(more: ", \"id\": \"a\"")}]")));
    }

    [Theory]
    [InlineData(RecordOutcome.TooOld, "older than what the board keeps")]
    [InlineData(RecordOutcome.FromTheFuture, "ahead of the console's clock")]
    [InlineData(RecordOutcome.NotANumber, "not a number")]
    public async Task What_the_board_refuses_is_named(RecordOutcome outcome, string reason)
    {
        _server.Sink.Outcome = _ => outcome;

        var (_, body) = await _server.PushAsync($"[{Sample()}]");

        Assert.Contains(reason, Assert.Single(body.GetProperty("rejected").EnumerateArray()).GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Five_thousand_samples_are_taken_and_one_more_is_not()
    {
        var lines = string.Join('\n', Enumerable.Repeat(Sample(), 5_000));
        Assert.Equal((5_000, 0), Counts(await _server.PushAsync(lines, "application/x-ndjson")));

        Assert.Equal(413, (await _server.PushAsync(lines + "\n" + Sample(), "application/x-ndjson")).Status);
        Assert.Equal(413, (await _server.PushAsync("[" + lines.Replace('\n', ',') + "," + Sample() + "]")).Status);
        Assert.Equal(5_000, _server.Sink.Samples.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task More_than_two_mebibytes_are_refused(bool statesItsLength)
    {
        var bytes = new byte[(2 * 1024 * 1024) + 1];
        Array.Fill(bytes, (byte)' ');
        using HttpContent content = statesItsLength ? new ByteArrayContent(bytes) : new StreamContent(new Unseekable(bytes));

        Assert.Equal(413, (await _server.PushAsync(content, "application/json")).Status);
    }

    [Theory]
    [InlineData(null, 401)]
    [InlineData("Viewer:ann", 403)]
    [InlineData("OnCall:bob", 403)]
    [InlineData("ReleaseManager:cid", 403)]
    public async Task Only_who_may_write_signals_may(string? who, int expected)
    {
        Assert.Equal(expected, (await _server.PushAsync($"[{Sample()}]", who: who)).Status);
        Assert.Empty(_server.Sink.Samples);
    }

    [Fact]
    public async Task The_api_document_describes_it()
    {
        var document = JsonDocument.Parse(await _server.Client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative))).RootElement;

        var push = document.GetProperty("paths").GetProperty("/api/v1/signals").GetProperty("post");
        Assert.Equal("Push samples of signals", push.GetProperty("summary").GetString());
        Assert.Equal(["application/json", "application/x-ndjson"], push.GetProperty("requestBody").GetProperty("content").EnumerateObject().Select(p => p.Name).Order());
        Assert.Equal(["200", "400", "401", "403", "413", "415"], push.GetProperty("responses").EnumerateObject().Select(p => p.Name).Order());
        var receipt = document.GetProperty("components").GetProperty("schemas").GetProperty("PushReceipt").GetProperty("properties");
        Assert.Equal(["accepted", "duplicates", "rejected", "unmatched"], receipt.EnumerateObject().Select(p => p.Name).Order());
    }

    private static (int Accepted, int Duplicates) Counts((int Status, JsonElement Body) answer) =>
        (answer.Body.GetProperty("accepted").GetInt32(), answer.Body.GetProperty("duplicates").GetInt32());

    private static (double Value, long Count, SampleKind Kind) Short(SignalSample sample) => (sample.Value, sample.Count, sample.Kind);

    private static string Sample(string more = "") => Ratio("\"value\": 99.5" + more);

    private static string Ratio(string values) =>
        $$"""{ "service": "pocket", "target": "app-store", "environment": "production", "version": "7.4.0", "signal": "crash_free_sessions", {{values}} }""";

    private sealed class Unseekable(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
