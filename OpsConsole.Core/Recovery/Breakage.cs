using OpsConsole.Core.Board;
using OpsConsole.Core.Rollouts;

namespace OpsConsole.Core.Recovery;

/// <summary>One thing that is wrong with a release: what a clock begins with.</summary>
/// <param name="What">The signal's title, the trigger's text or the check's name.</param>
/// <param name="OnsetAt">Time of its first bad sample.</param>
/// <param name="DetectedAt">When the console said so; never before the onset.</param>
internal readonly record struct Breakage(string What, DateTimeOffset OnsetAt, DateTimeOffset DetectedAt)
{
    /// <summary>All of a release that were detected after a time: what an earlier clock ended with does not begin a new one.</summary>
    public static IEnumerable<Breakage> Of(ReleaseSnapshot release, DateTimeOffset after, DateTimeOffset now)
    {
        foreach (var signal in release.Verdict == Verdict.Fail ? release.Signals : [])
        {
            if (signal.Verdict == Verdict.Fail && Begun(signal.Definition.Title, signal.BreachedSince ?? release.VerdictSince, release.VerdictSince) is var broke && broke.DetectedAt > after)
            {
                yield return broke;
            }
        }

        foreach (var one in release.Policy?.Triggers ?? [])
        {
            if (one is { Phase: TriggerPhase.Fired, Trigger.DryRun: false } && one.Since > after)
            {
                yield return Begun(one.Trigger.Text, one.Since - one.Trigger.For, one.Since);
            }
        }

        // A check tells neither when it began to fail nor when it had failed: it counts from when that was seen.
        foreach (var one in release.Policy?.Checks ?? [])
        {
            if (one is { Phase: CheckPhase.Failed, Check.DryRun: false } && release.StageEnteredAt > after)
            {
                yield return Begun(one.Check.Name, now, now);
            }
        }
    }

    private static Breakage Begun(string what, DateTimeOffset onset, DateTimeOffset detected) => new(what, onset, detected > onset ? detected : onset);
}
