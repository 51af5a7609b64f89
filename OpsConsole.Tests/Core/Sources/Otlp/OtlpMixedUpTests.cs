using OpsConsole.Core.Signals;
using OpsConsole.Core.Sources.Otlp;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Sources.Otlp;

/// <summary>Processes that say neither which they are nor when they began.</summary>
public sealed class OtlpMixedUpTests
{
    private const string Sentence = "two processes could be mixed up";

    private static readonly Dictionary<string, string> Resource = new() { ["service.name"] = "shop", ["service.version"] = "2.15.0", ["deployment.environment.name"] = "production" };
    private static readonly SignalRule Errors = new() { Signal = new("http_5xx_rate"), Kind = SignalRuleKind.Ratio, Numerator = "http_errors", Denominator = "http_requests" };
    private static readonly SignalRule Queue = new() { Signal = new("queue_depth"), Kind = SignalRuleKind.Gauge, Numerator = "jobs_waiting" };

    private readonly FakeTime _time = new();
    private readonly OtlpMetrics _metrics;
    private readonly OtlpSender _pod;

    public OtlpMixedUpTests()
    {
        _metrics = new(_time);
        _pod = new(_metrics, _time);
        _time.Advance(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task One_that_rises_is_taken_without_a_start_time()
    {
        var source = Source(Errors);
        await ReadAsync(source, Counts(100, 1));
        var second = await ReadAsync(source, Counts(200, 3));

        Assert.Equal((SampleKind.Measured, 2.0, 100L), (second.Kind, second.Value, second.Count));
    }

    [Fact]
    public async Task Two_that_send_as_one_have_no_value_as_long_as_they_do()
    {
        var source = Source(Errors);
        await ReadAsync(source, Counts(100, 50));
        await ReadAsync(source, Counts(5000, 60));
        foreach (var (requests, errors) in new[] { (110, 55), (5010, 60), (120, 58), (5020, 60), (130, 59) })
        {
            var mixed = await ReadAsync(source, Counts(requests, errors));
            Assert.Equal(SampleKind.Error, mixed.Kind);
            Assert.Contains(Sentence, mixed.Detail, StringComparison.Ordinal);
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        _time.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal(SampleKind.Error, (await ReadAsync(source, Counts(140, 60))).Kind);
    }

    [Fact]
    public async Task Every_metric_of_them_is_in_doubt_also_one_that_did_not_fall()
    {
        var source = Source(Queue);
        await ReadAsync(source, Counts(100, 50), _pod.Gauge("jobs.waiting", 4));
        var mixed = await ReadAsync(source, Counts(90, 50), _pod.Gauge("jobs.waiting", 4));

        Assert.Equal(SampleKind.Error, mixed.Kind);
        Assert.Contains(Sentence, mixed.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_began_anew_has_a_value_again_after_ten_minutes()
    {
        var source = Source(Errors);
        await ReadAsync(source, Counts(1000, 10));
        Assert.Equal(SampleKind.Error, (await ReadAsync(source, Counts(5, 0))).Kind);

        for (var minute = 1; minute <= 9; minute++)
        {
            _time.Advance(TimeSpan.FromSeconds(58));
            Assert.NotEqual(SampleKind.Measured, (await ReadAsync(source, Counts(5 + (minute * 100), minute))).Kind);
        }

        _time.Advance(TimeSpan.FromMinutes(1));
        await ReadAsync(source, Counts(1205, 12));
        _time.Advance(TimeSpan.FromSeconds(58));
        var well = await ReadAsync(source, Counts(1305, 13));
        Assert.Equal((SampleKind.Measured, 1.0, 100L), (well.Kind, well.Value, well.Count));
    }

    [Fact]
    public void One_whose_clock_is_behind_is_found_by_what_it_says_of_earlier()
    {
        Send(Counts(100, 1));
        var earlier = _time.GetUtcNow() - TimeSpan.FromSeconds(30);

        Assert.Equal(0, Send(Counts(90, 1, earlier)).Rejected);
        var receipt = Send(Counts(5000, 1, earlier));

        Assert.Equal(1, receipt.Rejected);
        Assert.Contains("service.instance.id", receipt.Message, StringComparison.Ordinal);
        Assert.Contains("http_errors", _metrics.Look(new("shop", "production", "2.15.0"))!.Refused.Keys);
    }

    [Fact]
    public void The_same_export_again_contradicts_nothing()
    {
        var export = Counts(100, 1);
        Send(export);

        Assert.Equal(0, Send(export).Rejected);
        Assert.Empty(_metrics.Look(new("shop", "production", "2.15.0"))!.Refused);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Who_says_which_it_is_or_when_it_began_began_anew(bool isNamed, bool hasStart)
    {
        var resource = new Dictionary<string, string>(Resource);
        if (isNamed)
        {
            resource["service.instance.id"] = "pod-a";
        }

        foreach (var value in new[] { 100, 40 })
        {
            var receipt = Send(resource, _pod.Counter("http.requests", value, start: hasStart ? _pod.Started : DateTimeOffset.UnixEpoch));
            Assert.Equal(0, receipt.Rejected);
        }

        Assert.Empty(_metrics.Look(new("shop", "production", "2.15.0"))!.Refused);
    }

    [Fact]
    public void Histograms_are_held_to_it_bucket_by_bucket()
    {
        _pod.Started = DateTimeOffset.UnixEpoch;
        Assert.Equal(0, Send(_pod.Histogram("http.duration", [0.1, 1], [50, 3, 0]), _pod.Exponential("db.duration", 0, 0, [5, 3])).Rejected);
        Assert.Equal(0, Send(_pod.Histogram("http.duration", [0.1, 1], [60, 3, 0]), _pod.Exponential("db.duration", 0, 0, [6, 3])).Rejected);

        Assert.Equal(2, Send(_pod.Histogram("http.duration", [0.1, 1], [70, 2, 9]), _pod.Exponential("db.duration", 0, 0, [7, 2, 9])).Rejected);
    }

    private object[] Counts(double requests, double errors, DateTimeOffset? at = null) =>
        [_pod.Counter("http.requests", requests, at: at, start: DateTimeOffset.UnixEpoch), _pod.Counter("http.errors", errors, at: at, start: DateTimeOffset.UnixEpoch)];

    private OtlpReceipt Send(params object[] sent) => Send(Resource, sent);

    private OtlpReceipt Send(Dictionary<string, string> resource, params object[] sent)
    {
        var receipt = _metrics.Take(OtlpBatch.FromJson(OtlpSender.Body(resource, sent)), static _ => null);
        _time.Advance(TimeSpan.FromSeconds(2));
        return receipt;
    }

    private OtlpSource Source(SignalRule rule) => new(
        new SourceBinding
        {
            Key = "shop", Kind = OtlpSource.KindName, Service = "shop", Target = "kubernetes", Environment = "production", Version = "2.15.0", Rules = [rule],
            Settings = new(OtlpSource.KindName, OtlpSource.Kind(_metrics, _time).Settings, new Dictionary<string, string>()),
        },
        _metrics,
        _time);

    private async Task<SignalSample> ReadAsync(OtlpSource source, object[] sent, params object[] more)
    {
        Send((object[])[.. sent, .. more]);
        var samples = new List<SignalSample>();
        Assert.Null(await source.ReadAsync(samples.Add, TestContext.Current.CancellationToken));
        return Assert.Single(samples);
    }
}
