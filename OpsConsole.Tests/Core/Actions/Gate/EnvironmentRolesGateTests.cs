using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Kill;

namespace OpsConsole.Tests.Core.Actions.Gate;

/// <summary>Roles that differ by environment, and roles that could not be confirmed, at the gate.</summary>
public sealed class EnvironmentRolesGateTests
{
    private readonly GateWorld _world = new();

    [Theory]
    [InlineData(Role.ReleaseManager, Role.Viewer, false, false)]
    [InlineData(Role.Viewer, Role.OnCall, false, true)]
    [InlineData(Role.Viewer, Role.ReleaseManager, true, true)]
    public async Task The_role_in_the_environment_of_the_release_decides(Role elsewhere, Role production, bool promote, bool halt)
    {
        var by = Someone(elsewhere, production);

        Assert.Equal(promote, await _world.PromoteAsync(_world.Release(), by) is GateAnswer.Accepted);
        Assert.Equal(halt, await _world.HaltAsync(_world.Release(version: "2.15.1"), by) is GateAnswer.Accepted);
    }

    [Fact]
    public async Task What_is_recorded_is_the_role_that_decided()
    {
        var action = GateWorld.Accepted(await _world.PromoteAsync(_world.Release(), Someone(Role.Viewer, Role.ReleaseManager)));

        Assert.Equal("ReleaseManager", action.Role);
    }

    [Fact]
    public async Task A_kill_everywhere_needs_a_role_everywhere()
    {
        var by = Someone(Role.Viewer, Role.OnCall);

        Assert.Equal(["not-permitted"], GateWorld.Refused(await _world.Gate.RequestAsync(new KillCommand("recommendations", "errors everywhere"), by, default)));
    }

    [Fact]
    public async Task While_roles_are_not_confirmed_stopping_goes_on_and_growing_waits()
    {
        var by = new Operator("ada", Role.Admin, IsService: false) { UnconfirmedSince = _world.Time.GetUtcNow() };

        var refused = Assert.IsType<GateAnswer.Refused>(await _world.PromoteAsync(_world.Release(), by));
        Assert.IsType<RolesUnconfirmedRefusal>(Assert.Single(refused.Refusals));
        Assert.IsType<GateAnswer.Accepted>(await _world.HaltAsync(_world.Release(version: "2.15.1"), by));
        Assert.IsType<GateAnswer.Accepted>(await _world.RollbackAsync(_world.Release(version: "2.15.2"), by));
        Assert.IsType<GateAnswer.Accepted>(await _world.Gate.RequestAsync(new KillCommand("recommendations", "errors everywhere"), by, default));
    }

    private static Operator Someone(Role elsewhere, Role production)
    {
        var roles = new EnvironmentRoles(elsewhere, [new("production", production)]);
        return new Operator("ada", roles.Everywhere, IsService: false) { ByEnvironment = roles };
    }
}
