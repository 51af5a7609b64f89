using OpsConsole.Core.Policies.Judging;

namespace OpsConsole.Tests.Core.Policies.Judging;

public sealed class CanaryJudgeTests
{
    private static readonly Dictionary<string, double> NoWeights = [];

    /// <summary>Labels, weights and what they come to; written as group:label, with a mark for critical.</summary>
    public static TheoryData<string, string, double, CanaryVerdict> Table => new()
    {
        { "a:Pass", "", 100, CanaryVerdict.Pass },
        { "a:High", "", 0, CanaryVerdict.Fail },
        { "a:Low", "", 0, CanaryVerdict.Fail },
        { "a:Nodata", "", 0, CanaryVerdict.Inconclusive },
        { "a:Error", "", 0, CanaryVerdict.Error },
        { "a:Error!", "", 0, CanaryVerdict.Error },
        { "a:Pass a:Pass b:Nodata", "", 100, CanaryVerdict.Inconclusive },
        { "a:Pass a:Pass b:Nodata?", "", 100, CanaryVerdict.Pass },
        { "a:Pass a:Pass a:Nodata-", "", 66.67, CanaryVerdict.Inconclusive },
        { "a:Nodata?", "", 0, CanaryVerdict.Inconclusive },
        { "a:Pass a:Nodata", "", 0, CanaryVerdict.Inconclusive },
        { "a:Pass a:Nodata?", "", 0, CanaryVerdict.Inconclusive },
        { "a:High a:Nodata", "", 0, CanaryVerdict.Fail },
        { "a:High! a:Nodata b:Nodata", "", 0, CanaryVerdict.Fail },
        { "a:Pass a:Pass a:Nodata!", "", 0, CanaryVerdict.Inconclusive },
        { "a:Pass a:Pass a:High!", "", 0, CanaryVerdict.Fail },
        { "a:Pass a:Pass a:Pass a:High", "", 75, CanaryVerdict.Marginal },
        { "a:Pass a:Pass a:High", "", 66.67, CanaryVerdict.Fail },
        { "a:Pass a:High a:Low", "", 33.33, CanaryVerdict.Fail },
        { "a:Pass b:High", "a=90 b=10", 90, CanaryVerdict.Marginal },
        { "a:Pass b:High", "a=96 b=4", 96, CanaryVerdict.Pass },
        { "a:Pass b:High", "a=2 b=2", 50, CanaryVerdict.Fail },
        { "a:Pass b:High c:Pass", "a=50", 75, CanaryVerdict.Marginal },
        { "a:Pass b:Error", "a=99 b=1", 0, CanaryVerdict.Error },
        { "a:High b:Error", "", 0, CanaryVerdict.Fail },
        { "a:High b:Nodata", "a=5 b=95", 0, CanaryVerdict.Fail },
        { "a:High a:Pass b:Nodata?", "a=5 b=95", 50, CanaryVerdict.Fail },
        { "a:Pass c:High b:Nodata?", "a=4 c=1 b=95", 80, CanaryVerdict.Marginal },
        { "a:Pass a:Pass b:Nodata?", "a=0 b=100", 0, CanaryVerdict.Inconclusive },
        { "a:High a:Pass b:Nodata?", "a=0 b=100", 0, CanaryVerdict.Inconclusive },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void Labels_become_a_score_and_a_verdict(string labels, string weights, double score, CanaryVerdict verdict)
    {
        var metrics = labels.Split(' ').Select(Metric).ToList();
        var given = weights.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(w => w.Split('='))
            .ToDictionary(w => w[0], w => double.Parse(w[1], System.Globalization.CultureInfo.InvariantCulture));

        var report = CanaryJudge.Report(metrics, given, ScoreThresholds.Default);

        Assert.Equal((score, verdict), (report.Score, report.Verdict));
        Assert.EndsWith(".", report.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void No_metric_at_all_is_inconclusive()
    {
        var report = CanaryJudge.Report([], NoWeights, new(0, 0));

        Assert.Equal((0.0, CanaryVerdict.Inconclusive), (report.Score, report.Verdict));
    }

    [Fact]
    public void Nothing_unjudged_ever_passes()
    {
        foreach (var missing in new[] { "Nodata", "Nodata!", "Nodata-", "Error", "Error!" })
        {
            for (var passes = 0; passes < 20; passes++)
            {
                var metrics = Enumerable.Repeat("a:Pass", passes).Append("b:" + missing).Select(Metric).ToList();

                Assert.NotEqual(CanaryVerdict.Pass, CanaryJudge.Report(metrics, NoWeights, new(0, 0)).Verdict);
            }
        }
    }

    [Fact]
    public void Groups_without_a_weight_share_what_the_others_leave()
    {
        var score = CanaryScore.Of([.. "abc".Select(g => new ScoredMetric(g.ToString(), MetricLabel.Pass))], new Dictionary<string, double> { ["b"] = 40 });

        Assert.Equal([30.0, 40.0, 30.0], score.Groups.Select(g => g.Weight));
        Assert.Equal(100, score.Score);
    }

    [Fact]
    public void What_was_not_judged_has_no_weight_and_the_rest_have_theirs_in_proportion()
    {
        var weights = new Dictionary<string, double> { ["a"] = 4, ["b"] = 95, ["c"] = 1 };

        var score = CanaryScore.Of([new("a", MetricLabel.Pass), new("b", MetricLabel.Nodata), new("c", MetricLabel.High)], weights);

        Assert.Equal([80.0, 0.0, 20.0], score.Groups.Select(g => Math.Round(g.Weight, 9)));
        Assert.Equal((80.0, false), (score.Judged, score.NothingCounts));
        Assert.True(CanaryScore.Of([new("b", MetricLabel.Nodata)], weights).NothingCounts);
    }

    [Fact]
    public void Weights_never_make_more_than_a_hundred()
    {
        var weights = new Dictionary<string, double> { ["a"] = 80, ["b"] = 80 };

        var score = CanaryScore.Of([new("a", MetricLabel.Pass), new("b", MetricLabel.High), new("c", MetricLabel.Pass)], weights);

        Assert.Equal((50, 100.0), (score.Score, score.Groups.Sum(g => g.Weight)));
    }

    private static MetricResult Metric(string text)
    {
        var mark = text[^1];
        var (group, label) = (text.Split(':')[0], text.Split(':')[1].TrimEnd('!', '?', '-'));
        var none = MetricSample.Of([], NanStrategy.Remove);
        return new()
        {
            Rules = new()
            {
                Name = text,
                Group = group,
                NoData = mark == '?' ? NoDataMeaning.Ignore : mark == '-' ? NoDataMeaning.Fail : NoDataMeaning.Inconclusive,
            },
            Label = Enum.Parse<MetricLabel>(label),
            Critical = mark == '!',
            Reason = text + ".",
            Canary = none,
            Baseline = none,
        };
    }
}
