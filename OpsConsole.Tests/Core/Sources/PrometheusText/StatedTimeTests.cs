using OpsConsole.Core.Signals;
using static OpsConsole.Tests.Core.Sources.PrometheusText.ScriptedSource;

namespace OpsConsole.Tests.Core.Sources.PrometheusText;

/// <summary>What states a time of its own that is not now is not of now.</summary>
public sealed class StatedTimeTests
{
    private const string LongAgo = "The series state times more than a minute old, so what they rose by is not of now.";

    [Fact]
    public async Task A_gauge_of_yesterday_is_a_day_old_and_heard_again_it_counts_once()
    {
        using var source = new ScriptedSource(Gauge("queue"));
        var yesterday = source.Time.GetUtcNow().AddDays(-1);

        var first = await source.Reads(Text("queue", 7, yesterday));
        var again = await source.Reads(Text("queue", 7, yesterday));

        Assert.Equal((SampleKind.Measured, 7, yesterday, false), (first.Kind, first.Value, first.At, first.Repeats));
        Assert.Equal((yesterday, true), (again.At, again.Repeats));
        Assert.Equal(yesterday, Assert.Single(source.Findings).Newest);
    }

    [Theory]
    [InlineData(-60)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(60)]
    public async Task Within_a_minute_it_is_of_now(int seconds)
    {
        using var source = new ScriptedSource(Gauge("queue"));
        var sample = await source.Reads(Text("queue", 7, source.Time.GetUtcNow().AddSeconds(5 + seconds)));

        Assert.Equal((SampleKind.Measured, source.Time.GetUtcNow()), (sample.Kind, sample.At));
    }

    [Theory]
    [InlineData("61")]
    [InlineData("9223372036854775807")]
    public async Task A_time_ahead_is_an_error_of_every_rule(string ahead)
    {
        foreach (var rule in new[] { Gauge("queue"), Rate("queue") })
        {
            using var source = new ScriptedSource(rule);
            await source.Reads("queue 1\n");
            var stated = ahead.Length > 2 ? ahead : $"{source.Time.GetUtcNow().AddSeconds(66).ToUnixTimeMilliseconds()}";

            var sample = await source.Reads($"queue 7 {stated}\n");

            Assert.Equal((SampleKind.Error, source.Time.GetUtcNow()), (sample.Kind, sample.At));
            Assert.Contains("ahead of the console's clock", sample.Detail, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("-9223372036854775808")]
    [InlineData("0")]
    [InlineData("1000")]
    public async Task A_time_before_all_others_is_as_old_as_they_go(string stated)
    {
        using var source = new ScriptedSource(Gauge("queue"));

        var sample = await source.Reads($"queue 7 {stated}\n");

        Assert.Equal((SampleKind.Measured, 1970), (sample.Kind, sample.At.Year));
    }

    [Fact]
    public async Task Of_several_series_the_oldest_counts_and_others_do_not()
    {
        using var source = new ScriptedSource(Gauge("queue{of=\"orders\"}"));
        var (now, old) = (source.Time.GetUtcNow(), source.Time.GetUtcNow().AddMinutes(-10));

        var mixed = await source.Reads(Text("queue{of=\"orders\",at=\"a\"}", 1, now) + Text("queue{of=\"orders\",at=\"b\"}", 2, old) + "queue{of=\"orders\",at=\"c\"} 4\n");
        Assert.Equal((7, old), (mixed.Value, mixed.At));

        var others = await source.Reads(Text("queue{of=\"orders\"}", 1, source.Time.GetUtcNow()) + Text("queue{of=\"mails\"}", 2, old) + Text("stock", 2, old));
        Assert.Equal((1, source.Time.GetUtcNow()), (others.Value, others.At));
    }

    [Fact]
    public async Task In_OpenMetrics_seconds_are_stated()
    {
        using var source = new ScriptedSource(Gauge("queue"));
        var old = source.Time.GetUtcNow().AddHours(-1);
        source.Answer = (_, _) =>
        {
            var answer = ScriptedSource.Text($"queue 7 {old.ToUnixTimeSeconds()}.0\n# EOF\n");
            answer.Content.Headers.ContentType = new("application/openmetrics-text");
            return Task.FromResult(answer);
        };

        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(old.ToUnixTimeSeconds()), Assert.Single(await source.ReadAll()).At);
    }

    public static TheoryData<SignalRule, string> Increases => new()
    {
        { Rate("a_total"), "a_total" }, { Ratio("a_total", "b_total"), "a_total" }, { Ratio("a_total", "b_total"), "b_total" }, { Ratio("a_total{x!=\"1\"}", "a_total"), "a_total" },
        { Quantile("took", 0.9), "took_bucket{le=\"+Inf\"}" },
    };

    [Theory]
    [MemberData(nameof(Increases))]
    public async Task An_increase_of_long_ago_is_none_and_what_follows_is_not_compared_with_it(SignalRule rule, string late)
    {
        using var source = new ScriptedSource(rule);
        string All(int times, DateTimeOffset? at)
        {
            var text = $"a_total {10 * times}\nb_total {20 * times}\ntook_bucket{{le=\"1\"}} {times}\ntook_bucket{{le=\"+Inf\"}} {2 * times}\ntook_count {2 * times}\ntook_sum {times}\n";
            return at is null ? text : string.Concat(text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.StartsWith(late + " ", StringComparison.Ordinal) ? $"{l} {at.Value.ToUnixTimeMilliseconds()}\n" : l + "\n"));
        }

        await source.Reads(All(1, null));
        Assert.NotEqual(LongAgo, (await source.Reads(All(2, source.Time.GetUtcNow()))).Detail);

        var old = await source.Reads(All(3, source.Time.GetUtcNow().AddMinutes(-2)));
        Assert.Equal((SampleKind.Missing, LongAgo, source.Time.GetUtcNow()), (old.Kind, old.Detail, old.At));

        Assert.StartsWith("Collecting", (await source.Reads(All(100, null))).Detail, StringComparison.Ordinal);
        Assert.NotEqual(SampleKind.Missing, (await source.Reads(All(101, null))).Kind);
    }

    private static string Text(string series, double value, DateTimeOffset at) => $"{series} {value} {at.ToUnixTimeMilliseconds()}\n";
}
