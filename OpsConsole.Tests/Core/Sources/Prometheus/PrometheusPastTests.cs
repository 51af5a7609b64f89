using System.Globalization;
using System.Net;
using System.Text;
using System.Web;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Sources.Prometheus;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Sources.Prometheus;

/// <summary>What lies before a reading, or between two, is asked for with a range query.</summary>
public sealed class PrometheusPastTests
{
    private readonly FakeTime _time = new();
    private readonly List<(string Query, double Start, double End, double Step)> _ranges = [];
    private TimeSpan _ahead;
    private string _range = "ok";
    private string _now = "1";

    [Fact]
    public async Task The_first_reading_brings_ten_minutes_with_it()
    {
        var samples = await ReadAsync(Source());

        var past = samples.FindAll(s => s.IsPast);
        Assert.Equal(119, past.Count);
        Assert.Equal((_time.GetUtcNow().AddSeconds(-595), _time.GetUtcNow().AddSeconds(-5)), (past[0].At, past[^1].At));
        Assert.All(past, s => Assert.Equal((7.0, 40L, SampleKind.Measured), (s.Value, s.Count, s.Kind)));
        Assert.Equal(["errors", "requests"], _ranges.Select(r => r.Query).Order(StringComparer.Ordinal));
        Assert.All(_ranges, r => Assert.Equal(5, r.Step));
    }

    [Fact]
    public async Task It_counts_among_the_points_that_a_test_tells()
    {
        var source = Source();

        await ReadAsync(source);

        Assert.Equal((1, 120), (source.Findings[0].Series, source.Findings[0].Points));
    }

    [Fact]
    public async Task Readings_on_time_ask_for_nothing_before()
    {
        var source = Source();
        await ReadAsync(source);
        _ranges.Clear();

        for (var read = 0; read < 5; read++)
        {
            _time.Advance(TimeSpan.FromSeconds(5.4));
            Assert.Single(await ReadAsync(source));
        }

        Assert.Empty(_ranges);
    }

    [Fact]
    public async Task After_a_time_without_readings_that_time_is_filled_and_no_other()
    {
        var source = Source();
        var before = _time.GetUtcNow();
        await ReadAsync(source);
        _now = "down";
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.DoesNotContain(await ReadAsync(source), s => s.Kind == SampleKind.Measured);
        _time.Advance(TimeSpan.FromSeconds(25));
        _now = "1";

        var samples = await ReadAsync(source);

        Assert.Equal([5, 10, 15, 20, 25, 30], samples.Select(s => (s.At - before).TotalSeconds));
        Assert.Equal([true, true, true, true, true, false], samples.Select(s => s.IsPast));
    }

    [Fact]
    public async Task Its_times_are_of_the_clock_of_Prometheus_and_become_those_of_the_console()
    {
        _ahead = TimeSpan.FromSeconds(30);

        var past = (await ReadAsync(Source())).FindAll(s => s.IsPast);

        Assert.All(_ranges, r => Assert.Equal(Seconds(_time.GetUtcNow() + _ahead) - 5, r.End, 0.001));
        Assert.Equal(_time.GetUtcNow().AddSeconds(-5), past[^1].At);
    }

    [Theory]
    [InlineData("several", "came to 2 series")]
    [InlineData("refused", "exceeded maximum resolution")]
    [InlineData("nonsense", "not one of Prometheus")]
    [InlineData("vector", "something else")]
    [InlineData("missing", "answered 404")]
    public async Task One_that_cannot_be_had_makes_no_reading_fail_and_is_not_asked_for_again(string range, string says)
    {
        _range = range;
        var source = Source();

        var sample = Assert.Single(await ReadAsync(source));

        Assert.Equal((SampleKind.Measured, 1.0), (sample.Kind, sample.Value));
        Assert.StartsWith("What was measured before this reading is not known: ", source.Note, StringComparison.Ordinal);
        Assert.Contains(says, source.Note, StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromSeconds(5));
        _ranges.Clear();
        await ReadAsync(source);
        Assert.Empty(_ranges);
        Assert.Null(source.Note);
    }

