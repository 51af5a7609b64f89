using System.Globalization;
using System.Net;
using System.Text;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Sources.Prometheus;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Sources.Prometheus;

public sealed class PrometheusSourceTests
{
    private const string Errors = """100 * sum(rate(http_requests_total{version="$version",code=~"5.."}[10s])) / sum(rate(http_requests_total{version="$version"}[10s]))""";
    private const string Requests = """sum(increase(http_requests_total{version="$version"}[10s]))""";

    private readonly FakeTime _time = new();

    [Fact]
    public async Task Signals_of_both_versions_are_read_from_a_real_Prometheus()
    {
        var scrapes = 0;
        await using var prometheus = await RealPrometheus.StartAsync(
            () =>
            {
                var n = Interlocked.Increment(ref scrapes);
                return string.Create(CultureInfo.InvariantCulture, $$"""
                    # TYPE http_requests_total counter
                    http_requests_total{version="2.15.0",code="200"} {{n * 90}}
                    http_requests_total{version="2.15.0",code="500"} {{n * 10}}
                    http_requests_total{version="2.14.3",code="200"} {{n * 900}}
                    http_requests_total{version="2.14.3",code="500"} 0

                    """);
            },
            TestContext.Current.CancellationToken);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        SignalSample next = default, before = default;

        await Eventually.TrueAsync(
            async () =>
            {
                next = await ReadAsync(prometheus.Address, "2.15.0");
                before = await ReadAsync(prometheus.Address, "2.14.3");
                return next.Kind == SampleKind.Measured && next.Count > 100 && before.Kind == SampleKind.Measured;
            },
            TimeSpan.FromSeconds(60),
            () => $"{next} {before}");

        var told = new List<SignalSample>();
        await Eventually.TrueAsync(
            async () =>
            {
                told.Clear();
                var binding = Binding(Errors, Requests, prometheus.Address) with { Interval = TimeSpan.FromSeconds(1) };
                var source = new PrometheusSource(binding.For("2.15.0"), () => new HttpClient(new SocketsHttpHandler { UseProxy = false }), TimeProvider.System);
                await source.ReadAsync(told.Add, TestContext.Current.CancellationToken);
                return told.Count(s => s.IsPast) >= 5;
            },
            TimeSpan.FromSeconds(60),
            () => $"{told.Count} samples, the last {told.LastOrDefault()}");

        Assert.All(told, s => Assert.Equal(10, s.Value, 0.001));
        Assert.All(told.Zip(told.Skip(1)), pair => Assert.InRange((pair.Second.At - pair.First.At).TotalSeconds, 0.9, 1.1));
        Assert.Equal(10, next.Value, 0.001);
        Assert.Equal(0, before.Value);
        Assert.Equal("2.15.0", next.Address.Version);
        Assert.Equal((SampleKind.Missing, true), ((await ReadAsync(prometheus.Address, "9.9.9")) is { } none ? none.Kind : default, none.Detail!.Contains("no series", StringComparison.Ordinal)));
        var wrong = await ReadAsync(prometheus.Address, "2.15.0", "sum(rate(http_requests_total{version=\"$version\"}[10s])");
        Assert.Equal(SampleKind.Error, wrong.Kind);
        Assert.Contains("refused the query", wrong.Detail, StringComparison.Ordinal);
        Assert.Contains("parse error", wrong.Detail, StringComparison.Ordinal);
        var several = await ReadAsync(prometheus.Address, "2.15.0", "http_requests_total{version=\"$version\"}");
        Assert.Equal((SampleKind.Error, true), (several.Kind, several.Detail!.Contains("2 series", StringComparison.Ordinal)));

        async Task<SignalSample> ReadAsync(Uri address, string version, string? query = null)
        {
            var source = new PrometheusSource(Binding(query ?? Errors, query is null ? Requests : null, address).For(version), () => new HttpClient(new SocketsHttpHandler { UseProxy = false }), TimeProvider.System);
            var read = new List<SignalSample>();
            Assert.Null(await source.ReadAsync(read.Add, TestContext.Current.CancellationToken));
            return Assert.Single(read, s => !s.IsPast);
        }
    }

