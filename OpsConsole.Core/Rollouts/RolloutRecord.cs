using OpsConsole.Core.Audit;

namespace OpsConsole.Core.Rollouts;

/// <summary>The engine's memory of one release on record: saves what differs from what was saved last, with its lines for the timeline. One save at a time.</summary>
internal sealed class RolloutRecord(IRolloutStore store, RolloutState state, bool isStored)
{
    /// <summary>Longest time between two saves while a clock runs: what a restart may lose of a pending breach.</summary>
    private static readonly TimeSpan SaveEvery = TimeSpan.FromSeconds(10);

    private readonly RolloutJournal _journal = new();
    private RolloutState _state = state;
    private RolloutPosition? _savedPosition = isStored ? RolloutPosition.Of(state) : null;
    private RolloutMemory _saved = RolloutMemory.FromJson(state.MemoryJson);
    private DateTimeOffset _savedAt;
    private TheirSave? _theirs;

    /// <summary>What another console saved before this one could, once: the next evaluation goes on from it. Its clocks stay, they see the same board.</summary>
    public TheirSave? TakeTheirs() => Interlocked.Exchange(ref _theirs, null);

    /// <summary>Saves where a turn led; always, where something is about to be asked for that only the one who saved may ask for. False when it could not be saved, or someone else was quicker: nothing is asked for then.</summary>
    public async Task<bool> SaveAsync(RolloutTurn turn, bool always, CancellationToken cancellationToken)
    {
        var (look, position) = (turn.Look, turn.Position);
        var memory = new RolloutMemory
        {
            Triggers = [.. look.Triggers.Select(t => t.Memory)],
            Checks = look.CheckMemory,
            ChecksOf = look.Release.StageEnteredAt,
            Seen = look.Seen.Firings,
            Resumed = look.Seen.Resumed,
            ResumedBy = look.Seen.By,
            ResumedAt = look.Seen.At,
        };
        var lines = _journal.Lines(_savedPosition?.Step, position, _saved, look);
        if (!always && lines.Count == 0 && !IsDue(position, memory, look.Now))
        {
            return true;
        }

        _state.Move(position.Step, position.Reason, position.Since, position.ActionId);
        _state.Remember(memory.ToJson());
        try
        {
            if (!await store.SaveAsync(_state, lines, cancellationToken).ConfigureAwait(false))
            {
                await TakeOverAsync(cancellationToken).ConfigureAwait(false);
                return false;
            }
        }
        catch (RecordUnavailableException)
        {
            // It is in memory, and is saved with its lines when the record is back.
            return false;
        }

        _journal.Saved();
        (_saved, _savedPosition, _savedAt) = (memory, position, look.Now);
        return true;
    }

    private bool IsDue(RolloutPosition position, RolloutMemory memory, DateTimeOffset now)
    {
        if (_savedPosition?.Reason != position.Reason || _savedPosition.ActionId != position.ActionId
            || memory.Resumed != _saved.Resumed || memory.Seen.Count != _saved.Seen.Count || memory.ChecksOf != _saved.ChecksOf
            || !memory.Checks.Select(c => c.Phase).SequenceEqual(_saved.Checks.Select(c => c.Phase))
            || !memory.Triggers.Select(t => t.Standing).SequenceEqual(_saved.Triggers.Select(t => t.Standing)))
        {
            return true;
        }

        var runs = memory.Triggers.Any(t => t.Standing is TriggerPhase.Pending or TriggerPhase.Recovering) || memory.Checks.Any(c => c.Phase == CheckPhase.Running);
        return runs && (now - _savedAt >= SaveEvery || now < _savedAt);
    }

    /// <summary>Another console saved first: what it decided holds.</summary>
    private async Task TakeOverAsync(CancellationToken cancellationToken)
    {
        if (await store.FindAsync(_state.ReleaseId, cancellationToken).ConfigureAwait(false) is { } theirs)
        {
            _state = theirs;
            (_savedPosition, _saved) = (RolloutPosition.Of(theirs), RolloutMemory.FromJson(theirs.MemoryJson));
            Interlocked.Exchange(ref _theirs, new(_savedPosition, SeenFirings.Of(_saved)));
        }
    }

    internal sealed record TheirSave(RolloutPosition Position, SeenFirings Seen);
}
