using OpsConsole.Core.Sources.Otlp;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Sources.Otlp;

public sealed class OtlpMetricsTests
{
    private readonly FakeTime _time = new();
    private readonly OtlpMetrics _metrics;
    private readonly OtlpSender _pod;

    public OtlpMetricsTests()
    {
        _metrics = new(_time);
        _pod = new(_metrics, _time);
        _time.Advance(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void A_cumulative_sum_rises_by_what_it_rose()
    {
        _pod.Send(_pod.Counter("http.requests", 10));
        _pod.Send(_pod.Counter("http.requests", 25));

        Assert.Equal(25, _pod.Total("http_requests"));
    }

    [Fact]
    public void Differences_are_added_up()
    {
        _pod.Send(_pod.Counter("http.requests", 10, OtlpSender.Delta, start: _time.GetUtcNow() - TimeSpan.FromSeconds(5)));
        _pod.Send(_pod.Counter("http.requests", 25, OtlpSender.Delta, start: _time.GetUtcNow() - TimeSpan.FromSeconds(1)));

        Assert.Equal(35, _pod.Total("http_requests"));
    }

    [Theory]
    [InlineData(OtlpSender.Delta)]
    [InlineData(OtlpSender.Cumulative)]
    public void The_same_export_again_counts_once(int temporality)
    {
        var export = _pod.Counter("http.requests", 10, temporality);
        _pod.Send(export);

        var receipt = _pod.Send(export);

        Assert.Equal((1, 0), (receipt.Accepted, receipt.Rejected));
        Assert.Equal(10, _pod.Total("http_requests"));
    }

    [Fact]
    public void A_process_that_began_anew_counts_from_zero_also_where_it_counted_more_since()
    {
        _pod.Send(_pod.Counter("http.requests", 10));
        _pod.Started = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromSeconds(5));

        _pod.Send(_pod.Counter("http.requests", 30));

        Assert.Equal(40, _pod.Total("http_requests"));
    }

    [Fact]
    public void A_sum_that_fell_without_a_new_start_began_anew()
    {
        _pod.Send(_pod.Counter("http.requests", 10));
        _pod.Send(_pod.Counter("http.requests", 4));

        Assert.Equal(14, _pod.Total("http_requests"));
    }

    [Fact]
    public void A_start_that_is_the_points_own_time_says_nothing_of_before()
    {
        _pod.Send(_pod.Counter("http.requests", 10));
        _time.Advance(TimeSpan.FromSeconds(5));
        _pod.Send(_pod.Counter("http.requests", 1000, start: _time.GetUtcNow()));
        _pod.Started = _time.GetUtcNow() - TimeSpan.FromSeconds(2);

        _pod.Send(_pod.Counter("http.requests", 1003));

        Assert.Equal(13, _pod.Total("http_requests"));
    }

    [Fact]
    public void What_a_process_counted_before_the_console_listened_does_not_count()
    {
        _pod.Started = _time.GetUtcNow() - TimeSpan.FromDays(3);
        _pod.Send(_pod.Counter("http.requests", 1_000_000));
        _pod.Send(_pod.Counter("http.requests", 1_000_007));

        Assert.Equal(7, _pod.Total("http_requests"));
    }

    [Fact]
    public void A_series_that_appears_in_a_process_that_is_known_counts_from_zero()
    {
        _pod.Started = _time.GetUtcNow() - TimeSpan.FromDays(3);
        for (var export = 0; export < 4; export++)
        {
            _pod.Send(_pod.Counter("http.requests", 1_000_000, attributes: ("code", "200")));
            _time.Advance(TimeSpan.FromSeconds(10));
        }

        _pod.Send(_pod.Counter("http.requests", 1_000_000, attributes: ("code", "200")), _pod.Counter("http.requests", 3, attributes: ("code", "500")));

        Assert.Equal(3, _pod.Total("http_requests{code=\"500\"}"));
        Assert.Equal(0, _pod.Total("http_requests{code=\"200\"}"));
    }

    [Fact]
    public void Two_processes_are_two_series()
    {
        var other = new OtlpSender(_metrics, _time, instance: "pod-b");
        _pod.Send(_pod.Counter("http.requests", 10));
        other.Send(other.Counter("http.requests", 5));

        Assert.Equal(15, _pod.Total("http_requests"));
        Assert.Equal(5, _pod.Total("http_requests{resource_service_instance_id=\"pod-b\",otel_scope_name=\"shop.http\"}"));
    }

    [Fact]
    public void Processes_that_send_as_one_are_told_so_and_the_older_is_left_out()
    {
        _pod.Send(_pod.Counter("http.requests", 100));
        var older = _pod.Started;
        _pod.Started = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromSeconds(5));
        _pod.Send(_pod.Counter("http.requests", 5));
        _pod.Started = older;

        var receipt = _pod.Send(_pod.Counter("http.requests", 110));

        Assert.Equal(1, receipt.Rejected);
        Assert.Contains("service.instance.id", receipt.Message, StringComparison.Ordinal);
        Assert.Equal(105, _pod.Total("http_requests"));
    }

    [Fact]
    public void An_export_in_two_requests_is_looked_at_when_it_is_whole()
    {
        _pod.Send(_pod.Counter("http.requests", 10), _pod.Counter("http.errors", 1));
        _pod.SendPart(_pod.Counter("http.requests", 20));
        Assert.Equal((10.0, 1.0), (_pod.Total("http_requests"), _pod.Total("http_errors")));

        _pod.SendPart(_pod.Counter("http.errors", 9));
        Assert.Equal((10.0, 1.0), (_pod.Total("http_requests"), _pod.Total("http_errors")));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal((20.0, 9.0), (_pod.Total("http_requests"), _pod.Total("http_errors")));
    }

