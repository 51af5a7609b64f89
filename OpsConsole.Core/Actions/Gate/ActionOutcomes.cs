using Microsoft.Extensions.Logging;
using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Rollouts;
using OpsConsole.Core.Switches;

namespace OpsConsole.Core.Actions.Gate;

/// <summary>Writes how an action ended: action, release, audit and timeline in one transaction, and only while the action is still in flight.</summary>
public sealed class ActionOutcomes(IActionStore actions, IReleaseStore releases, ReleaseBoard board, SwitchBoard flags, TimeProvider time, ILogger<ActionOutcomes> log)
{
    private const int MaxAttempts = 5;

    /// <summary>The target shows what was asked for.</summary>
    internal Task ConfirmAsync(Guid actionId, TargetObservation seen, CancellationToken cancellationToken) =>
        EndAsync(actionId, ActionPhase.Confirmed, "confirmed", ReleaseEventKind.StageChanged, null, seen, cancellationToken);

    /// <summary>A release that nobody has ends in the record alone.</summary>
    internal Task EndUnexposedAsync(Guid actionId, CancellationToken cancellationToken) =>
        EndAsync(actionId, ActionPhase.Confirmed, "confirmed", ReleaseEventKind.RolledBack, null, null, cancellationToken);

    /// <summary>The target said no, or shows that it did not happen.</summary>
    internal Task FailAsync(Guid actionId, string outcome, CancellationToken cancellationToken) =>
        EndAsync(actionId, ActionPhase.Failed, "failed", ReleaseEventKind.ActionFailed, outcome, null, cancellationToken);

    /// <summary>The target said no.</summary>
    /// <param name="action">The action.</param>
    /// <param name="why">What it said.</param>
    /// <param name="again">What it shows, where the action had been asked for before; null where this was the first time, and nothing changed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal Task RefusedAsync(ReleaseAction action, string why, ReadBack? again, CancellationToken cancellationToken) => again switch
    {
        null => FailAsync(action.Id, $"{why}. {ActionExecutor.NothingChanged}", cancellationToken),
        { Reached: true, Shown: { } reached } => ConfirmAsync(action.Id, reached, cancellationToken),
        { Shown: { Underway: null } shown } => FailAsync(
            action.Id,
            $"{why}. It had been asked for before, and {action.Target} shows {ActionExecutor.Described(shown)}{ActionExecutor.Why(action, shown)}. Look at the target, then ask again.",
            cancellationToken),
        _ => LeaveUnconfirmedAsync(
            action.Id,
            $"Not known whether it happened: it was asked for again and refused ({why}), and {again.Shown?.Underway?.TrimEnd('.') ?? $"{action.Target} cannot be read ({again.Trouble})"}. The console goes on asking.",
            cancellationToken),
    };

    /// <summary>Nobody knows; the action stays in flight. Written once.</summary>
    internal Task LeaveUnconfirmedAsync(Guid actionId, string outcome, CancellationToken cancellationToken) =>
        EndAsync(actionId, ActionPhase.Unconfirmed, "unconfirmed", ReleaseEventKind.ActionUnconfirmed, outcome, null, cancellationToken);

