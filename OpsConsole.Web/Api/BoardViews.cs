using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;

namespace OpsConsole.Web.Api;

/// <summary>The board as the API and the hub write it.</summary>
/// <param name="Version">Grows with every change of any release.</param>
/// <param name="AsOf">When the board was put together.</param>
/// <param name="Releases">Worst first.</param>
public sealed record BoardView(long Version, DateTimeOffset AsOf, IReadOnlyList<ReleaseView> Releases)
{
    public static BoardView Of(BoardSnapshot board)
    {
        ArgumentNullException.ThrowIfNull(board);
        return new(board.Version, board.AsOf, [.. board.Releases.Select(ReleaseView.Of)]);
    }
}

/// <summary>One release as it stands.</summary>
public sealed record ReleaseView
{
    public required Guid Id { get; init; }

    public required string Service { get; init; }

    public required string Target { get; init; }

    public required string Environment { get; init; }

    public required string Version { get; init; }

    /// <summary>The version it is compared with; null for a first release.</summary>
    public string? PreviousVersion { get; init; }

    public required ReleasePhase Phase { get; init; }

    /// <summary>Index of the stage; -1 before the first.</summary>
    public required int StageIndex { get; init; }

    /// <summary>Exposure that the target confirmed, 0 to 100.</summary>
    public required double ExposurePercent { get; init; }

    /// <summary>What to send as <c>seenVersion</c> with an action decided on this.</summary>
    public required long SnapshotVersion { get; init; }

    /// <summary>An action decided on an older snapshot than this is refused.</summary>
    public required long DecisionVersion { get; init; }

    public required DateTimeOffset AsOf { get; init; }

    public required Verdict Verdict { get; init; }

    public required DateTimeOffset VerdictSince { get; init; }

    /// <summary>One sentence: why the verdict is what it is.</summary>
    public required string Reason { get; init; }

    /// <summary>The worst quality among required signals.</summary>
    public required SignalQuality Quality { get; init; }

    /// <summary>True once the rollout is over: nothing here calls for an action.</summary>
    public required bool Settled { get; init; }

    public required string Owner { get; init; }

    public required IReadOnlyList<SignalView> Signals { get; init; }

    /// <summary>The action under way, or the last.</summary>
    public ActionView? Action { get; init; }

    /// <summary>The kill switch bound to the release.</summary>
    public SwitchView? Switch { get; init; }

    public static ReleaseView Of(ReleaseSnapshot release)
    {
        ArgumentNullException.ThrowIfNull(release);
        return new()
        {
            Id = release.Id,
            Service = release.Service,
            Target = release.Target,
            Environment = release.Environment,
            Version = release.Version,
            PreviousVersion = release.PreviousVersion,
            Phase = release.Phase,
            StageIndex = release.StageIndex,
            ExposurePercent = release.ExposurePercent,
            SnapshotVersion = release.SnapshotVersion,
            DecisionVersion = release.DecisionVersion,
            AsOf = release.AsOf,
            Verdict = release.Verdict,
            VerdictSince = release.VerdictSince,
            Reason = release.Reason,
            Quality = release.Quality,
            Settled = release.IsSettled,
            Owner = release.Owner,
            Signals = [.. release.Signals.Select(SignalView.Of)],
            Action = release.Action is { } a ? new(a.Id, a.Verb, a.Phase, a.RequestedBy, a.RequestedAt, a.FinishedAt, a.Outcome) : null,
            Switch = release.Switch is { } s ? new(s.Key, s.Killed, s.ChangedAt, s.Environment) : null,
        };
    }
}

/// <summary>One signal as it stands.</summary>
public sealed record SignalView
{
    private const int Decimals = 4;

    public required string Key { get; init; }

    public required SignalFamily Family { get; init; }

    /// <summary><c>%</c>, <c>ms</c>, <c>/s</c>, <c>count</c>, <c>x</c> or <c>none</c>.</summary>
    public required string Unit { get; init; }

    public required SignalQuality Quality { get; init; }

    /// <summary>Value of the new version; null without one.</summary>
    public double? Canary { get; init; }

    /// <summary>Value of the previous version; null without one.</summary>
    public double? Baseline { get; init; }

    /// <summary>Percentage points for percent, else relative percent; null without both values fresh.</summary>
    public double? Delta { get; init; }

    public required Verdict Verdict { get; init; }

    /// <summary>Time of the newest measured sample of the new version.</summary>
    public DateTimeOffset? AsOf { get; init; }

    /// <summary>Observations of the new version in the window.</summary>
    public required long Samples { get; init; }

    public static SignalView Of(SignalSnapshot signal)
    {
        ArgumentNullException.ThrowIfNull(signal);
        return new()
        {
            Key = signal.Definition.Key.Value,
            Family = signal.Definition.Family,
            Unit = SignalText.Symbol(signal.Definition.Unit),
            Quality = signal.Quality,
            Canary = Rounded(signal.Canary),
            Baseline = Rounded(signal.Baseline),
            Delta = Rounded(signal.Delta),
            Verdict = signal.Verdict,
            AsOf = signal.AsOf,
            Samples = signal.Samples,
        };
    }

    private static double? Rounded(double? value) => value is { } v ? Math.Round(v, Decimals) : null;
}

/// <summary>An action as the board shows it.</summary>
public sealed record ActionView(Guid Id, ActionVerb Verb, ActionPhase Phase, string RequestedBy, DateTimeOffset RequestedAt, DateTimeOffset? FinishedAt, string? Outcome);

/// <summary>A kill switch as the board shows it.</summary>
public sealed record SwitchView(string Key, bool Killed, DateTimeOffset ChangedAt, string? Environment);
