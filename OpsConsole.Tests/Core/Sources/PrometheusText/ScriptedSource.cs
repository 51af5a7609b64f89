using System.Net;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Sources.PrometheusText;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Sources.PrometheusText;

/// <summary>A source whose answers the test writes, on a clock that the test moves.</summary>
internal sealed class ScriptedSource : HttpMessageHandler
{
    private readonly PrometheusTextSource _source;

    public ScriptedSource(params SignalRule[] rules)
        : this(null, rules)
    {
    }

    public ScriptedSource(ExpositionLimits? limits, params SignalRule[] rules) =>
        _source = new PrometheusTextSource(Binding(rules), () => new HttpClient(this, disposeHandler: false), Time, limits);

    public FakeTime Time { get; } = new();

    public Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>>? Answer { get; set; }

    public string? Note => _source.Note;

    public IReadOnlyList<SignalFinding> Findings => _source.Findings;

    public string? Failure { get; private set; }

    public static SourceBinding Binding(params SignalRule[] rules) => new()
    {
        Key = "shop-canary", Kind = PrometheusTextSource.KindName, Service = "shop", Target = "gateway", Environment = "production", Version = "2.15.0",
        Address = new Uri("http://user:secret@shop.test/metrics?token=secret"), Interval = TimeSpan.FromSeconds(5), Rules = rules,
    };

    public static SignalRule Ratio(string numerator, string denominator, double window = 0) => new()
    {
        Signal = new("http_5xx_rate"), Kind = SignalRuleKind.Ratio, Numerator = numerator, Denominator = denominator, Window = TimeSpan.FromSeconds(window),
    };

    public static SignalRule Rate(string selector, double window = 0) => new()
    {
        Signal = new("request_rate"), Kind = SignalRuleKind.Rate, Numerator = selector, Window = TimeSpan.FromSeconds(window),
    };

    public static SignalRule Quantile(string histogram, double quantile, double window = 0) => new()
    {
        Signal = new("p99_latency"), Kind = SignalRuleKind.Quantile, Numerator = histogram, Quantile = quantile, Scale = 1000, Window = TimeSpan.FromSeconds(window),
    };

    public static SignalRule Gauge(string selector) => new() { Signal = new("queue_depth"), Kind = SignalRuleKind.Gauge, Numerator = selector };

    /// <summary>One read, five seconds after the one before.</summary>
    public async Task<SignalSample> Reads(string text)
    {
        Answer = (_, _) => Task.FromResult(Text(text));
        return Assert.Single(await ReadAll());
    }

    public async Task<List<SignalSample>> ReadAll(CancellationToken cancellationToken = default)
    {
        Time.Advance(TimeSpan.FromSeconds(5));
        var samples = new List<SignalSample>();
        Failure = await _source.ReadAsync(samples.Add, cancellationToken);
        return samples;
    }

    public static HttpResponseMessage Text(string text) => new(HttpStatusCode.OK) { Content = new StringContent(text) };

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Answer!(request, cancellationToken);
}
