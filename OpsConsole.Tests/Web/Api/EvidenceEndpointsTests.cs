using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using OpsConsole.Core.Access;
using OpsConsole.Core.Releases;

namespace OpsConsole.Tests.Web.Api;

public sealed class EvidenceEndpointsTests
{
    private const string Report = """<testsuite name="s"><testcase name="a"/></testsuite>""";
    private const string Query = "kind=junit&stage=unit&source=unit-tests";

    [Fact]
    public async Task A_report_is_201_and_in_the_list_the_audit_and_the_timeline()
    {
        await using var api = await ActionsApi.StartAsync();
        var release = await api.ReleaseAsync();

        var (answer, item) = await PostAsync(api, release.Id, Query, Report);

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal(("junit", "unit", "unit-tests", "passed", false, "1 test: 1 passed."), Facts(item));
        Assert.Equal("mia", item.GetProperty("receivedBy").GetString());
        var (_, list) = await api.GetAsync($"releases/{release.Id}/evidence");
        Assert.Equal(item.GetProperty("id").GetGuid(), Assert.Single(list.GetProperty("items").EnumerateArray()).GetProperty("id").GetGuid());
        Assert.Equal(release.Artifact.Digest, list.GetProperty("artifactDigest").GetString());
        Assert.Contains(api.Record.Audit, a => a is { Event: "evidence", Outcome: "done", Actor: "mia" });
        Assert.Contains(api.Record.Events, e => e.Kind == ReleaseEventKind.Evidence && e.Text.Contains("1 test: 1 passed.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_same_document_again_is_200_with_the_item_that_is_there()
    {
        await using var api = await ActionsApi.StartAsync();
        var release = await api.ReleaseAsync();
        var (_, first) = await PostAsync(api, release.Id, Query, Report);

        var (answer, again) = await PostAsync(api, release.Id, Query, Report);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(first.GetProperty("id").GetGuid(), again.GetProperty("id").GetGuid());
        Assert.Single((await api.GetAsync($"releases/{release.Id}/evidence")).Body.GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task A_newer_report_supersedes_and_an_old_one_sent_again_does_not_come_back()
    {
        await using var api = await ActionsApi.StartAsync();
        var release = await api.ReleaseAsync();
        const string Worse = """<testsuite name="s"><testcase name="a"><failure/></testcase></testsuite>""";
        await PostAsync(api, release.Id, Query, Report);
        await PostAsync(api, release.Id, Query, Worse);

        var (_, items) = await api.GetAsync($"releases/{release.Id}/evidence");
        var (_, again) = await PostAsync(api, release.Id, Query, Report);

        Assert.Equal([("failed", false, true), ("passed", true, false)], items.GetProperty("items").EnumerateArray()
            .Select(i => (i.GetProperty("outcome").GetString(), i.GetProperty("superseded").GetBoolean(), i.GetProperty("blocking").GetBoolean())));
        Assert.True(again.GetProperty("superseded").GetBoolean());
    }

    [Fact]
    public async Task A_document_about_another_artifact_is_409_and_names_both_digests()
    {
        await using var api = await ActionsApi.StartAsync();
        var release = await api.ReleaseAsync();
        var other = "sha256:" + new string('b', 64);

        var (answer, problem) = await PostAsync(api, release.Id, "kind=result&stage=lint&source=eslint", $$"""{"tool":"eslint","outcome":"passed","summary":"clean","digest":"{{other}}"}""", "application/json");

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        var detail = problem.GetProperty("detail").GetString()!;
        Assert.Contains(other, detail, StringComparison.Ordinal);
        Assert.Contains(release.Artifact.Digest, detail, StringComparison.Ordinal);
        await NothingKeptAsync(api, release.Id);
    }

    [Fact]
    public async Task A_document_that_cannot_be_read_is_422_with_its_place()
    {
        await using var api = await ActionsApi.StartAsync();
        var release = await api.ReleaseAsync();

        var (answer, problem) = await PostAsync(api, release.Id, Query, "<testsuite>\n<testcase name='a'>\n</testsuite>");

        Assert.Equal((HttpStatusCode)422, answer.StatusCode);
        Assert.Equal((3, 3), (problem.GetProperty("line").GetInt32(), problem.GetProperty("column").GetInt32()));
        Assert.Contains("Nothing was kept", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        await NothingKeptAsync(api, release.Id);
    }

    [Theory]
    [InlineData("junit&stage=unit", "application/json")]
    [InlineData("junit&stage=unit", "application/x-www-form-urlencoded")]
    [InlineData("sarif", "application/xml")]
    [InlineData("sarif", "application/json; charset=utf-16")]
    [InlineData("terraform", null)]
    public async Task Another_media_type_is_415(string kind, string? type)
    {
        await using var api = await ActionsApi.StartAsync();
        var release = await api.ReleaseAsync();

        var (answer, _) = await PostAsync(api, release.Id, $"kind={kind}&source=a", Report, type);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
        await NothingKeptAsync(api, release.Id);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_hundred_megabytes_are_413_and_never_read_whole(bool saysItsLength)
    {
        await using var api = await ActionsApi.StartAsync();
        var release = await api.ReleaseAsync();
        using var endless = new CountedStream(100L * 1024 * 1024);
        using var content = new StreamContent(endless);
        content.Headers.ContentType = new("application/sarif+json");
        content.Headers.ContentLength = saysItsLength ? endless.Length : null;

        using var answer = await api.Http.PostAsync(new Uri($"/api/v1/releases/{release.Id}/evidence?kind=sarif&source=scan", UriKind.Relative), content);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.InRange(endless.Given, 0, 40L * 1024 * 1024);
        await NothingKeptAsync(api, release.Id);
    }

    [Theory]
    [InlineData("stage=unit&source=a", "kind")]
    [InlineData("kind=trx&stage=unit&source=a", "kind")]
    [InlineData("kind=junit&source=a", "stage")]
    [InlineData("kind=junit&stage=unknown&source=a", "stage")]
    [InlineData("kind=junit&stage=unit", "source")]
    [InlineData("kind=junit&stage=unit&source=%00", "source")]
    [InlineData("kind=coverage&source=a&lineBudget=101", "lineBudget")]
    [InlineData("kind=migration&source=a&dialect=oracle", "dialect")]
    public async Task A_query_that_cannot_be_understood_is_400(string query, string parameter)
    {
        await using var api = await ActionsApi.StartAsync();
        var release = await api.ReleaseAsync();

        var (answer, problem) = await PostAsync(api, release.Id, query, Report);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.True(problem.GetProperty("errors").TryGetProperty(parameter, out var sentences));
        if (parameter is "kind" or "stage")
        {
            Assert.StartsWith(query.Contains(parameter + "=", StringComparison.Ordinal) ? "Must be one of" : "Is missing: must be one of", sentences[0].GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_unknown_release_is_404()
    {
        await using var api = await ActionsApi.StartAsync();

        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(api, Guid.NewGuid(), Query, Report)).Answer.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await api.GetAsync($"releases/{Guid.NewGuid()}/evidence")).Answer.StatusCode);
    }

    [Fact]
    public async Task Posting_needs_its_permission_and_reading_does_not()
    {
        await using var api = await ActionsApi.StartAsync();
        var release = await api.ReleaseAsync();
        api.As(Role.OnCall);

        Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync(api, release.Id, Query, Report)).Answer.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync($"releases/{release.Id}/evidence")).Answer.StatusCode);
    }

    [Fact]
    public async Task While_the_record_is_away_it_is_503_and_nothing_is_kept()
    {
        await using var api = await ActionsApi.StartAsync();
        var release = await api.ReleaseAsync();
        api.Record.Away = true;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await PostAsync(api, release.Id, Query, Report)).Answer.StatusCode);

        api.Record.Away = false;
        Assert.Empty((await api.GetAsync($"releases/{release.Id}/evidence")).Body.GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Coverage_is_held_to_the_budget_of_the_request_and_flaky_tests_are_named()
    {
        await using var api = await ActionsApi.StartAsync();
        var release = await api.ReleaseAsync();

        var (_, coverage) = await PostAsync(api, release.Id, "kind=coverage&source=tests&lineBudget=80.5", """<coverage line-rate="0.79"/>""");
        var (_, flaky) = await PostAsync(api, release.Id, Query, """<testsuite name="s"><testcase name="a"><flakyFailure/></testcase></testsuite>""");

        Assert.Equal(("coverage", "coverage", "tests", "failed", false, "Lines 79 % of the 80.5 % asked for."), Facts(coverage));
        Assert.Equal(("flaky", true, "a"), (flaky.GetProperty("outcome").GetString(), flaky.GetProperty("blocking").GetBoolean(), flaky.GetProperty("flaky")[0].GetString()));
    }

    /// <summary>Every refusal leaves exactly one line, and nothing else.</summary>
    private static async Task NothingKeptAsync(ActionsApi api, Guid release)
    {
        Assert.Empty((await api.GetAsync($"releases/{release}/evidence")).Body.GetProperty("items").EnumerateArray());
        Assert.Equal("refused", Assert.Single(api.Record.Audit, a => a.Event == "evidence").Outcome);
        Assert.DoesNotContain(api.Record.Events, e => e.Kind == ReleaseEventKind.Evidence);
    }

    private static (string?, string?, string?, string?, bool, string?) Facts(JsonElement item) => (
        item.GetProperty("kind").GetString(), item.GetProperty("stage").GetString(), item.GetProperty("source").GetString(),
        item.GetProperty("outcome").GetString(), item.GetProperty("blocking").GetBoolean(), item.GetProperty("summary").GetString());

    private static async Task<(HttpResponseMessage Answer, JsonElement Body)> PostAsync(ActionsApi api, Guid release, string query, string document, string? type = "application/xml")
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(document));
        content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        var answer = await api.Http.PostAsync(new Uri($"/api/v1/releases/{release}/evidence?{query}", UriKind.Relative), content);
        return (answer, await ActionsApi.BodyAsync(answer));
    }

    /// <summary>So many blanks, counted as they are taken.</summary>
    private sealed class CountedStream(long length) : MemoryStream
    {
        private long _given;

        public long Given => Volatile.Read(ref _given);

        public override long Length => length;

        public override bool CanSeek => false;

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var count = (int)Math.Min(buffer.Length, length - _given);
            buffer[..count].Fill((byte)' ');
            Interlocked.Add(ref _given, count);
            return count;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => Task.FromResult(Read(buffer.AsSpan(offset, count)));

        public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
        {
            var buffer = new byte[64 * 1024];
            int read;
            while ((read = Read(buffer)) > 0)
            {
                await destination.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }
        }
    }
}
