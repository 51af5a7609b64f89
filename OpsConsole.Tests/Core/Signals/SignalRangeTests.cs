using OpsConsole.Core.Board;
using OpsConsole.Core.Signals;
using OpsConsole.Tests.Core.Board;

namespace OpsConsole.Tests.Core.Signals;

public sealed class SignalRangeTests
{
    [Theory]
    [InlineData(SignalUnit.Percent, 0, true)]
    [InlineData(SignalUnit.Percent, 100.0000001, true)]
    [InlineData(SignalUnit.Percent, -0.0000001, true)]
    [InlineData(SignalUnit.Percent, -4, false)]
    [InlineData(SignalUnit.Percent, 800, false)]
    [InlineData(SignalUnit.Milliseconds, 800_000, true)]
    [InlineData(SignalUnit.Milliseconds, -200, false)]
    [InlineData(SignalUnit.PerSecond, -1, false)]
    [InlineData(SignalUnit.Count, -1, false)]
    [InlineData(SignalUnit.Factor, -1, false)]
    [InlineData(SignalUnit.None, -1, true)]
    public void What_a_unit_cannot_be_is_told(SignalUnit unit, double value, bool can) => Assert.Equal(can, SignalRange.Fault(value, unit) is null);

    [Theory]
    [InlineData(-4)]
    [InlineData(800)]
    public void On_the_board_it_is_an_error_and_no_value(double value)
    {
        var rig = new BoardRig();
        var release = rig.Rolling();
        rig.Record(release, 0.2, 1_000);
        Assert.Equal(Verdict.Pass, rig.Build(release).Signals[0].Verdict);

        rig.Record(release, value, 1_000);

        var signal = rig.Build(release).Signals[0];
        Assert.Equal((Verdict.Error, 0.2, 1_000L), (signal.Verdict, signal.Canary!.Value, signal.Samples));
        Assert.Contains("not within 0 and 100 %", signal.Reason, StringComparison.Ordinal);
    }
}
