using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;

namespace OpsConsole.Core.Rollouts;

/// <summary>Where halts and roll backs of one release are asked for: apart from everything else, so that none waits for a save, a reading or a promotion that is still under way. One at a time.</summary>
/// <remarks>Begun by the evaluation that decided it, within it. While the gate has not answered, the rule sees what is being asked for and asks for nothing else.</remarks>
internal sealed class StoppingLane(RolloutAsk ask)
{
    private RolloutDecision? _decision;
    private Task _asking = Task.CompletedTask;

    /// <summary>The decision whose action is being asked for now; null: none is.</summary>
    public RolloutDecision? Asking => _asking.IsCompleted ? null : _decision;

    /// <summary>What became of the last ask.</summary>
    public AskedBefore? Last(ReleaseSnapshot release, DateTimeOffset now) => ask.Last(release, now);

    /// <summary>Asks for the stopping action that a turn decided on. Null: it decided on none.</summary>
    public Task? Begin(RolloutTurn turn, CancellationToken cancellationToken)
    {
        if (turn.Decision.Ask is not { } verb || !verb.IsStopping())
        {
            return null;
        }

        _decision = turn.Decision;
        return _asking = ask.RequestAsync(verb, turn.Decision.Because!, turn.Look.Release, cancellationToken);
    }
}
