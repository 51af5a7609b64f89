using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Policies.Triggers;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Rollouts;

/// <summary>The engine's lines in a release's timeline: what differs between what was saved last and what is now. Worked out from the difference, so that neither a restart nor a second console tells anything twice, and an absence of the database loses no firing.</summary>
internal sealed class RolloutJournal
{
    /// <summary>A value that flickers around its threshold becomes pending again and again: told once in this time.</summary>
    private static readonly TimeSpan PendingPause = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, DateTimeOffset> _pendingTold = new(StringComparer.Ordinal);
    private readonly List<(string Trigger, DateTimeOffset At)> _telling = [];

    /// <summary>The lines of the last call are on record.</summary>
    public void Saved() => _telling.ForEach(t => _pendingTold[t.Trigger] = t.At);

    /// <summary>The lines to write.</summary>
    public List<ReleaseEvent> Lines(RolloutStep? savedStep, RolloutPosition position, RolloutMemory saved, RolloutLook look)
    {
        var lines = new List<ReleaseEvent>();
        _telling.Clear();
        foreach (var trigger in look.Triggers)
        {
            var before = saved.Triggers.FirstOrDefault(m => m.Trigger == trigger.Memory.Trigger);
            foreach (var (word, at) in Changes(before, trigger, look.Now))
            {
                var text = $"Trigger {word}: {trigger.Memory.Trigger}; {RolloutSentences.Clause(trigger.Evidence)}{(trigger.Standing.Trigger.DryRun ? " (dry run)" : "")}.";
                lines.Add(Line(look, ReleaseEventKind.Trigger, text, at));
            }
        }

        if (savedStep != position.Step)
        {
            lines.Add(Line(look, ReleaseEventKind.Rollout, $"{position.Step.Title()}: {position.Reason}", position.Since));
        }

        return lines;
    }

    private IEnumerable<(string Word, DateTimeOffset At)> Changes(TriggerMemory? before, TriggerLook trigger, DateTimeOffset now)
    {
        var (memory, since) = (trigger.Memory, trigger.Standing.Since);
        var fired = memory.Firings > (before?.Firings ?? 0);
        if (memory.BegunAnew && before?.BegunAnew != true)
        {
            yield return ("begins anew, its data was away for too long", now);
        }

        if (memory.Standing == TriggerPhase.Pending && before?.Standing != TriggerPhase.Pending
            && (!_pendingTold.TryGetValue(memory.Trigger, out var told) || now - told >= PendingPause || told > now))
        {
            _telling.Add((memory.Trigger, now));
            yield return ("pending", since);
        }

        if (fired)
        {
            yield return ("fired", trigger.Standing.Phase == TriggerPhase.Fired ? since : now);
        }

        if ((fired || before?.Standing is TriggerPhase.Fired or TriggerPhase.Recovering) && !trigger.IsFiring)
        {
            yield return ("recovered", now);
        }
    }

    private static ReleaseEvent Line(RolloutLook look, ReleaseEventKind kind, string text, DateTimeOffset at) =>
        new() { ReleaseId = look.Release.Id, Kind = kind, At = at, Text = text, Actor = ActionRecord.Console };
}
