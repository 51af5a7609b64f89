using OpsConsole.Core.Signals;

namespace OpsConsole.Tests.Core.Signals;

public sealed class QueryRangeTests
{
    [Theory]
    [InlineData("up", 0)]
    [InlineData("rate(x[30s])", 30)]
    [InlineData("rate(x[1m30s]) + rate(y[1m])", 90)]
    [InlineData("rate(x[ 2m ])", 120)]
    [InlineData("rate(x[1500ms])", 1.5)]
    [InlineData("rate(x[1d])", 86_400)]
    [InlineData("max_over_time(rate(x[1m])[1h:30s])", 3_600)]
    [InlineData("max_over_time(rate(x[1m])[1h:])", 3_600)]
    [InlineData("x{a=\"[1h]\"} + rate(y[5s])", 5)]
    [InlineData("x{a=\"\\\"[1h]\"} + rate(y[5s])", 5)]
    [InlineData("x{a=`\\`} + rate(y[5s])", 5)]
    [InlineData("rate(x[300])", 300)]
    [InlineData("rate(x[0.5])", 0.5)]
    [InlineData("rate(x[5s]) # don't [1h]\n + rate(y[10s])", 10)]
    [InlineData("rate(x[5s]) # [1h]", 5)]
    [InlineData("rate(x[5", 0)]
    [InlineData("rate(x[])", 0)]
    [InlineData("rate(x[5parsecs])", 0)]
    [InlineData("rate(x[99999999999999999999999y])", 0)]
    public void The_longest_range_is_found_in_the_text(string query, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), QueryRange.Longest(query));
}
