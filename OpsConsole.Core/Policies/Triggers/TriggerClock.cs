using OpsConsole.Core.Rollouts;

namespace OpsConsole.Core.Policies.Triggers;

/// <summary>How long a trigger has been breached, with data present: what turns a breach into a firing, and a firing into a recovery. Advanced by one thread at a time; allocates nothing.</summary>
/// <remarks>
/// The rules, each held by a test:
/// <list type="number">
/// <item>A breach is pending until it has held for <see cref="Trigger.For"/>; then the trigger fires. With a duration of zero it fires at the first breached evaluation.</item>
/// <item>Time counts only between two evaluations that follow each other and both have a breached value. One value inside ends a pending breach, and the next one begins at nothing.</item>
/// <item>A null, a NaN and an infinity are no data. While there is none, a trigger that is clear or pending is inconclusive; the clock of a pending breach stands still, and goes on when data comes back still breached.</item>
/// <item>When data was away for longer than <see cref="GapLimit"/> in one go, the breach that was pending is given up and begins anew with the next breached value; <see cref="BegunAnew"/> says so.</item>
/// <item>A fired trigger stays fired through a gap of any length. A recovery that was under way stands still in a gap, and begins anew after one longer than the limit.</item>
/// <item>A fired trigger has recovered when it was inside for <see cref="Trigger.RecoverFor"/>, counted in the same way; meanwhile it is recovering, and any breached value takes it back to fired without a new firing.</item>
/// <item>Between two evaluations at most <see cref="LongestStep"/> counts as time with data. What is beyond was looked at by nobody: a clock that jumps forward, a machine that slept, a console that was stopped. It counts as a gap.</item>
/// <item>An evaluation at or before the time of the one before adds no time. A step back of at most <see cref="LongestStep"/> is disorder: time goes on where it was. A longer one is a clock that was set back: what was counted is kept, and counting goes on from there.</item>
/// </list>
/// </remarks>
public sealed class TriggerClock(Trigger trigger)
{
    /// <summary>Shortest gap that a pending breach does not survive.</summary>
    public static readonly TimeSpan ShortestGapLimit = TimeSpan.FromMinutes(1);

    // Clear, Pending, Fired or Recovering: what holds apart from a gap.
    private TriggerPhase _standing = TriggerPhase.Clear;
    private bool _hasData;
    private TimeSpan _held;
    private TimeSpan _gap;
    private DateTimeOffset? _last;

    public Trigger Trigger { get; } = trigger;

