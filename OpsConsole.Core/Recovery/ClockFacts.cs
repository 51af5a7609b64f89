using OpsConsole.Core.Board;

namespace OpsConsole.Core.Recovery;

/// <summary>A kill of the switch that is bound to a release, in force where the release is.</summary>
/// <param name="At">When it was written.</param>
/// <param name="ActionId">Its action, once that was confirmed.</param>
/// <param name="ConfirmedAt">When it was read back.</param>
public sealed record KillFact(DateTimeOffset At, Guid? ActionId = null, DateTimeOffset? ConfirmedAt = null);

/// <summary>What a clock is moved by. The same facts always move it the same way.</summary>
public sealed record ClockFacts
{
    /// <summary>The release as the board shows it; null when it is not on the board any more.</summary>
    public required ReleaseSnapshot? Release { get; init; }

    /// <summary>The kill of its switch, while in force.</summary>
    public KillFact? Kill { get; init; }

    /// <summary>True when it is known that no kill of its switch is in force; false also while that is not known.</summary>
    public bool NoKill { get; init; }

    /// <summary>Since when <see cref="ClockRule.IsBack"/> has held without a break; null while it does not.</summary>
    public DateTimeOffset? BackSince { get; init; }

    /// <summary>The release on the board that fixes this one forward.</summary>
    public ReleaseSnapshot? Successor { get; init; }

    public required DateTimeOffset Now { get; init; }
}
