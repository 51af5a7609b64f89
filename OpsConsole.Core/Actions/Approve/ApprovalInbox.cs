using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Promote;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Actions.Approve;

/// <summary>What waits for approval as a person sees it, and what was decided.</summary>
public sealed class ApprovalInbox(ApprovalReading reading, IApprovalStore approvals, IReleaseStore releases, IOperatorRoles roles, TimeProvider time, DecisionBriefs? briefs = null)
{
    private const int MaxEvents = 500;

    /// <summary>What waits, those that the reader may decide first, then the oldest.</summary>
    public async Task<IReadOnlyList<ApprovalRequest>> WaitingAsync(Operator reader, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var now = await roles.NowAsync(reader, cancellationToken).ConfigureAwait(false);
        List<ApprovalRequest> requests = [];
        foreach (var action in await reading.WaitingAsync(cancellationToken).ConfigureAwait(false))
        {
            if (await reading.FindAsync(action.Id, cancellationToken).ConfigureAwait(false) is { } waiting && waiting.Action.Phase.IsWaiting())
            {
                requests.Add(await ShowAsync(waiting, reader, now?.ConfirmedRoleIn(waiting.Release.Environment), cancellationToken).ConfigureAwait(false));
            }
        }

        return [.. requests.OrderBy(r => r.AgainstApproving.Count > 0).ThenBy(r => r.Action.RequestedAt)];
    }

    /// <summary>What was decided last, newest first.</summary>
    public async Task<IReadOnlyList<ApprovalRequest>> DecidedAsync(int take, CancellationToken cancellationToken)
    {
        var decided = await approvals.DecidedAsync(take, cancellationToken).ConfigureAwait(false);
        var words = (await approvals.ForActionsAsync([.. decided.Select(a => a.Id)], cancellationToken).ConfigureAwait(false)).ToLookup(w => w.ActionId);
        List<ApprovalRequest> requests = [];
        foreach (var action in decided)
        {
            var (said, seal) = (words[action.Id].ToList(), LastSeal(action, words[action.Id]));
            requests.Add(new ApprovalRequest
            {
                Action = action,
                Title = action.Title(),
                Seal = action.EvidenceSeal,
                Needed = action.ApprovalsNeeded,
                Given = ApprovalRule.Counting(said, seal, action, author: null).Count,
                Gates = EvidenceSeal.PolicyGatesOf(action.EvidenceJson),
                Words = await ShownAsync(said, seal, action.ReleaseId!.Value, cancellationToken).ConfigureAwait(false),
            });
        }

        return requests;
    }

    /// <summary>The seal that words counted on in the end: of the evidence that the promotion was carried out on or given up with, or that its rejection was said on.</summary>
    private static string LastSeal(ReleaseAction action, IEnumerable<Approval> words) =>
        words.LastOrDefault(w => !w.Approved)?.Seal ?? EvidenceSeal.DecisionOf(action.EvidenceJson).Seal;

    private async Task<ApprovalRequest> ShowAsync(WaitingPromotion waiting, Operator reader, Role? role, CancellationToken cancellationToken)
    {
        var elsewhere = waiting.Action.Phase == ActionPhase.Approved
            ? (await ApprovalStanding.ReadAsync(waiting, roles, cancellationToken).ConfigureAwait(false)).WhyElsewhere(waiting)
            : null;
        var context = new ApprovalContext { By = reader, Role = role, Action = waiting.Action, Author = waiting.Release.Author, Policy = waiting.Policy, Words = waiting.Words };
        return new ApprovalRequest
        {
            Action = waiting.Action,
            Title = waiting.Action.Title(),
            Author = waiting.Release.Author,
            Seal = waiting.Policy.Seal,
            Needed = waiting.Needed,
            Given = waiting.Counting.Count,
            DecidedElsewhere = elsewhere,
            Words = await ShownAsync(waiting.Words, waiting.Policy.Seal, waiting.Release.Id, cancellationToken).ConfigureAwait(false),
            Gates = [.. PromotionGates.Judge(ReleaseState.From(waiting.Release), waiting.Snapshot, time.GetUtcNow()), .. waiting.Policy.Gates],
            Brief = briefs is null ? null : await briefs.ReadAsync(waiting.Release, cancellationToken).ConfigureAwait(false),
            AgainstApproving = ApprovalRule.JudgeApprove(context),
            AgainstRejecting = ApprovalRule.JudgeReject(context),
            AgainstWithdrawing = ApprovalRule.JudgeWithdraw(context),
        };
    }

    /// <summary>Words with why those lapsed that do not count on a seal. The timeline tells why, once the schedule has noticed.</summary>
    private async Task<IReadOnlyList<ShownWord>> ShownAsync(IReadOnlyList<Approval> words, string seal, Guid releaseId, CancellationToken cancellationToken)
    {
        var events = words.Any(w => w.Approved && w.Seal != seal)
            ? await releases.EventsAsync(releaseId, MaxEvents, cancellationToken).ConfigureAwait(false)
            : [];
        return [.. words.Select(w => new ShownWord(w, w.Approved && w.Seal != seal ? LapsedWords.Told(w, events) : null))];
    }
}

/// <summary>How a lapse is told.</summary>
internal static class LapsedWords
{
    public static string Begin(string by) => $"Approval by {by} lapsed";

    public static string Of(string by, string why) => $"{Begin(by)}: {why}.";

    /// <summary>The line of the timeline on a word: the first of its person after it was said.</summary>
    public static string Told(Approval word, IEnumerable<ReleaseEvent> events) =>
        events.FirstOrDefault(e => e.Kind == ReleaseEventKind.Approval && e.ActionId == word.ActionId && e.At >= word.At && e.Text.StartsWith(Begin(word.By), StringComparison.Ordinal))?.Text
            ?? Of(word.By, "what it was given on has changed");

    /// <summary>The reason alone, of a line written by <see cref="Of"/>.</summary>
    public static string Why(string by, string lapsed) => (lapsed.StartsWith(Begin(by), StringComparison.Ordinal) ? lapsed[Begin(by).Length..] : lapsed).Trim(':', '.', ' ');
}
