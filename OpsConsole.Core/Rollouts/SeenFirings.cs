using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Rollouts;

/// <summary>Which firings people have seen, because they resumed the release after them. Immutable.</summary>
/// <param name="Firings">By the text of a trigger: the last firing that was seen.</param>
/// <param name="Resumed">The resumption that was taken into account last.</param>
/// <param name="By">Who resumed; null where it is not known.</param>
/// <param name="At">When they asked for it.</param>
internal sealed record SeenFirings(IReadOnlyDictionary<string, int> Firings, Guid? Resumed, string? By, DateTimeOffset? At)
{
    public static SeenFirings None { get; } = Of(new());

    public static SeenFirings Of(RolloutMemory memory) => new(memory.Seen, memory.Resumed, memory.ResumedBy, memory.ResumedAt);

    /// <summary>The resumption that a trigger's present firing was seen by; null when it does not fire, or nobody has seen it.</summary>
    public SeenFiring? Find(TriggerLook trigger) =>
        trigger.IsFiring && Firings.TryGetValue(trigger.Memory.Trigger, out var seen) && seen >= trigger.Memory.Firings ? new(By, At) : null;
}

/// <summary>Follows halts and resumptions of one release. Used by one thread at a time.</summary>
internal sealed class Resumptions
{
    private readonly Dictionary<string, (int Firing, DateTimeOffset At)> _firedAt = new(StringComparer.Ordinal);
    private SeenFirings _seen;
    private DateTimeOffset? _haltedSince;

    public Resumptions(RolloutState state)
    {
        _seen = SeenFirings.Of(RolloutMemory.FromJson(state.MemoryJson));
        _haltedSince = state.Step == RolloutStep.Halted ? state.StepSince : null;
    }

    /// <summary>What another console has saved holds from now on.</summary>
    public void TakeOver(SeenFirings theirs) => _seen = theirs;

    /// <summary>Takes a look into account. Returns it with what people have seen of it.</summary>
    public RolloutLook Mark(RolloutLook look)
    {
        NoteFirings(look);
        Acknowledge(look);
        return look with
        {
            Seen = _seen,
            Triggers = [.. look.Triggers.Select(t => _seen.Find(t) is { } seen ? t with { Standing = t.Standing with { Seen = seen } } : t)],
        };
    }

    /// <summary>Notes when each present firing began: a firing that recovers and breaches again is still the same.</summary>
    private void NoteFirings(RolloutLook look)
    {
        foreach (var trigger in look.Triggers.Where(t => t.IsFiring))
        {
            if (!_firedAt.TryGetValue(trigger.Memory.Trigger, out var noted) || noted.Firing != trigger.Memory.Firings)
            {
                _firedAt[trigger.Memory.Trigger] = (trigger.Memory.Firings, trigger.Standing.Since);
            }
        }
    }

    /// <summary>After a person resumed the release, what had fired when they asked for it has been seen.</summary>
    private void Acknowledge(RolloutLook look)
    {
        var release = look.Release;
        if (release.Phase == ReleasePhase.Halted)
        {
            _haltedSince ??= look.Now;
            return;
        }

        var resume = release.Action is { Verb: ActionVerb.Resume, Phase: ActionPhase.Confirmed } last ? last : null;
        if (release.Phase.IsLive() && ((resume is not null && resume.Id != _seen.Resumed) || _haltedSince is not null))
        {
            // What fired after the person asked was not before their eyes. Where another action is shown already, only what the halt itself knew of is certain.
            var asked = resume?.RequestedAt ?? _haltedSince!.Value;
            _seen = new(
                look.Triggers.Where(t => t.IsFiring && _firedAt[t.Memory.Trigger].At <= asked).ToDictionary(t => t.Memory.Trigger, t => t.Memory.Firings, StringComparer.Ordinal),
                resume?.Id ?? _seen.Resumed, resume?.RequestedBy, resume?.RequestedAt);
        }

        _haltedSince = null;
    }
}
