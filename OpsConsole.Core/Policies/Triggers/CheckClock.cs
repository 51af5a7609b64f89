using OpsConsole.Core.Rollouts;

namespace OpsConsole.Core.Policies.Triggers;

/// <summary>How one measurement of a check came out.</summary>
public enum CheckOutcome
{
    Successful,
    Failed,

    /// <summary>Neither a success nor a failure.</summary>
    Inconclusive,

    /// <summary>A condition could not be evaluated.</summary>
    Error,
}

/// <summary>A check through one stage: measures every interval, counts, and holds the counts against the limits.</summary>
/// <remarks>
/// A measurement: a condition that cannot be evaluated makes it an error; failure wins over success; with both conditions and neither met it is inconclusive;
/// with only success given what is no success has failed, with only failure given what is no failure is successful, with none everything is.
/// A limit is passed when its count is greater than it; -1 switches it off. The order is the rule: failures, then inconclusive measurements, then errors in a row, then successes in a row, then the count.
/// Errors do not count towards <see cref="PolicyCheck.Count"/>. When the count is reached without a single success, or without the successes in a row that were asked for, the check is inconclusive: limits of -1 let failures and inconclusive measurements go by, and make no success of them.
/// A check that failed or succeeded has ended for the stage. One that is inconclusive or in error goes on measuring, and begins anew (its failures kept) with the first measurement that can be judged: it paused the release, and must be able to let it go on.
/// Used by one thread at a time.
/// </remarks>
public sealed class CheckClock(PolicyCheck check)
{
    private CheckPhase _phase = CheckPhase.Running;
    private int _inARow;
    private int _errorsInARow;
    private DateTimeOffset? _nextAt;

    public PolicyCheck Check { get; } = check;

    public int Successful { get; private set; }

    public int Failed { get; private set; }

    public int Inconclusive { get; private set; }

    /// <summary>Errors in all; the limit counts those in a row.</summary>
    public int Errors { get; private set; }

    /// <summary>The last measurement, or null before the first.</summary>
    public CheckOutcome? Last { get; private set; }

    /// <summary>How it stands. One without a count runs for as long as the stage holds, and is successful once that is over, if its last measurement was no error and there was a success.</summary>
    public CheckPhase PhaseAt(bool holdOver) => _phase == CheckPhase.Running && Check.Count == 0 && holdOver && Successful > 0 && Last is CheckOutcome.Successful or CheckOutcome.Failed
        ? CheckPhase.Successful
        : _phase;

    /// <summary>True when a measurement is due. A clock that was set back makes it due at once rather than hours later.</summary>
    public bool IsDue(DateTimeOffset at) =>
        _phase is not (CheckPhase.Failed or CheckPhase.Successful) && (_nextAt is not { } next || at >= next || next - at > Check.Interval);

    /// <summary>Begins anew, as in a new stage.</summary>
    public void Restart()
    {
        _phase = CheckPhase.Running;
        (Successful, Failed, Inconclusive, Errors, _inARow, _errorsInARow) = (0, 0, 0, 0, 0, 0);
        (Last, _nextAt) = (null, null);
    }

    /// <summary>Measures if it is due.</summary>
    /// <param name="success">What the success condition is held against; not looked at where there is none.</param>
    /// <param name="failure">The same of the failure condition.</param>
    /// <param name="at">The time.</param>
    /// <returns>True when the phase changed.</returns>
    public bool Advance(in TriggerReading success, in TriggerReading failure, DateTimeOffset at)
    {
        if (!IsDue(at))
        {
            return false;
        }

        _nextAt = at + Check.Interval;
        var before = _phase;
        Count(Judge(Check, success.Value, failure.Value));
        _phase = Held();
        return _phase != before;
    }

    /// <summary>How a measurement comes out.</summary>
    public static CheckOutcome Judge(PolicyCheck check, double? success, double? failure)
    {
        ArgumentNullException.ThrowIfNull(check);
        var succeeded = Holds(check.Success, success);
        var failed = Holds(check.Failure, failure);
        return (check.Success, check.Failure) switch
        {
            ({ }, _) when succeeded is null => CheckOutcome.Error,
            (_, { }) when failed is null => CheckOutcome.Error,
            (_, { }) when failed == true => CheckOutcome.Failed,
            ({ }, _) when succeeded == true => CheckOutcome.Successful,
            ({ }, { }) => CheckOutcome.Inconclusive,
            ({ }, null) => CheckOutcome.Failed,
            _ => CheckOutcome.Successful,
        };
    }

    /// <summary>What must be kept so that another process can go on from here.</summary>
    public CheckMemory Save() => new(Check.Name, _phase, Successful, Failed, Inconclusive, Errors, _inARow, _errorsInARow, Last, _nextAt);

    /// <summary>Goes on from what was kept.</summary>
    public void Restore(CheckMemory memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        _phase = memory.Phase;
        (Successful, Failed, Inconclusive, Errors) = (memory.Successful, memory.Failed, memory.Inconclusive, memory.Errors);
        (_inARow, _errorsInARow, Last, _nextAt) = (memory.InARow, memory.ErrorsInARow, memory.Last, memory.NextAt);
    }

    private void Count(CheckOutcome outcome)
    {
        if (_phase is CheckPhase.Inconclusive or CheckPhase.Error && outcome is CheckOutcome.Successful or CheckOutcome.Failed)
        {
            (Successful, Inconclusive, Errors, _inARow) = (0, 0, 0, 0);
        }

        Last = outcome;
        _errorsInARow = outcome == CheckOutcome.Error ? _errorsInARow + 1 : 0;
        _inARow = outcome == CheckOutcome.Successful ? _inARow + 1 : 0;
        switch (outcome)
        {
            case CheckOutcome.Successful:
                Successful++;
                break;
            case CheckOutcome.Failed:
                Failed++;
                break;
            case CheckOutcome.Inconclusive:
                Inconclusive++;
                break;
            default:
                Errors++;
                break;
        }
    }

    private CheckPhase Held()
    {
        var limits = Check.Limits;
        if (Passed(Failed, limits.Failure))
        {
            return CheckPhase.Failed;
        }

        if (Passed(Inconclusive, limits.Inconclusive))
        {
            return CheckPhase.Inconclusive;
        }

        if (Passed(_errorsInARow, limits.ConsecutiveError))
        {
            return CheckPhase.Error;
        }

        if (limits.ConsecutiveSuccess > 0 && _inARow >= limits.ConsecutiveSuccess)
        {
            return CheckPhase.Successful;
        }

        return Check.Count > 0 && Successful + Failed + Inconclusive >= Check.Count
            ? limits.ConsecutiveSuccess > 0 || Successful == 0 ? CheckPhase.Inconclusive : CheckPhase.Successful
            : CheckPhase.Running;
    }

    private static bool Passed(int count, int limit) => limit >= 0 && count > limit;

    /// <summary>Null: cannot be evaluated.</summary>
    private static bool? Holds(Trigger? condition, double? value) =>
        condition is null || value is not { } number || !double.IsFinite(number) ? null : condition.IsBreachedBy(number);
}

/// <summary>What a check's clock keeps through a restart.</summary>
public sealed record CheckMemory(
    string Check,
    CheckPhase Phase,
    int Successful,
    int Failed,
    int Inconclusive,
    int Errors,
    int InARow,
    int ErrorsInARow,
    CheckOutcome? Last,
    DateTimeOffset? NextAt);
