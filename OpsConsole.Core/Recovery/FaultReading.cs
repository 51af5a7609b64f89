using OpsConsole.Core.Board;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Rollouts;
using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Recovery;

/// <summary>What is wrong with a release, read from what the board shows: its failing signals, and the triggers and checks of its policy that said no. The worst counts.</summary>
/// <param name="Fault">What broke.</param>
/// <param name="Broke">The middle of a sentence, without values that change with every sample: "errors out of limits".</param>
/// <param name="CreptIn">True for a fault of latency or business that appeared <see cref="Step"/> or later after its stage began, so that the stage did not bring it: a slow regression.</param>
public sealed record FaultReading(FaultKind Fault, string Broke, bool CreptIn = false)
{
    /// <summary>A fault that a stage brings shows within this time of its begin.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromMinutes(15);

    public static FaultReading Of(ReleaseSnapshot release)
    {
        ArgumentNullException.ThrowIfNull(release);
        var found = Signals(release).Concat(Triggers(release)).Concat(Checks(release)).ToList();
        if (found.Count == 0)
        {
            return release.Verdict == Verdict.Pass ? new(FaultKind.None, "nothing is out of limits") : new(FaultKind.Unknown, Unjudged(release));
        }

        var worst = found.Max(f => f.Kind);
        var crept = worst is FaultKind.Latency or FaultKind.Business && found.Where(f => f.Kind == worst).All(f => f.Since - release.StageEnteredAt >= Step);
        return new(worst, Told(found), crept);
    }

    /// <summary>The two worst by name, signals first: "errors, p99 latency and 3 more out of limits".</summary>
    private static string Told(List<Found> found)
    {
        var signals = found.Where(f => f.IsSignal).OrderByDescending(f => f.Kind).Select(f => f.What).ToList();
        var told = signals.Count > 0 ? signals : [.. found.OrderByDescending(f => f.Kind).Select(f => f.What)];
        return told switch
        {
            [var one] => one,
            [var one, var other] => $"{one} and {other}",
            [var one, var other, ..] => $"{one}, {other} and {told.Count - 2} more",
            _ => "",
        } + (signals.Count > 0 ? " out of limits" : "");
    }

    private static IEnumerable<Found> Signals(ReleaseSnapshot release) => release.Verdict != Verdict.Fail
        ? []
        : release.Signals.Where(s => s.Verdict == Verdict.Fail).Select(s => new Found(KindOf(s.Definition.Family), s.Definition.Title, s.BreachedSince ?? release.VerdictSince, IsSignal: true));

    private static IEnumerable<Found> Triggers(ReleaseSnapshot release) => (release.Policy?.Triggers ?? [])
        .Where(t => t is { Phase: TriggerPhase.Fired or TriggerPhase.Recovering, Trigger.DryRun: false })
        .Select(t => new Found(KindOf(t.Trigger, release), $"trigger {t.Trigger.Text} fired", t.Since - t.Trigger.For));

    private static IEnumerable<Found> Checks(ReleaseSnapshot release) => (release.Policy?.Checks ?? [])
        .Where(c => c is { Phase: CheckPhase.Failed, Check.DryRun: false })
        .Select(c => new Found(KindOf(c.Check.Failure ?? c.Check.Success, release), $"check {c.Check.Name} failed", release.StageEnteredAt));

    private static FaultKind KindOf(Trigger? trigger, ReleaseSnapshot release) =>
        trigger is { Measure: not TriggerMeasure.BurnRate } && Find(trigger.Signal, release) is { } signal ? KindOf(signal.Family) : FaultKind.Errors;

    private static SignalDefinition? Find(string signal, ReleaseSnapshot release) =>
        release.Signals.FirstOrDefault(s => string.Equals(s.Definition.Key.ToString(), signal, StringComparison.OrdinalIgnoreCase))?.Definition;

    /// <summary>A synthetic check and a burnt budget tell that people cannot do what they came for; a full machine or a slow neighbour alone does not.</summary>
    private static FaultKind KindOf(SignalFamily family) => family switch
    {
        SignalFamily.CrashFree => FaultKind.Crash,
        SignalFamily.Errors or SignalFamily.Synthetic or SignalFamily.Slo => FaultKind.Errors,
        SignalFamily.Business => FaultKind.Business,
        SignalFamily.Latency => FaultKind.Latency,
        _ => FaultKind.Cosmetic,
    };

    private static string Unjudged(ReleaseSnapshot release) => (release.Verdict, release.Quality) switch
    {
        (Verdict.Running, _) => "too little was measured of it yet",
        (Verdict.Error, _) => "a source of its signals cannot be read",
        (_, SignalQuality.Stale) => "its signals are stale",
        (_, SignalQuality.Missing) => "its signals are missing",
        _ => "too little was measured of it",
    };

    private readonly record struct Found(FaultKind Kind, string What, DateTimeOffset Since, bool IsSignal = false);
}