    [Theory]
    [InlineData(5, "30s")]
    [InlineData(60, "180s")]
    [InlineData(100, "300s")]
    [InlineData(3600, "300s")]
    public async Task Prometheus_looks_back_for_three_intervals_and_never_further_than_by_itself(int seconds, string lookBack)
    {
        string? asked = null;

        await ReadAsync(
            request =>
            {
                asked = request.Content!.ReadAsStringAsync().GetAwaiter().GetResult();
                return Answer(Vector("1"));
            },
            Binding("up") with { Interval = TimeSpan.FromSeconds(seconds) });

        Assert.Contains($"lookback_delta={lookBack}&", asked, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"status":"success","data":{"resultType":"vector","result":[]}}""", SampleKind.Missing, "came to nothing")]
    [InlineData("""{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1772366400,"NaN"]}]}}""", SampleKind.Missing, "Nothing was counted")]
    [InlineData("""{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1772366400,"+Inf"]}]}}""", SampleKind.Error, "not a finite number")]
    [InlineData("""{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1772366400,"1"]},{"metric":{},"value":[1772366400,"1"]}]}}""", SampleKind.Error, "2 series")]
    [InlineData("""{"status":"success","data":{"resultType":"matrix","result":[]}}""", SampleKind.Error, "a matrix")]
    [InlineData("""{"status":"error","errorType":"bad_data","error":"parse error: unexpected \"}\""}""", SampleKind.Error, "refused the query: parse error")]
    public async Task What_is_no_number_is_never_one(string text, SampleKind kind, string detail)
    {
        var sample = Assert.Single(await ReadAsync(_ => Answer(text)));

        Assert.Equal(kind, sample.Kind);
        Assert.Contains(detail, sample.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"status":"success"}""")]
    [InlineData("""{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1772366400,1]}]}}""")]
    [InlineData("""{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":["now"]}]}}""")]
    [InlineData("""{"status":"success","data":{"resultType":"scalar","result":[1772366400,"one"]}}""")]
    public async Task What_is_no_answer_of_Prometheus_is_an_error(string text)
    {
        var sample = Assert.Single(await ReadAsync(_ => Answer(text)));

        Assert.Equal((SampleKind.Error, "The source's answer is not one of Prometheus."), (sample.Kind, sample.Detail));
    }

    [Fact]
    public async Task A_value_comes_with_its_count()
    {
        var sample = Assert.Single(await ReadAsync(form => Answer(Vector(form.Contains("increase", StringComparison.Ordinal) ? "1234.6" : "0.5")), count: "sum(increase(x{v=\"$version\"}[1m]))"));

        Assert.Equal((SampleKind.Measured, 0.5, 1235), (sample.Kind, sample.Value, sample.Count));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("NaN")]
    public async Task A_value_of_nothing_counted_is_missing(string count)
    {
        var sample = Assert.Single(await ReadAsync(form => Answer(Vector(form.Contains("increase", StringComparison.Ordinal) ? count : "0")), count: "sum(increase(x{v=\"$version\"}[1m]))"));

        Assert.Equal(SampleKind.Missing, sample.Kind);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("+Inf")]
    public async Task A_count_that_cannot_be_is_an_error(string count)
    {
        var sample = Assert.Single(await ReadAsync(form => Answer(Vector(form.Contains("increase", StringComparison.Ordinal) ? count : "0")), count: "sum(increase(x{v=\"$version\"}[1m]))"));

        Assert.Equal(SampleKind.Error, sample.Kind);
    }

    [Fact]
    public async Task It_is_asked_with_its_credential_which_shows_nowhere()
    {
        string? header = null;
        var binding = Binding("x{v=\"$version\"}") with { Credential = SourceCredential.Bearer("s3cret") };
        var sample = Assert.Single(await ReadAsync(
            request =>
            {
                header = request.Headers.Authorization?.ToString();
                return new HttpResponseMessage(HttpStatusCode.Unauthorized);
            },
            binding));

        Assert.Equal("Bearer s3cret", header);
        Assert.Equal((SampleKind.Error, true), (sample.Kind, sample.Detail!.Contains("does not let the console in", StringComparison.Ordinal)));
        Assert.DoesNotContain("s3cret", binding.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", sample.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_hangs_is_an_error_of_every_signal_after_the_limit()
    {
        var asked = new TaskCompletionSource();
        var source = new PrometheusSource(
            Binding("x{v=\"$version\"}").For("2.15.0"),
            () => new HttpClient(new Handler(async (_, token) =>
            {
                asked.TrySetResult();
                await Task.Delay(Timeout.Infinite, token);
                throw new InvalidOperationException();
            })),
            _time);
        var read = new List<SignalSample>();
        var reading = source.ReadAsync(read.Add, TestContext.Current.CancellationToken);
        await asked.Task;

        _time.Advance(TimeSpan.FromSeconds(3));

        Assert.Contains("within 3 s", await reading, StringComparison.Ordinal);
        Assert.Equal(SampleKind.Error, Assert.Single(read).Kind);
    }

    [Fact]
    public void A_version_that_ends_its_quotes_stays_within_them() =>
        Assert.Equal("x{v=\"2\\u0022} or vector(0) #\"}", Binding("x{v=\"$version\"}").For("2\"} or vector(0) #").Rules[0].Numerator);

    [Fact]
    public void Bindings_of_two_versions_have_two_keys_that_are_short_enough()
    {
        var shape = Binding("x{v=\"$version\"}") with { Key = new string('k', 64) };

        Assert.NotEqual(shape.For("1").Key, shape.For("2").Key);
        Assert.NotEqual(shape.For("1").Key, (shape with { Key = new string('k', 63) + "l" }).For("1").Key);
        Assert.Equal(64, shape.For("1").Key.Length);
        Assert.False(shape.For("1").FollowsReleases);
    }

    [Fact]
    public void A_query_that_is_the_same_for_both_versions_is_a_fault() =>
        Assert.Contains("would show the same", Assert.Single(PrometheusSource.Faults(Binding("sum(up)"))), StringComparison.Ordinal);

    private static SourceBinding Binding(string query, string? count = null, Uri? address = null) => new()
    {
        Key = "shop", Kind = PrometheusSource.KindName, Service = "shop", Target = "gateway", Environment = "production", Version = SourceBinding.EveryVersion,
        Address = address ?? new Uri("http://prometheus.test"), Rules = [new() { Signal = new("http_5xx_rate"), Kind = SignalRuleKind.Query, Numerator = query, Denominator = count }],
    };

    private Task<List<SignalSample>> ReadAsync(Func<string, HttpResponseMessage> answer, string? count = null) => ReadAsync(
        request => answer(WebUtility.UrlDecode(request.Content!.ReadAsStringAsync().GetAwaiter().GetResult())), Binding("x{v=\"$version\"}", count));

    private async Task<List<SignalSample>> ReadAsync(Func<HttpRequestMessage, HttpResponseMessage> answer, SourceBinding binding)
    {
        var source = new PrometheusSource(binding.For("2.15.0"), () => new HttpClient(new Handler((request, _) => Task.FromResult(answer(request)))), _time);
        var read = new List<SignalSample>();
        await source.ReadAsync(read.Add, TestContext.Current.CancellationToken);
        return read;
    }

    private static string Vector(string value) => $$$"""{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1772366400,"{{{value}}}"]}]}}""";

    private static HttpResponseMessage Answer(string text) => new(HttpStatusCode.OK) { Content = new StringContent(text, Encoding.UTF8, "application/json") };

    private sealed class Handler(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => answer(request, cancellationToken);
    }
}
