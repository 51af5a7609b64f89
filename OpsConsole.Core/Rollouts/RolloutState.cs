namespace OpsConsole.Core.Rollouts;

/// <summary>Where the engine is with a release. What the release itself is in is <see cref="Releases.ReleasePhase"/>; this is what the engine does about it.</summary>
public enum RolloutStep
{
    /// <summary>Before the first stage.</summary>
    Waiting,

    /// <summary>In a stage whose hold time is not over.</summary>
    Holding,

    /// <summary>The hold is over; the gates decide.</summary>
    Verifying,

    /// <summary>A promotion was asked for, and waits for people or for its target.</summary>
    Promoting,

    /// <summary>Cannot be judged, or a person paused it: goes on when it can be judged again or is resumed.</summary>
    Paused,

    /// <summary>A halt was asked for.</summary>
    Halting,

    Halted,

    /// <summary>A roll back was asked for.</summary>
    RollingBack,

    /// <summary>At 100 % and watched; triggers are live.</summary>
    Watching,

    /// <summary>Nothing more to do.</summary>
    Done,
}

/// <summary>The engine's memory of one release: what it must know after a restart to go on at the same step and take none twice.</summary>
public sealed class RolloutState
{
    public required Guid ReleaseId { get; init; }

    public RolloutStep Step { get; private set; }

    public DateTimeOffset StepSince { get; private set; }

    /// <summary>One sentence: why it is in this step.</summary>
    public string Reason { get; private set; } = "";

    /// <summary>Where each trigger and each check stands, as JSON.</summary>
    public string MemoryJson { get; private set; } = "{}";

    /// <summary>The action that the engine asked for last, so that it is not asked for twice.</summary>
    public Guid? ActionId { get; private set; }

    /// <summary>Grows with every change.</summary>
    public int Revision { get; private set; }

    public void Move(RolloutStep step, string reason, DateTimeOffset at, Guid? actionId = null)
    {
        if (step != Step || StepSince == default)
        {
            (Step, StepSince) = (step, at);
        }

        Reason = reason;
        ActionId = actionId ?? ActionId;
        Revision++;
    }

    /// <summary>Keeps what triggers and checks must remember.</summary>
    public void Remember(string json)
    {
        MemoryJson = json;
        Revision++;
    }
}

/// <summary>Where the engine's memory is kept.</summary>
public interface IRolloutStore
{
    Task<RolloutState?> FindAsync(Guid releaseId, CancellationToken cancellationToken);

    /// <summary>Of these releases, those that there are.</summary>
    Task<IReadOnlyList<RolloutState>> ListAsync(IReadOnlyCollection<Guid> releases, CancellationToken cancellationToken);

    /// <summary>Saves it as new, or if its revision is still the one it was read at, with its lines for the timeline, all or nothing. False when someone else was quicker.</summary>
    Task<bool> SaveAsync(RolloutState state, IReadOnlyList<Releases.ReleaseEvent> events, CancellationToken cancellationToken);
}
