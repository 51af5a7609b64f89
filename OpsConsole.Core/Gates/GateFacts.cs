using OpsConsole.Core.Policies;

namespace OpsConsole.Core.Gates;

/// <summary>Everything that the gates are judged on, beside the release and the board. Read anew for each judgement.</summary>
public sealed record GateFacts
{
    /// <summary>The release's policy; null where it has none, or where it cannot be read (<see cref="PolicyFault"/>).</summary>
    public ReleasePolicy? Policy { get; init; }

    /// <summary>Why the policy cannot be read; null where it can, or where there is none.</summary>
    public string? PolicyFault { get; init; }

    /// <summary>Evidence of the release, newest first.</summary>
    public IReadOnlyList<EvidenceItem> Evidence { get; init; } = [];

    /// <summary>Waivers of the release, those that do not hold any more included.</summary>
    public IReadOnlyList<Waiver> Waivers { get; init; } = [];

    /// <summary>Windows and freezes that are not ended.</summary>
    public IReadOnlyList<DeployWindow> Windows { get; init; } = [];

    /// <summary>The rejection of the release's artifact that is in force.</summary>
    public RejectedDigest? Rejected { get; init; }

    /// <summary>The rejection of the previous version's artifact that is in force.</summary>
    public RejectedDigest? RejectedPrevious { get; init; }

    /// <summary>The newest analysis.</summary>
    public AnalysisRun? Analysis { get; init; }

    /// <summary>How the objectives of the service stand; null where none is defined.</summary>
    public ObjectiveStanding? Objectives { get; init; }

    /// <summary>Why objectives could not be read; null where they could.</summary>
    public string? ObjectivesFault { get; init; }

    public int? ChangedLines { get; init; }

    /// <summary>The waivers that hold at a time.</summary>
    public IEnumerable<Waiver> WaiversAt(DateTimeOffset now) => Waivers.Where(w => w.HoldsAt(now) && WaivableGates.Includes(w.Gate));
}
