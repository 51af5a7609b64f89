using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Kill;
using OpsConsole.Core.Board;
using OpsConsole.Core.Switches;

namespace OpsConsole.Core.Actions.Gate;

/// <summary>Judges and records commands on kill switches. The switch is in the console's own database, so it changes in the transaction that records the action.</summary>
public sealed class SwitchRequests(
    ISwitchStore switches,
    IActionStore actions,
    KillReplay journal,
    PromotionStop promotions,
    FlagEnvironments environments,
    ReleaseBoard board,
    SwitchBoard flags,
    ActionQueue queue,
    ActionOutcomes outcomes,
    RefusalLog refusals,
    TimeProvider time)
{
    /// <summary>How far back the kill that is in force is looked for.</summary>
    private const int MostLookedAt = 50;

    /// <summary>What is on record of a switch in one environment, or a new place where nothing is; null for everywhere.</summary>
    internal static SwitchEnvironment? In(KillSwitch value, string? environment, IEnumerable<SwitchEnvironment> places) => environment is null
        ? null
        : places.FirstOrDefault(p => p.Environment == environment) ?? new SwitchEnvironment { Key = value.Key, Environment = environment, ChangedAt = value.ChangedAt };

    /// <summary>Tries once on what is recorded now. Null when someone else was quicker and it must be judged anew.</summary>
    internal async Task<GateAnswer?> TryAsync(SwitchCommand command, Operator by, CancellationToken cancellationToken)
    {
        // What was killed while the record was away comes first: a restore must find it.
        await journal.SettleAsync(cancellationToken).ConfigureAwait(false);
        if (await switches.FindAsync(command.SwitchKey, cancellationToken).ConfigureAwait(false) is not { } value)
        {
            return new GateAnswer.NotFound("There is no such switch.");
        }

        var inFlight = await actions.FindInFlightAsync($"switch:{value.Key}", cancellationToken).ConfigureAwait(false);
        var place = command.Environment is null ? null : In(value, command.Environment, await switches.EnvironmentsAsync(value.Key, cancellationToken).ConfigureAwait(false));
        var context = new ActionContext
        {
            By = by, Command = command, Switch = value.Summary(), SwitchIn = place?.Summary(value.TurnsOff), InFlight = inFlight?.Summary(), Now = time.GetUtcNow(),
        };
        IReadOnlyList<Refusal> found = [.. ActionRules.Judge(command.Verb, context), .. environments.Against(command.Environment)];
        if (by.May(command.Verb.Permission()))
        {
            if (await ExistingAsync(command, value, inFlight, found, cancellationToken).ConfigureAwait(false) is { } existing)
            {
                await refusals.RepeatedAsync(command, by, null, existing, context.Now).ConfigureAwait(false);
                return new GateAnswer.Accepted(existing);
            }

            // Killed, but not by an action on record: killing it again is harmless and puts it there.
            found = [.. found.Where(r => r is not IAlreadyInForce)];
        }

        if (found.Count > 0)
        {
            found = found.ToldTo(by);
            await refusals.RefusedAsync(command, by, null, found, context.Now).ConfigureAwait(false);
            return new GateAnswer.Refused(found);
        }

        if (inFlight is not null && inFlight.Environment != command.Environment)
        {
            // It is in force where it was asked for, and this one does not undo it: it is ended as what it is.
            await outcomes.ReadBackSwitchAsync(inFlight, switches, cancellationToken).ConfigureAwait(false);
            return null;
        }

        var answer = await SaveAsync(command, by, value, place, context, inFlight).ConfigureAwait(false);
        if (answer is not null && command.Verb == ActionVerb.Kill)
        {
            await promotions.RunAsync(value.Key, command.Environment, command.Reason, by).ConfigureAwait(false);
        }

        return answer;
    }

    private async Task<ReleaseAction?> ExistingAsync(SwitchCommand command, KillSwitch value, ReleaseAction? inFlight, IReadOnlyList<Refusal> found, CancellationToken cancellationToken)
    {
        if (inFlight?.Verb == command.Verb && command.Verb.IsStopping() && (inFlight.Environment is null || inFlight.Environment == command.Environment))
        {
            return inFlight;
        }

        if (inFlight is not null || found.OfType<AlreadyKilledRefusal>().FirstOrDefault() is not { } killed)
        {
            return null;
        }

        // Everywhere, or there: the kill that is in force.
        var before = await actions.ForSwitchAsync(value.Key, MostLookedAt, cancellationToken).ConfigureAwait(false);
        return before.FirstOrDefault(a => a.Environment == killed.Environment && a.Phase == ActionPhase.Confirmed) is { Verb: ActionVerb.Kill } kill ? kill : null;
    }

    private async Task<GateAnswer?> SaveAsync(SwitchCommand command, Operator by, KillSwitch value, SwitchEnvironment? place, ActionContext context, ReleaseAction? inFlight)
    {
        var now = context.Now;
        var evidence = EvidenceSeal.Freeze(context, null);
        var action = new ReleaseAction
        {
            Id = Guid.CreateVersion7(now),
            Verb = command.Verb,
            SwitchKey = value.Key,
            Environment = command.Environment,
            RequestedBy = by.Name,
            RequestedByToken = by.IssuedFrom ?? by.Token,
            Role = by.RecordedRole,
            Reason = command.Reason.Trim(),
            SeenVersion = command.SeenVersion,
            EvidenceJson = evidence.Json,
            EvidenceSeal = evidence.Seal,
            RequestedAt = now,
        };
        Turn(command.Verb == ActionVerb.Kill, value, place, by.Name, action.Reason, now);

        var asked = command.Verb == ActionVerb.Kill ? "Written; waiting to read it back." : "Written as on; waiting to read it back.";
        action.Move(ActionPhase.Executing, now, asked);
        var change = new ActionChange
        {
            Action = action,
            IsNew = true,
            Switch = place is null ? value : null,
            SwitchIn = place,
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

        Show(value, place);
        queue.Enqueue(action);
        return new GateAnswer.Accepted(action);
    }

    private static void Turn(bool off, KillSwitch value, SwitchEnvironment? place, string by, string reason, DateTimeOffset at)
    {
        switch (off, place)
        {
            case (true, null):
                value.Kill(by, reason, at);
                break;
            case (false, null):
                value.Restore(by, reason, at);
                break;
            case (true, { } there):
                there.Kill(by, reason, at);
                break;
            case (false, { } there):
                there.Restore(by, reason, at);
                break;
        }
    }

    private void Show(KillSwitch value, SwitchEnvironment? place)
    {
        flags.Set(value);
        if (place is null)
        {
            board.Show(value.Summary());
            return;
        }

        flags.Set(place);
        board.Show(place.Summary(value.TurnsOff));
    }
}