    /// <summary>Longest time between two evaluations that counts as time with data.</summary>
    public TimeSpan LongestStep { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How it stands. Inconclusive until the first evaluation with data.</summary>
    public TriggerPhase Phase { get; private set; } = TriggerPhase.Inconclusive;

    /// <summary>When the phase began; null before the first evaluation.</summary>
    public DateTimeOffset? Since { get; private set; }

    /// <summary>When the present breach began, pending or fired, also while data is away; null without one.</summary>
    public DateTimeOffset? BreachedSince { get; private set; }

    /// <summary>How often it has fired: names the present firing, so that one can be told from the next.</summary>
    public int Firings { get; private set; }

    /// <summary>True while the last breach was given up because its data was away for too long, until a value is inside again or it fires.</summary>
    public bool BegunAnew { get; private set; }

    /// <summary>Time that the pending breach has held, or that the recovery has lasted, with data present.</summary>
    public TimeSpan Held => _standing is TriggerPhase.Pending or TriggerPhase.Recovering ? _held : TimeSpan.Zero;

    /// <summary>Data may be away for this long in one go before a pending breach is given up: the trigger's duration, and at least <see cref="ShortestGapLimit"/>.</summary>
    public TimeSpan GapLimit => Trigger.For > ShortestGapLimit ? Trigger.For : ShortestGapLimit;

    /// <summary>True from firing until it has recovered.</summary>
    public bool IsFiring => _standing is TriggerPhase.Fired or TriggerPhase.Recovering;

    /// <summary>While pending: when it fires if the value stays where it is and data keeps coming. Stays the same from one evaluation to the next.</summary>
    public DateTimeOffset? FiresAt => Phase == TriggerPhase.Pending ? _last + (Trigger.For - _held) : null;

    /// <summary>Evaluates once.</summary>
    /// <param name="value">What the trigger is held against, in its unit; null, NaN or infinite: no data now.</param>
    /// <param name="at">The time of the evaluation.</param>
    /// <returns>True when the phase changed.</returns>
    public bool Advance(double? value, DateTimeOffset at)
    {
        at = at.ToUniversalTime();
        var (counted, unseen) = Step(at);
        if (value is not { } number || !double.IsFinite(number))
        {
            _gap += counted + unseen;
            GiveUpAfterGap();
            _hasData = false;
        }
        else
        {
            _gap = _hasData ? unseen : _gap + counted + unseen;
            GiveUpAfterGap();
            var with = _hasData ? counted : TimeSpan.Zero;
            (_hasData, _gap) = (true, TimeSpan.Zero);
            if (Trigger.IsBreachedBy(number))
            {
                Breached(with, at);
            }
            else
            {
                Inside(with);
            }
        }

        var phase = _hasData || IsFiring ? _standing : TriggerPhase.Inconclusive;
        var changed = phase != Phase;
        if (changed || Since is null)
        {
            (Phase, Since) = (phase, at);
        }

        return changed;
    }

    /// <summary>What must be kept so that another process can go on from here.</summary>
    public TriggerMemory Save() => new(Trigger.Text, _standing, Phase, Since, BreachedSince, _held, _gap, _last, Firings, BegunAnew);

    /// <summary>Goes on from what was kept. The time since then was looked at by nobody and counts as a gap.</summary>
    /// <exception cref="ArgumentException">It was kept for another trigger.</exception>
    public void Restore(TriggerMemory memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        if (memory.Trigger != Trigger.Text)
        {
            throw new ArgumentException($"The memory is of '{memory.Trigger}', not of '{Trigger.Text}'.", nameof(memory));
        }

        (_standing, Phase, Since, BreachedSince) = (memory.Standing, memory.Phase, memory.Since, memory.BreachedSince);
        (_held, _gap, _last, Firings, BegunAnew) = (memory.Held, memory.Gap, memory.Last, memory.Firings, memory.BegunAnew);
        _hasData = false;
    }

    /// <summary>The time since the evaluation before: what counts, and what nobody looked at.</summary>
    private (TimeSpan Counted, TimeSpan Unseen) Step(DateTimeOffset at)
    {
        if (_last is not { } last)
        {
            _last = at;
            return default;
        }

        var step = at - last;
        if (step <= TimeSpan.Zero)
        {
            if (-step > LongestStep)
            {
                // Set back: what is told in times moves with the clock, so that nothing begins in the future.
                _last = at;
                Since += step;
                BreachedSince += step;
            }

            return default;
        }

        _last = at;
        return step > LongestStep ? (LongestStep, step - LongestStep) : (step, TimeSpan.Zero);
    }

    private void GiveUpAfterGap()
    {
        if (_gap <= GapLimit)
        {
            return;
        }

        if (_standing == TriggerPhase.Pending)
        {
            (_standing, _held, BreachedSince, BegunAnew) = (TriggerPhase.Clear, TimeSpan.Zero, null, true);
        }
        else if (_standing == TriggerPhase.Recovering)
        {
            (_standing, _held) = (TriggerPhase.Fired, TimeSpan.Zero);
        }
    }

    private void Breached(TimeSpan with, DateTimeOffset at)
    {
        switch (_standing)
        {
            case TriggerPhase.Clear:
                (_standing, _held, BreachedSince) = (TriggerPhase.Pending, TimeSpan.Zero, at);
                break;
            case TriggerPhase.Pending:
                _held += with;
                break;
            default:
                (_standing, _held) = (TriggerPhase.Fired, TimeSpan.Zero);
                return;
        }

        if (_held >= Trigger.For)
        {
            (_standing, _held, BegunAnew) = (TriggerPhase.Fired, TimeSpan.Zero, false);
            Firings++;
        }
    }

    private void Inside(TimeSpan with)
    {
        if (_standing == TriggerPhase.Recovering)
        {
            _held += with;
        }
        else if (_standing == TriggerPhase.Fired)
        {
            (_standing, _held) = (TriggerPhase.Recovering, TimeSpan.Zero);
        }

        if (_standing != TriggerPhase.Recovering || _held >= Trigger.RecoverFor)
        {
            (_standing, _held, BreachedSince, BegunAnew) = (TriggerPhase.Clear, TimeSpan.Zero, null, false);
        }
    }
}
