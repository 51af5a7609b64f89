using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Board;

namespace OpsConsole.Core.Recovery;

/// <summary>How long something took, over several recoveries.</summary>
/// <param name="Count">Recoveries measured.</param>
/// <param name="Median">Median.</param>
/// <param name="P95">95th percentile, nearest rank.</param>
public sealed record RecoverySpan(int Count, TimeSpan Median, TimeSpan P95)
{
    /// <summary>Of these, or null of none.</summary>
    public static RecoverySpan? Of(IEnumerable<TimeSpan> spans)
    {
        var sorted = spans.Order().ToList();
        return sorted.Count == 0
            ? null
            : new(sorted.Count, (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2, sorted[(int)Math.Ceiling(sorted.Count * 0.95) - 1]);
    }
}

/// <summary>How one move has done on one target.</summary>
/// <param name="Target">Where.</param>
/// <param name="Move">Which.</param>
/// <param name="Possible">Whether the target can do it now; null where the target is not connected.</param>
/// <param name="ToConfirmed">From detected to confirmed.</param>
/// <param name="ToVerified">From detected to verified.</param>
/// <param name="LastAt">When it was last confirmed there, in a recovery or without one; null: never.</param>
public sealed record MoveRecord(string Target, RecoveryMove Move, bool? Possible, RecoverySpan? ToConfirmed, RecoverySpan? ToVerified, DateTimeOffset? LastAt)
{
    /// <summary>True for what the target can do and nobody has ever seen it do.</summary>
    public bool NeverExercised => Possible == true && LastAt is null;
}

/// <summary>Every target with its moves, and the one that takes longest.</summary>
/// <param name="Moves">By target, then move.</param>
/// <param name="WeakestLink">The target whose recoveries take longest from detected to verified (95th percentile, over all its moves); null where none was verified.</param>
/// <param name="Weakest">Its recoveries.</param>
/// <param name="Of">How many of the latest recoveries this is of.</param>
public sealed record RecoveryStatistics(IReadOnlyList<MoveRecord> Moves, string? WeakestLink, RecoverySpan? Weakest, int Of);

/// <summary>The recovery record of all targets, from kept clocks and confirmed actions.</summary>
public sealed class RecoveryReport(IRecoveryStore recoveries, IActionStore actions, ReleaseBoard board, ITargetRegistry targets)
{
    /// <summary>How many of the latest recoveries are looked at.</summary>
    public const int Latest = 500;

    /// <summary>Reads it.</summary>
    /// <exception cref="RecordUnavailableException">The record does not answer.</exception>
    public async Task<RecoveryStatistics> ReadAsync(CancellationToken cancellationToken)
    {
        var clocks = await recoveries.LatestAsync(Latest, cancellationToken).ConfigureAwait(false);
        var shown = board.Current.Releases;
        var rows = new List<MoveRecord>();
        foreach (var target in targets.Connected.Concat(shown.Select(r => r.Target)).Concat(clocks.Select(c => c.Target)).Distinct().Order(StringComparer.Ordinal))
        {
            var there = clocks.Where(c => c.Target == target).ToList();
            foreach (var move in new[] { RecoveryMove.Rollback, RecoveryMove.Halt, RecoveryMove.Kill, RecoveryMove.FixForward })
            {
                var possible = Can(target, move, shown.Any(r => r.Target == target && r.Switch is not null));
                var made = there.Where(c => c.Move == move && c.ConfirmedAt is not null).ToList();
                if (possible == true || made.Count > 0)
                {
                    rows.Add(new(
                        target, move, possible, RecoverySpan.Of(made.Select(c => c.ConfirmedAt!.Value - c.DetectedAt)), ToVerified(made),
                        Later(made.Count == 0 ? null : made.Max(c => c.ConfirmedAt), await LastAsync(target, move, cancellationToken).ConfigureAwait(false))));
                }
            }
        }

        var weakest = clocks.GroupBy(c => c.Target).Select(g => (Target: g.Key, Span: ToVerified(g))).Where(g => g.Span is not null).OrderByDescending(g => g.Span!.P95).FirstOrDefault();
        return new(rows, weakest.Target, weakest.Span, clocks.Count);
    }

    /// <summary>A kill passes through no target: where a release that is shown has a switch it can be made. Fixing forward is looked for only where there is no way back.</summary>
    private bool? Can(string target, RecoveryMove move, bool hasSwitch) => targets.CapabilitiesOf(target)?.Verbs is not { } verbs
        ? move == RecoveryMove.Kill && hasSwitch ? true : null
        : move switch
        {
            RecoveryMove.Rollback => verbs.Contains(ActionVerb.Rollback),
            RecoveryMove.Halt => verbs.Contains(ActionVerb.Halt),
            RecoveryMove.Kill => hasSwitch,
            _ => !verbs.Contains(ActionVerb.Rollback) && verbs.Contains(ActionVerb.Promote),
        };

    private async Task<DateTimeOffset?> LastAsync(string target, RecoveryMove move, CancellationToken cancellationToken) => move switch
    {
        RecoveryMove.Rollback => (await actions.MeasureAsync(target, ActionVerb.Rollback, cancellationToken).ConfigureAwait(false))?.LastAt,
        RecoveryMove.Halt => (await actions.MeasureAsync(target, ActionVerb.Halt, cancellationToken).ConfigureAwait(false))?.LastAt,
        _ => null,
    };

    private static RecoverySpan? ToVerified(IEnumerable<RecoveryClock> clocks) => RecoverySpan.Of(clocks.Where(c => c.VerifiedAt is not null).Select(c => c.VerifiedAt!.Value - c.DetectedAt));

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) => one is null || other > one ? other : one;
}
