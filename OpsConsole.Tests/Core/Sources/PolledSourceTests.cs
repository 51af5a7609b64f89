using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Sources;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Sources;

public sealed class PolledSourceTests
{
    private readonly FakeTime _time = new();

    [Fact]
    public async Task A_reading_is_scaled_and_kept_as_a_finding()
    {
        var source = Source(() => [SignalReading.Measured(0.25, 40, _time.GetUtcNow().AddMinutes(-3), series: 2, points: 6)], scale: 1000);

        var sample = Assert.Single(await ReadAsync(source));

        Assert.Equal((SampleKind.Measured, 250, 40L, _time.GetUtcNow().AddMinutes(-3)), (sample.Kind, sample.Value, sample.Count, sample.At));
        Assert.Equal(new SignalFinding(new("latency"), SampleKind.Measured, 250, 40, sample.At, 2, 6, null), Assert.Single(source.Findings));
    }

    [Theory]
    [InlineData(double.NaN, 1, 0, "finite")]
    [InlineData(double.NegativeInfinity, 1, 0, "finite")]
    [InlineData(1, -1, 0, "negative")]
    [InlineData(1, 1, 61, "61 s ahead")]
    public async Task What_cannot_be_right_is_an_error(double value, long count, double ahead, string says)
    {
        var source = Source(() => [SignalReading.Measured(value, count, _time.GetUtcNow().AddSeconds(ahead))]);

        var sample = Assert.Single(await ReadAsync(source));

        Assert.Equal(SampleKind.Error, sample.Kind);
        Assert.Contains(says, sample.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http_5xx_rate", -4, SampleKind.Error)]
    [InlineData("checkout_success_rate", 800, SampleKind.Error)]
    [InlineData("p99_latency", -200, SampleKind.Error)]
    [InlineData("http_5xx_rate", 4, SampleKind.Measured)]
    [InlineData("queue_growth", -4, SampleKind.Measured)]
    public async Task What_a_known_signal_cannot_be_is_an_error(string signal, double value, SampleKind kind)
    {
        var source = new FakePolledSource(Binding(new SignalRule { Signal = new(signal), Kind = SignalRuleKind.Gauge, Numerator = "x" }), _time, () => [SignalReading.Measured(value, 100)]);

        Assert.Equal(kind, Assert.Single(await ReadAsync(source)).Kind);
    }

    [Fact]
    public async Task A_clock_that_is_a_little_ahead_makes_nothing_of_the_future()
    {
        var sample = Assert.Single(await ReadAsync(Source(() => [SignalReading.Measured(1, 1, _time.GetUtcNow().AddSeconds(60))])));

        Assert.Equal((SampleKind.Measured, _time.GetUtcNow()), (sample.Kind, sample.At));
    }

    [Fact]
    public async Task The_same_measurement_again_repeats_and_a_corrected_one_does_not()
    {
        var at = _time.GetUtcNow().AddHours(-1);
        var value = 1.0;
        var source = Source(() => [SignalReading.Measured(value, 10, at)]);

        var first = Assert.Single(await ReadAsync(source));
        var again = Assert.Single(await ReadAsync(source));
        value = 2;
        var corrected = Assert.Single(await ReadAsync(source));
        at = at.AddMinutes(-5);
        var older = Assert.Single(await ReadAsync(source));

        Assert.Equal([false, true, false, true], [first.Repeats, again.Repeats, corrected.Repeats, older.Repeats]);
        Assert.Equal((1.0, 10L), corrected.Corrects);
        Assert.All([first, again, older], s => Assert.Null(s.Corrects));
    }

    [Theory]
    [InlineData(SignalRuleKind.Measure, 0, true)]
    [InlineData(SignalRuleKind.Query, 300, true)]
    [InlineData(SignalRuleKind.Query, 5, false)]
    [InlineData(SignalRuleKind.Query, 0, false)]
    [InlineData(SignalRuleKind.Gauge, 0, false)]
    [InlineData(SignalRuleKind.Ratio, 30, true)]
    [InlineData(SignalRuleKind.Rate, 10, true)]
    [InlineData(SignalRuleKind.Rate, 0, false)]
    public async Task What_may_be_of_the_same_time_as_the_reading_before_says_so(SignalRuleKind kind, int window, bool snapshot)
    {
        var source = new FakePolledSource(
            Binding(new SignalRule { Signal = new("latency"), Kind = kind, Numerator = "latency", Window = TimeSpan.FromSeconds(window) }), _time, () => [SignalReading.Measured(1, 1)]);

        Assert.Equal(snapshot, Assert.Single(await ReadAsync(source)).IsSnapshot);
    }

    [Fact]
    public async Task A_measurement_without_a_time_is_of_now_and_never_repeats()
    {
        var source = Source(() => [SignalReading.Measured(1, 10)]);

        await ReadAsync(source);

        Assert.False(Assert.Single(await ReadAsync(source)).Repeats);
    }

    [Theory]
    [InlineData("100 * sum(rate(errors_total[1m])) / sum(rate(requests_total[1m]))", true)]
    [InlineData("sum(increase(requests_total[5s]))", false)]
    [InlineData("max_over_time(sum(rate(requests_total[5s]))[2m:5s])", true)]
    [InlineData("avg(queue_depth)", false)]
    [InlineData("sum(jobs{name=\"every [10m]\"})", false)]
    [InlineData("job:errors:share5m", true, "sum(increase(requests_total[5m]))")]
    [InlineData("sum(rate(requests_total[5m]))", false, "sum(increase(requests_total[5s]))")]
    [InlineData("sum(rate(requests_total[5m]))", true, "job:requests:increase5m")]
    [InlineData("SELECT [5m] AS value", false, null, "sql")]
    public async Task A_query_that_looks_at_more_time_than_lies_between_two_reads_says_so_by_its_text(string query, bool snapshot, string? count = null, string kind = "prometheus")
    {
        var binding = Binding(new SignalRule { Signal = new("latency"), Kind = SignalRuleKind.Query, Numerator = query, Denominator = count }) with { Kind = kind };
        var source = new FakePolledSource(binding, _time, () => [SignalReading.Measured(1, 1)]);

        Assert.Equal(snapshot, Assert.Single(await ReadAsync(source)).IsSnapshot);
    }

    [Fact]
    public async Task The_new_part_is_what_lies_after_the_measurement_before()
    {
        var at = _time.GetUtcNow();
        var source = new FakePolledSource(
            Binding(new SignalRule { Signal = new("latency"), Kind = SignalRuleKind.Ratio, Numerator = "latency", Window = TimeSpan.FromMinutes(2) }), _time, () => [SignalReading.Measured(1, 1, at)]);
        var parts = new List<double>();

        foreach (var seconds in new[] { 0, 60, 5, 300 })
        {
            _time.Advance(TimeSpan.FromSeconds(seconds));
            at = _time.GetUtcNow();
            parts.Add(Assert.Single(await ReadAsync(source)).NewPart);
        }

        Assert.Equal([5.0 / 120, 0.5, 5.0 / 120, 1], parts);
    }

    [Fact]
    public async Task What_it_says_of_times_before_goes_first_and_what_cannot_be_right_of_it_is_left_out()
    {
        var now = _time.GetUtcNow();
        PastValue[] past = [new(now.AddSeconds(-20), 1, 10), new(now.AddSeconds(-15), double.NaN, 10), new(now.AddSeconds(-10), 2, -1), new(now.AddSeconds(-5), 3, 30), new(now.AddSeconds(5), 4, 40)];

        var samples = await ReadAsync(Source(() => [SignalReading.Measured(5, 50) with { Past = past }], scale: 10));

        Assert.Equal([(now.AddSeconds(-20), 10.0, 10L, true), (now.AddSeconds(-5), 30, 30, true), (now, 50, 50, false)], samples.Select(s => (s.At, s.Value, s.Count, s.IsPast)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_the_source_refuses_is_an_error_of_every_signal(bool refused)
    {
        var source = Source(() => throw (refused ? new TargetRefusedException("Not you.") : new TargetUnreachableException("Nobody there.")));

        var sample = Assert.Single(await ReadAsync(source, failure: refused ? "Not you." : "Nobody there."));

        Assert.Equal(SampleKind.Error, sample.Kind);
        Assert.Null(Assert.Single(source.Findings).Value);
    }

    [Fact]
    public async Task A_fault_of_the_console_is_none_of_the_source() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => ReadAsync(Source(() => [])));

    private FakePolledSource Source(Func<IReadOnlyList<SignalReading>> read, double scale = 1) =>
        new(Binding(new SignalRule { Signal = new("latency"), Kind = SignalRuleKind.Measure, Numerator = "latency", Scale = scale }), _time, read);

    private static SourceBinding Binding(SignalRule rule) => new()
    {
        Key = "shop", Kind = "fake", Service = "shop", Target = "gateway", Environment = "production", Version = "2.15.0", Rules = [rule],
    };

    private static async Task<List<SignalSample>> ReadAsync(ISignalSource source, string? failure = null)
    {
        var samples = new List<SignalSample>();
        Assert.Equal(failure, await source.ReadAsync(samples.Add, TestContext.Current.CancellationToken));
        return samples;
    }

    private sealed class FakePolledSource(SourceBinding binding, TimeProvider time, Func<IReadOnlyList<SignalReading>> read) : PolledSource(binding, time)
    {
        protected override Task<IReadOnlyList<SignalReading>> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(read());
    }
}
