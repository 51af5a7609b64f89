using OpsConsole.Core.Policies.Triggers;
using OpsConsole.Core.Rollouts;
using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Policies.Replay;

/// <summary>One trigger on its way through the record.</summary>
internal sealed class TriggerReplay
{
    private readonly RecordedSignals _signals;
    private readonly TriggerClock _clock;
    private readonly SignalDefinition? _signal;
    private readonly List<TriggerChange> _changes = [];
    private int _changeCount;
    private DateTimeOffset? _before;
    private TimeSpan _unmeasured;

    public TriggerReplay(Trigger trigger, RecordedSignals signals)
    {
        (Trigger, _signals, _clock) = (trigger, signals, new TriggerClock(trigger));
        _signal = trigger.Measure == TriggerMeasure.BurnRate ? null : SignalNames.Resolve(trigger.Signal, signals.Definitions);
        NotKnown = trigger.Measure == TriggerMeasure.BurnRate ? "burn rates are not part of the recorded signals"
            : _signal is null ? $"the release has no signal {trigger.Signal}"
            : !signals.Has(_signal.Key, SignalSide.Canary) ? $"no point of {_signal.Key} is on record"
            : trigger.Measure == TriggerMeasure.Delta && !signals.Has(_signal.Key, SignalSide.Baseline) ? $"no point of {_signal.Key} of the previous version is on record"
            : null;
    }

    public Trigger Trigger { get; }

    /// <summary>Why it cannot be judged at all, or null.</summary>
    public string? NotKnown { get; }

    /// <summary>True for what is never recorded: a live release would have it.</summary>
    public bool IsUnrecorded => Trigger.Measure == TriggerMeasure.BurnRate;

    public TriggerPhase Phase => NotKnown is null ? _clock.Phase : TriggerPhase.Inconclusive;

    public double? Value { get; private set; }

    public DateTimeOffset? FiredAt { get; private set; }

    /// <summary>How long a pending breach has held, with data present.</summary>
    public TimeSpan Held => _clock.Held;

    /// <summary>True while it has no data and that is not because the release is young.</summary>
    public bool IsBlind { get; private set; }

    public TimeSpan Unmeasured => _unmeasured;

    /// <summary>Takes the values of a time in. Times only grow.</summary>
    public void Advance(DateTimeOffset at)
    {
        if (NotKnown is not null)
        {
            IsBlind = true;
            _before ??= at;
            _unmeasured = at - _before.Value;
            return;
        }

        Value = Trigger.Measure == TriggerMeasure.Delta ? _signals.Delta(_signal!, at) : _signals.Value(_signal!, at);
        IsBlind = Value is null && !_signals.IsYoung(_signal!, at);
        _unmeasured += IsBlind && _before is { } before ? at - before : TimeSpan.Zero;
        _before = at;

        var phase = _clock.Phase;
        _clock.Advance(Value, at);
        if (_clock.Phase == phase && _changes.Count > 0)
        {
            return;
        }

        _changeCount++;
        if (_changes.Count < TriggerOutcome.MostChanges)
        {
            _changes.Add(new(_clock.Phase, at, Value));
        }

        if (_clock.Phase == TriggerPhase.Fired)
        {
            FiredAt ??= at;
        }
    }

    public TriggerOutcome Outcome() => new()
    {
        Trigger = Trigger, Signal = _signal, NotKnown = NotKnown, Changes = _changes, ChangeCount = _changeCount, FiredAt = FiredAt, Ended = Phase, Unmeasured = _unmeasured,
    };
}
