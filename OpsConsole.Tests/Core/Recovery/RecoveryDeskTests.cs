using OpsConsole.Core.Access;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Recovery;

namespace OpsConsole.Tests.Core.Recovery;

/// <summary>Who takes note of a fault, where it is.</summary>
public sealed class RecoveryDeskTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_fault_is_taken_note_of_by_the_role_where_its_release_is()
    {
        var console = new OneConsole();
        await console.SecondsAsync(20, errors: 5);
        var desk = new RecoveryDesk(console.Tracker, console.Audit, new SignedInRoles(), console.Time);

        var refused = Assert.IsType<RecordAnswer<ClockFace>.Refused>(await desk.AcknowledgeAsync(console.Release.Id, By(Role.Viewer, "staging", Role.OnCall), Token));
        Assert.StartsWith("In production you are viewer, which may not take note of a fault", Assert.Single(refused.Refusals).Sentence, StringComparison.Ordinal);
        Assert.Null(console.Tracker.Find(console.Release.Id)!.AcknowledgedAt);
        Assert.DoesNotContain(console.Audit.Audit, a => a.Event == "recovery.acknowledge");

        var done = Assert.IsType<RecordAnswer<ClockFace>.Done>(await desk.AcknowledgeAsync(console.Release.Id, By(Role.Viewer, "production", Role.OnCall), Token));
        Assert.Equal("mia", done.Value.AcknowledgedBy);
        Assert.Equal("OnCall", Assert.Single(console.Audit.Audit, a => a.Event == "recovery.acknowledge").Role);
    }

    [Fact]
    public async Task Of_a_release_without_a_clock_nothing_is_told_to_whoever_may_not_everywhere()
    {
        var console = new OneConsole();
        var desk = new RecoveryDesk(console.Tracker, console.Audit, new SignedInRoles(), console.Time);

        Assert.IsType<RecordAnswer<ClockFace>.Refused>(await desk.AcknowledgeAsync(Guid.NewGuid(), By(Role.Viewer, "staging", Role.OnCall), Token));
        Assert.IsType<RecordAnswer<ClockFace>.NotFound>(await desk.AcknowledgeAsync(Guid.NewGuid(), new Operator("ole", Role.OnCall, IsService: false), Token));
    }

    private static Operator By(Role elsewhere, string environment, Role there)
    {
        var roles = new EnvironmentRoles(elsewhere, [new(environment, there)]);
        return new Operator("mia", roles.Everywhere, IsService: false) { ByEnvironment = roles };
    }
}
