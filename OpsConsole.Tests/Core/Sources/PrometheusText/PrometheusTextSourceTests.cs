using System.Net;
using System.Text;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Sources.PrometheusText;
using static OpsConsole.Tests.Core.Sources.PrometheusText.ScriptedSource;

namespace OpsConsole.Tests.Core.Sources.PrometheusText;

/// <summary>A source may do anything: the console gets a sample for every rule, a sentence, and no exception.</summary>
public sealed class PrometheusTextSourceTests
{
    private static readonly SignalRule[] Rules = [Rate("a_total"), Gauge("queue")];

    [Fact]
    public async Task A_source_that_hangs_is_given_up_at_its_time_out()
    {
        using var source = new ScriptedSource(Rules);
        var asked = new TaskCompletionSource();
        source.Answer = async (_, cancellation) =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, cancellation);
            throw new InvalidOperationException("not reached");
        };

        var read = source.ReadAll();
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(10));
        source.Time.Advance(TimeSpan.FromSeconds(3));

        ShouldFail(source, await read.WaitAsync(TimeSpan.FromSeconds(10)), "did not answer within 3 s");
    }

    [Fact]
    public async Task A_body_that_never_ends_is_given_up_at_the_same_time_out()
    {
        using var source = new ScriptedSource(Rules);
        var reading = new TaskCompletionSource();
        source.Answer = (_, _) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new HangingStream(reading)) });

        var read = source.ReadAll();
        await reading.Task.WaitAsync(TimeSpan.FromSeconds(10));
        source.Time.Advance(TimeSpan.FromSeconds(3));

        ShouldFail(source, await read.WaitAsync(TimeSpan.FromSeconds(10)), "did not answer within 3 s");
    }

    [Fact]
    public async Task Stopping_the_console_is_no_fault_of_the_source()
    {
        using var source = new ScriptedSource(Rules);
        using var stop = new CancellationTokenSource();
        source.Answer = async (_, cancellation) =>
        {
            await stop.CancelAsync();
            await Task.Delay(Timeout.Infinite, cancellation);
            throw new InvalidOperationException("not reached");
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => source.ReadAll(stop.Token));
    }

    [Theory]
    [InlineData(500, "answered 500")]
    [InlineData(404, "answered 404")]
    [InlineData(204, "answered 204")]
    [InlineData(302, "a redirect, which is not followed")]
    public async Task Any_other_answer_than_200_is_an_error(int status, string reason)
    {
        using var source = new ScriptedSource(Rules);
        source.Answer = (_, _) => Task.FromResult(new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent("a_total 1\n") });

        ShouldFail(source, await source.ReadAll(), reason, Rules.Length);
    }

    [Theory]
    [InlineData(HttpRequestError.NameResolutionError, "host name is not known")]
    [InlineData(HttpRequestError.ConnectionError, "does not accept connections")]
    [InlineData(HttpRequestError.SecureConnectionError, "certificate")]
    [InlineData(HttpRequestError.ResponseEnded, "ended its answer too early")]
    [InlineData(HttpRequestError.InvalidResponse, "not proper HTTP")]
    public async Task A_broken_connection_is_an_error_without_an_address(HttpRequestError error, string reason)
    {
        using var source = new ScriptedSource(Rules);
        source.Answer = (_, _) => throw new HttpRequestException(error, "secret.host:1234");

        ShouldFail(source, await source.ReadAll(), reason, Rules.Length);
    }

    [Fact]
    public async Task Text_that_is_no_exposition_is_an_error_with_its_place()
    {
        using var source = new ScriptedSource(Rules);
        source.Answer = (_, _) => Task.FromResult(Text("a_total 1\n<html>secret</html>\n"));

        ShouldFail(source, await source.ReadAll(), "line 2, column 1");
    }

    [Fact]
    public async Task Text_that_is_not_utf8_is_an_error()
    {
        using var source = new ScriptedSource(Rules);
        source.Answer = (_, _) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent([.. "a_total{b=\""u8, 0xff, .. "\"} 1\n"u8]) });

        ShouldFail(source, await source.ReadAll(), "not UTF-8 (byte 12)");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_beyond_the_limit_is_not_read_to_its_end(bool statesItsLength)
    {
        using var source = new ScriptedSource(new ExpositionLimits { MaxBytes = 100_000 }, Rules);
        using var endless = new EndlessStream();
        source.Answer = (_, _) =>
        {
            var answer = new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(endless) };
            answer.Content.Headers.ContentLength = statesItsLength ? 100_000_000 : null;
            return Task.FromResult(answer);
        };

        ShouldFail(source, await source.ReadAll(), "more than 97 KiB");
        Assert.InRange(endless.Given, statesItsLength ? 0 : 100_000, statesItsLength ? 0 : 300_000);
    }

    [Fact]
    public async Task A_body_of_several_buffers_is_read_whole()
    {
        using var source = new ScriptedSource(Gauge("queue"));
        var text = new StringBuilder();
        for (var i = 0; i < 15_000; i++)
        {
            text.Append("queue{n=\"").Append(i).Append("\"} 1\n");
        }

        Assert.Equal(15_000, (await source.Reads(text.ToString())).Value);
    }

    [Fact]
    public async Task The_content_type_does_not_matter_and_text_is_asked_for()
    {
        using var source = new ScriptedSource(Gauge("queue"));
        var accepted = "";
        source.Answer = (request, _) =>
        {
            accepted = request.Headers.Accept.ToString();
            var answer = Text("queue 1\n");
            answer.Content.Headers.Remove("Content-Type");
            answer.Content.Headers.TryAddWithoutValidation("Content-Type", "what;ever");
            return Task.FromResult(answer);
        };

        Assert.Equal(SampleKind.Measured, Assert.Single(await source.ReadAll()).Kind);
        Assert.Contains("version=0.0.4", accepted, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_asked_with_its_credential()
    {
        using var asked = new ScriptedSource(Gauge("queue"));
        string? header = null;
        asked.Answer = (request, _) =>
        {
            header = request.Headers.Authorization?.ToString();
            return Task.FromResult(Text("queue 1\n"));
        };
        var source = new PrometheusTextSource(Binding(Gauge("queue")) with { Credential = SourceCredential.Basic("ops", "s3cret") }, () => new HttpClient(asked, disposeHandler: false), asked.Time);

        Assert.Null(await source.ReadAsync(_ => { }, TestContext.Current.CancellationToken));

        Assert.Equal("Basic " + Convert.ToBase64String("ops:s3cret"u8), header);
    }

    [Fact]
    public async Task A_source_that_states_times_far_off_is_noted()
    {
        using var source = new ScriptedSource(Gauge("queue"));
        await source.Reads("queue 1 1000\n");
        Assert.Contains("behind the console's clock", source.Note, StringComparison.Ordinal);

        await source.Reads($"queue 1 {source.Time.GetUtcNow().AddHours(1).ToUnixTimeMilliseconds()}\n");
        Assert.Contains("ahead of the console's clock", source.Note, StringComparison.Ordinal);

        await source.Reads($"queue 1 {source.Time.GetUtcNow().ToUnixTimeMilliseconds()}\n");
        Assert.Null(source.Note);

        await source.Reads("queue 1 9223372036854775807\n");
        Assert.NotNull(source.Note);
    }

    [Fact]
    public async Task After_a_short_outage_the_increase_counts_and_after_a_long_one_it_begins_anew()
    {
        using var source = new ScriptedSource(Rate("a_total"));
        await source.Reads("a_total 0\n");
        source.Answer = (_, _) => throw new HttpRequestException(HttpRequestError.ConnectionError);
        ShouldFail(source, await source.ReadAll(), "connections");
        Assert.Equal(10, (await source.Reads("a_total 100\n")).Value);

        source.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(SampleKind.Missing, (await source.Reads("a_total 100000\n")).Kind);
        Assert.Equal(1, (await source.Reads("a_total 100005\n")).Value);
    }

    private static void ShouldFail(ScriptedSource source, List<SignalSample> samples, string reason, int rules = 0)
    {
        Assert.Contains(reason, source.Failure, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", source.Failure, StringComparison.Ordinal);
        Assert.True(rules == 0 ? samples.Count > 0 : samples.Count == rules);
        Assert.All(samples, s => Assert.Equal((SampleKind.Error, source.Failure, source.Time.GetUtcNow()), (s.Kind, s.Detail, s.At)));
    }

    private sealed class HangingStream(TaskCompletionSource reading) : MemoryStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            reading.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return 0;
        }
    }

    private sealed class EndlessStream : MemoryStream
    {
        public long Given { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            buffer.Span.Fill((byte)'\n');
            Given += buffer.Length;
            return ValueTask.FromResult(buffer.Length);
        }
    }
}
