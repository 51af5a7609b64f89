using OpsConsole.Core.Board;

namespace OpsConsole.Core.Actions.Approve;

/// <summary>How many promotions wait for approval, for badges. As of the last look of the schedule or the last word.</summary>
public sealed class WaitingApprovals
{
    private int _count;

    /// <summary>Tells when the count, or who has approved what, changed.</summary>
    public BoardFeed Feed { get; } = new();

    public int Count => Volatile.Read(ref _count);

    /// <summary>Takes the number that wait now.</summary>
    public void Set(int count)
    {
        if (Interlocked.Exchange(ref _count, count) != count)
        {
            Feed.Announce();
        }
    }
}
