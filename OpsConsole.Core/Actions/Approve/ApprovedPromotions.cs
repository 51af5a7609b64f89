using Microsoft.Extensions.Logging;
using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Promote;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Board;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Rollouts;

namespace OpsConsole.Core.Actions.Approve;

/// <summary>Looks after promotions that wait: lets approvals lapse when what they rest on changed, gives up what expired, and carries out what is approved as soon as every gate passes.</summary>
public sealed class ApprovedPromotions(
    ApprovalReading reading, IActionStore actions, ReleaseBoard board, ActionQueue queue, IOperatorRoles roles, WaitingApprovals waitingCount, TimeProvider time, ILogger<ApprovedPromotions> log,
    GateClosing? closing = null)
{
    /// <summary>Looks at everything that waits, once. Returns how many were carried out.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var waiting = await reading.WaitingAsync(cancellationToken).ConfigureAwait(false);
        var (carriedOut, still) = (0, 0);
        foreach (var action in waiting)
        {
            using var scope = log.Scope(action);
            try
            {
                var after = await ReviewAsync(action.Id, cancellationToken).ConfigureAwait(false);
                carriedOut += after?.Phase == ActionPhase.Executing ? 1 : 0;
                still += after?.Phase == ActionPhase.AwaitingApproval ? 1 : 0;
            }
#pragma warning disable CA1031 // One promotion that breaks must not keep the others from being looked at.
            catch (Exception e) when (e is not RecordUnavailableException && !cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                log.LogError(e, "The promotion {Action} that waits for approval could not be looked at; it is looked at again.", action.Id);
                still += action.Phase == ActionPhase.AwaitingApproval ? 1 : 0;
            }
        }

        waitingCount.Set(still);
        return carriedOut;
    }

    /// <summary>Takes one promotion that waits as far as it can go now, and returns how it stands then; null when there is none.</summary>
    public async Task<ReleaseAction?> ReviewAsync(Guid actionId, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < ActionGate.MaxAttempts; attempt++)
        {
            if (await reading.FindAsync(actionId, cancellationToken).ConfigureAwait(false) is not { } waiting)
            {
                return null;
            }

            if (closing is { IsClosed: true })
            {
                // It stays on record as it is, for another console or the next start.
                return waiting.Action;
            }

            if (!waiting.Action.Phase.IsWaiting())
            {
                // Rejected or withdrawn by a word: a board that still shows it waiting would hold the next promotion back.
                board.Show(waiting.Release.Id, waiting.Action.Summary());
                return waiting.Action;
            }

            var (change, hangsOn) = await NextAsync(waiting, cancellationToken).ConfigureAwait(false);
            if (change is null || await actions.SaveAsync(change, CancellationToken.None).ConfigureAwait(false) == ActionSave.Saved)
            {
                Show(waiting, hangsOn);
                if (change is null || waiting.Action.Phase != ActionPhase.AwaitingApproval)
                {
                    return waiting.Action;
                }
            }
        }

        return await actions.FindAsync(actionId, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The next step, with the action moved accordingly, null when there is nothing to do now; and where another console has to do it, why.</summary>
    private async Task<(ActionChange? Change, string? HangsOn)> NextAsync(WaitingPromotion waiting, CancellationToken cancellationToken)
    {
        if (Ending(waiting) is { } end)
        {
            return (end, null);
        }

        var standing = await ApprovalStanding.ReadAsync(waiting, roles, cancellationToken).ConfigureAwait(false);
        if (EvidenceSeal.DecisionOf(waiting.Action.EvidenceJson).Seal != waiting.Policy.Seal)
        {
            return (Lapse(waiting, standing.Requester ?? new Operator(waiting.Action.RequestedBy, Role.Viewer, false), time.GetUtcNow()), null);
        }

        return standing.IsDecidedElsewhere(waiting)
            ? (null, waiting.Action.Phase == ActionPhase.Approved ? standing.WhyElsewhere(waiting) : null)
            : (Next(waiting, standing), null);
    }

    /// <summary>The end of one that the release has overtaken, or that waited for too long.</summary>
    private ActionChange? Ending(WaitingPromotion waiting)
    {
        var (action, now) = (waiting.Action, time.GetUtcNow());
        if (!waiting.StillNext)
        {
            return End(waiting, ActionPhase.Withdrawn, "withdrawn", "The release has moved on since this was asked for, so there is nothing to approve any more.", now);
        }

        return action.ExpiresAt <= now
            ? End(waiting, ActionPhase.Expired, "expired", $"It waited until {Wording.Moment(action.ExpiresAt.Value)} and was not carried out by then; ask for it anew.", now)
            : null;
    }

    /// <summary>The next step of one whose people are all known here; null when there is nothing to do now.</summary>
    private ActionChange? Next(WaitingPromotion waiting, ApprovalStanding standing)
    {
        var (action, now) = (waiting.Action, time.GetUtcNow());
        if (standing.Counting.Count < waiting.Needed)
        {
            return Say(action, ActionPhase.AwaitingApproval, Waits(waiting, standing.Counting.Count), now);
        }

        var by = string.Join(" and ", standing.Counting.Select(w => w.By));
        if (standing.Requester is not { } requester)
        {
            return Say(action, ActionPhase.Approved, $"Approved by {by}, but the access of {action.RequestedBy}, who asked for it, was withdrawn; withdraw it and ask anew.", now);
        }

        var context = reading.Context(waiting, requester);
        if (PromoteRule.Judge(context) is { Count: > 0 } refusals)
        {
            return Say(action, ActionPhase.Approved, $"Approved by {by}; waits: {string.Join(", ", refusals.Select(Named).Distinct())}.", now);
        }

        action.Refreeze(EvidenceSeal.Freeze(context, waiting.Release.Artifact.Digest));
        var text = $"Approved by {by}. Asked {context.Target?.Title ?? action.Target} to promote to {Wording.Percent(action.ToExposure!.Value)}; waiting to see it there.{WaivedGates.Sentence(waiting.Policy.Gates)}";
        action.Move(ActionPhase.Executing, now, text);
        return Change(action, "intent", text, now);
    }

    /// <summary>What changed is told once: from then on the action holds the evidence of now.</summary>
    private ActionChange Lapse(WaitingPromotion waiting, Operator requester, DateTimeOffset now)
    {
        var action = waiting.Action;
        var (before, basis) = EvidenceSeal.DecisionOf(action.EvidenceJson);
        var why = waiting.Policy.Basis?.Since(basis) ?? "what it was given on has changed";
        var gone = ApprovalRule.Counting(waiting.Words, before, action, waiting.Release.Author);
        List<string> texts = [.. gone.Select(w => LapsedWords.Of(w.By, why))];
        action.Refreeze(EvidenceSeal.Freeze(reading.Context(waiting, requester), waiting.Release.Artifact.Digest));
        action.Move(ActionPhase.AwaitingApproval, now, texts.Count > 0 ? string.Join(" ", texts) : action.Outcome);
        return new ActionChange
        {
            Action = action,
            Audit = [.. texts.Select(text => action.Audit("lapsed", text, now, RolloutEngine.Console))],
            Events = [.. texts.Select(text => Told(action, text, now))],
        };
    }

    private static ActionChange End(WaitingPromotion waiting, ActionPhase phase, string outcome, string text, DateTimeOffset now)
    {
        waiting.Action.Move(phase, now, text);
        return Change(waiting.Action, outcome, text, now);
    }

    private static ActionChange Change(ReleaseAction action, string outcome, string text, DateTimeOffset now) => new()
    {
        Action = action, Audit = [action.Audit(outcome, text, now, RolloutEngine.Console)], Events = [Told(action, text, now)],
    };

    /// <summary>Says how it stands, and writes only what is new.</summary>
    private static ActionChange? Say(ReleaseAction action, ActionPhase phase, string text, DateTimeOffset now)
    {
        if (action.Phase == phase && (action.Outcome == text || phase == ActionPhase.AwaitingApproval))
        {
            return null;
        }

        action.Move(phase, now, text);
        return new ActionChange { Action = action };
    }

    private static ReleaseEvent Told(ReleaseAction action, string text, DateTimeOffset now) =>
        new() { ReleaseId = action.ReleaseId!.Value, Kind = ReleaseEventKind.Approval, At = now, Text = text, ActionId = action.Id };

    private static string Named(Refusal refusal) => refusal is GateRefusal gate ? gate.Gate.Name : refusal.Sentence.TrimEnd('.');

    internal static string Waits(WaitingPromotion waiting, int given) => $"Waits for approval: {given} of {waiting.Needed}.";

    private void Show(WaitingPromotion waiting, string? hangsOn)
    {
        var summary = waiting.Action.Summary(waiting.Counting.Count) with { HangsOn = hangsOn };
        if (board.Find(waiting.Release.Id)?.Action != summary)
        {
            board.Show(waiting.Release.Id, summary);
        }

        if (waiting.Action.Phase == ActionPhase.Executing)
        {
            queue.Enqueue(waiting.Action);
        }
    }
}
