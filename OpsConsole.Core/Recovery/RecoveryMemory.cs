using System.Collections.Concurrent;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Board;
using OpsConsole.Core.Gates.Artifacts;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Recovery;

/// <summary>What the playbook needs of the record, kept in memory: how long moves took, and how the previous versions stand. Read anew in the background; what cannot be read stays as it was.</summary>
public sealed class RecoveryMemory(IActionStore actions, IReleaseStore releases, IRejectedArtifactStore rejected, ReleaseBoard board, TimeProvider time) : IMoveTimes, IPreviousVersions
{
    /// <summary>Time between two refreshes.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Longest time that one refresh may take; what it has read by then counts.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Age from which a previous version is looked up again while its release does not fail.</summary>
    public static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(5);

    /// <summary>Most previous versions looked up in one refresh, so that a large board is no burden on the record.</summary>
    public const int MostAtOnce = 20;

    private static readonly RecoveryMove[] OnTargets = [.. Enum.GetValues<RecoveryMove>().Where(m => m.Verb() is not null && m != RecoveryMove.Kill)];

    private readonly ConcurrentDictionary<(string? Target, RecoveryMove Move), MeasuredTime?> _times = [];
    private readonly ConcurrentDictionary<Guid, (PreviousStanding Standing, DateTimeOffset At)> _previous = [];

    /// <inheritdoc/>
    public MeasuredTime? ToConfirmed(string target, RecoveryMove move) => _times.GetValueOrDefault((move == RecoveryMove.Kill ? null : target, move));

    /// <inheritdoc/>
    public PreviousStanding Of(Guid releaseId) => _previous.TryGetValue(releaseId, out var known) ? known.Standing : PreviousStanding.Good;

    /// <summary>Reads what is not known yet or may have changed, of the releases on the board. Not for two callers at once.</summary>
    /// <exception cref="RecordUnavailableException">The record does not answer, or not within <see cref="Limit"/>; what was known stays.</exception>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            await ReadAllAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RecordUnavailableException("The record did not answer in time.", e);
        }
    }

    private async Task ReadAllAsync(CancellationToken cancellationToken)
    {
        var shown = board.Current.Releases;
        _times[(null, RecoveryMove.Kill)] = await actions.MeasureAsync(null, ActionVerb.Kill, cancellationToken).ConfigureAwait(false);
        foreach (var target in shown.Select(r => r.Target).Distinct().ToList())
        {
            foreach (var move in OnTargets)
            {
                _times[(target, move)] = await actions.MeasureAsync(target, move.Verb()!.Value, cancellationToken).ConfigureAwait(false);
            }
        }

        var now = time.GetUtcNow();
        foreach (var gone in _previous.Keys.Except(shown.Select(r => r.Id)).ToList())
        {
            _previous.TryRemove(gone, out _);
        }

        // A release in trouble is looked at first and every time: that is when the answer counts.
        foreach (var release in shown
            .Where(r => r.PreviousVersion is not null && r.Phase is not (ReleasePhase.RolledBack or ReleasePhase.Superseded))
            .Where(r => r.Verdict == Verdict.Fail || !_previous.TryGetValue(r.Id, out var known) || now - known.At >= LookAgain)
            .OrderByDescending(r => r.Verdict).ThenBy(r => _previous.TryGetValue(r.Id, out var known) ? known.At : default).Take(MostAtOnce).ToList())
        {
            _previous[release.Id] = (await ReadAsync(release, cancellationToken).ConfigureAwait(false), now);
        }
    }

    private async Task<PreviousStanding> ReadAsync(ReleaseSnapshot release, CancellationToken cancellationToken)
    {
        var page = await releases.PageAsync(
            new ReleaseQuery { Service = release.Service, Target = release.Target, Environment = release.Environment, Take = ReleaseQuery.MaxTake }, cancellationToken).ConfigureAwait(false);
        switch (page.Items.FirstOrDefault(r => r.Version == release.PreviousVersion))
        {
            case { Phase: ReleasePhase.RolledBack }:
                return PreviousStanding.RolledBack;
            case { Id: var previous } when page.Items.Any(r => r.FixesReleaseId == previous):
                return PreviousStanding.Fixed;
        }

        return await releases.FindDigestAsync(release.Service, release.Target, release.PreviousVersion!, cancellationToken).ConfigureAwait(false) is { } digest
            && await rejected.InForceAsync([digest], cancellationToken).ConfigureAwait(false) is { Count: > 0 } ? PreviousStanding.Rejected : PreviousStanding.Good;
    }
}
