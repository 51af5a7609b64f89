using System.Globalization;
using System.Text.RegularExpressions;
using OpsConsole.Core.Board;

namespace OpsConsole.Tests.Core.Board;

public sealed partial class SparklineTests
{
    private static readonly DateTimeOffset Until = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(30, 72)]
    [InlineData(60, 48)]
    [InlineData(120, 0)]
    [InlineData(300, 0)]
    [InlineData(600, 0)]
    public void The_axis_spans_what_there_is_and_at_least_two_minutes(int seconds, double begins)
    {
        ChartPoint[] points = [.. Enumerable.Range(0, (seconds / 5) + 1).Select(i => new ChartPoint(Until.AddSeconds((i * 5) - seconds), i))];

        var line = Sparkline.Draw(points, limit: null, Until);

        var across = Across(line.Path);
        Assert.Equal(begins, across[0]);
        Assert.Equal(Sparkline.Width, across[^1]);
    }

    [Fact]
    public void Nothing_measured_draws_nothing() => Assert.Equal("", Sparkline.Draw([], limit: 1, Until).Path);

    private static double[] Across(string path) =>
        [.. Place().Matches(path).Select(m => double.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture))];

    [GeneratedRegex(@"[ML]([\d.]+) ")]
    private static partial Regex Place();
}
