namespace OpsConsole.Core.Releases;

/// <summary>Where a release is on its way. Set only when the target has confirmed it, never when it was merely asked for.</summary>
public enum ReleasePhase
{
    /// <summary>Known to the console, not yet exposed to anyone.</summary>
    Registered,

    /// <summary>In a stage: part of the traffic or of the users has it.</summary>
    RollingOut,

    /// <summary>Growth is stopped; whoever has it keeps it until it is rolled back or resumed.</summary>
    Halted,

    /// <summary>At full exposure and still being watched.</summary>
    Watching,

    /// <summary>Watched at full exposure for the whole watch time and found healthy.</summary>
    Done,

    /// <summary>Exposure taken back to the previous version.</summary>
    RolledBack,

    /// <summary>Replaced by a later release of the same service on the same target and environment.</summary>
    Superseded,
}

/// <summary>Groupings of phases that several rules share.</summary>
public static class ReleasePhases
{
    /// <summary>Phases of a release that the board shows and that sources are read for.</summary>
    public static IReadOnlyList<ReleasePhase> Live { get; } =
        [ReleasePhase.Registered, ReleasePhase.RollingOut, ReleasePhase.Halted, ReleasePhase.Watching];

    /// <summary>True while the release can still be acted on.</summary>
    public static bool IsLive(this ReleasePhase phase) => phase <= ReleasePhase.Watching;
}
