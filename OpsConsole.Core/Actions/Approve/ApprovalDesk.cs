using Microsoft.Extensions.Logging;
using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Actions.Approve;

/// <summary>Takes the words of people on promotions that wait: judged by the rule, written in one transaction with the action, and carried out at once where that was the last one missing.</summary>
public sealed class ApprovalDesk(
    ApprovalReading reading, ApprovalInbox inbox, ApprovedPromotions promotions, IActionStore actions, IAuditStore audit, IOperatorRoles roles, WaitingApprovals waitingCount, TimeProvider time,
    ILogger<ApprovalDesk> log) : IApprovals
{
    private readonly RecordPace _pace = new();

    /// <inheritdoc/>
    public Task<IReadOnlyList<ApprovalRequest>> WaitingAsync(Operator reader, CancellationToken cancellationToken) => inbox.WaitingAsync(reader, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ApprovalRequest>> DecidedAsync(int take, CancellationToken cancellationToken) => inbox.DecidedAsync(take, cancellationToken);

    /// <inheritdoc/>
    public async Task<GateAnswer> SayAsync(ApprovalCommand command, Operator by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(by);
        try
        {
            var held = await roles.NowAsync(by, cancellationToken).ConfigureAwait(false);
            for (var attempt = 0; attempt < ActionGate.MaxAttempts; attempt++)
            {
                if (await TryAsync(command, by, held, cancellationToken).ConfigureAwait(false) is { } answer)
                {
                    return answer;
                }
            }

            return new GateAnswer.Refused([new ContendedRefusal()]);
        }
        catch (RecordUnavailableException)
        {
            return new GateAnswer.Unavailable("The record cannot be written now, so nothing was said; try again in a minute. Halting stays possible on the target itself.");
        }
    }

    /// <summary>Once, on what is recorded now. Null when someone else was quicker.</summary>
    private async Task<GateAnswer?> TryAsync(ApprovalCommand command, Operator by, Operator? held, CancellationToken cancellationToken)
    {
        if (await reading.FindAsync(command.ActionId, cancellationToken).ConfigureAwait(false) is not { } waiting)
        {
            return new GateAnswer.NotFound("There is no such promotion.");
        }

        var role = held?.ConfirmedRoleIn(waiting.Release.Environment);
        var context = new ApprovalContext
        {
            By = by, Role = role, Command = command, Action = waiting.Action, Author = waiting.Release.Author, Policy = waiting.Policy, Words = waiting.Words,
        };
        var refusals = command switch
        {
            ApproveCommand => ApprovalRule.JudgeApprove(context),
            RejectCommand => ApprovalRule.JudgeReject(context),
            WithdrawCommand => ApprovalRule.JudgeWithdraw(context),
            _ => throw new ArgumentException($"There is no rule for {command.GetType().Name}.", nameof(command)),
        };
        var now = time.GetUtcNow();
        if (refusals.Count > 0)
        {
            refusals = refusals.ToldTo(held?.In(waiting.Release.Environment));
            await RefusedAsync(waiting.Action, Code(command), by, role, command.Comment, refusals, now).ConfigureAwait(false);
            return new GateAnswer.Refused(refusals);
        }

        var change = command switch
        {
            ApproveCommand => Approve(waiting, command, by, role!.Value, now),
            RejectCommand reject => Reject(waiting, reject, by, role!.Value, now),
            _ => Withdraw(waiting, command, by, role!.Value, now),
        };

        // Once said, a caller that goes away does not unsay it.
        if (await actions.SaveAsync(change, CancellationToken.None).ConfigureAwait(false) != ActionSave.Saved)
        {
            return null;
        }

        return new GateAnswer.Accepted(await SettleAsync(waiting.Action).ConfigureAwait(false));
    }

    /// <summary>Goes on at once where it can; what fails here is done by the schedule.</summary>
    private async Task<ReleaseAction> SettleAsync(ReleaseAction action)
    {
        try
        {
            await promotions.RunAsync(CancellationToken.None).ConfigureAwait(false);
            var after = await promotions.ReviewAsync(action.Id, CancellationToken.None).ConfigureAwait(false) ?? action;
            waitingCount.Feed.Announce();
            return after;
        }
        catch (RecordUnavailableException e)
        {
            log.LogWarning(e, "What was said on {Action} is on record; the schedule goes on with it.", action.Id);
            return action;
        }
    }

    private static ActionChange Approve(WaitingPromotion waiting, ApprovalCommand command, Operator by, Role role, DateTimeOffset now)
    {
        var word = Word(waiting, command, by, role, approved: true, now);
        var counting = ApprovalRule.Counting([.. waiting.Words, word], waiting.Policy.Seal, waiting.Action, waiting.Release.Author);
        var text = $"{by.Name} approved the promotion to {Wording.Percent(waiting.Action.ToExposure ?? 0)}: {counting.Count} of {waiting.Needed}.";
        var enough = counting.Count >= waiting.Needed;
        waiting.Action.Move(enough ? ActionPhase.Approved : ActionPhase.AwaitingApproval, now, enough
            ? $"Approved by {string.Join(" and ", counting.Select(w => w.By))}; carried out as soon as every gate passes."
            : ApprovedPromotions.Waits(waiting, counting.Count));
        return Change(waiting, command, by, role, "approved", text, now) with { Approvals = [word] };
    }

    private static ActionChange Reject(WaitingPromotion waiting, RejectCommand command, Operator by, Role role, DateTimeOffset now)
    {
        var text = $"{by.Name} rejected the promotion to {Wording.Percent(waiting.Action.ToExposure ?? 0)}{(command.RejectArtifact ? " and its artifact, which is refused on every target until an admin lifts that" : "")}.";
        waiting.Action.Move(ActionPhase.Rejected, now, $"{text} {command.Comment}");
        var change = Change(waiting, command, by, role, "rejected", text, now);
        return change with
        {
            Events = !command.RejectArtifact ? change.Events : [.. change.Events, Told(waiting, command, by, $"Artifact rejected by {by.Name}: refused on every target until an admin lifts that.", now)],
            Approvals = [Word(waiting, command, by, role, approved: false, now)],
            Rejected = !command.RejectArtifact ? null : new RejectedDigest
            {
                Id = Guid.CreateVersion7(now), Digest = waiting.Release.Artifact.Digest, Title = $"{waiting.Release.Service} {waiting.Release.Version}", Reason = command.Comment!, By = by.Name, At = now,
            },
        };
    }

    private static ActionChange Withdraw(WaitingPromotion waiting, ApprovalCommand command, Operator by, Role role, DateTimeOffset now)
    {
        var text = $"{by.Name} withdrew the promotion to {Wording.Percent(waiting.Action.ToExposure ?? 0)}.";
        waiting.Action.Move(ActionPhase.Withdrawn, now, text);
        return Change(waiting, command, by, role, "withdrawn", text, now);
    }

    private static Approval Word(WaitingPromotion waiting, ApprovalCommand command, Operator by, Role role, bool approved, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now), ActionId = waiting.Action.Id, ReleaseId = waiting.Release.Id, By = by.Name, Role = role.ToString(), Approved = approved,
        Comment = command.Comment, At = now, Seal = waiting.Policy.Seal,
    };

    private static ActionChange Change(WaitingPromotion waiting, ApprovalCommand command, Operator by, Role role, string outcome, string text, DateTimeOffset now) => new()
    {
        Action = waiting.Action,
        Audit = [Line(waiting.Action, Code(command), by, role, outcome, command.Comment, text, waiting.Policy.Seal, now)],
        Events = [Told(waiting, command, by, text, now)],
    };

    private static ReleaseEvent Told(WaitingPromotion waiting, ApprovalCommand command, Operator by, string text, DateTimeOffset now) => new()
    {
        ReleaseId = waiting.Release.Id, Kind = ReleaseEventKind.Approval, At = now, Text = text, Actor = by.Name, Reason = command.Comment, ActionId = waiting.Action.Id,
    };

    private static AuditEntry Line(ReleaseAction action, string happened, Operator by, Role? role, string outcome, string? reason, string text, string? seal, DateTimeOffset now) => new()
    {
        At = now, Actor = by.Name, Role = role?.ToString() ?? by.Role.ToString(), Event = happened, Subject = action.SubjectKey, SubjectTitle = action.Title(), Outcome = outcome,
        Reason = reason, Detail = text, ActionId = action.Id, EvidenceSeal = seal,
    };

    private static string Code(ApprovalCommand command) => command switch
    {
        ApproveCommand => "approve",
        RejectCommand => "reject",
        _ => "withdraw",
    };

    /// <summary>A refusal stands, whether it can be written or not.</summary>
    private Task RefusedAsync(ReleaseAction action, string happened, Operator by, Role? role, string? comment, IReadOnlyList<Refusal> refusals, DateTimeOffset now) => _pace.TellAsync(
        by,
        $"{happened} {action.Id:N}",
        string.Join(' ', refusals.Select(r => r.Code)),
        now,
        async leftOut =>
        {
            var said = comment is { Length: > ActionCommand.MaxReasonLength } ? comment[..ActionCommand.MaxReasonLength] : comment;
            try
            {
                await audit.AppendAsync(
                    Line(action, happened, by, role, "refused", said, string.Join(" ", refusals.Select(r => r.Sentence)) + leftOut, null, now), CancellationToken.None).ConfigureAwait(false);
                return true;
            }
            catch (RecordUnavailableException e)
            {
                log.LogWarning(e, "A refusal could not be put on the record.");
                return false;
            }
        });
}