    [Fact]
    public async Task One_that_hangs_is_given_half_of_the_time_that_is_left()
    {
        var hangs = new TaskCompletionSource();
        var source = Source(hangs);
        var samples = new List<SignalSample>();
        var reading = source.ReadAsync(samples.Add, TestContext.Current.CancellationToken);
        await hangs.Task;

        _time.Advance(TimeSpan.FromSeconds(1.5));

        Assert.Null(await reading);
        Assert.Equal(SampleKind.Measured, Assert.Single(samples).Kind);
        Assert.Contains("within 1.5 s", source.Note, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NaN", "40")]
    [InlineData("+Inf", "40")]
    [InlineData("7", "0")]
    [InlineData("7", "NaN")]
    [InlineData("7", "-3")]
    [InlineData("7", "1e300")]
    public async Task A_time_at_which_nothing_was_counted_stays_empty(string value, string count)
    {
        _range = $"{value}|{count}";

        Assert.Single(await ReadAsync(Source()));
    }

    [Fact]
    public async Task A_query_that_is_refused_is_not_asked_over_a_range_as_well()
    {
        _now = "refused";

        Assert.Equal(SampleKind.Error, Assert.Single(await ReadAsync(Source())).Kind);
        Assert.Empty(_ranges);
    }

    [Fact]
    public async Task A_version_that_is_silent_now_still_has_its_past()
    {
        _now = "nothing";

        var samples = await ReadAsync(Source());

        Assert.Equal((119, SampleKind.Missing), (samples.Count(s => s.IsPast), samples[^1].Kind));
    }

    private static double Seconds(DateTimeOffset at) => at.ToUnixTimeMilliseconds() / 1000d;

    private static async Task<List<SignalSample>> ReadAsync(PrometheusSource source)
    {
        var samples = new List<SignalSample>();
        await source.ReadAsync(samples.Add, TestContext.Current.CancellationToken);
        return samples;
    }

    private PrometheusSource Source(TaskCompletionSource? hangs = null) => new(
        new()
        {
            Key = "shop", Kind = PrometheusSource.KindName, Service = "shop", Target = "gateway", Environment = "production", Version = "2.15.0", Address = new Uri("http://prometheus.test"),
            Rules = [new() { Signal = new("http_5xx_rate"), Kind = SignalRuleKind.Query, Numerator = "errors", Denominator = "requests" }],
        },
        () => new HttpClient(new Handler(this, hangs)),
        _time);

    private HttpResponseMessage Now() => _now switch
    {
        "down" => new(HttpStatusCode.BadGateway),
        "refused" => Json("""{"status":"error","errorType":"bad_data","error":"parse error"}"""),
        "nothing" => Json("""{"status":"success","data":{"resultType":"vector","result":[]}}"""),
        _ => Json(string.Create(CultureInfo.InvariantCulture, $$$"""{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[{{{Seconds(_time.GetUtcNow() + _ahead)}}},"{{{_now}}}"]}]}}""")),
    };

    private HttpResponseMessage Range(string query, double start, double end, double step)
    {
        lock (_ranges)
        {
            _ranges.Add((query, start, end, step));
        }

        var values = _range.Contains('|', StringComparison.Ordinal) ? _range.Split('|') : ["7", "40"];
        var value = values[query == "errors" ? 0 : 1];
        var points = string.Join(',', Enumerable.Range(0, (int)Math.Round((end - start) / step) + 1).Select(k => string.Create(CultureInfo.InvariantCulture, $"[{start + (k * step)},\"{value}\"]")));
        return _range switch
        {
            "several" => Json("""{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"pod":"a"},"values":[]},{"metric":{"pod":"b"},"values":[]}]}}"""),
            "refused" => Json("""{"status":"error","errorType":"bad_data","error":"exceeded maximum resolution of 11,000 points per timeseries"}"""),
            "nonsense" => Json("{}"),
            "vector" => Json("""{"status":"success","data":{"resultType":"vector","result":[]}}"""),
            "missing" => new(HttpStatusCode.NotFound),
            _ => Json($$$"""{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[{{{points}}}]}]}}"""),
        };
    }

    private static HttpResponseMessage Json(string text) => new(HttpStatusCode.OK) { Content = new StringContent(text, Encoding.UTF8, "application/json") };

    private sealed class Handler(PrometheusPastTests test, TaskCompletionSource? hangs) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.RequestUri!.AbsolutePath == "/api/v1/query")
            {
                return test.Now();
            }

            if (hangs is not null)
            {
                hangs.TrySetResult();
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            var form = HttpUtility.ParseQueryString(await request.Content!.ReadAsStringAsync(cancellationToken));
            double Number(string name) => double.Parse(form[name]!, CultureInfo.InvariantCulture);
            return test.Range(form["query"]!, Number("start"), Number("end"), Number("step"));
        }
    }
}
