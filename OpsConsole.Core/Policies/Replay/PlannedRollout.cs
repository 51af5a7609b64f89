using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Policies.Replay;

/// <summary>The earliest way up that a policy would have allowed, and the times in which it would have paused because it could not judge.</summary>
internal sealed class PlannedRollout(IReadOnlyList<Stage> stages)
{
    private const int MostPauses = 200;

    private readonly List<PlannedStep> _steps = [];
    private readonly List<PauseOutcome> _pauses = [];
    private int _stage = -1;
    private DateTimeOffset _enteredAt;
    private DateTimeOffset? _pausedAt;
    private string _pauseReason = "";

    public IReadOnlyList<PlannedStep> Steps => _steps;

    public IReadOnlyList<PauseOutcome> Pauses => _pauses;

    /// <summary>Exposure that the policy would have reached at the earliest.</summary>
    public double Percent => _stage < 0 ? 0 : stages[_stage].ExposurePercent;

    /// <summary>Takes one time in, after the triggers have.</summary>
    public void Advance(IReadOnlyList<TriggerReplay> voting, DateTimeOffset at)
    {
        if (_stage < 0)
        {
            Enter(0, at, "first exposure, as recorded");
        }

        // What is never recorded is not held against the plan: the caveats name it.
        var blind = voting.FirstOrDefault(t => t.IsBlind && !t.IsUnrecorded);
        if (blind is not null)
        {
            Pause(blind.NotKnown is { } why ? $"{blind.Trigger.Text}: {why}" : $"{blind.Trigger.Text}: no data", at);
            return;
        }

        Resume(at);
        if (_stage + 1 < stages.Count && at - _enteredAt >= stages[_stage].Hold && voting.All(t => t.IsUnrecorded || t.Phase == Rollouts.TriggerPhase.Clear))
        {
            Enter(_stage + 1, at, $"held {SignalText.Duration(at - _enteredAt)}, every recorded trigger clear");
        }
    }

    /// <summary>The policy stopped it.</summary>
    public void Stop(PolicyReaction reaction)
    {
        Resume(reaction.At);
        _steps.Add(reaction.Kind == TriggerReaction.Rollback
            ? new(reaction.At, 0, $"rolled back: {reaction.Trigger.Text}")
            : new(reaction.At, Percent, $"halted: {reaction.Trigger.Text}"));
    }

    /// <summary>The record ends.</summary>
    public void End(DateTimeOffset at) => Resume(at);

    private void Enter(int stage, DateTimeOffset at, string reason)
    {
        (_stage, _enteredAt) = (stage, at);
        _steps.Add(new(at, stages[stage].ExposurePercent, reason));
    }

    private void Pause(string reason, DateTimeOffset at)
    {
        if (_pausedAt is null)
        {
            (_pausedAt, _pauseReason) = (at, reason);
        }
    }

    private void Resume(DateTimeOffset at)
    {
        if (_pausedAt is { } since && _pauses.Count < MostPauses)
        {
            _pauses.Add(new(since, at, _pauseReason));
        }

        _pausedAt = null;
    }
}
