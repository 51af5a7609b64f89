using Microsoft.Extensions.Logging;
using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
using OpsConsole.Core.Catalog;
using OpsConsole.Core.Switches;

namespace OpsConsole.Core.Actions.Kill;

/// <summary>Takes kills while the record is away: judged on what is in memory, kept in the journal, in force at once.</summary>
public sealed class KillWhileAway(IKillJournal journal, SwitchBoard flags, ReleaseBoard board, FlagEnvironments environments, TimeProvider time, ILogger<KillWhileAway> log)
{
    internal const string InForce = "In force now, in this console's own journal on disk: every evaluation answers off. It will be on the record when the database is back; restoring it has to wait until then.";

    private const string NotRead =
        "Kept in this console's own journal on disk. The console has not read its switches since it started and answers no flags yet; with its first answer the kill is in force. It will be on the record when the database is back.";

    /// <summary>Takes the kill, or says what stands against it..</summary>
    internal async Task<GateAnswer> TakeAsync(KillCommand command, Operator by)
    {
        var now = time.GetUtcNow();
        var known = flags.Find(command.SwitchKey);
        if (known is null && flags.IsLoaded)
        {
            return new GateAnswer.NotFound("There is no such switch.");
        }

        if (known is null && !CatalogName.IsValid(command.SwitchKey))
        {
            return new GateAnswer.NotFound("There is no such switch.");
        }

        // What was not read yet may be there: the kill is kept, and holds before the first flag is answered.
        var outcome = known is null ? NotRead : InForce;
        known ??= new SwitchSummary(command.SwitchKey, false, now, "what it guards");
        var context = new ActionContext
        {
            By = by, Command = command, Switch = known, Now = now,
            SwitchIn = command.Environment is { } environment ? flags.Only(known.Key, environment) : null,
        };
        var found = KillRule.Judge(context).Where(r => r is not IAlreadyInForce).Concat(environments.Against(command.Environment)).ToList();
        if (found.Count > 0)
        {
            return new GateAnswer.Refused(found);
        }

        if (journal.Waiting.FirstOrDefault(k => k.Key == known.Key && (k.Environment is null || k.Environment == command.Environment)) is { } before)
        {
            return new GateAnswer.Accepted(Action(before, outcome));
        }

        var kill = new JournalledKill(Guid.CreateVersion7(now), known.Key, command.Environment, by.Name, by.Role.ToString(), command.Reason.Trim(), now);
        try
        {
            await journal.KeepAsync(kill, CancellationToken.None).ConfigureAwait(false);
        }
        catch (JournalUnavailableException e)
        {
            log.LogError(e, "A kill of {Switch} by {By} was refused: neither the record nor the journal can be written.", kill.Key, kill.By);
            return new GateAnswer.Unavailable(
                $"Neither the record nor this console's own journal can be written now ({e.Message.TrimEnd('.')}), so nothing was done. "
                + "The console reconnects by itself: ask again in a few seconds. If it cannot wait, act on the target itself and note it here afterwards.");
        }

        PutInForce(kill);
        log.LogWarning("The switch {Switch} was killed by {By} while the record is away; the kill is in force and in the journal.", kill.Key, kill.By);
        return new GateAnswer.Accepted(Action(kill, outcome));
    }

    /// <summary>Puts a kept kill in force in memory.</summary>
    internal void PutInForce(JournalledKill kill)
    {
        flags.Hold(kill.Key, kill.Environment, kill.At);
        board.Show(new SwitchSummary(kill.Key, true, kill.At, flags.Find(kill.Key)?.TurnsOff ?? "what it guards") { Environment = kill.Environment });
    }

    /// <summary>The action that a kept kill is, as confirmed: it was in force in memory when it was answered.</summary>
    internal static ReleaseAction Action(JournalledKill kill, string outcome)
    {
        var evidence = EvidenceSeal.Freeze(new ActionContext { By = new Operator(kill.By, Enum.TryParse<Role>(kill.Role, out var role) ? role : Role.Viewer, IsService: false), Now = kill.At }, null);
        var action = new ReleaseAction
        {
            Id = kill.Id,
            Verb = ActionVerb.Kill,
            SwitchKey = kill.Key,
            Environment = kill.Environment,
            RequestedBy = kill.By,
            Role = kill.Role,
            Reason = kill.Reason,
            EvidenceJson = evidence.Json,
            EvidenceSeal = evidence.Seal,
            RequestedAt = kill.At,
        };
        action.Move(ActionPhase.Executing, kill.At);
        action.Move(ActionPhase.Confirmed, kill.At, outcome);
        return action;
    }
}
