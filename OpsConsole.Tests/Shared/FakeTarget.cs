using System.Collections.Concurrent;
using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Tests.Shared;

/// <summary>A delivery target that does as it is told, unless a test makes it hang, refuse, break or lie.</summary>
public sealed class FakeTarget(string target, TargetCapabilities capabilities, TimeProvider time) : IDeliveryTargetAdapter
{
    private readonly ConcurrentQueue<TargetChange> _asked = new();
    private volatile TargetObservation _state = new(0, false, null, time.GetUtcNow());

    public string Target => target;

    public TargetCapabilities Capabilities => capabilities;

    /// <summary>Everything it was asked for, in order.</summary>
    public IReadOnlyList<TargetChange> Asked => [.. _asked];

    /// <summary>How often it was read.</summary>
    public int Reads { get; private set; }

    /// <summary>What happens instead of taking a change over.</summary>
    public Func<TargetChange, CancellationToken, Task>? OnApply { get; set; }

    /// <summary>What happens before the state is told.</summary>
    public Func<CancellationToken, Task>? OnObserve { get; set; }

    public TargetObservation State
    {
        get => _state;
        set => _state = value;
    }

    /// <summary>A call that never ends and does not listen to being cancelled.</summary>
    public static Task HangAsync() => new TaskCompletionSource().Task;

    /// <summary>Takes a change over, as a working target does.</summary>
    public void Take(TargetChange change) => State = new TargetObservation(change.ExposurePercent, change.Halted, change.ActionId, time.GetUtcNow());

    public async Task ApplyAsync(TargetChange change, CancellationToken cancellationToken)
    {
        _asked.Enqueue(change);
        if (OnApply is { } instead)
        {
            await instead(change, cancellationToken);
        }
        else
        {
            Take(change);
        }
    }

    public async Task<TargetObservation> ObserveAsync(string service, string environment, string version, CancellationToken cancellationToken)
    {
        Reads++;
        if (OnObserve is { } before)
        {
            await before(cancellationToken);
        }

        return State with { ObservedAt = time.GetUtcNow() };
    }
}
