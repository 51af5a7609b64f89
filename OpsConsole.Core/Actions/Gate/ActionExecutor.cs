using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Switches;

namespace OpsConsole.Core.Actions.Gate;

/// <summary>Carries out recorded actions: asks the target, reads back until it shows the state, writes the outcome. One run for each action at a time, one target conversation for each release.</summary>
public sealed class ActionExecutor(
    IActionStore actions,
    IReleaseStore releases,
    ISwitchStore switches,
    ITargetRegistry targets,
    ActionOutcomes outcomes,
    ExecutionLimits limits,
    TimeProvider time,
    ILogger<ActionExecutor> log)
{
    internal const string NothingChanged = "Nothing changed.";

    private readonly ConcurrentDictionary<Guid, ActionRun> _runs = new();
    private readonly LateCalls _late = new(actions, outcomes, limits, time, log);

    /// <summary>Since when this process carries actions out: one that was executing before that is in nobody's hands.</summary>
    public DateTimeOffset StartedAt { get; } = time.GetUtcNow();

    /// <summary>Carries out an action that is executing. What is done already, carried out elsewhere or too old to be begun is left alone.</summary>
    /// <remarks>Throws only <see cref="OperationCanceledException"/>; what goes wrong otherwise is logged, and the schedule adopts the action.</remarks>
    public Task RunAsync(Guid actionId, CancellationToken cancellationToken) => RunAloneAsync(actionId, CarryOutAsync, cancellationToken);

    /// <summary>True while this executor has the action in hand.</summary>
    public bool IsRunning(Guid actionId) => _runs.ContainsKey(actionId);

    /// <summary>Actions that this executor has in hand, with those whose place was taken while their target was asked, until it was looked what became of the call.</summary>
    public int Running => _runs.Count + _late.Open;

    /// <summary>Finds out what became of an action that nobody carries out any more, by observing its target and never by asking for it again.</summary>
    public Task AdoptAsync(Guid actionId, CancellationToken cancellationToken) => RunAloneAsync(actionId, FindOutAsync, cancellationToken);

    private async Task RunAloneAsync(Guid actionId, Func<ReleaseAction, ActionRun, Task> work, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var run = new ActionRun(stop, cancellationToken);
        if (!_runs.TryAdd(actionId, run))
        {
            return;
        }

        try
        {
            if (await actions.FindAsync(actionId, stop.Token).ConfigureAwait(false) is { } action && action.Phase is ActionPhase.Executing or ActionPhase.Unconfirmed)
            {
                using var span = ActionTelemetry.Begin(action);
                using var scope = log.Scope(action);
                run.Subject = action.SubjectKey;
                await OvertakeAsync(run).ConfigureAwait(false);
                await work(action, run).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
        catch (RecordUnavailableException e)
        {
            log.LogWarning(e, "Action {Action} stays as it is because the record cannot be reached; it is taken up again by the schedule.", actionId);
        }
#pragma warning disable CA1031 // One action that breaks must not take the worker with it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            log.LogError(e, "Action {Action} broke; it is taken up again by the schedule.", actionId);
        }
        finally
        {
            _runs.TryRemove(actionId, out _);
            run.Ended.TrySetResult();
        }
    }

    /// <summary>The gate lets one action at a time hold a release, so any other run on it is of one that was pre-empted: it is stopped, and waited for a moment so that its call to the target does not come after this one's.</summary>
    private async Task OvertakeAsync(ActionRun run)
    {
        foreach (var other in _runs.Values.Where(r => r != run && r.Subject == run.Subject))
        {
            other.Cancel();
            try
            {
                await other.Ended.Task.WaitAsync(limits.LetGo, time).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                log.LogWarning("An overtaken action on {Subject} did not let go of its target in time.", run.Subject);
            }
        }
    }

    private async Task CarryOutAsync(ReleaseAction action, ActionRun run)
    {
        var cancellationToken = run.Token;
        if (action.ReleaseId is null)
        {
            await outcomes.ReadBackSwitchAsync(action, switches, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (action.Verb == ActionVerb.Rollback && await IsUnexposedAsync(action, cancellationToken).ConfigureAwait(false))
        {
            await outcomes.EndUnexposedAsync(action.Id, cancellationToken).ConfigureAwait(false);
            return;
        }

        // A growing action that waited too long is not begun any more: the schedule finds out that it never was.
        if (!action.Verb.IsStopping() && (action.Phase != ActionPhase.Executing || IsOld(action)))
        {
            return;
        }

        if (await ConversationAsync(action, cancellationToken).ConfigureAwait(false) is not { } target)
        {
            return;
        }

        // The last look before the target is asked: another console may have taken this action's place since it was taken up.
        if (!action.Verb.IsStopping() && !await _late.IsHeldAsync(action, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        if (await AskAsync(action, target, run).ConfigureAwait(false) is not { } answer)
        {
            return;
        }

        var (asked, detail) = answer;
        if (asked == ApplyResult.Refused)
        {
            // One that had been asked for before may have been accepted then, so what the target shows goes before what it says now.
            var again = action.Phase == ActionPhase.Unconfirmed || action.ExecutingAt < StartedAt ? await target.ObserveAsync(cancellationToken).ConfigureAwait(false) : null;
            await outcomes.RefusedAsync(action, detail!.TrimEnd('.'), again, cancellationToken).ConfigureAwait(false);
            return;
        }

        var read = await target.ReadBackAsync(cancellationToken).ConfigureAwait(false);
        if (read.Reached)
        {
            await outcomes.ConfirmAsync(action.Id, read.Shown!, cancellationToken).ConfigureAwait(false);
        }
        else if (asked == ApplyResult.Accepted && read.Shown is { Underway: { } underway })
        {
            await outcomes.LeaveUnconfirmedAsync(action.Id, StillAtIt(action, underway), cancellationToken).ConfigureAwait(false);
        }
        else if (asked == ApplyResult.Accepted && read.Shown is { } shown)
        {
            await outcomes.FailAsync(
                action.Id,
                $"{action.Target} accepted, but after {Wording.Duration(limits.ReadBack)} it still shows {Described(shown)}{Why(action, shown)}. Look at the target, then ask again.",
                cancellationToken).ConfigureAwait(false);
        }
        else
        {
            var why = detail ?? read.Trouble ?? "the effect is not to be seen yet";
            await outcomes.LeaveUnconfirmedAsync(
                action.Id,
                $"Not known whether it happened: {action.Target} {(detail is null ? "cannot be read" : "did not confirm the change")} ({why}). The console goes on asking.",
                cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Asks the target, and looks on the record when the call is over; null where the action does not hold its place any more.</summary>
    private async Task<(ApplyResult Result, string? Detail)?> AskAsync(ReleaseAction action, TargetConversation target, ActionRun run)
    {
        // Nothing takes the place of a roll back, so its call undoes nothing.
        if (action.Verb == ActionVerb.Rollback)
        {
            return await target.ApplyAsync(run.Token).ConfigureAwait(false);
        }

        Task<TargetConversation?> TalkAsync(ReleaseAction stop, Guid key) => ConversationAsync(stop, run.Console, key);
        try
        {
            var answer = await target.ApplyAsync(run.Token).ConfigureAwait(false);
            run.Token.ThrowIfCancellationRequested();
            if (answer.Result == ApplyResult.NotKnown)
            {
                _late.LookLater(action, TalkAsync, run.Console);
            }

            if (await _late.IsStillHeldAsync(action, run.Token).ConfigureAwait(false))
            {
                return answer;
            }

            await _late.StopAgainAsync(action, answer.Result, TalkAsync, run.Token).ConfigureAwait(false);
            return null;
        }
        catch (OperationCanceledException) when (run.IsOvertaken && target.Call is { } call)
        {
            // The stop does not wait for the call; what becomes of that is looked after in the background.
            _late.GoOn(action, call, TalkAsync, run.Console);
            throw;
        }
    }

    private async Task FindOutAsync(ReleaseAction action, ActionRun run)
    {
        var cancellationToken = run.Token;
        if (action.ReleaseId is null)
        {
            await outcomes.ReadBackSwitchAsync(action, switches, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (await ConversationAsync(action, cancellationToken).ConfigureAwait(false) is not { } target)
        {
            return;
        }

        var read = await target.ObserveAsync(cancellationToken).ConfigureAwait(false);
        if (read.Reached)
        {
            await outcomes.ConfirmAsync(action.Id, read.Shown!, cancellationToken).ConfigureAwait(false);
        }
        else if (read.Shown is { Underway: { } underway })
        {
            await outcomes.LeaveUnconfirmedAsync(action.Id, StillAtIt(action, underway), cancellationToken).ConfigureAwait(false);
        }
        else if (read.Shown is { } shown)
        {
            // The call of whoever carried it out may still be on its way: what is not to be seen yet can be seen later.
            if (!IsOld(action))
            {
                return;
            }

            var reached = shown.LastActionId == action.Id;
            await outcomes.FailAsync(
                action.Id,
                reached
                    ? $"It reached {action.Target}, which shows {Described(shown)} all the same{Why(action, shown)}. Look at the target, then ask again."
                    : $"It never reached {action.Target}, which shows {Described(shown)}. Ask again.",
                cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await outcomes.LeaveUnconfirmedAsync(
                action.Id, $"Not known whether it happened: {action.Target} cannot be read ({read.Trouble}). The console goes on asking.", cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<TargetConversation?> ConversationAsync(ReleaseAction action, CancellationToken cancellationToken, Guid? key = null)
    {
        var release = await releases.FindAsync(action.ReleaseId!.Value, cancellationToken).ConfigureAwait(false);
        if (release is null || targets.Find(release.Target, release.Environment) is not { } adapter)
        {
            await outcomes.LeaveUnconfirmedAsync(
                action.Id, $"Not known whether it happened: the target {action.Target} is not connected. The console goes on asking.", cancellationToken).ConfigureAwait(false);
            return null;
        }

        var change = new TargetChange(
            key ?? action.Id, release.Service, release.Environment, release.Version, release.PreviousVersion, action.ToExposure ?? release.ExposurePercent, action.Verb == ActionVerb.Halt);
        return new TargetConversation(adapter, change, action.Verb, limits, time);
    }

    /// <summary>No stage was confirmed, no promotion was stopped on its way, which might have arrived all the same, and none that failed left the version with the target.</summary>
    private async Task<bool> IsUnexposedAsync(ReleaseAction action, CancellationToken cancellationToken)
    {
        var release = await releases.FindAsync(action.ReleaseId!.Value, cancellationToken).ConfigureAwait(false);
        if (release is null || !ReleaseState.From(release).IsUnexposed)
        {
            return false;
        }

        var all = await actions.ForReleaseAsync(release.Id, cancellationToken).ConfigureAwait(false);
        var begun = all.Where(a => a.MayHaveArrived).ToList();
        return begun.Count == 0 || (begun.All(a => a.Phase == ActionPhase.Failed)
            && await ConversationAsync(action, cancellationToken).ConfigureAwait(false) is { } target
            && await target.ObserveAsync(cancellationToken).ConfigureAwait(false) is { Reached: true, Shown.Underway: null });
    }

    private bool IsOld(ReleaseAction action) => time.GetUtcNow() - action.ExecutingAt >= limits.AdoptAfter;

    private static string StillAtIt(ReleaseAction action, string underway) => $"{action.Target} accepted, and is still at it: {underway.TrimEnd('.')}. The console goes on asking.";

    /// <summary>What a target was seen in, for a sentence.</summary>
    internal static string Described(TargetObservation seen) => $"{Wording.Percent(seen.ExposurePercent)}{(seen.Beneath is { } beneath ? $" while it is killed, and {Wording.Percent(beneath)} beneath" : "")}{(seen.Halted ? ", halted" : "")}";

    /// <summary>Why it stays there, for the end of a sentence.</summary>
    internal static string Why(ReleaseAction action, TargetObservation seen) =>
        action.Verb == ActionVerb.Rollback && seen.IsComing ? " and is still to give the version out"
        : seen.Stuck is { } stuck ? $": {stuck.TrimEnd('.')}"
        : "";
}
