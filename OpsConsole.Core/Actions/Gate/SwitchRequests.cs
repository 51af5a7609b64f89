using Microsoft.Extensions.Logging;
using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Halt;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Switches;

namespace OpsConsole.Core.Actions.Gate;

/// <summary>Judges and records commands on kill switches. The switch is in the console's own database, so it changes in the transaction that records the action.</summary>
public sealed class SwitchRequests(
    ISwitchStore switches,
    IActionStore actions,
    IReleaseStore releases,
    IAuditStore audit,
    ReleaseBoard board,
    SwitchBoard flags,
    ActionQueue queue,
    RefusalLog refusals,
    ReleaseRequests onReleases,
    TimeProvider time,
    ILogger<SwitchRequests> log)
{
    /// <summary>Tries once on what is recorded now. Null when someone else was quicker and it must be judged anew.</summary>
    internal async Task<GateAnswer?> TryAsync(SwitchCommand command, Operator by, CancellationToken cancellationToken)
    {
        if (await switches.FindAsync(command.SwitchKey, cancellationToken).ConfigureAwait(false) is not { } value)
        {
            return new GateAnswer.NotFound("There is no such switch.");
        }

        var inFlight = await actions.FindInFlightAsync($"switch:{value.Key}", cancellationToken).ConfigureAwait(false);
        var context = new ActionContext { By = by, Command = command, Switch = value.Summary(), InFlight = inFlight?.Summary(), Now = time.GetUtcNow() };
        var found = ActionRules.Judge(command.Verb, context);
        if (PermissionTable.Allows(by.Role, command.Verb.Permission()))
        {
            if (await ExistingAsync(command.Verb, value, inFlight, found, cancellationToken).ConfigureAwait(false) is { } existing)
            {
                await refusals.RepeatedAsync(command, by, null, existing, context.Now).ConfigureAwait(false);
                return new GateAnswer.Accepted(existing);
            }

            // Killed, but not by an action on record: killing it again is harmless and puts it there.
            found = [.. found.Where(r => r is not IAlreadyInForce)];
        }

        if (found.Count > 0)
        {
            await refusals.RefusedAsync(command, by, null, found, context.Now).ConfigureAwait(false);
            return new GateAnswer.Refused(found);
        }

        var answer = await SaveAsync(command, by, value, context, inFlight).ConfigureAwait(false);
        if (answer is not null && command.Verb == ActionVerb.Kill)
        {
            await StopPromotionsAsync(value.Key, command.Reason, by).ConfigureAwait(false);
        }

        return answer;
    }

    private async Task<ReleaseAction?> ExistingAsync(ActionVerb verb, KillSwitch value, ReleaseAction? inFlight, IReadOnlyList<Refusal> found, CancellationToken cancellationToken)
    {
        if (inFlight?.Verb == verb && verb.IsStopping())
        {
            return inFlight;
        }

        if (inFlight is not null || !found.Any(r => r is IAlreadyInForce))
        {
            return null;
        }

        var last = await audit.PageAsync(
            new AuditQuery { Subject = $"switch:{value.Key}", Event = verb.Code(), Outcome = "confirmed", Take = 1 },
            cancellationToken).ConfigureAwait(false);
        return last.Items is [{ ActionId: { } id }, ..] ? await actions.FindAsync(id, cancellationToken).ConfigureAwait(false) : null;
    }

    private async Task<GateAnswer?> SaveAsync(SwitchCommand command, Operator by, KillSwitch value, ActionContext context, ReleaseAction? inFlight)
    {
        var now = context.Now;
        var evidence = EvidenceSeal.Freeze(context, null);
        var action = new ReleaseAction
        {
            Id = Guid.CreateVersion7(now),
            Verb = command.Verb,
            SwitchKey = value.Key,
            RequestedBy = by.Name,
            Role = by.RecordedRole,
            Reason = command.Reason.Trim(),
            SeenVersion = command.SeenVersion,
            EvidenceJson = evidence.Json,
            EvidenceSeal = evidence.Seal,
            RequestedAt = now,
        };
        var killed = command.Verb == ActionVerb.Kill;
        if (killed)
        {
            value.Kill(by.Name, action.Reason, now);
        }
        else
        {
            value.Restore(by.Name, action.Reason, now);
        }

        var asked = killed ? "Written; waiting to read it back." : "Written as on; waiting to read it back.";
        action.Move(ActionPhase.Executing, now, asked);
        var change = new ActionChange
        {
            Action = action,
            IsNew = true,
            Switch = value,
            PreEmpted = inFlight,
            Audit = [action.Audit("intent", asked, now)],
        };
        if (inFlight is not null)
        {
            var gone = $"{command.Verb.Noun()} by {by.Name} took its place.";
            inFlight.Move(ActionPhase.PreEmpted, now, gone);
            change = change with { Audit = [.. change.Audit, inFlight.Audit("pre-empted", gone, now, by)] };
        }

        if (await actions.SaveAsync(change, CancellationToken.None).ConfigureAwait(false) != ActionSave.Saved)
        {
            return null;
        }

        flags.Set(value);
        board.Show(value.Summary());
        queue.Enqueue(action);
        return new GateAnswer.Accepted(action);
    }

    /// <summary>Whoever kills a switch has seen something bad: a promotion of a release bound to it does not go on, the release is halted where it is.</summary>
    private async Task StopPromotionsAsync(string key, string reason, Operator by)
    {
        try
        {
            var inFlight = await actions.ListInFlightAsync(CancellationToken.None).ConfigureAwait(false);
            foreach (var promotion in inFlight.Where(a => a.Verb == ActionVerb.Promote && a.ReleaseId is not null))
            {
                var release = await releases.FindAsync(promotion.ReleaseId!.Value, CancellationToken.None).ConfigureAwait(false);
                if (release?.SwitchKey == key)
                {
                    await HaltAsync(release.Id, reason, by).ConfigureAwait(false);
                }
            }
        }
        catch (RecordUnavailableException e)
        {
            // The switch is killed and on record; that answer must not be lost because the halt could not be written.
            log.LogWarning(e, "The switch {Switch} is killed, but promotions of releases bound to it could not be stopped.", key);
        }
    }

    private async Task HaltAsync(Guid releaseId, string reason, Operator by)
    {
        var halt = new HaltCommand(releaseId, reason, null, null);
        for (var attempt = 0; attempt < ActionGate.MaxAttempts; attempt++)
        {
            if (await onReleases.TryAsync(halt, by, CancellationToken.None).ConfigureAwait(false) is not null)
            {
                return;
            }
        }
    }
}
