using System.Text.Json;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Recovery;

/// <summary>What the targets declare is what the real ones document.</summary>
public sealed class TargetLimitsTests
{
    [Fact]
    public void The_stores_declare_what_they_can_and_cannot_do()
    {
        using var limits = JsonDocument.Parse(Conformance.Read("delivery_target_limits.json"));
        var (phased, play) = (limits.RootElement.GetProperty("appStorePhased"), limits.RootElement.GetProperty("googlePlay"));

        Assert.Equal(phased.GetProperty("rollback").GetBoolean(), PlaybookGiven.Ios.Verbs.Contains(ActionVerb.Rollback));
        Assert.Contains($"{phased.GetProperty("pauseTotalDays").GetInt32()} days in all", PlaybookGiven.Ios.HaltCosts, StringComparison.Ordinal);
        Assert.False(PlaybookGiven.Ios.HaltsAtFull);
        Assert.Equal(play.TryGetProperty("haltFullRelease", out _), PlaybookGiven.Play.HaltsAtFull);
    }
}
