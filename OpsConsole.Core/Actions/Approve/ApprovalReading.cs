using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Actions.Approve;

/// <summary>A promotion that waits, with everything it is judged on, read anew.</summary>
internal sealed record WaitingPromotion(ReleaseAction Action, Release Release, ReleaseSnapshot? Snapshot, PolicyGateResults Policy, IReadOnlyList<Approval> Words)
{
    /// <summary>Approvals needed now: what the request was told, or more where the policy asks for more since.</summary>
    public int Needed => Math.Max(Action.ApprovalsNeeded, Policy.ApprovalsNeeded);

    /// <summary>The approvals that count on the present evidence.</summary>
    public IReadOnlyList<Approval> Counting => ApprovalRule.Counting(Words, Policy.Seal, Action, Release.Author);

    /// <summary>True while what was asked for is still the next step of the release.</summary>
    public bool StillNext => Release.Phase.IsLive() && Release.NextStage is { } next && TargetConversation.Same(next.ExposurePercent, Action.ToExposure ?? -1);
}

/// <summary>Reads what an approval is judged on.</summary>
public sealed class ApprovalReading(IActionStore actions, IReleaseStore releases, IApprovalStore approvals, IPolicyGates gates, ReleaseBoard board, ITargetRegistry targets, TimeProvider time)
{
    /// <summary>An action with its release and gates; null when there is no such action on a release.</summary>
    internal async Task<WaitingPromotion?> FindAsync(Guid actionId, CancellationToken cancellationToken)
    {
        var action = await actions.FindAsync(actionId, cancellationToken).ConfigureAwait(false);
        if (action is not { Verb: ActionVerb.Promote, ReleaseId: { } id } || await releases.FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } release)
        {
            return null;
        }

        var snapshot = board.Find(id);
        return new WaitingPromotion(
            action,
            release,
            snapshot,
            await gates.JudgeAsync(release, snapshot, cancellationToken).ConfigureAwait(false),
            await approvals.ForActionsAsync([actionId], cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Actions that wait for people or, approved, for their gates; oldest first.</summary>
    internal async Task<IReadOnlyList<ReleaseAction>> WaitingAsync(CancellationToken cancellationToken) =>
        [.. (await actions.ListInFlightAsync(cancellationToken).ConfigureAwait(false)).Where(a => a.Phase is ActionPhase.AwaitingApproval or ActionPhase.Approved)];

    /// <summary>What the promotion rule is given to carry it out: the requester in the role of now, and every gate.</summary>
    internal ActionContext Context(WaitingPromotion waiting, Operator requester)
    {
        var release = ReleaseState.From(waiting.Release);
        return new ActionContext
        {
            By = requester with { Name = waiting.Action.RequestedBy },
            Release = release.With(new MigrationStanding(waiting.Policy.Migration, waiting.Policy.Doubts)),
            Snapshot = waiting.Snapshot,
            Target = targets.Find(waiting.Release.Target, waiting.Release.Environment)?.Capabilities,
            Switch = waiting.Snapshot?.Switch,
            Policy = waiting.Policy,
            IsApproved = true,
            Now = time.GetUtcNow(),
        };
    }
}
