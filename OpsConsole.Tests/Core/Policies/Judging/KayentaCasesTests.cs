using System.Globalization;
using System.Text.Json;
using OpsConsole.Core.Policies.Judging;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Policies.Judging;

/// <summary>Cases of the Kayenta project, where its data lies beside this one.</summary>
public sealed class KayentaCasesTests
{
    private const double Exact = 0.000001;

    [Fact]
    public void Shift_intervals_are_those_of_R()
    {
        var seen = 0;
        foreach (var one in Cases("kayenta/mannwhitney_numeric_cases.json"))
        {
            seen++;
            var name = one.GetProperty("name").GetString()!;
            var expected = Expectations(one);
            if (name == "Test zQuant")
            {
                Close(-2.326348, NormalQuantile.Of((1 - 0.98) / 2), name);
                continue;
            }

            var ranks = new RankSum(Sorted(one, "x", "experiment", "experimentData"), Sorted(one, "y", "control", "controlData"));
            if (name == "Wilcoxon Diff Function")
            {
                Close(-1.229416, ranks.Difference(0, 0), name);
                Close(-35.80606, ranks.Difference(5, 0), name);
                continue;
            }

            var confidence = one.GetProperty("confidenceLevel").GetDouble();
            if (name.Contains("Intermediate", StringComparison.Ordinal))
            {
                var z = -NormalQuantile.Of((1 - confidence) / 2);
                Close(expected["muMin"], ranks.LeastShift, name);
                Close(expected["muMax"], ranks.LargestShift, name);
                Close(expected["zqLower"], z, name);
                Close(expected["zqUpper"], -z, name);
                Close(expected["fLower1"], ranks.Difference(ranks.LeastShift, z), name);
                Close(expected["fUpper1"], ranks.Difference(ranks.LargestShift, z), name);
                Close(expected["fLower2"], ranks.Difference(ranks.LeastShift, -z), name);
                Close(expected["fUpper2"], ranks.Difference(ranks.LargestShift, -z), name);

                // The case searches for the estimate with the continuity correction on, which R leaves out; the two lie within the root tolerance.
                double Corrected(double shift) => ranks.Difference(shift, 0);
                var (least, largest) = (ranks.LeastShift, ranks.LargestShift);
                Close(expected["estimate"], RootSearch.Find(least, Corrected(least), largest, Corrected(largest), RankSum.RootTolerance, Corrected), name);
            }

            var found = ranks.Interval(confidence);
            Close(Lower(expected), found.Lower, name + ", lower");
            Close(Upper(expected), found.Upper, name + ", upper");
            Assert.True(expected.TryGetValue("estimate", out var estimate) || expected.TryGetValue("result.estimate", out estimate), name);
            Close(estimate, found.Estimate, name + ", estimate", expected.ContainsKey("result.estimate") && !name.Contains("Tie out", StringComparison.Ordinal) ? Exact : 0.0001);
        }

        Assert.Equal(7, seen);
    }

    [Fact]
    public void Outliers_are_those_that_are_listed()
    {
        foreach (var one in Cases("kayenta/outlier_cases.json"))
        {
            var data = one.GetProperty("data").EnumerateArray().Select(e => e.GetDouble()).ToArray();
            var fences = one.GetProperty("detector").GetString() == "ksigma"
                ? Fences.KSigma(data, one.GetProperty("k").GetDouble())
                : Fences.InterQuartile(data.Order().ToArray(), one.GetProperty("factor").GetDouble());

            Assert.Equal(
                one.GetProperty("outlierIndexes").EnumerateArray().Select(e => e.GetInt32()),
                Enumerable.Range(0, data.Length).Where(i => fences.Excludes(data[i])));
        }
    }

    [Fact]
    public void Scores_are_those_that_are_listed()
    {
        var seen = 0;
        foreach (var one in Cases("kayenta/scorer_cases.json"))
        {
            seen++;
            var name = one.GetProperty("name").GetString();
            var weights = one.GetProperty("groupWeights").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetDouble());
            var metrics = one.GetProperty("metrics").EnumerateArray().Select(m => new ScoredMetric(
                m.GetProperty("groups")[0].GetString()!,
                Enum.Parse<MetricLabel>(m.GetProperty("classification").GetString()!),
                m.GetProperty("critical").GetBoolean())).ToList();

            var score = CanaryScore.Of(metrics, weights);

            Assert.True(one.GetProperty("expectSummaryScore")[0].GetDouble() == score.Score, $"{name}: {score.Score}");
            if (name!.Contains("Single group Nodata", StringComparison.Ordinal))
            {
                Assert.Equal(0, Assert.Single(score.Groups).Score);
            }
            else if (name.Contains("one Pass, one Nodata", StringComparison.Ordinal))
            {
                Assert.Equal([0.0, 100.0], score.Groups.Select(g => g.Score).Order());
            }
        }

        Assert.Equal(13, seen);
    }

    private static JsonElement.ArrayEnumerator Cases(string file) =>
        JsonDocument.Parse(Conformance.Read(file)).RootElement.GetProperty("cases").EnumerateArray();

    private static double[] Sorted(JsonElement one, params string[] names)
    {
        var values = names.Where(n => one.TryGetProperty(n, out _)).Select(one.GetProperty).First();
        return [.. values.EnumerateArray().Select(e => e.GetDouble()).Order()];
    }

    /// <summary>What each assertion expects, by what it looks at; a name on the expected side stands for a member of the case.</summary>
    private static Dictionary<string, double> Expectations(JsonElement one) => one.GetProperty("asserts").EnumerateArray()
        .Select(a => a.GetString()!.Split(", "))
        .Where(parts => parts.Length == 3 && !parts[1].Contains('(', StringComparison.Ordinal))
        .ToDictionary(
            parts => parts[1],
            parts => double.TryParse(parts[0], CultureInfo.InvariantCulture, out var number) ? number : one.GetProperty(parts[0]).GetDouble());

    private static double Lower(Dictionary<string, double> expected) => expected.TryGetValue("ciLower", out var value) ? value : expected["result.confidenceInterval.head"];

    private static double Upper(Dictionary<string, double> expected) => expected.TryGetValue("ciUpper", out var value) ? value : expected["result.confidenceInterval.last"];

    private static void Close(double expected, double actual, string what, double tolerance = Exact) =>
        Assert.True(Math.Abs(expected - actual) <= tolerance, $"{what}: {actual:R} instead of {expected:R}");
}
