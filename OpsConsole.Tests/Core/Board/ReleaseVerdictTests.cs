using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;

namespace OpsConsole.Tests.Core.Board;

public sealed class ReleaseVerdictTests
{
    private static SignalSnapshot Signal(Verdict verdict, bool required = true, SignalQuality quality = SignalQuality.Fresh, string reason = "because") => new()
    {
        Definition = KnownSignals.Find("http_5xx_rate")! with { Required = required },
        Quality = quality,
        Verdict = verdict,
        Reason = reason,
        CanaryText = "",
        BaselineText = "",
        DeltaText = "",
        SparklinePath = "",
    };

    private static ReleaseVerdict Of(params SignalSnapshot[] signals) => ReleaseVerdict.Of(ReleasePhase.RollingOut, 5, [.. signals]);

    [Fact]
    public void The_worst_wins_with_its_reason() =>
        Assert.Equal((Verdict.Error, "unreadable"), Short(Of(Signal(Verdict.Pass), Signal(Verdict.Error, reason: "unreadable"), Signal(Verdict.Inconclusive))));

    [Fact]
    public void Of_equals_the_first_tells_why_and_the_others_are_counted() =>
        Assert.Equal((Verdict.Fail, "first; 1 more out of limits"), Short(Of(Signal(Verdict.Fail, reason: "first"), Signal(Verdict.Fail, reason: "second"))));

    [Theory]
    [InlineData(Verdict.Running)]
    [InlineData(Verdict.Inconclusive)]
    [InlineData(Verdict.Error)]
    public void What_is_not_required_does_not_drag_down(Verdict verdict) =>
        Assert.Equal(Verdict.Pass, Of(Signal(Verdict.Pass), Signal(verdict, required: false, SignalQuality.Missing)).Verdict);

    [Fact]
    public void What_is_not_required_fails_the_release_all_the_same() =>
        Assert.Equal(Verdict.Fail, Of(Signal(Verdict.Pass), Signal(Verdict.Fail, required: false)).Verdict);

    [Theory]
    [InlineData(0, Verdict.Inconclusive)]
    [InlineData(5, Verdict.Pass)]
    public void What_is_not_required_and_failed_last_holds_the_release_back_before_its_first_stage(double exposure, Verdict expected) =>
        Assert.Equal(expected, ReleaseVerdict.Of(ReleasePhase.RollingOut, exposure, [Signal(Verdict.Pass), Signal(Verdict.Inconclusive, required: false) with { FailedAt = DateTimeOffset.UnixEpoch }]).Verdict);

    [Fact]
    public void Quality_is_the_worst_of_the_required() =>
        Assert.Equal(SignalQuality.Stale, Of(Signal(Verdict.Pass), Signal(Verdict.Inconclusive, true, SignalQuality.Stale), Signal(Verdict.Pass, false, SignalQuality.Missing)).Quality);

    [Fact]
    public void Where_none_is_required_all_count() =>
        Assert.Equal(Verdict.Inconclusive, Of(Signal(Verdict.Pass, false), Signal(Verdict.Inconclusive, false)).Verdict);

    [Fact]
    public void Nothing_measured_is_never_green() => Assert.Equal(Verdict.Inconclusive, Of().Verdict);

    [Theory]
    [InlineData(ReleasePhase.RolledBack, "rolled back: nobody is sent to this version any more")]
    [InlineData(ReleasePhase.Superseded, "superseded by a later release")]
    public void An_ended_release_is_neither_green_nor_failing(ReleasePhase phase, string reason)
    {
        foreach (var signal in Enum.GetValues<Verdict>())
        {
            Assert.Equal((Verdict.Inconclusive, reason), Short(ReleaseVerdict.Of(phase, 0, [Signal(signal)])));
        }
    }

    [Fact]
    public void Not_exposed_is_said_so() =>
        Assert.Equal((Verdict.Running, "not exposed yet"), Short(ReleaseVerdict.Of(ReleasePhase.Registered, 0, [Signal(Verdict.Running)])));

    private static (Verdict Verdict, string Reason) Short(ReleaseVerdict verdict) => (verdict.Verdict, verdict.Reason);
}
