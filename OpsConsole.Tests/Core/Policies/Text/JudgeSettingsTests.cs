using OpsConsole.Core.Policies;
using OpsConsole.Core.Policies.Judging;
using OpsConsole.Core.Policies.Text;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Policies.Text;

/// <summary>A policy says of each metric all that the judge can be told.</summary>
public sealed class JudgeSettingsTests
{
    private const string Metric = "analysis:\n  metrics:\n    - signal: http_5xx_rate\n";
    private static readonly DateTimeOffset From = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Release Release = Sample.Release();

    private const string Whole = Metric + """
              critical: true
              group: errors
              weight: 60
              direction: either
              tolerance: 0.1
              confidence: 0.99
              nan_strategy: replace
              no_data: fail
              minimum_points: 60
              effect_size:
                measure: cles
                allowed_increase: 0.6
                allowed_decrease: 0.4
                critical_increase: 0.8
                critical_decrease: 0.1

        """;

    [Fact]
    public void Every_setting_of_the_judge_can_be_written()
    {
        var metric = Assert.Single(Clean(Whole).Analysis!.Metrics);

        Assert.Equal(
            new AnalysisMetric("http_5xx_rate", true, "errors", 60, 0.6, 0.4, 0.8, 0.1)
            {
                Measure = EffectMeasure.Cles, Direction = WorseWhen.Either, Tolerance = 0.1, Confidence = 0.99, NanStrategy = NanStrategy.Replace, NoData = NoDataMeaning.Fail, MinimumPoints = 60,
            },
            metric);
        var written = PolicyText.Write(Clean(Whole));
        Assert.Equal(metric, Assert.Single(Clean(written).Analysis!.Metrics));
        Assert.Contains("      effect_size:\n        measure: cles\n", written, StringComparison.Ordinal);
    }

    [Fact]
    public void And_reaches_the_judge()
    {
        var rules = CanaryAnalysis.Judge(Release, Clean(Whole).Analysis!, From, From.AddHours(1), []).Signals[0].Result.Rules;

        Assert.Equal((0.1, 0.99, NanStrategy.Replace, NoDataMeaning.Fail, WorseWhen.Either, 60), (rules.Tolerance, rules.Confidence, rules.Nan, rules.NoData, rules.Direction, rules.MinimumPoints));
        Assert.Equal(new EffectLimits(EffectMeasure.Cles, 0.6, 0.4, 0.8, 0.1), rules.Effect);
    }

    [Fact]
    public void The_short_form_of_the_limits_stays_what_it_was()
    {
        var flat = Metric + "      allowed_increase: 1.2\n      critical_increase: 2\n";
        var nested = Metric + "      effect_size: {allowed_increase: 1.2, critical_increase: 2}\n";

        Assert.Equal(Clean(flat).Analysis!.Metrics[0], Clean(nested).Analysis!.Metrics[0]);
        Assert.Equal(EffectMeasure.MeanRatio, Clean(flat).Analysis!.Metrics[0].Measure);
    }

    [Fact]
    public void What_is_not_said_is_as_the_judge_has_it()
    {
        var rules = CanaryAnalysis.Judge(Release, Clean(Metric).Analysis!, From, From.AddHours(1), []).Signals[0].Result.Rules;

        Assert.Equal((0.25, 0.98, NanStrategy.Remove, NoDataMeaning.Inconclusive, WorseWhen.Increase, 50), (rules.Tolerance, rules.Confidence, rules.Nan, rules.NoData, rules.Direction, rules.MinimumPoints));
        Assert.Equal(EffectLimits.MeanRatio, rules.Effect);
    }

