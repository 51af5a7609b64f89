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

        var over = WaiverStanding.Of(waiver, [Newer], Now);
        Assert.False(over.Holds);
        Assert.StartsWith("ended at ", over.Words, StringComparison.Ordinal);

        waiver.Revoke("bob", Now.AddMinutes(-90));
        Assert.Equal("taken back by bob", WaiverStanding.Of(waiver, [], Now.AddMinutes(-80)).Words);
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
}