    /// <summary>The call of an action whose place was taken was still on its way, so the stop was asked for again. A stop that had failed counts for the release now that its target shows it.</summary>
    /// <param name="lateId">The action whose place was taken.</param>
    /// <param name="stopId">The stop that was asked for; null where none was.</param>
    /// <param name="text">What was done, and what the target shows.</param>
    /// <param name="seen">What the target shows where that is the stop; null where it is not.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal async Task NoteLateAsync(Guid lateId, Guid? stopId, string text, TargetObservation? seen, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            if (await actions.FindAsync(lateId, cancellationToken).ConfigureAwait(false) is not { Phase: ActionPhase.PreEmpted, ReleaseId: { } releaseId } late
                || await releases.FindAsync(releaseId, cancellationToken).ConfigureAwait(false) is not { } release)
            {
                return;
            }

            // A halt holds the release where its target is, and the late call may have brought that further than was recorded.
            var stop = stopId is { } id ? await actions.FindAsync(id, cancellationToken).ConfigureAwait(false) : null;
            var now = time.GetUtcNow();
            var moved = seen is not null && stop is not null && (stop.Phase == ActionPhase.Failed
                || (stop is { Verb: ActionVerb.Halt, Phase: ActionPhase.Confirmed } && !TargetConversation.Same(seen.StandsAt, release.ExposurePercent)))
                ? ReleaseEffect.Apply(stop, release, seen, now) : null;
            late.Move(ActionPhase.PreEmpted, now, $"{late.Outcome} {text}");
            var change = new ActionChange
            {
                Action = late,
                Release = moved is { Changed: true } ? release : null,
                Audit = [late.Audit("pre-empted", text, now, RolloutEngine.Console)],
                Events = [late.Event(release.Id, seen is null ? ReleaseEventKind.ActionUnconfirmed : ReleaseEventKind.ActionPreEmpted, text, now), .. moved?.Events ?? []],
            };
            if (await actions.SaveAsync(change, cancellationToken).ConfigureAwait(false) == ActionSave.Saved)
            {
                if (change.Release is { } changed)
                {
                    board.Track(changed);
                }

                return;
            }
        }

        log.LogWarning("What became of the late call of action {Action} could not be written after {Attempts} attempts: {Text}", lateId, MaxAttempts, text);
    }

    /// <summary>Reads the switch of an action back, everywhere or in the action's environment, and writes what came of it.</summary>
    internal async Task ReadBackSwitchAsync(ReleaseAction action, ISwitchStore switches, CancellationToken cancellationToken)
    {
        var killed = action.Verb == ActionVerb.Kill;
        var value = await switches.FindAsync(action.SwitchKey!, cancellationToken).ConfigureAwait(false);
        var place = value is null || action.Environment is null ? null
            : (await switches.EnvironmentsAsync(value.Key, cancellationToken).ConfigureAwait(false)).FirstOrDefault(p => p.Environment == action.Environment);
        if (value is not null && (action.Environment is null ? value.Killed : place?.Killed ?? false) == killed)
        {
            await ConfirmSwitchAsync(action, value, place, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await FailAsync(action.Id, "The switch was read back as it was before. Ask again.", cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ConfirmSwitchAsync(ReleaseAction action, KillSwitch value, SwitchEnvironment? place, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var (killed, only) = (action.Verb == ActionVerb.Kill, action.Environment is { } environment ? $" in {environment}" : "");
        var outcome = killed ? $"Read back as killed{only}: {value.TurnsOff} is off{only}." : $"Read back as on{only}: {value.TurnsOff} is on again{only}.";
        action.Move(ActionPhase.Confirmed, now, outcome);
        var bound = (await releases.ListBoardAsync(cancellationToken).ConfigureAwait(false)).Where(r => r.SwitchKey == value.Key && (action.Environment is null || r.Environment == action.Environment));
        var change = new ActionChange
        {
            Action = action,
            Audit = [action.Audit("confirmed", outcome, now)],
            Events = [.. bound.Select(r => action.Event(r.Id, killed ? ReleaseEventKind.SwitchKilled : ReleaseEventKind.SwitchRestored, outcome, now))],
        };
        if (await actions.SaveAsync(change, cancellationToken).ConfigureAwait(false) == ActionSave.Saved)
        {
            ActionTelemetry.Ended(action, "confirmed");
            flags.Set(value);
            board.Show(value.Summary());
            if (place is not null)
            {
                flags.Set(place);
                board.Show(place.Summary(value.TurnsOff));
            }
        }
    }

    private async Task EndAsync(Guid actionId, ActionPhase phase, string audited, ReleaseEventKind kind, string? outcome, TargetObservation? seen, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var action = await actions.FindAsync(actionId, cancellationToken).ConfigureAwait(false);
            if (action is null || !action.Phase.IsInFlight() || action.Phase.IsWaiting() || (phase == ActionPhase.Unconfirmed && action.Phase == phase))
            {
                // Something took its place, it ended elsewhere, or it still waits for people: what comes late changes nothing.
                return;
            }

            var release = action.ReleaseId is { } id ? await releases.FindAsync(id, cancellationToken).ConfigureAwait(false) : null;
            var now = time.GetUtcNow();
            var result = phase != ActionPhase.Confirmed || release is null ? null
                : seen is null ? ReleaseEffect.EndUnexposed(action, release, now) : ReleaseEffect.Apply(action, release, seen, now);
            var text = outcome ?? result?.Text ?? "Read back as asked for.";
            action.Move(phase, now, text);
            var change = new ActionChange
            {
                Action = action,
                Release = result is { Changed: true } ? release : null,
                Audit = [action.Audit(audited, text, now)],
                Events = release is null ? [] : result?.Events ?? [action.Event(release.Id, kind, text, now)],
            };
            if (await actions.SaveAsync(change, cancellationToken).ConfigureAwait(false) != ActionSave.Saved)
            {
                continue;
            }

            ActionTelemetry.Ended(action, audited);
            if (change.Release is { } changed)
            {
                board.Track(changed);
            }

            if (release is not null)
            {
                board.Show(release.Id, action.Summary());
            }

            log.LogInformation("{Verb} of {Title}: {Outcome} {Text}", action.Verb.Label(), action.Title(), audited, text);
            return;
        }

        log.LogWarning("The outcome of action {Action} could not be written after {Attempts} attempts; the schedule asks its target again.", actionId, MaxAttempts);
    }
}
