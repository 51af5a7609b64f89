using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using OpsConsole.Core.Sources.Otlp;
using OpsConsole.Core.Sources.PrometheusText;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Sources.Otlp;

/// <summary>A process that sends metrics over OTLP in JSON, on a clock that the test moves.</summary>
internal sealed class OtlpSender(OtlpMetrics metrics, FakeTime time, string version = "2.15.0", string instance = "pod-a", string environment = "production")
{
    private static readonly JsonSerializerOptions Json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    public const int Delta = 1;
    public const int Cumulative = 2;

    /// <summary>Begin of what its cumulative points cover.</summary>
    public DateTimeOffset Started { get; set; } = time.GetUtcNow();

    public static string Nanoseconds(DateTimeOffset at) => (((at - DateTimeOffset.UnixEpoch).Ticks) * 100).ToString(CultureInfo.InvariantCulture);

    public static byte[] Body(string version, string instance, string environment, params object[] metrics) => Body(
        new Dictionary<string, string> { ["service.name"] = "shop", ["service.version"] = version, ["deployment.environment.name"] = environment, ["service.instance.id"] = instance }, metrics);

    public static byte[] Body(Dictionary<string, string> resource, params object[] metrics) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        resourceMetrics = new[]
        {
            new
            {
                resource = new { attributes = Attributes([.. resource.Select(r => (r.Key, r.Value))]) },
                scopeMetrics = new[] { new { scope = new { name = "shop.http", version = "1.2" }, metrics } },
            },
        },
    }, Json);

    /// <summary>Sends an export and lets it come in whole.</summary>
    public OtlpReceipt Send(params object[] sent)
    {
        var receipt = SendPart(sent);
        time.Advance(TimeSpan.FromSeconds(2));
        return receipt;
    }

    /// <summary>Sends a part of an export.</summary>
    public OtlpReceipt SendPart(params object[] sent) => metrics.Take(OtlpBatch.FromJson(Body(version, instance, environment, sent)), static _ => null);

    public object Counter(string name, double value, int temporality = Cumulative, DateTimeOffset? at = null, DateTimeOffset? start = null, bool isMonotonic = true, int flags = 0, params (string, string)[] attributes) =>
        new { name, sum = new { aggregationTemporality = temporality, isMonotonic, dataPoints = new[] { Number(value, at, start ?? Started, flags, attributes) } } };

    public object Gauge(string name, object value, DateTimeOffset? at = null, params (string, string)[] attributes) =>
        new { name, gauge = new { dataPoints = new[] { Number(value, at, null, 0, attributes) } } };

    public object Histogram(string name, double[] bounds, long[] counts, int temporality = Cumulative, params (string, string)[] attributes) => new
    {
        name,
        histogram = new
        {
            aggregationTemporality = temporality,
            dataPoints = new[]
            {
                new { startTimeUnixNano = Nanoseconds(Started), timeUnixNano = Nanoseconds(time.GetUtcNow()), count = counts.Sum().ToString(CultureInfo.InvariantCulture), sum = 1.5, explicitBounds = bounds, bucketCounts = counts, attributes = Attributes(attributes) },
            },
        },
    };

    public object Exponential(string name, int scale, int offset, long[] counts, long zero = 0, int temporality = Cumulative) => new
    {
        name,
        exponentialHistogram = new
        {
            aggregationTemporality = temporality,
            dataPoints = new[]
            {
                new { startTimeUnixNano = Nanoseconds(Started), timeUnixNano = Nanoseconds(time.GetUtcNow()), count = counts.Sum() + zero, sum = 2.5, scale, zeroCount = zero, positive = new { offset, bucketCounts = counts } },
            },
        },
    };

    /// <summary>Sum of the series that a selector chooses as they stand; null without any.</summary>
    public double? Total(string selector)
    {
        if (metrics.Look(new("shop", environment, version)) is not { } view)
        {
            return null;
        }

        var chosen = SeriesSelector.Parse(selector);
        var values = view.Exposition.Named(chosen.Name).ToArray().Where(s => chosen.Matches(s.Id)).Select(static s => s.Value).ToList();
        return values.Count == 0 ? null : values.Sum();
    }

    private object Number(object value, DateTimeOffset? at, DateTimeOffset? start, int flags, (string, string)[] attributes) => new
    {
        startTimeUnixNano = start is { } began ? Nanoseconds(began) : "0",
        timeUnixNano = Nanoseconds(at ?? time.GetUtcNow()),
        asDouble = value,
        flags,
        attributes = Attributes(attributes),
    };

    private static object[] Attributes((string Key, string Value)[] attributes) => [.. attributes.Select(static a => (object)new { key = a.Key, value = new { stringValue = a.Value } })];
}
