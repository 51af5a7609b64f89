using OpsConsole.Core.Access;
using static OpsConsole.Tests.Core.Actions.Gate.GateWorld;

namespace OpsConsole.Tests.Core.Actions.Approve;

/// <summary>What a service token asked for waits as that token's.</summary>
public sealed class ApprovalTokensTests : ApprovalWorld
{
    [Fact]
    public async Task A_promotion_that_a_revoked_token_asked_for_does_not_pass_for_another_tokens_of_that_name()
    {
        var release = Waiting(hold: TimeSpan.FromMinutes(61));
        var (lasting, issued) = (Guid.NewGuid(), Guid.NewGuid());
        var ci = new Operator("ci/run 1", Role.Service, IsService: true) { Token = issued, IssuedFrom = lasting, Scope = AccessScope.Parse("production:releases:promote") };
        var action = Accepted(await World.PromoteAsync(release, ci));
        Assert.Equal(lasting, action.RequestedByToken);
        Accepted(await ApproveAsync(action.Id, Ana));

        World.Roles.Now = by => by.Token == lasting ? null : by.Role;
        World.Time.Advance(TimeSpan.FromMinutes(2));
        World.Measure(release);

        Assert.Equal(0, await World.Promotions.RunAsync(default));
        Assert.Contains("the access of ci/run 1, who asked for it, was withdrawn", (await World.ActionAsync(action.Id)).Outcome, StringComparison.Ordinal);
        Assert.Empty(World.Target.Asked);
    }
}
