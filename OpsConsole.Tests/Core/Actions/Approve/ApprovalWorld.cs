using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Approve;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Releases;
using OpsConsole.Tests.Core.Actions.Gate;
using static OpsConsole.Tests.Core.Actions.Gate.GateWorld;

namespace OpsConsole.Tests.Core.Actions.Approve;

/// <summary>A release whose policy asks for approvals, in the real gate.</summary>
public abstract class ApprovalWorld
{
    protected static readonly PolicySnapshot Policy = new("web-canary", 3, new string('d', 64), "canary: {}");
    protected static readonly Operator Ana = new("ana", Role.ReleaseManager, false);
    protected static readonly Operator Bob = new("bob", Role.Admin, false);

    internal GateWorld World { get; } = new();

    protected Release Waiting(int needed = 1, TimeSpan? hold = null, string? author = "jonas")
    {
        World.Gates.Policy = new ReleasePolicy { Approvals = new() { Required = needed, Expires = TimeSpan.FromHours(4) }, Evidence = new() { Required = ["unit"] } };
        var release = World.Release(policy: Policy, author: author, hold: hold);
        Post(release);
        return release;
    }

    protected void Post(Release release, EvidenceOutcome outcome = EvidenceOutcome.Passed) => World.Gates.Put(new EvidenceItem
    {
        Id = Guid.NewGuid(), ReleaseId = release.Id, Kind = "junit", Stage = "unit", Source = "ci", Outcome = outcome, Blocking = outcome > EvidenceOutcome.PassedWithWarnings,
        Summary = "412 tests", DetailJson = "{}", ContentDigest = Guid.NewGuid().ToString("N"), ReceivedAt = World.Time.GetUtcNow(), ReceivedBy = "pipeline",
    });

    protected async Task<ReleaseAction> AskAsync(Release release)
    {
        var action = Accepted(await World.PromoteAsync(release));
        Assert.Equal(ActionPhase.AwaitingApproval, action.Phase);
        return action;
    }

    protected async Task<string> SealAsync(Guid actionId) => (await World.Approvals.WaitingAsync(Ana, default)).Single(r => r.Action.Id == actionId).Seal;

    protected async Task<GateAnswer> ApproveAsync(Guid actionId, Operator by, string? seal = null) =>
        await World.Approvals.SayAsync(new ApproveCommand(actionId, seal ?? await SealAsync(actionId), null), by, default);
}