    [Theory]
    [InlineData("tolerance: 25%", "0 or more and below 1", "'0.25'")]
    [InlineData("tolerance: 1", "0 or more and below 1", null)]
    [InlineData("confidence: 98", "above 0.5 and below 1", "'0.98'")]
    [InlineData("confidence: 0.5", "above 0.5 and below 1", null)]
    [InlineData("nan_strategy: zero", "no value of 'nan_strategy'", null)]
    [InlineData("no_data: pass", "no value of 'no_data'", null)]
    [InlineData("direction: increases", "no value of 'direction'", "'increase'")]
    [InlineData("minimum_points: 1", "2 to 100000", null)]
    [InlineData("measure: cles", "not a key", "belongs to 'effect_size'")]
    [InlineData("allowed_increase: 20%", "mean ratio from 1", "'1.2'")]
    [InlineData("allowed_increase: 0.2", "mean ratio from 1", "'1.2'")]
    [InlineData("allowed_decrease: 20%", "mean ratio from 0 to 1", "'0.8'")]
    [InlineData("effect_size: {measure: meanRatio}", "no value of 'measure'", "'mean_ratio'")]
    [InlineData("effect_size: {measure: cles, allowed_increase: 1.2}", "probability (cles) from 0.5 to 1", null)]
    [InlineData("effect_size: {measure: cles, allowed_decrease: 0.6}", "from 0 to 0.5", null)]
    [InlineData("effect_size: {allowed_increase: 1.5, critical_increase: 1.2}", "not critical", "1.5 or more")]
    [InlineData("effect_size: {allowed_decrease: 0.5, critical_decrease: 0.8}", "not critical", "0.5 or less")]
    public void What_the_judge_would_refuse_is_told(string line, string message, string? suggestion)
    {
        var fault = Assert.Single(PolicyText.Check($"{Metric}      {line}\n", null).Errors);

        Assert.Equal(4, fault.Line);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        if (suggestion is not null)
        {
            Assert.Contains(suggestion, fault.Suggestion, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_two_forms_of_the_limits_do_not_stand_side_by_side()
    {
        var fault = Assert.Single(PolicyText.Check(Metric + "      allowed_increase: 1.2\n      effect_size: {measure: cles}\n", null).Errors);

        Assert.Equal((4, 7), (fault.Line, fault.Column));
        Assert.Contains("Move 'allowed_increase' into 'effect_size'", fault.Suggestion, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_said_in_plain_sentences()
    {
        var said = string.Join(" ", PolicySentences.Of(Clean(Whole)));

        foreach (var part in new[]
        {
            "Of http_5xx_rate: any difference is bad", "an increase counts from a probability of 0.6", "a decrease is critical down to a probability of 0.1", "10% of the estimated shift is tolerated",
            "certain to 99%", "moments without a value count as 0", "without enough data it counts as failed", "at least 60 points on each side",
        })
        {
            Assert.Contains(part, said, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Moments_without_a_value_count_as_0_where_the_policy_says_so()
    {
        // An independent point is due every 30 s. Errors are recorded at every tenth of these only; something else of the release is at all of them.
        var points = Enumerable.Range(0, 180).SelectMany(i => new[] { SignalSide.Canary, SignalSide.Baseline }.SelectMany(side => new[]
        {
            new SignalPoint(Release.Id, new("checkout_success_rate"), side, From.AddSeconds(i * 10), 90, 1000),
            new SignalPoint(Release.Id, new("http_5xx_rate"), side, From.AddSeconds(i * 10), 2, 1000),
        })).Where(p => p.Signal.Value != "http_5xx_rate" || (p.At - From).TotalSeconds % 300 == 0).ToList();

        AnalysedSignal Judged(string setting) => CanaryAnalysis.Judge(Release, Clean(Metric + setting).Analysis!, From, From.AddHours(1), points).Signals[0];

        Assert.Equal((MetricLabel.Nodata, 6, 0), (Judged("").Result.Label, Judged("").Result.Canary.Points, Judged("").Result.Canary.Gaps));
        var replaced = Judged("      nan_strategy: replace\n").Result;
        Assert.Equal((MetricLabel.Pass, 60, 6, 54), (replaced.Label, replaced.Canary.Points, replaced.Canary.Measured, replaced.Canary.Gaps));
    }

    [Fact]
    public void A_metric_that_needs_more_points_waits_for_them()
    {
        var policy = Clean(Metric + "      minimum_points: 100\n").Analysis!;

        Assert.Equal(From, StageAnalysis.WindowFrom(Release, policy, From.AddMinutes(30), 5, From, From.AddMinutes(30).AddSeconds(2999)));
        Assert.Equal(From.AddMinutes(30), StageAnalysis.WindowFrom(Release, policy, From.AddMinutes(30), 5, From, From.AddMinutes(30).AddSeconds(3000)));
    }

    private static ReleasePolicy Clean(string text)
    {
        var result = PolicyText.Check(text, null);
        Assert.Empty(result.Errors);
        return result.Policy!;
    }
}
