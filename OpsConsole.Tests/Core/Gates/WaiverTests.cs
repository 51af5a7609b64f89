using OpsConsole.Core.Board;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Gates.Waivers;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Gates;

public sealed class WaiverTests
{
    private static readonly DateTimeOffset Now = Sample.Noon.AddHours(1);

    private static readonly EvidenceItem Newer = new()
    {
        Id = Guid.NewGuid(), ReleaseId = Sample.Release().Id, Kind = "junit", Stage = "unit", Source = "ci", Outcome = EvidenceOutcome.Passed, Blocking = false,
        Summary = "all passed", DetailJson = "{}", ContentDigest = "d1", ReceivedAt = Now.AddMinutes(-5), ReceivedBy = "pipeline",
    };

    [Fact]
    public void A_waiver_says_how_it_ended()
    {
        var waiver = new Waiver { Id = Guid.NewGuid(), ReleaseId = Sample.Release().Id, Gate = "evidence: unit", Reason = "ran by hand", By = "ana", Role = "Admin", At = Now.AddHours(-2), ExpiresAt = Now.AddHours(-1) };

        var over = WaiverStanding.Of(waiver, [Newer], Sample.Release(), null, Now);
        Assert.False(over.Holds);
        Assert.StartsWith("ended at ", over.Words, StringComparison.Ordinal);

        waiver.Revoke("bob", Now.AddMinutes(-90));
        Assert.Equal("taken back by bob", WaiverStanding.Of(waiver, [], Sample.Release(), null, Now.AddMinutes(-80)).Words);
    }

    [Theory]
    [InlineData("artifact rejected")]
    [InlineData("policy")]
    [InlineData("fresh data")]
    [InlineData("verdict")]
    [InlineData("no halt")]
    [InlineData("evidence: ")]
    [InlineData("something")]
    public void What_cannot_be_waived_says_why(string gate) => Assert.NotNull(WaivableGates.WhyNot(gate));

    [Theory]
    [InlineData("analysis", Verdict.Running, Verdict.Inconclusive, true)]
    [InlineData("analysis", Verdict.Running, Verdict.Fail, false)]
    [InlineData("checks", Verdict.Inconclusive, Verdict.Fail, false)]
    [InlineData("checks", Verdict.Fail, Verdict.Fail, true)]
    [InlineData("error budget", null, Verdict.Fail, true)]
    public void What_fails_later_was_not_waived_by_who_waived_the_unknown(string gate, Verdict? given, Verdict now, bool holds)
    {
        var standing = WaiverStanding.Of(Given(gate, given), [], Sample.Release(), now, Now);

        Assert.Equal(holds, standing.Holds);
        Assert.Equal(!holds, standing.Words.Contains("the gate fails now", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("analysis", false)]
    [InlineData("checks", false)]
    [InlineData("freeze", true)]
    [InlineData("migration", true)]
    public void What_is_measured_in_a_stage_is_waived_for_that_stage(string gate, bool holds)
    {
        var release = Sample.Release();
        release.EnterNextStage(Now.AddMinutes(-5));

        Assert.Equal(holds, WaiverStanding.Of(Given(gate, Verdict.Fail), [], release, Verdict.Fail, Now).Holds);
    }

    private static Waiver Given(string gate, Verdict? on) => new()
    {
        Id = Guid.NewGuid(), ReleaseId = Sample.Release().Id, Gate = gate, Reason = "looked at by hand", By = "ana", Role = "Admin", At = Now.AddMinutes(-10), ExpiresAt = Now.AddHours(1), GivenOn = on,
    };
}
