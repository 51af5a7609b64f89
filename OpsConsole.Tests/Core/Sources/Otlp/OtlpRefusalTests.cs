using OpsConsole.Core.Sources.Otlp;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Sources.Otlp;

/// <summary>What is not taken, and in what words.</summary>
public sealed class OtlpRefusalTests
{
    private readonly FakeTime _time = new();

    [Theory]
    [InlineData(6, "ahead of the console's clock")]
    [InlineData(-601, "older than 10 min")]
    public void What_is_not_of_now_is_not_taken(int seconds, string reason)
    {
        var pod = Pod(new OtlpMetrics(_time));

        var receipt = pod.Send(pod.Counter("http.requests", 10, at: _time.GetUtcNow().AddSeconds(seconds), start: _time.GetUtcNow().AddHours(-1)));

        Assert.Equal((0, 1), (receipt.Accepted, receipt.Rejected));
        Assert.Contains(reason, receipt.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("service.name")]
    [InlineData("service.version")]
    [InlineData("deployment.environment.name")]
    public void Who_does_not_say_who_it_is_is_told_what_is_missing(string attribute)
    {
        var metrics = new OtlpMetrics(_time);
        var resource = new Dictionary<string, string> { ["service.name"] = "shop", ["service.version"] = "2.15.0", ["deployment.environment.name"] = "production" };
        resource.Remove(attribute);

        var receipt = metrics.Take(OtlpBatch.FromJson(OtlpSender.Body(resource, Pod(metrics).Counter("http.requests", 1))), static _ => null);

        Assert.Equal(1, receipt.Rejected);
        Assert.Contains(attribute, receipt.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_older_name_of_the_environment_is_taken()
    {
        var metrics = new OtlpMetrics(_time);
        var pod = Pod(metrics);
        _time.Advance(TimeSpan.FromSeconds(2));

        var receipt = metrics.Take(
            OtlpBatch.FromJson(OtlpSender.Body(new Dictionary<string, string> { ["service.name"] = "shop", ["service.version"] = "2.15.0", ["deployment.environment"] = "production" }, pod.Counter("http.requests", 4))), static _ => null);
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal((1, 4.0), (receipt.Accepted, pod.Total("http_requests")));
    }

    [Fact]
    public void Labels_that_never_repeat_are_bounded_and_told()
    {
        var metrics = new OtlpMetrics(_time, new OtlpLimits { OfOneResource = 100 });
        var pod = Pod(metrics);

        var receipt = pod.Send([.. Enumerable.Range(0, 300).Select(n => pod.Counter("http.requests", 1, attributes: ("user", $"{n}")))]);

        Assert.Equal((100, 200), (receipt.Accepted, receipt.Rejected));
        Assert.Contains("ever new values", receipt.Message, StringComparison.Ordinal);
        var view = metrics.Look(new("shop", "production", "2.15.0"))!;
        Assert.Equal(100, view.Exposition.Count);
        Assert.Contains("http_requests", view.Refused.Keys);
        Assert.Contains("200 data points were not taken", view.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_explodes_leaves_room_to_others_up_to_the_limit_of_all()
    {
        var metrics = new OtlpMetrics(_time, new OtlpLimits { OfOneResource = 1000, OfOneVersion = 150, OfAll = 200 });
        var (pod, other, elsewhere) = (Pod(metrics), new OtlpSender(metrics, _time, instance: "pod-b"), new OtlpSender(metrics, _time, version: "2.16.0"));

        Assert.Equal(120, Many(pod, 120).Accepted);
        Assert.Equal(30, Many(other, 120).Accepted);
        Assert.Equal(50, Many(elsewhere, 120).Accepted);
        Assert.Equal(120, Many(pod, 120).Accepted);

        static OtlpReceipt Many(OtlpSender sender, int count) => sender.Send([.. Enumerable.Range(0, count).Select(n => sender.Counter("http.requests", 1, attributes: ("user", $"{n}")))]);
    }

    [Fact]
    public void Resources_of_a_version_are_bounded_and_told_and_a_sum_that_lacks_some_has_no_value()
    {
        var metrics = new OtlpMetrics(_time, new OtlpLimits { ResourcesOfOneVersion = 2 });
        var (first, second, third) = (Pod(metrics), new OtlpSender(metrics, _time, instance: "pod-b"), new OtlpSender(metrics, _time, instance: "pod-c"));
        first.Send(first.Gauge("jobs.waiting", 1), first.Gauge("jobs.done", 1));
        second.Send(second.Gauge("jobs.waiting", 1));

        var receipt = third.Send(third.Gauge("jobs.waiting", 1), third.Gauge("jobs.lost", 1));

        Assert.Equal((0, 2), (receipt.Accepted, receipt.Rejected));
        Assert.Contains("there are 2 resources of one version already", receipt.Message, StringComparison.Ordinal);
        var view = metrics.Look(new("shop", "production", "2.15.0"))!;
        Assert.Equal("jobs_waiting", Assert.Single(view.Refused.Keys));
        Assert.Contains("2 resources of one version", view.Note, StringComparison.Ordinal);
        Assert.Null(third.Total("jobs_lost"));
        Assert.Equal(1, first.Send(first.Gauge("jobs.waiting", 2)).Accepted);
    }

    [Fact]
    public void Names_of_metrics_of_a_version_are_bounded_and_told()
    {
        var pod = Pod(new OtlpMetrics(_time, new OtlpLimits { MetricsOfOneVersion = 3 }));

        var receipt = pod.Send([.. Enumerable.Range(0, 5).Select(n => pod.Gauge($"jobs.{n}", 1))]);

        Assert.Equal((3, 2), (receipt.Accepted, receipt.Rejected));
        Assert.Contains("there are 3 metrics of one version already", receipt.Message, StringComparison.Ordinal);
        Assert.Equal(1, pod.Send(pod.Gauge("jobs.2", 2)).Accepted);
        Assert.Null(pod.Total("jobs_3"));
    }

    [Fact]
    public void Of_a_resource_that_sends_nothing_that_is_taken_nothing_is_kept()
    {
        var metrics = new OtlpMetrics(_time, new OtlpLimits { ResourcesOfOneVersion = 1, MetricsOfOneVersion = 1 });
        for (var i = 0; i < 5; i++)
        {
            var late = new OtlpSender(metrics, _time, instance: $"late-{i}");
            Assert.Equal(1, late.Send(late.Gauge($"jobs.{i}", 1, at: _time.GetUtcNow().AddHours(-1))).Rejected);
        }

        var pod = Pod(metrics);

        Assert.Equal(1, pod.Send(pod.Gauge("jobs.waiting", 1)).Accepted);
        Assert.Equal(1, pod.Total("jobs_waiting"));
        Assert.Contains("older than 10 min", metrics.Look(new("shop", "production", "2.15.0"))!.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void What_ends_makes_room()
    {
        var metrics = new OtlpMetrics(_time, new OtlpLimits { OfAll = 2, ResourcesOfOneVersion = 1 });
        var (pod, other) = (Pod(metrics), new OtlpSender(metrics, _time, instance: "pod-b"));
        pod.Send(pod.Counter("http.requests", 1), pod.Counter("http.errors", 1));
        pod.Send(pod.Counter("http.requests", 1, flags: 1), pod.Counter("http.errors", 1, flags: 1));

        Assert.Equal(2, other.Send(other.Counter("http.requests", 1), other.Counter("http.errors", 1)).Accepted);
    }

    [Fact]
    public void Versions_are_bounded()
    {
        var metrics = new OtlpMetrics(_time, new OtlpLimits { Versions = 2 });
        foreach (var version in new[] { "1", "2", "3" })
        {
            var pod = new OtlpSender(metrics, _time, version);
            Assert.Equal(version == "3" ? 1 : 0, pod.Send(pod.Counter("http.requests", 1)).Rejected);
        }
    }

    [Fact]
    public void A_metric_does_not_change_its_form()
    {
        var pod = Pod(new OtlpMetrics(_time));
        pod.Send(pod.Counter("http.requests", 1));

        var receipt = pod.Send(pod.Gauge("http.requests", 1));

        Assert.Contains("another form", receipt.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Differences_of_what_may_fall_and_counts_without_temporality_have_no_value()
    {
        var pod = Pod(new OtlpMetrics(_time));

        Assert.Contains("may fall", pod.Send(pod.Counter("pool.used", 1, OtlpSender.Delta, isMonotonic: false)).Message, StringComparison.Ordinal);
        Assert.Contains("does not say whether", pod.Send(pod.Counter("http.requests", 1, 0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whoever_may_not_send_for_an_environment_is_told_so()
    {
        var metrics = new OtlpMetrics(_time);

        var receipt = metrics.Take(OtlpBatch.FromJson(OtlpSender.Body("2.15.0", "a", "staging", Pod(metrics).Counter("http.requests", 1))), environment => environment == "staging" ? "Not in staging." : null);

        Assert.Equal((0, 1, 1), (receipt.Accepted, receipt.Rejected, receipt.Forbidden));
        Assert.Contains("Not in staging.", receipt.Message, StringComparison.Ordinal);
        Assert.Null(metrics.Look(new("shop", "staging", "2.15.0")));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"resourceMetrics\":{}}")]
    [InlineData("{\"resourceMetrics\":[1]}")]
    [InlineData("{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":[{\"name\":7}]}]}]}")]
    [InlineData("{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":[{\"name\":\"a\",\"gauge\":{\"dataPoints\":[{\"timeUnixNano\":-1}]}}]}]}]}")]
    [InlineData("{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":[{\"name\":\"a\",\"gauge\":{\"dataPoints\":[{\"asDouble\":\"seven\"}]}}]}]}]}")]
    [InlineData("{\"resourceMetrics\"")]
    [InlineData("")]
    public void Json_that_is_something_else_is_refused(string body) => Assert.Throws<OtlpException>(() => OtlpBatch.FromJson(System.Text.Encoding.UTF8.GetBytes(body)));

    private OtlpSender Pod(OtlpMetrics metrics) => new(metrics, _time);
}
