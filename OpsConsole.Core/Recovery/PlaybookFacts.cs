using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Core.Recovery;

/// <summary>What the record says of the version that a roll back would lead to.</summary>
public enum PreviousStanding
{
    /// <summary>Nothing speaks against it: it was released here in good order, or it was never registered and serves the rest.</summary>
    Good,

    /// <summary>Its release was itself rolled back.</summary>
    RolledBack,

    /// <summary>Its artifact was rejected, and the rejection is in force.</summary>
    Rejected,

    /// <summary>It was bad: a later release was registered to fix it.</summary>
    Fixed,
}

/// <summary>The flag that is bound to a release, as it is answered where the release is.</summary>
public enum FlagStanding
{
    /// <summary>There is none, or it is not served any more.</summary>
    None,

    /// <summary>It is served: killing it turns off what it guards.</summary>
    On,

    /// <summary>It is killed, there or everywhere.</summary>
    Off,

    /// <summary>It was killed less than <see cref="PlaybookReading.Spreading"/> ago: clients are still hearing of it.</summary>
    JustOff,
}

/// <summary>What the playbook decides on. The same facts always get the same advice.</summary>
public sealed record PlaybookFacts
{
    /// <summary>What the gate's rules look at, as a preview by an operator who may do everything: what is possible is asked of those rules alone. Has a release and its snapshot.</summary>
    public required ActionContext Context { get; init; }

    public required FaultReading Reading { get; init; }

    public required FlagStanding Flag { get; init; }

    /// <summary>What the record says of the previous version.</summary>
    public PreviousStanding Previous { get; init; }

    /// <summary>How long moves take here.</summary>
    public required IMoveTimes Times { get; init; }

    /// <summary>What broke.</summary>
    public FaultKind Fault => Reading.Fault;
}
