using Microsoft.Extensions.Logging;
using OpsConsole.Core.Audit;

namespace OpsConsole.Core.Actions.Gate;

/// <summary>Keeps the call of a growing action to its target from undoing what took the action's place meanwhile, also on another console.</summary>
/// <remarks>Nothing is locked while a target is asked: a stop would have to wait for that. So whoever asked for more looks on the record when the call is over, and where something that stops took its place, asks for that again.</remarks>
internal sealed class LateCalls(IActionStore actions, ActionOutcomes outcomes, ExecutionLimits limits, TimeProvider time, ILogger log)
{
    /// <summary>How often a stop is asked for again that the target does not show.</summary>
    private const int MaxAttempts = 3;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

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

    /// <summary>Asks the target again for the stop that holds now, and puts on record what it shows.</summary>
    /// <param name="late">The action whose place was taken while its target was asked.</param>
    /// <param name="talk">Begins a conversation about an action, under an idempotency key of its own: a target does nothing for one that it knows.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task StopAgainAsync(ReleaseAction late, Func<ReleaseAction, Guid, Task<TargetConversation?>> talk, CancellationToken cancellationToken)
    {
        var others = (await actions.ForReleaseAsync(late.ReleaseId!.Value, cancellationToken).ConfigureAwait(false)).Where(a => a.Id != late.Id);
        if (others.FirstOrDefault(a => a.Phase is ActionPhase.Executing or ActionPhase.Unconfirmed or ActionPhase.Confirmed) is not { } stop || !stop.Verb.IsStopping())
        {
            return;
        }

        ReadBack? read = null;
        for (var attempt = 0; attempt < MaxAttempts && read is not { Reached: true }; attempt++)
        {
            if (await talk(stop, Guid.CreateVersion7(time.GetUtcNow())).ConfigureAwait(false) is not { } target)
            {
                return;
            }

            await target.ApplyAsync(cancellationToken).ConfigureAwait(false);
            read = await target.ReadBackAsync(cancellationToken).ConfigureAwait(false);
        }

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
}
