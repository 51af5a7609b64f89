using System.Threading.Channels;

namespace OpsConsole.Core.Actions.Gate;

/// <summary>Actions that the gate let through, on their way to the executor. Stopping actions have a lane of their own, so that they never wait behind what grows.</summary>
/// <remarks>Bounded: what does not fit stays recorded as executing and is adopted by the schedule.</remarks>
public sealed class ActionQueue
{
    /// <summary>Most actions that wait in one lane.</summary>
    public const int LaneCapacity = 1024;

    private readonly Channel<Guid> _stopping = Channel.CreateBounded<Guid>(LaneCapacity);
    private readonly Channel<Guid> _other = Channel.CreateBounded<Guid>(LaneCapacity);

    /// <summary>Halts, roll backs and kills.</summary>
    public ChannelReader<Guid> Stopping => _stopping.Reader;

    /// <summary>Everything else.</summary>
    public ChannelReader<Guid> Other => _other.Reader;

    /// <summary>Actions that nobody has taken up yet.</summary>
    public int Waiting => _stopping.Reader.Count + _other.Reader.Count;

    /// <summary>Puts an action into its lane. False when the lane is full.</summary>
    public bool Enqueue(ReleaseAction action)
    {
        ArgumentNullException.ThrowIfNull(action);
        return (action.Verb.IsStopping() ? _stopping : _other).Writer.TryWrite(action.Id);
    }
}
