using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Tests.Shared;

/// <summary>Takes actions out of a lane without a worker.</summary>
internal static class Lanes
{
    /// <summary>Takes the next action, and gives its turn back at once.</summary>
    public static bool TryRead(this ActionLane lane, out Guid action)
    {
        using var turn = lane.TryTake();
        action = turn?.Action ?? default;
        return turn is not null;
    }
}
