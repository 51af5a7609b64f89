using Microsoft.Extensions.Logging;
using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Switches;

namespace OpsConsole.Core.Actions.Kill;

/// <summary>Brings the kills of the journal to the record, once each, and only then drops them.</summary>
public sealed class KillReplay(
    IKillJournal journal,
    KillWhileAway away,
    IActionStore actions,
    ISwitchStore switches,
    IReleaseStore releases,
    IAuditStore audit,
    PromotionStop promotions,
    SwitchBoard flags,
    ReleaseBoard board,
    TimeProvider time,
    ILogger<KillReplay> log) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);

    /// <summary>Reads what an earlier run left and puts it in force, before anyone is answered a flag. False where it could not be read: then it is to be called again.</summary>
    public async Task<bool> OpenAsync(CancellationToken cancellationToken)
    {
        await journal.OpenAsync(cancellationToken).ConfigureAwait(false);
        var read = journal.IsRead;
        foreach (var kill in journal.Waiting)
        {
            away.PutInForce(kill);
            log.LogWarning("The switch {Switch} stays killed: {By} killed it at {At:O}, and that is not on record yet.", kill.Key, kill.By, kill.At);

            // Read late, it may have been brought to the record meanwhile.
            LetGo(kill);
        }

        return read;
    }

    /// <summary>Writes all that waits. Nothing waits any more when it returns, but for what was kept meanwhile.</summary>
    /// <exception cref="RecordUnavailableException">The record is away; what waits is still in force and still kept.</exception>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        if (journal.Waiting.Count == 0)
        {
            return;
        }

        await _one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            foreach (var kill in journal.Waiting)
            {
                await SettleAsync(kill, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task SettleAsync(JournalledKill kill, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < ActionGate.MaxAttempts; attempt++)
        {
            if (await switches.FindAsync(kill.Key, cancellationToken).ConfigureAwait(false) is not { } value)
            {
                await GiveUpAsync(kill, cancellationToken).ConfigureAwait(false);
                return;
            }

            var place = kill.Environment is null ? null : await PlaceAsync(kill, cancellationToken).ConfigureAwait(false);
            var written = await actions.FindAsync(kill.Id, cancellationToken).ConfigureAwait(false) is not null;
            if (!written && await WriteAsync(kill, value, place, cancellationToken).ConfigureAwait(false) != ActionSave.Saved)
            {
                continue;
            }

            flags.Set(value);
            board.Show(value.Summary());
            if (place is not null)
            {
                flags.Set(place);
                board.Show(place.Summary(value.TurnsOff));
            }

            await journal.DropAsync(kill.Id, cancellationToken).ConfigureAwait(false);
            LetGo(kill);
            log.LogInformation("The kill of {Switch} by {By} at {At:O} is on record now.", kill.Key, kill.By, kill.At);
            if (!written)
            {
                await promotions.RunAsync(kill.Key, kill.Environment, kill.Reason, new Operator(kill.By, Enum.TryParse<Role>(kill.Role, out var role) ? role : Role.Viewer, IsService: false)).ConfigureAwait(false);
            }

            return;
        }

        throw new RecordUnavailableException($"The switch {kill.Key} was changed by others each time its kill was to be written.");
    }

    /// <summary>A kill that is kept holds, also over a restore that was made elsewhere meanwhile: who made that did not know of it.</summary>
    private async Task<ActionSave> WriteAsync(JournalledKill kill, KillSwitch value, SwitchEnvironment? place, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var outcome = $"In force since {Wording.Clock(kill.At)}, taken while the record was away; written to the record from the console's journal at {Wording.Clock(now)}.";
        var action = KillWhileAway.Action(kill, outcome);
        var (everywhere, there) = (place is null && !value.Killed, place is { Killed: false });
        if (everywhere)
        {
            value.Kill(kill.By, kill.Reason, Later(kill.At, value.ChangedAt));
        }
        else if (there)
        {
            place!.Kill(kill.By, kill.Reason, Later(kill.At, place.ChangedAt));
        }

        var bound = (await releases.ListBoardAsync(cancellationToken).ConfigureAwait(false)).Where(r => r.SwitchKey == kill.Key && (kill.Environment is null || r.Environment == kill.Environment));
        return await actions.SaveAsync(
            new ActionChange
            {
                Action = action,
                IsNew = true,
                Switch = everywhere ? value : null,
                SwitchIn = there ? place : null,
                Audit = [action.Audit("intent", "Taken into the console's journal: the record was away.", kill.At), action.Audit("confirmed", outcome, kill.At)],
                Events = [.. bound.Select(r => action.Event(r.Id, ReleaseEventKind.SwitchKilled, outcome, kill.At))],
            },
            CancellationToken.None).ConfigureAwait(false);
    }

    private async Task<SwitchEnvironment> PlaceAsync(JournalledKill kill, CancellationToken cancellationToken) =>
        (await switches.EnvironmentsAsync(kill.Key, cancellationToken).ConfigureAwait(false)).FirstOrDefault(p => p.Environment == kill.Environment)
            ?? new SwitchEnvironment { Key = kill.Key, Environment = kill.Environment!, ChangedAt = kill.At };

    /// <summary>Nothing can be killed where there is no switch; that it was asked for is on record all the same.</summary>
    private async Task GiveUpAsync(JournalledKill kill, CancellationToken cancellationToken)
    {
        var outcome = "The switch is not on record any more, so there is nothing to kill.";
        await audit.AppendAsync(KillWhileAway.Action(kill, outcome).Audit("failed", outcome, time.GetUtcNow()), cancellationToken).ConfigureAwait(false);
        await journal.DropAsync(kill.Id, cancellationToken).ConfigureAwait(false);
        LetGo(kill);
        log.LogError("The kill of {Switch} by {By} at {At:O} was dropped: {Outcome}", kill.Key, kill.By, kill.At, outcome);
    }

    /// <summary>The same may be held for another kill that waits.</summary>
    private void LetGo(JournalledKill kill)
    {
        if (!journal.Waiting.Any(k => k.Key == kill.Key && k.Environment == kill.Environment))
        {
            flags.LetGo(kill.Key, kill.Environment, time.GetUtcNow());
        }
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
