using Microsoft.Extensions.Logging;
using OpsConsole.Core.Audit;

namespace OpsConsole.Core.Actions.Gate;

/// <summary>Keeps the call of an action to its target from undoing what took the action's place meanwhile, on this console or on another.</summary>
/// <remarks>Nothing is locked while a target is asked: a stop would have to wait for that. So whoever asked looks on the record when the call is over, and where something that stops took its place, asks for that again.</remarks>
internal sealed class LateCalls(IActionStore actions, ActionOutcomes outcomes, ExecutionLimits limits, TimeProvider time, ILogger log)
{
    /// <summary>How often a stop is asked for again that the target does not show.</summary>
    private const int MaxAttempts = 3;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private int _open;

    /// <summary>Calls that a run left behind when it was overtaken, and of which nobody knows yet what became.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>True while nothing took the action's place and nobody ended it.</summary>
    public async Task<bool> IsHeldAsync(ReleaseAction action, CancellationToken cancellationToken) =>
        await actions.FindAsync(action.Id, cancellationToken).ConfigureAwait(false) is { } now && now.Phase.IsInFlight();

    /// <summary>The same when the target has been asked: a record that is away for a moment is waited for, because nobody else looks.</summary>
    public async Task<bool> IsStillHeldAsync(ReleaseAction action, CancellationToken cancellationToken)
    {
        var begun = time.GetUtcNow();
        while (true)
        {
            try
            {
                return await IsHeldAsync(action, cancellationToken).ConfigureAwait(false);
            }
            catch (RecordUnavailableException) when (time.GetUtcNow() - begun < limits.AdoptAfter)
            {
                await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Looks after the call of a run that was overtaken, in the background: the stop that took its place waits for none of this.</summary>
    /// <param name="late">The action whose place was taken.</param>
    /// <param name="call">Its call to the target.</param>
    /// <param name="talk">As in <see cref="StopAgainAsync"/>.</param>
    /// <param name="cancellationToken">The console stops.</param>
    public void GoOn(ReleaseAction late, Task call, Func<ReleaseAction, Guid, Task<TargetConversation?>> talk, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _open);
        _ = InBackgroundAsync(
            late,
            async () =>
            {
                try
                {
                    await LookAfterAsync(late, call, talk, cancellationToken).ConfigureAwait(false);
                }
                finally
                {
                    Interlocked.Decrement(ref _open);
                }
            },
            cancellationToken);
    }

    /// <summary>Looks once more when no call can be on its way any more: one that was not answered in time may arrive after the first look.</summary>
    /// <param name="late">The action that was asked for.</param>
    /// <param name="talk">As in <see cref="StopAgainAsync"/>.</param>
    /// <param name="cancellationToken">The console stops.</param>
    public void LookLater(ReleaseAction late, Func<ReleaseAction, Guid, Task<TargetConversation?>> talk, CancellationToken cancellationToken) =>
        _ = InBackgroundAsync(late, () => LookAsync(late, limits.AdoptAfter, talk, cancellationToken), cancellationToken);

    /// <summary>Asks the target again for the stop that holds now, and puts on record what it shows. Does nothing where the action's place was not taken.</summary>
    /// <param name="late">The action whose place was taken while its target was asked.</param>
    /// <param name="answer">How its call ended: one that was accepted is put on record in any case.</param>
    /// <param name="talk">Begins a conversation about an action, under an idempotency key of its own: a target does nothing for one that it knows.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task StopAgainAsync(ReleaseAction late, ApplyResult answer, Func<ReleaseAction, Guid, Task<TargetConversation?>> talk, CancellationToken cancellationToken)
    {
        ReleaseAction? stop = null;
        ReadBack? read = null;
        HashSet<Guid> refused = [];

        // Which stop holds is read anew each time: one that takes the place of another meanwhile must not be undone from here.
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            if (await HoldingAsync(late, refused, cancellationToken).ConfigureAwait(false) is not { } now || (now.Id == stop?.Id && read is { Reached: true }))
            {
                break;
            }

            stop = now;
            if (await talk(stop, Guid.CreateVersion7(time.GetUtcNow())).ConfigureAwait(false) is not { } target)
            {
                read = new ReadBack(null, false, "it is not connected");
                break;
            }

            var (asked, _) = await target.ApplyAsync(cancellationToken).ConfigureAwait(false);
            var again = asked == ApplyResult.Refused && stop.Phase == ActionPhase.Failed;
            read = again ? await target.ObserveAsync(cancellationToken).ConfigureAwait(false) : await target.ReadBackAsync(cancellationToken).ConfigureAwait(false);
            if (again && !read.Reached)
            {
                // The target goes on saying no to it, so the stop before it is the one to keep up.
                refused.Add(stop.Id);
            }
        }

        if (stop is not null)
        {
            await NoteAsync(late, stop, read, cancellationToken).ConfigureAwait(false);
        }
        else if (answer == ApplyResult.Accepted)
        {
            await outcomes.NoteLateAsync(
                late.Id, null, $"Its call to {late.Target} was accepted when its place had been taken, and no stop holds now that could be asked for again. Look at the target.", null, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task NoteAsync(ReleaseAction late, ReleaseAction stop, ReadBack? read, CancellationToken cancellationToken)
    {
        var asked = $"Its call to {late.Target} was still on its way when the place was taken, so the {stop.Verb.Phrase()} by {stop.RequestedBy} was asked for again";
        var text = read is { Reached: true, Shown: { } shown }
            ? $"{asked}: {late.Target} shows {ActionExecutor.Described(shown)}."
            : $"{asked}, and {late.Target} {(read?.Shown is { } other ? $"shows {ActionExecutor.Described(other)}" : $"cannot be read ({read?.Trouble})")}. Look at the target.";
        if (read is not { Reached: true })
        {
            log.LogWarning("{Title}: {Text}", late.Title(), text);
        }

        await outcomes.NoteLateAsync(late.Id, stop.Id, text, read is { Reached: true } ? read.Shown : null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The stop that a late call must not undo: the newest one, also where the target said no to it, unless something that grows came after it. Null where there is none, or where the action's place was not taken.</summary>
    private async Task<ReleaseAction?> HoldingAsync(ReleaseAction late, HashSet<Guid> refused, CancellationToken cancellationToken)
    {
        var all = await actions.ForReleaseAsync(late.ReleaseId!.Value, cancellationToken).ConfigureAwait(false);
        return all.Any(a => a.Id == late.Id && a.Phase == ActionPhase.PreEmpted)
            && all.FirstOrDefault(a => a.Id != late.Id && !refused.Contains(a.Id) && MayHold(a)) is { } newest && newest.Verb.IsStopping() ? newest : null;
    }

    private static bool MayHold(ReleaseAction action) =>
        action.Phase is ActionPhase.Executing or ActionPhase.Unconfirmed or ActionPhase.Confirmed || (action.Phase == ActionPhase.Failed && action.Verb.IsStopping());

    private async Task LookAfterAsync(ReleaseAction late, Task call, Func<ReleaseAction, Guid, Task<TargetConversation?>> talk, CancellationToken cancellationToken)
    {
        switch (await AnswerAsync(call, cancellationToken).ConfigureAwait(false))
        {
            case ApplyResult.Accepted:
                await IsStillHeldAsync(late, cancellationToken).ConfigureAwait(false);
                await StopAgainAsync(late, ApplyResult.Accepted, talk, cancellationToken).ConfigureAwait(false);
                break;

            case ApplyResult.NotKnown:
                // Being cancelled ends the call here and not always there: the target may work it off all the same.
                LookLater(late, talk, cancellationToken);
                await LookAsync(late, limits.Apply, talk, cancellationToken).ConfigureAwait(false);
                break;
        }
    }

    /// <summary>How a call ended that a run left behind.</summary>
    private async Task<ApplyResult> AnswerAsync(Task call, CancellationToken cancellationToken)
    {
        try
        {
            await call.WaitAsync(limits.Apply, time, cancellationToken).ConfigureAwait(false);
            return ApplyResult.Accepted;
        }
        catch (TargetRefusedException)
        {
            return ApplyResult.Refused;
        }
#pragma warning disable CA1031 // An adapter may break in any way; the effect is not known then.
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return ApplyResult.NotKnown;
        }
    }

    /// <summary>Looks at the target after a while, and asks for the stop again only where it is not to be seen.</summary>
    private async Task LookAsync(ReleaseAction late, TimeSpan after, Func<ReleaseAction, Guid, Task<TargetConversation?>> talk, CancellationToken cancellationToken)
    {
        await Task.Delay(after, time, cancellationToken).ConfigureAwait(false);
        if (await IsStillHeldAsync(late, cancellationToken).ConfigureAwait(false)
            || await HoldingAsync(late, [], cancellationToken).ConfigureAwait(false) is not { } stop
            || await talk(stop, Guid.CreateVersion7(time.GetUtcNow())).ConfigureAwait(false) is not { } target
            || (await target.ObserveAsync(cancellationToken).ConfigureAwait(false)).Reached)
        {
            return;
        }

        await StopAgainAsync(late, ApplyResult.NotKnown, talk, cancellationToken).ConfigureAwait(false);
    }

    private async Task InBackgroundAsync(ReleaseAction late, Func<Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The console stops.
        }
#pragma warning disable CA1031 // Nobody waits for this, so it must say itself what went wrong.
        catch (Exception e)
#pragma warning restore CA1031
        {
            log.LogError(e, "What became of the late call of action {Action} could not be found out. Look at its target.", late.Id);
        }
    }
}
