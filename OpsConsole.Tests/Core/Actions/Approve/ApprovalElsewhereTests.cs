using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Approve;
using OpsConsole.Core.Actions.Gate;
using static OpsConsole.Tests.Core.Actions.Gate.GateWorld;

namespace OpsConsole.Tests.Core.Actions.Approve;

/// <summary>Of several consoles on one database, the one where people signed in decides what hangs on them.</summary>
public sealed class ApprovalElsewhereTests : ApprovalWorld
{
    [Theory]
    [InlineData("ana")]
    [InlineData("mia")]
    public async Task What_hangs_on_someone_who_signed_in_at_another_console_waits_for_that_one(string elsewhere)
    {
        var release = Waiting(hold: TimeSpan.FromMinutes(61));
        var action = await AskAsync(release);
        Accepted(await ApproveAsync(action.Id, Ana));
        var before = await World.ActionAsync(action.Id);
        Assert.Equal(ActionPhase.Approved, before.Phase);

        World.Roles.Known = by => by.Name != elsewhere;
        World.Roles.Now = by => by.Name == elsewhere ? null : by.Role;
        World.Time.Advance(TimeSpan.FromMinutes(2));
        World.Measure(release);
        Assert.Equal(0, await World.Promotions.RunAsync(default));

        // Nothing is done, and nothing is taken back.
        var after = await World.ActionAsync(action.Id);
        Assert.Equal((before.Phase, before.Outcome), (after.Phase, after.Outcome));
        Assert.Empty(World.Target.Asked);
        var why = (await ShownAsync()).DecidedElsewhere;
        Assert.Contains($"It hangs on {elsewhere}, of whom this console knows nothing", why, StringComparison.Ordinal);

        // The board says the same, to whoever would promote, too.
        World.Build();
        Assert.Equal(why, World.Board.Find(release.Id)!.Action!.HangsOn);
        Assert.Contains("it hangs on people of whom it knows nothing", string.Join(' ', World.Gate.Preview(ActionVerb.Promote, World.Board.Find(release.Id)!, Ana).Select(r => r.Sentence)), StringComparison.Ordinal);

        // As the console sees it where they signed in.
        World.Roles.Known = _ => true;
        World.Roles.Now = by => by.Role;
        Assert.Null((await ShownAsync()).DecidedElsewhere);
        Assert.Equal(1, await World.Promotions.RunAsync(default));
        World.Build();
        Assert.Null(World.Board.Find(release.Id)!.Action!.HangsOn);

        async Task<ApprovalRequest> ShownAsync() => (await World.Approvals.WaitingAsync(Bob, default)).Single(r => r.Action.Id == action.Id);
    }

    [Fact]
    public async Task Approvers_who_signed_in_at_different_consoles_are_named_at_each()
    {
        var action = await AskAsync(Waiting(needed: 2, hold: TimeSpan.FromMinutes(61)));
        Accepted(await ApproveAsync(action.Id, Ana));
        World.Roles.Known = by => by.Name != "ana";
        Accepted(await ApproveAsync(action.Id, Bob));

        var request = Assert.Single(await World.Approvals.WaitingAsync(Ana, default));

        Assert.Equal(ActionPhase.Approved, request.Action.Phase);
        Assert.StartsWith("It hangs on ana, of whom", request.DecidedElsewhere, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_word_that_could_not_be_written_does_not_use_up_its_minute()
    {
        var action = await AskAsync(Waiting());
        World.Record.AuditAway = true;
        Refused(await ApproveAsync(action.Id, Ana with { Role = Role.Viewer }));

        World.Record.AuditAway = false;
        Refused(await ApproveAsync(action.Id, Ana with { Role = Role.Viewer }));
        Refused(await ApproveAsync(action.Id, Ana with { Role = Role.Viewer }));

        Assert.Contains("1 more was left out", Assert.Single(World.Record.Audit, e => e is { Event: "approve", Outcome: "refused" }).Detail, StringComparison.Ordinal);
    }
}
