using OpsConsole.Core.Board;
using OpsConsole.Core.Signals;
using OpsConsole.Tests.Core.Actions.Gate;

namespace OpsConsole.Tests.Core.Board;

/// <summary>Which of several signals of a family stands in its column.</summary>
public sealed class LeadingSignalTests
{
    [Theory]
    [InlineData(Verdict.Pass, true, SignalQuality.Fresh, Verdict.Inconclusive, false, SignalQuality.Missing, "first")]
    [InlineData(Verdict.Inconclusive, false, SignalQuality.Missing, Verdict.Pass, true, SignalQuality.Fresh, "second")]
    [InlineData(Verdict.Pass, true, SignalQuality.Fresh, Verdict.Inconclusive, true, SignalQuality.Missing, "second")]
    [InlineData(Verdict.Pass, true, SignalQuality.Fresh, Verdict.Inconclusive, false, SignalQuality.Stale, "second")]
    [InlineData(Verdict.Pass, true, SignalQuality.Fresh, Verdict.Fail, false, SignalQuality.Fresh, "second")]
    [InlineData(Verdict.Pass, true, SignalQuality.Fresh, Verdict.Pass, true, SignalQuality.Fresh, "first")]
    [InlineData(Verdict.Pass, true, SignalQuality.Fresh, Verdict.Error, false, SignalQuality.Missing, "second")]
    [InlineData(Verdict.Inconclusive, false, SignalQuality.Missing, Verdict.Error, false, SignalQuality.Missing, "second")]
    public void The_worst_leads_but_an_extra_that_was_never_measured_stands_behind_what_was(
        Verdict first, bool firstRequired, SignalQuality firstQuality, Verdict second, bool secondRequired, SignalQuality secondQuality, string leading)
    {
        var release = Given.Snapshot(Given.Release(), Signal("first", first, firstRequired, firstQuality), Signal("second", second, secondRequired, secondQuality));

        Assert.Equal(leading, release.Leading(SignalFamily.Errors)!.Definition.Key.Value);
        Assert.Null(release.Leading(SignalFamily.Latency));
    }

    private static SignalSnapshot Signal(string key, Verdict verdict, bool required, SignalQuality quality)
    {
        var signal = Given.Signal(verdict: verdict);
        return signal with { Quality = quality, Definition = signal.Definition with { Key = new(key), Required = required, Family = SignalFamily.Errors } };
    }
}
