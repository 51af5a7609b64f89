using OpsConsole.Core.Signals;

namespace OpsConsole.Tests.Core.Signals;

public sealed class SignalTextTests
{
    [Theory]
    [InlineData(4.2123, SignalUnit.Percent, "4.21 %")]
    [InlineData(0.0, SignalUnit.Percent, "0 %")]
    [InlineData(42.26, SignalUnit.Percent, "42.3 %")]
    [InlineData(100.0, SignalUnit.Percent, "100 %")]
    [InlineData(99.97, SignalUnit.Percent, "99.9 %")]
    [InlineData(0.0421, SignalUnit.Percent, "0.042 %")]
    [InlineData(0.0001, SignalUnit.Percent, "<0.001 %")]
    [InlineData(212.4, SignalUnit.Milliseconds, "212 ms")]
    [InlineData(999.4, SignalUnit.Milliseconds, "999 ms")]
    [InlineData(999.6, SignalUnit.Milliseconds, "1 s")]
    [InlineData(1341.0, SignalUnit.Milliseconds, "1.34 s")]
    [InlineData(1_234_567.0, SignalUnit.Milliseconds, "1,230 s")]
    [InlineData(12.345, SignalUnit.PerSecond, "12.3 /s")]
    [InlineData(1234.0, SignalUnit.PerSecond, "1.23 k/s")]
    [InlineData(7.0, SignalUnit.Count, "7")]
    [InlineData(18203.0, SignalUnit.Count, "18.2 k")]
    [InlineData(2_500_000.0, SignalUnit.Count, "2.5 M")]
    [InlineData(3.99, SignalUnit.Factor, "3.99x")]
    [InlineData(-5.25, SignalUnit.None, "\u22125.25")]
    [InlineData(double.NaN, SignalUnit.Percent, SignalText.None)]
    [InlineData(null, SignalUnit.Percent, SignalText.None)]
    public void Value_carries_its_unit_and_three_digits(double? value, SignalUnit unit, string expected) =>
        Assert.Equal(expected, SignalText.Value(value, unit));

    [Theory]
    [InlineData(3.94, SignalUnit.Percent, "+3.94 pp")]
    [InlineData(-0.123, SignalUnit.Percent, "\u22120.12 pp")]
    [InlineData(0.004, SignalUnit.Percent, "same")]
    [InlineData(-0.004, SignalUnit.Percent, "same")]
    [InlineData(212.3, SignalUnit.Milliseconds, "+212 %")]
    [InlineData(-13.1, SignalUnit.Count, "\u221213 %")]
    [InlineData(-12.5, SignalUnit.Milliseconds, "\u221213 %")]
    [InlineData(9.94, SignalUnit.Milliseconds, "+9.9 %")]
    [InlineData(9.96, SignalUnit.Milliseconds, "+10 %")]
    [InlineData(3990.2, SignalUnit.Milliseconds, "+3,990 %")]
    [InlineData(12.34, SignalUnit.Percent, "+12.3 pp")]
    [InlineData(0.04, SignalUnit.Milliseconds, "same")]
    [InlineData(null, SignalUnit.Milliseconds, "")]
    public void Delta_carries_its_sign_and_unit(double? delta, SignalUnit unit, string expected) =>
        Assert.Equal(expected, SignalText.Delta(delta, unit));

    [Theory]
    [InlineData(-3, "0 s")]
    [InlineData(2, "2 s")]
    [InlineData(192, "3 m 12 s")]
    [InlineData(3900, "1 h 5 m")]
    [InlineData(180_000, "2 d 2 h")]
    public void Duration_has_two_units(int seconds, string expected) =>
        Assert.Equal(expected, SignalText.Duration(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(SignalUnit.Percent, "%")]
    [InlineData(SignalUnit.Milliseconds, "ms")]
    [InlineData(SignalUnit.PerSecond, "/s")]
    [InlineData(SignalUnit.Count, "count")]
    [InlineData(SignalUnit.Factor, "x")]
    [InlineData(SignalUnit.None, "none")]
    public void Symbol_is_what_the_api_writes(SignalUnit unit, string expected) => Assert.Equal(expected, SignalText.Symbol(unit));

    [Fact]
    public void Observations_are_written_in_full_with_their_noun() =>
        Assert.Equal("18,203 requests", SignalText.Observations(18203, KnownSignals.Find("http_5xx_rate")!));
}
