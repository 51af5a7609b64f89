using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Policies.Replay;

/// <summary>What changed a release's exposure.</summary>
public enum ExposureChange
{
    Promoted,
    Halted,
    Resumed,
    RolledBack,

    /// <summary>Found changed on the target without having been asked for.</summary>
    Drifted,
}

/// <summary>A change of a release's exposure as it was recorded.</summary>
/// <param name="At">When the target confirmed it.</param>
/// <param name="Percent">Exposure from then on, 0 to 100.</param>
/// <param name="Change">What changed it.</param>
public sealed record ExposureStep(DateTimeOffset At, double Percent, ExposureChange Change);

/// <summary>What is on record about one release's exposure and signals: what a policy can be replayed against. Immutable.</summary>
public sealed record ReleaseHistory
{
    /// <summary>Longest time that is replayed; of a longer history the newest.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(48);

    /// <summary>Most signals that are replayed.</summary>
    public const int MostSignals = 200;

    /// <summary>Time between two recorded points.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromSeconds(10);

    /// <summary>A value counts for this long; later there is no data.</summary>
    public static readonly TimeSpan LongestAge = 3 * Step;

    public required Release Release { get; init; }

    /// <summary>Changes of exposure, oldest first.</summary>
    public required IReadOnlyList<ExposureStep> Exposure { get; init; }

    /// <summary>Recorded points in any order.</summary>
    public required IReadOnlyList<SignalPoint> Points { get; init; }

    /// <summary>Points from before this time are no longer kept; null: all of them are.</summary>
    public DateTimeOffset? KeptSince { get; init; }

    /// <summary>When the history was read.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>When the release ended as done, if it did.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>When a later release took its place, if one did.</summary>
    public DateTimeOffset? SupersededAt { get; init; }

    /// <summary>When anyone first had it; null: nobody ever did.</summary>
    public DateTimeOffset? ExposedAt => Exposure.FirstOrDefault(s => s.Percent > 0)?.At;

    /// <summary>When it was rolled back, if it was.</summary>
    public DateTimeOffset? RolledBackAt => Exposure.FirstOrDefault(s => s.Change == ExposureChange.RolledBack && s.At >= ExposedAt)?.At;

    /// <summary>When growth was first really stopped: halted or rolled back.</summary>
    public ExposureStep? FirstStop => Exposure.FirstOrDefault(s => s.Change is ExposureChange.Halted or ExposureChange.RolledBack && s.At >= ExposedAt);

    /// <summary>When its exposure ended, or its watch, or else when the history was read.</summary>
    public DateTimeOffset Until => RolledBackAt ?? SupersededAt ?? CompletedAt ?? AsOf;

    /// <summary>From when it is replayed: its first exposure, or <see cref="Longest"/> before its end.</summary>
    public DateTimeOffset From => ExposedAt is { } exposed && exposed > Until - Longest ? exposed : ExposedAt is null ? Until : Until - Longest;

    /// <summary>Confirmed exposure at a time, 0 to 100.</summary>
    public double ExposureAt(DateTimeOffset at) => Exposure.LastOrDefault(s => s.At <= at)?.Percent ?? 0;

    /// <summary>A history from what the stores hold.</summary>
    /// <param name="release">The release.</param>
    /// <param name="events">Its timeline, oldest first.</param>
    /// <param name="points">Its points.</param>
    /// <param name="keptSince">Points from before this time are no longer kept.</param>
    /// <param name="asOf">Now.</param>
    public static ReleaseHistory Of(Release release, IEnumerable<ReleaseEvent> events, IReadOnlyList<SignalPoint> points, DateTimeOffset? keptSince, DateTimeOffset asOf)
    {
        var steps = new List<ExposureStep>();
        DateTimeOffset? completed = null, superseded = null;
        foreach (var entry in events.OrderBy(e => e.At))
        {
            switch (entry.Kind)
            {
                case ReleaseEventKind.Completed:
                    completed = entry.At;
                    break;
                case ReleaseEventKind.Superseded:
                    superseded ??= entry.At;
                    break;
                default:
                    if (ChangeOf(entry.Kind) is { } change && entry.ExposurePercent is { } percent
                        && !(change == ExposureChange.Drifted && steps.Count > 0 && steps[^1].Percent.Equals(percent)))
                    {
                        steps.Add(new(entry.At, percent, change));
                    }

                    break;
            }
        }

        return new()
        {
            Release = release, Exposure = steps, Points = points, KeptSince = keptSince, AsOf = asOf, CompletedAt = completed, SupersededAt = superseded,
        };
    }

    private static ExposureChange? ChangeOf(ReleaseEventKind kind) => kind switch
    {
        ReleaseEventKind.StageChanged => ExposureChange.Promoted,
        ReleaseEventKind.Halted => ExposureChange.Halted,
        ReleaseEventKind.Resumed => ExposureChange.Resumed,
        ReleaseEventKind.RolledBack => ExposureChange.RolledBack,
        ReleaseEventKind.Drift => ExposureChange.Drifted,
        _ => null,
    };
}
