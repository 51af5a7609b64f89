using OpsConsole.Core.Board;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;

namespace OpsConsole.Web.Api;

/// <summary>A stage as the API shows it.</summary>
internal sealed record StageAnswer(double ExposurePercent, double HoldSeconds);

/// <summary>A release as recorded.</summary>
internal record ReleaseAnswer(
    Guid Id,
    string Service,
    string Target,
    string Environment,
    string Version,
    string? PreviousVersion,
    ReleasePhase Phase,
    int StageIndex,
    double ExposurePercent,
    IReadOnlyList<StageAnswer> Stages,
    string Owner,
    string? Author,
    Artifact Artifact,
    string? PreviousDigest,
    string? SwitchKey,
    Guid? FixesReleaseId,
    MigrationClass Migration,
    ReleaseLinks Links,
    double WatchSeconds,
    DateTimeOffset RegisteredAt,
    DateTimeOffset? StageEnteredAt,
    DateTimeOffset? PhaseChangedAt)
{
    public static ReleaseAnswer From(Release r) => new(
        r.Id, r.Service, r.Target, r.Environment, r.Version, r.PreviousVersion, r.Phase, r.StageIndex, r.ExposurePercent,
        [.. r.Stages.Select(s => new StageAnswer(s.ExposurePercent, s.Hold.TotalSeconds))],
        r.Owner, r.Author, r.Artifact, r.PreviousDigest, r.SwitchKey, r.FixesReleaseId, r.Migration, r.Links, r.WatchTime.TotalSeconds, r.RegisteredAt,
        r.StageEnteredAt == default ? null : r.StageEnteredAt, r.PhaseChangedAt == default ? null : r.PhaseChangedAt);
}

/// <summary>A release that was registered, with what it will lack as things are: plain sentences, none when nothing.</summary>
internal sealed record RegisteredRelease : ReleaseAnswer
{
    public RegisteredRelease(Release release, IReadOnlyList<string> warnings)
        : base(From(release)) => Warnings = warnings;

    public IReadOnlyList<string> Warnings { get; }
}

/// <summary>A page of history; <c>total</c> is null when the rows were not counted.</summary>
internal sealed record ReleasePage(long? Total, IReadOnlyList<ReleaseAnswer> Items);

/// <summary>One signal of a release as it stands on the board.</summary>
internal sealed record ReleaseSignal(
    string Key,
    string Title,
    SignalFamily Family,
    string Unit,
    bool Required,
    SignalQuality Quality,
    Verdict Verdict,
    string Reason,
    double? Canary,
    double? Baseline,
    double? Delta,
    double? Limit,
    double? DeltaLimit,
    DateTimeOffset? AsOf,
    long Samples)
{
    public static ReleaseSignal From(SignalSnapshot s) => new(
        s.Definition.Key.Value, s.Definition.Title, s.Definition.Family, SignalText.Symbol(s.Definition.Unit), s.Definition.Required, s.Quality, s.Verdict, s.Reason,
        s.Canary, s.Baseline, s.Delta, s.Definition.Limit, s.Definition.DeltaLimit, s.AsOf, s.Samples);
}

/// <summary>One line of a release's timeline.</summary>
internal sealed record TimelineEntry(DateTimeOffset At, ReleaseEventKind Kind, string Text, string? Actor, string? Reason, Guid? ActionId, double? ExposurePercent)
{
    public static TimelineEntry From(ReleaseEvent e) => new(e.At, e.Kind, e.Text, e.Actor, e.Reason, e.ActionId, e.ExposurePercent);
}

/// <summary>A release's policy as it stood when the release was registered.</summary>
internal sealed record ReleasePolicyAnswer(string? Name, int? Version, string Digest, string Text);

/// <summary>How a release stands on the live board.</summary>
internal sealed record LiveState(long SnapshotVersion, long DecisionVersion, DateTimeOffset AsOf, Verdict Verdict, SignalQuality Quality, string Reason, IReadOnlyList<ReleaseSignal> Signals);

/// <summary>The whole story of one release: as recorded, and everything that happened to it.</summary>
internal sealed record ReleaseStory : ReleaseAnswer
{
    public ReleaseStory(ReleaseAnswer release, PolicySnapshot? policy, LiveState? live, IReadOnlyList<TimelineEntry> events, IReadOnlyList<ActionAnswer> actions)
        : base(release)
    {
        Policy = policy is null ? null : new(policy.Name, policy.Version, policy.Digest, policy.Text);
        Live = live;
        Events = events;
        Actions = actions;
    }

    /// <summary>The policy that it was registered with; null for one without.</summary>
    public ReleasePolicyAnswer? Policy { get; }

    /// <summary>As on the board; null when it is no longer there.</summary>
    public LiveState? Live { get; }

    /// <summary>Its timeline, oldest first, at most 500 of the newest.</summary>
    public IReadOnlyList<TimelineEntry> Events { get; }

    /// <summary>Its actions, newest first.</summary>
    public IReadOnlyList<ActionAnswer> Actions { get; }
}