    [Fact]
    public void A_process_that_never_pauses_is_looked_at_all_the_same()
    {
        for (var request = 1; request <= 40; request++)
        {
            _pod.SendPart(_pod.Counter("http.requests", request));
            _time.Advance(TimeSpan.FromMilliseconds(500));
        }

        Assert.InRange(_pod.Total("http_requests") ?? 0, 20, 40);
    }

    [Fact]
    public void A_gauge_of_a_process_that_is_gone_is_not_added_to_the_others()
    {
        var other = new OtlpSender(_metrics, _time, instance: "pod-b");
        _pod.Send(_pod.Gauge("jobs.waiting", 7));
        other.Send(other.Gauge("jobs.waiting", 5));
        Assert.Equal(12, _pod.Total("jobs_waiting"));
        _time.Advance(TimeSpan.FromMinutes(3));

        other.Send(other.Gauge("jobs.waiting", 6));

        Assert.Equal(6, _pod.Total("jobs_waiting"));
    }

    [Fact]
    public void A_sum_that_may_fall_is_a_gauge()
    {
        _pod.Send(_pod.Counter("pool.used", 7, isMonotonic: false));
        _pod.Send(_pod.Counter("pool.used", 3, isMonotonic: false));

        Assert.Equal(3, _pod.Total("pool_used"));
    }

    [Fact]
    public void A_series_that_ended_is_gone()
    {
        _pod.Send(_pod.Counter("http.requests", 10));
        _pod.Send(_pod.Counter("http.requests", 0, flags: 1));

        Assert.Null(_pod.Total("http_requests"));
    }

    [Fact]
    public void Buckets_are_added_up_and_other_bounds_are_another_histogram()
    {
        _pod.Send(_pod.Histogram("http.duration", [0.1, 1], [5, 3, 2]));
        _pod.Send(_pod.Histogram("http.duration", [0.1, 1], [6, 5, 2]));
        Assert.Equal((6.0, 11.0, 13.0, 13.0), (_pod.Total("http_duration_bucket{le=\"0.1\"}"), _pod.Total("http_duration_bucket{le=\"1\"}"), _pod.Total("http_duration_bucket{le=\"+Inf\"}"), _pod.Total("http_duration_count")));

        _pod.Send(_pod.Histogram("http.duration", [0.5], [9, 9]));

        Assert.Equal(((double?)0, (double?)null), (_pod.Total("http_duration_bucket{le=\"+Inf\"}"), _pod.Total("http_duration_bucket{le=\"0.1\"}")));
    }

    [Theory]
    [InlineData(OtlpSender.Delta, 14)]
    [InlineData(OtlpSender.Cumulative, 10)]
    public void An_exponential_histogram_has_the_buckets_of_its_scale(int temporality, double total)
    {
        // At scale 0 the bucket of index 0 holds what is above 1 and at most 2, that of index 1 up to 4.
        _pod.Send(_pod.Exponential("http.duration", scale: 0, offset: 0, [3, 1], temporality: temporality));
        _pod.Started = temporality == OtlpSender.Delta ? _time.GetUtcNow() : _pod.Started;
        _time.Advance(TimeSpan.FromSeconds(1));
        _pod.Send(_pod.Exponential("http.duration", scale: 0, offset: 0, [6, 3], zero: 1, temporality: temporality));

        var (low, middle) = temporality == OtlpSender.Delta ? (1 + 9.0, 1 + 13.0) : (1 + 6.0, 1 + 9.0);
        Assert.Equal((low, middle, total), (_pod.Total("http_duration_bucket{le=\"2\"}"), _pod.Total("http_duration_bucket{le=\"4\"}"), _pod.Total("http_duration_bucket{le=\"+Inf\"}")));
        Assert.Equal(1, _pod.Total("http_duration_bucket{le=\"1\"}"));
    }

    [Fact]
    public void A_finer_scale_is_made_coarser_without_moving_what_was_observed()
    {
        // Index 1023 at scale 10 ends at 2; indexes 1024 and 2047 end within, and at the end of, the bucket up to 4.
        _pod.Send(_pod.Exponential("http.duration", scale: 10, offset: 1023, [1, 2]), _pod.Exponential("http.late", scale: 10, offset: 2047, [4]));

        Assert.Equal((1.0, 3.0), (_pod.Total("http_duration_bucket{le=\"2\"}"), _pod.Total("http_duration_bucket{le=\"4\"}")));
        Assert.Equal((0.0, 4.0), (_pod.Total("http_late_bucket{le=\"2\"}"), _pod.Total("http_late_bucket{le=\"4\"}")));

        _pod.Send(_pod.Exponential("http.duration", scale: 0, offset: 0, [1, 2]));
        Assert.Equal((1.0, 3.0), (_pod.Total("http_duration_bucket{le=\"2\"}"), _pod.Total("http_duration_bucket{le=\"4\"}")));
    }

    [Fact]
    public void Values_far_above_all_before_have_a_bucket_of_their_own()
    {
        _pod.Send(_pod.Exponential("http.duration", scale: 3, offset: 0, [1]));
        _pod.Send(_pod.Exponential("http.duration", scale: 3, offset: 0, [1, .. new long[159], 5]));

        Assert.Equal((1.0, 6.0), (_pod.Total("http_duration_bucket{le=\"1024\"}"), _pod.Total("http_duration_bucket{le=\"2097152\"}")));
    }

    [Fact]
    public void What_was_silent_for_long_is_forgotten()
    {
        _pod.Send(_pod.Counter("http.requests", 10));
        _time.Advance(TimeSpan.FromMinutes(11));

        Assert.Null(_metrics.Look(new("shop", "production", "2.15.0")));
    }
}
