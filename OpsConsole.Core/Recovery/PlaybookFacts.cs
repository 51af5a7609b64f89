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
}

/// <summary>What the playbook decides on. The same facts always get the same advice.</summary>
public sealed record PlaybookFacts
{
    /// <summary>What the gate's rules look at, as a preview by an operator who may do everything: what is possible is asked of those rules alone. Has a release and its snapshot.</summary>
    public required ActionContext Context { get; init; }

    /// <summary>What broke.</summary>
    public required FaultKind Fault { get; init; }

    /// <summary>One sentence: what broke, with its value and limit; why nothing can be judged; or that nothing is wrong.</summary>
    public required string Broke { get; init; }

    /// <summary>True for a fault that appeared long after its stage began, so that the step did not bring it.</summary>
    public bool CreptIn { get; init; }

    /// <summary>What the record says of the previous version.</summary>
    public PreviousStanding Previous { get; init; }

    /// <summary>How long moves take here.</summary>
    public required IMoveTimes Times { get; init; }
}
