using Microsoft.Extensions.Logging;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Board;
using OpsConsole.Core.Rollouts;
using OpsConsole.Core.Tracing;

namespace OpsConsole.Core.Releases;

/// <summary>A release is done when it was watched staying healthy, not when it reached 100 %.</summary>
/// <remarks>A release with a policy is not done while a trigger is pending, fired or inconclusive, or a check has not ended well: the engine says how they stand.
/// The watch counts from the last stage's begin or from when the verdict last became pass, whichever is later: any other verdict begins it anew, and so does a restart of the console, which watched nothing meanwhile.</remarks>
public sealed class CompleteWatch(IReleaseStore releases, IAuditStore audit, ReleaseBoard board, TimeProvider time, ILogger<CompleteWatch>? log = null)
{
    /// <summary>Completes every watched release whose time is over and whose verdict is pass on fresh data. Returns how many.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var completed = 0;
        foreach (var shown in board.Current.Releases)
        {
            // Only what the board says may be due is read; an action under way comes first.
            if (shown.Phase == ReleasePhase.Watching && shown.Verdict == Verdict.Pass && shown.Action?.Phase.IsInFlight() != true
                && !IsHeldUp(shown.Policy, time.GetUtcNow()))
            {
                using var scope = log?.BeginScope(LogScope.OfRelease(shown.Id));
                completed += await CompleteAsync(shown, cancellationToken).ConfigureAwait(false) ? 1 : 0;
            }
        }

        return completed;
    }

    /// <summary>What the policy makes of it stands against an end, or nobody knows because the engine has not looked lately. A dry run has no vote.</summary>
    private static bool IsHeldUp(PolicyStanding? policy, DateTimeOffset now) =>
        policy is not null && (!policy.IsCurrent(now) || policy.Step == RolloutStep.Paused || RolloutSentences.InTheWay(policy.Triggers, policy.Checks) is not null);

    private async Task<bool> CompleteAsync(ReleaseSnapshot shown, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var stale = shown.Signals.Any(s => s.Definition.Required && (s.AsOf is not { } at || now - at > s.Definition.StaleAfter + TimeSpan.FromSeconds(1)));
        if (stale
            || await releases.FindAsync(shown.Id, cancellationToken).ConfigureAwait(false) is not { Phase: ReleasePhase.Watching } release
            || release.Revision != shown.Revision
            || (release.Policy is not null && shown.Policy is null))
        {
            return false;
        }

        var watched = now - (shown.VerdictSince > release.StageEnteredAt ? shown.VerdictSince : release.StageEnteredAt);
        if (watched < release.WatchTime)
        {
            return false;
        }

        release.Complete(now);
        var text = $"{release.Version} was watched at 100 % for {Wording.Duration(watched)} without a break and is healthy: {shown.Reason.TrimEnd('.')}.";
        var saved = await releases.SaveAsync(
            release,
            new ReleaseEvent { ReleaseId = release.Id, Kind = ReleaseEventKind.Completed, At = now, Text = text, ExposurePercent = release.ExposurePercent },
            cancellationToken).ConfigureAwait(false);
        if (!saved)
        {
            return false;
        }

        board.Track(release);
        await audit.AppendAsync(
            new AuditEntry
            {
                At = now, Actor = ActionRecord.Console, Role = ActionRecord.Console, Event = "release.complete", Subject = $"release:{release.Id:N}",
                SubjectTitle = ReleaseState.From(release).Title, Outcome = "done", Detail = text,
            },
            cancellationToken).ConfigureAwait(false);
        return true;
    }
}
