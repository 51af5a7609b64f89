using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Promote;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Actions.Approve;

/// <summary>What waits for approval as a person sees it, and what was decided.</summary>
public sealed class ApprovalInbox(ApprovalReading reading, IApprovalStore approvals, IReleaseStore releases, IOperatorRoles roles, TimeProvider time)
{
    private const int MaxEvents = 500;

    /// <summary>What waits, those that the reader may decide first, then the oldest.</summary>
    public async Task<IReadOnlyList<ApprovalRequest>> WaitingAsync(Operator reader, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var role = await roles.CurrentAsync(reader, cancellationToken).ConfigureAwait(false);
        List<ApprovalRequest> requests = [];
        foreach (var action in await reading.WaitingAsync(cancellationToken).ConfigureAwait(false))
        {
            if (await reading.FindAsync(action.Id, cancellationToken).ConfigureAwait(false) is { } waiting && waiting.Action.Phase.IsWaiting())
            {
                requests.Add(await ShowAsync(waiting, reader, role, cancellationToken).ConfigureAwait(false));
            }
        }

        return [.. requests.OrderBy(r => r.AgainstApproving.Count > 0).ThenBy(r => r.Action.RequestedAt)];
    }

    /// <summary>What was decided last, newest first.</summary>
    public async Task<IReadOnlyList<ApprovalRequest>> DecidedAsync(int take, CancellationToken cancellationToken)
    {
        var decided = await approvals.DecidedAsync(take, cancellationToken).ConfigureAwait(false);
        var words = (await approvals.ForActionsAsync([.. decided.Select(a => a.Id)], cancellationToken).ConfigureAwait(false)).ToLookup(w => w.ActionId);
        return [.. decided.Select(action => new ApprovalRequest
        {
            Action = action,
            Title = action.Title(),
            Seal = action.EvidenceSeal,
            Needed = action.ApprovalsNeeded,
            Given = words[action.Id].Count(w => w.Approved),
            Words = [.. words[action.Id].Select(w => new ShownWord(w, null))],
        })];
    }

    private async Task<ApprovalRequest> ShowAsync(WaitingPromotion waiting, Operator reader, Role? role, CancellationToken cancellationToken)
    {
        var context = new ApprovalContext { By = reader, Role = role, Action = waiting.Action, Author = waiting.Release.Author, Policy = waiting.Policy, Words = waiting.Words };
        var told = waiting.Words.Any(w => w.Approved && w.Seal != waiting.Policy.Seal)
            ? await releases.EventsAsync(waiting.Release.Id, MaxEvents, cancellationToken).ConfigureAwait(false)
            : [];
        return new ApprovalRequest
        {
            Action = waiting.Action,
            Title = waiting.Action.Title(),
            Author = waiting.Release.Author,
            Seal = waiting.Policy.Seal,
            Needed = waiting.Needed,
            Given = waiting.Counting.Count,
            Words = [.. waiting.Words.Select(w => new ShownWord(w, Lapsed(w, waiting, told)))],
            Gates = [.. PromotionGates.Judge(ReleaseState.From(waiting.Release), waiting.Snapshot, time.GetUtcNow()), .. waiting.Policy.Gates],
            AgainstApproving = ApprovalRule.JudgeApprove(context),
            AgainstRejecting = ApprovalRule.JudgeReject(context),
            AgainstWithdrawing = ApprovalRule.JudgeWithdraw(context),
        };
    }

    /// <summary>The timeline tells why, once the schedule has noticed.</summary>
    private static string? Lapsed(Approval word, WaitingPromotion waiting, IReadOnlyList<ReleaseEvent> events) => !word.Approved || word.Seal == waiting.Policy.Seal
        ? null
        : events.LastOrDefault(e => e.Kind == ReleaseEventKind.Approval && e.ActionId == word.ActionId && e.Text.StartsWith(LapsedWords.Begin(word.By), StringComparison.Ordinal))?.Text
            ?? $"{LapsedWords.Begin(word.By)}: what it was given on has changed.";
}

/// <summary>How a lapse is told.</summary>
internal static class LapsedWords
{
    public static string Begin(string by) => $"Approval by {by} lapsed";

    public static string Of(string by, string why) => $"{Begin(by)}: {why}.";
}
