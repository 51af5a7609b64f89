using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Promote;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Board;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Rollouts;

/// <summary>The engine's work on one release: after each look it decides by the rule, asks the gate, saves and shows. One step at a time.</summary>
/// <remarks>
/// A stopping action is asked for before anything is saved, because stopping waits for nothing; the gate answers a second one with the first.
/// A promotion is asked for only after the step was saved against the revision that it was read at, so that of two consoles one asks.
/// </remarks>
internal sealed class RolloutRun(RolloutPorts ports, Release release, ReleasePolicy policy, RolloutState state, bool isStored)
{
    /// <summary>Longest time between two saves while a clock runs: what a restart may lose of a pending breach.</summary>
    private static readonly TimeSpan SaveEvery = TimeSpan.FromSeconds(10);

    private readonly RolloutAsk _ask = new(ports.Gate, ports.Board);
    private readonly Dictionary<string, (int Firing, DateTimeOffset At)> _firedAt = new(StringComparer.Ordinal);
    private readonly RolloutJournal _journal = new();
    private readonly RolloutGates _gates = new(ports, release);
    private readonly RolloutScreen _screen = new(ports.Board, release, policy);
    private RolloutState _state = state;
    private RolloutMemory _saved = RolloutMemory.FromJson(state.MemoryJson);
    private RolloutStep? _savedStep = isStored ? state.Step : null;
    private string _savedReason = state.Reason;
    private Guid? _savedAction = state.ActionId;
    private DateTimeOffset _savedAt;
    private IReadOnlyDictionary<string, int> _seen = RolloutMemory.FromJson(state.MemoryJson).Seen;
    private Guid? _resumed = RolloutMemory.FromJson(state.MemoryJson).Resumed;

    /// <summary>The triggers and checks.</summary>
    public RolloutClocks Clocks { get; } = new(policy, RolloutMemory.FromJson(state.MemoryJson));

    /// <summary>True once the release has ended and that is on record.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Does what the look asks for.</summary>
    public async Task StepAsync(RolloutLook look, CancellationToken cancellationToken)
    {
        NoteFirings(look);
        Acknowledge(look);
        _ask.Forget(look.Release, look.Now);
        if (look.Release.Phase.IsLive())
        {
            _gates.Refresh(look, cancellationToken);
        }

        var decision = RolloutRule.Next(Facts(look));
        Guid? action = null;
        if (decision.Ask is { } verb && verb.IsStopping())
        {
            (action, var reached) = await _ask.RequestAsync(verb, decision.Because!, look.Release, look.Now, cancellationToken).ConfigureAwait(false);
            if (!reached)
            {
                Move(decision, look, null);
                _screen.Show(_state, look, _gates);
                return;
            }
        }

        Move(decision, look, action);
        _screen.Show(_state, look, _gates);
        var promotes = decision.Ask == ActionVerb.Promote && GateSees(look);
        var saved = await SaveAsync(look, promotes, cancellationToken).ConfigureAwait(false);
        _screen.Show(_state, look, _gates);
        if (saved && promotes)
        {
            (action, _) = await _ask.RequestAsync(ActionVerb.Promote, decision.Because!, look.Release, look.Now, cancellationToken).ConfigureAwait(false);
            if (action is not null)
            {
                _state.Move(_state.Step, _state.Reason, look.Now, action);
            }
        }

        IsOver = saved && decision.Step == RolloutStep.Done;
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
        var resumed = look.Release.Action is { Verb: ActionVerb.Resume, Phase: ActionPhase.Confirmed } last && last.Id != _resumed ? last.Id : (Guid?)null;
        var live = look.Release.Phase is not ReleasePhase.Halted && look.Release.Phase.IsLive();
        if (resumed is null && !(_state.Step == RolloutStep.Halted && live))
        {
            return;
        }

        _resumed = resumed ?? _resumed;
        // What fired after the person asked was not before their eyes. Where another action is shown already, only what the halt itself knew of is certain.
        var asked = look.Release.Action is { Verb: ActionVerb.Resume, Phase: ActionPhase.Confirmed } resume ? resume.RequestedAt : _state.StepSince;
        _seen = look.Triggers.Where(t => t.IsFiring && _firedAt[t.Memory.Trigger].At <= asked).ToDictionary(t => t.Memory.Trigger, t => t.Memory.Firings, StringComparer.Ordinal);
    }

