namespace OpsConsole.Core.Actions.Gate;

/// <summary>Takes up actions that nobody carries out any more: after a crash, a full queue, or a target that did not answer.</summary>
public sealed class ActionAdoption(IActionStore actions, ActionExecutor executor, ActionQueue queue, ExecutionLimits limits, TimeProvider time, IOtherConsoles? consoles = null)
{
    /// <summary>Time a stopping action is left to the worker before the schedule hands it over again, which is harmless.</summary>
    private static readonly TimeSpan StoppingAfter = TimeSpan.FromSeconds(2);

    private int _round = -1;

    /// <summary>Adopts the actions in flight that are due: every one that stops, and of what grows so many of each target at a time. Returns how many were due.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var inFlight = await actions.ListInFlightAsync(cancellationToken).ConfigureAwait(false);
        var alone = inFlight.Count == 0 || consoles is null || !await consoles.AreThereAsync(cancellationToken).ConfigureAwait(false);
        var due = inFlight.Where(a => IsDue(a, now, alone) && !executor.IsRunning(a.Id)).ToList();

        // Asking again for less exposure is always safe, and waiting is not.
        foreach (var action in due.Where(a => a.Verb.IsStopping()))
        {
            queue.Enqueue(action);
        }

        // Each target's side by side and so many in one run, in turns: targets that hang hold up neither the others nor the next run.
        var round = Interlocked.Increment(ref _round);
        await Parallel.ForEachAsync(
            due.Where(a => !a.Verb.IsStopping()).GroupBy(a => a.Target).SelectMany(ofOne => InTurn([.. ofOne], round)),
            new ParallelOptions { MaxDegreeOfParallelism = int.MaxValue, CancellationToken = cancellationToken },
            async (action, token) => await executor.AdoptAsync(action.Id, token).ConfigureAwait(false)).ConfigureAwait(false);
        return due.Count;
    }

    private static IEnumerable<ReleaseAction> InTurn(List<ReleaseAction> all, int round)
    {
        var from = (int)((uint)round * (long)ActionLane.SideBySide % all.Count);
        return all.Skip(from).Concat(all.Take(from)).Take(ActionLane.SideBySide);
    }

    private bool IsDue(ReleaseAction action, DateTimeOffset now, bool alone) => action.Phase switch
    {
        ActionPhase.Unconfirmed => true,
        // What was executing before this process started was left behind by the one before it, unless another console may have it in hand.
        ActionPhase.Executing => (alone && (action.ExecutingAt ?? action.RequestedAt) < executor.StartedAt) || now - (action.ExecutingAt ?? action.RequestedAt)
            >= (action.Verb.IsStopping() || action.ReleaseId is null ? StoppingAfter : limits.AdoptAfter),
        _ => false,
    };
}

/// <summary>Whether other consoles work on the same record.</summary>
public interface IOtherConsoles
{
    /// <summary>True when another one was there within the last half minute: it may have actions in hand.</summary>
    Task<bool> AreThereAsync(CancellationToken cancellationToken);
}
