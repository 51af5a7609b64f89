namespace OpsConsole.Core.Actions.Gate;

/// <summary>Actions that the gate let through, on their way to the executor. Stopping actions have a lane of their own, so that they never wait behind what grows.</summary>
/// <remarks>Bounded: what does not fit stays recorded as executing and is adopted by the schedule.</remarks>
public sealed class ActionQueue
{
    /// <summary>Halts, roll backs and kills.</summary>
    public ActionLane Stopping { get; } = new();

    /// <summary>Everything else.</summary>
    public ActionLane Other { get; } = new();

    /// <summary>Actions that nobody has taken up yet.</summary>
    public int Waiting => Stopping.Waiting + Other.Waiting;

    /// <summary>Puts an action into its lane, where it is not waiting there already. False when its target's line is full.</summary>
    public bool Enqueue(ReleaseAction action)
    {
        ArgumentNullException.ThrowIfNull(action);
        return (action.Verb.IsStopping() ? Stopping : Other).Add(action.Id, action.Target);
    }
}