    /// <summary>True once the board shows the gate what this look found. Before, it would refuse on what stood a moment ago; it is asked with the next look then.</summary>
    private bool GateSees(RolloutLook look) =>
        ports.Board.Find(release.Id) is { } shown && StandingGates.Judge(shown.StageIndex, shown.StageEnteredAt, shown, look.Now).All(g => g.Verdict == Verdict.Pass);

    private RolloutFacts Facts(RolloutLook look)
    {
        var shown = look.Release;
        return new()
        {
            Step = _state.Step,
            Reason = _state.Reason,
            Release = shown,
            Delivery = policy.Delivery,
            PolicyTitle = release.Policy!.Title,
            Triggers = [.. look.Triggers.Select(t => new TriggerReport(t.Standing, t.IsFiring, _seen.TryGetValue(t.Memory.Trigger, out var seen) && seen >= t.Memory.Firings, t.Evidence))],
            Checks = look.Checks,
            Gates = [.. PromotionGates.Judge(ReleaseState.From(shown), shown, look.Now), .. _gates.Results(look).Where(g => !StandingGates.Includes(g.Name))],
            NoWayBack = WayBack.WhyNone(shown, ports.Targets.Find(shown.Target)?.Capabilities, _gates.Migration(policy), look.Now),
            Asked = _ask.Last,
            Now = look.Now,
        };
    }

    private void Move(RolloutDecision decision, RolloutLook look, Guid? action)
    {
        if (decision.Step != _state.Step || decision.Reason != _state.Reason || _state.StepSince == default || action is not null)
        {
            _state.Move(decision.Step, decision.Reason, look.Now, action);
        }
    }

    /// <summary>Saves what differs from what was saved last; always, where something is about to be asked for that only the one who saved may ask for. False when it could not be saved, or someone else was quicker: nothing is asked for then.</summary>
    private async Task<bool> SaveAsync(RolloutLook look, bool always, CancellationToken cancellationToken)
    {
        var memory = new RolloutMemory
        {
            Triggers = [.. look.Triggers.Select(t => t.Memory)],
            Checks = look.CheckMemory,
            ChecksOf = look.Release.StageEnteredAt,
            Seen = _seen,
            Resumed = _resumed,
        };
        var lines = _journal.Lines(_savedStep, _state, _saved, look);
        if (!always && lines.Count == 0 && !IsDue(memory, look.Now))
        {
            return true;
        }

        _state.Remember(memory.ToJson());
        try
        {
            if (!await ports.Rollouts.SaveAsync(_state, lines, cancellationToken).ConfigureAwait(false))
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
        (_saved, _savedStep, _savedReason, _savedAction, _savedAt) = (memory, _state.Step, _state.Reason, _state.ActionId, look.Now);
        return true;
    }

    private bool IsDue(RolloutMemory memory, DateTimeOffset now)
    {
        if (_savedReason != _state.Reason || _savedAction != _state.ActionId || memory.Resumed != _saved.Resumed || memory.Seen.Count != _saved.Seen.Count || memory.ChecksOf != _saved.ChecksOf
            || !memory.Checks.Select(c => c.Phase).SequenceEqual(_saved.Checks.Select(c => c.Phase))
            || !memory.Triggers.Select(t => t.Standing).SequenceEqual(_saved.Triggers.Select(t => t.Standing)))
        {
            return true;
        }

        var runs = memory.Triggers.Any(t => t.Standing is TriggerPhase.Pending or TriggerPhase.Recovering) || memory.Checks.Any(c => c.Phase == CheckPhase.Running);
        return runs && (now - _savedAt >= SaveEvery || now < _savedAt);
    }

    /// <summary>Another console saved first: what it decided holds. This one's clocks go on, they see the same board.</summary>
    private async Task TakeOverAsync(CancellationToken cancellationToken)
    {
        if (await ports.Rollouts.FindAsync(release.Id, cancellationToken).ConfigureAwait(false) is { } theirs)
        {
            _state = theirs;
            _saved = RolloutMemory.FromJson(theirs.MemoryJson);
            (_savedStep, _savedReason, _savedAction, _seen, _resumed) = (theirs.Step, theirs.Reason, theirs.ActionId, _saved.Seen, _saved.Resumed);
        }
    }
}
