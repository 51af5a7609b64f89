using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Audit;

namespace OpsConsole.Core.Recovery;

/// <summary>Keeps the clocks in the record and takes over what another console kept. Asked every second; not for two callers at once.</summary>
public sealed class RecoveryKeeper(RecoveryTracker tracker, IRecoveryStore store, IAuditStore audit, IActionStore actions, TimeProvider time)
{
    /// <summary>Time between two looks at what other consoles have kept.</summary>
    public static readonly TimeSpan ReadAgain = TimeSpan.FromSeconds(5);

    /// <summary>How many of the latest clocks are known from the start.</summary>
    public const int Latest = 500;

    /// <summary>How many kills of one switch since it was turned off are looked through: other environments have theirs.</summary>
    private const int KillsLookedAt = 50;

    private DateTimeOffset? _readAt;

    /// <summary>Reads what is stored, once at the start and then what others changed; saves what changed here.</summary>
    /// <exception cref="RecordUnavailableException">The record does not answer; nothing is lost, the next call does it.</exception>
    public async Task KeepAsync(CancellationToken cancellationToken)
    {
        await ReadAsync(cancellationToken).ConfigureAwait(false);
        await ConfirmKillsAsync(cancellationToken).ConfigureAwait(false);
        foreach (var due in tracker.With(all => all.Where(t => t.IsDue(time.GetUtcNow())).ToList()))
        {
            await SaveAsync(due, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (!tracker.IsLoaded)
        {
            var latest = await store.LatestAsync(Latest, cancellationToken).ConfigureAwait(false);
            var running = await store.RunningAsync(cancellationToken).ConfigureAwait(false);
            tracker.Take(latest.Concat(running).GroupBy(c => c.ReleaseId).Select(g => g.OrderBy(c => c.Ending is null).ThenBy(c => c.OnsetAt).Last()), loaded: true);
            _readAt = now;
        }
        else if (_readAt is not { } at || (now - at).Duration() >= ReadAgain)
        {
            var running = await store.RunningAsync(cancellationToken).ConfigureAwait(false);
            tracker.Take(running);
            var ended = tracker.With(all => all.Where(t => t is { Clock.Ending: null, Row: not null }).Select(t => (t.Clock.ReleaseId, t.Clock.Id)).ToList());
            foreach (var (release, id) in ended.Where(e => running.All(r => r.Id != e.Id)))
            {
                await ReplaceAsync(release, cancellationToken).ConfigureAwait(false);
            }

            _readAt = now;
        }
    }

    /// <summary>A kill is no action on the release: that it was read back stands in the audit. Only a kill everywhere or where the release is counts, and of those the first one since the switch was turned off.</summary>
    private async Task ConfirmKillsAsync(CancellationToken cancellationToken)
    {
        var open = tracker.With(all => all
            .Where(t => t is { Clock: { Ending: null, Move: RecoveryMove.Kill, ConfirmedAt: null }, SwitchKey: not null, KilledAt: not null })
            .Select(t => (Tracked: t, Key: t.SwitchKey!, t.Clock.Environment, At: t.KilledAt!.Value)).ToList());
        foreach (var (tracked, key, environment, at) in open)
        {
            var found = await audit.PageAsync(new AuditQuery { Subject = $"switch:{key}", Event = "kill", Outcome = "confirmed", From = at, Take = KillsLookedAt }, cancellationToken).ConfigureAwait(false);
            foreach (var line in found.Items.Reverse())
            {
                if (line.ActionId is { } id && await actions.FindAsync(id, cancellationToken).ConfigureAwait(false) is { } action && (action.Environment is null || action.Environment == environment))
                {
                    tracker.With(_ => tracked.Kill = new KillFact(at, id, line.At));
                    break;
                }
            }
        }
    }

    private async Task SaveAsync(TrackedRecovery due, CancellationToken cancellationToken)
    {
        var (row, face, exposure) = tracker.With(_ => due.ToSave());
        if (await store.SaveAsync(row, cancellationToken).ConfigureAwait(false))
        {
            tracker.With(_ =>
            {
                due.Kept(row, face, exposure, time.GetUtcNow());
                return true;
            });
        }
        else
        {
            await ReplaceAsync(row.ReleaseId, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ReplaceAsync(Guid releaseId, CancellationToken cancellationToken)
    {
        var all = await store.ForReleaseAsync(releaseId, cancellationToken).ConfigureAwait(false);
        tracker.Replace(releaseId, all.FirstOrDefault(c => c.Ending is null) ?? (all.Count > 0 ? all[0] : null));
    }
}
