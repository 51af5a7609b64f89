using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Rollouts;

/// <summary>The gates that a policy adds, read anew every few seconds and whenever the release or its action has moved, and the class of the migration. Nobody waits for a reading: what stops a release must not.</summary>
internal sealed class RolloutGates
{
    /// <summary>Name of the gate that stands in while the others have not been read.</summary>
    public const string Unread = "policy gates";

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    /// <summary>Age from which what was read does not count any more.</summary>
    private static readonly TimeSpan Oldest = TimeSpan.FromSeconds(30);

    /// <summary>Longest that one reading may take.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly RolloutPorts _ports;
    private readonly MigrationClass _declared;
    private Release _release;
    private Task _reading = Task.CompletedTask;
    private DateTimeOffset _begunAt;
    private (int Revision, Guid? Action, ActionPhase? Phase) _begunOf = (-1, null, null);
    private volatile Reading? _last;
    private volatile bool _failed;

    public RolloutGates(RolloutPorts ports, Release release) => (_ports, _release, _declared) = (ports, release, release.Migration);

    /// <summary>Approvals that the next promotion needs.</summary>
    public int ApprovalsNeeded => _last?.Results.ApprovalsNeeded ?? 0;

    /// <summary>Who rejected the artifact; null while that is not so.</summary>
    public string? RejectedBy => _last?.Results.RejectedBy;

    /// <summary>The gates as they were read last; one in their place while there is nothing of now: still to come, or not to be judged when they cannot be read.</summary>
    public IReadOnlyList<GateResult> Results(RolloutLook look)
    {
        var last = _last;
        if (last is not null && last.Revision == look.Release.Revision && look.Now - last.At < Oldest)
        {
            return last.Results.Gates;
        }

        return _failed
            ? [new GateResult(Unread, Verdict.Inconclusive, "The gates of the policy cannot be read; the console tries again every few seconds.", "record", last?.At)]
            : [new GateResult(Unread, Verdict.Running, "The gates of the policy are being read.", "record", null)];
    }

    /// <summary>The worst of what was declared, what the policy says and what submitted SQL showed, and what that leaves open.</summary>
    public MigrationStanding Migration(ReleasePolicy policy)
    {
        var results = _last?.Results;
        var worst = new[] { _declared, policy.Release?.DatabaseMigration ?? MigrationClass.None, results?.Migration ?? MigrationClass.None }.Max();
        return new(worst, results?.Doubts ?? RollbackDoubts.None);
    }

    /// <summary>Begins to read them anew when it is time.</summary>
    public void Refresh(RolloutLook look, CancellationToken cancellationToken)
    {
        var (of, now) = ((look.Release.Revision, look.Release.Action?.Id, look.Release.Action?.Phase), look.Now);
        if (_reading.IsCompleted && (of != _begunOf || now - _begunAt >= Every || now < _begunAt))
        {
            (_begunOf, _begunAt) = (of, now);
            _reading = ReadAsync(look, cancellationToken);
        }
    }

    /// <summary>Reads once. What goes wrong leaves the earlier reading, until it is too old.</summary>
    private async Task ReadAsync(RolloutLook look, CancellationToken cancellationToken)
    {
        var shown = look.Release;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            var results = await JudgeAsync(shown, limit.Token).WaitAsync(Limit, _ports.Time, cancellationToken).ConfigureAwait(false);
            (_last, _failed) = (new Reading(results, shown.Revision, look.Now), false);
        }
#pragma warning disable CA1031 // Whatever breaks while a gate is read makes it unreadable, and nothing else.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (!_failed && !cancellationToken.IsCancellationRequested)
            {
                RolloutLog.GatesUnread(_ports.Log, shown.Service, shown.Version, e);
            }

            _failed = true;
        }
        finally
        {
            await limit.CancelAsync().ConfigureAwait(false);
        }
    }

    private async Task<PolicyGateResults> JudgeAsync(ReleaseSnapshot shown, CancellationToken cancellationToken)
    {
        if (_release.Revision != shown.Revision)
        {
            _release = await _ports.Releases.FindAsync(shown.Id, cancellationToken).ConfigureAwait(false) ?? _release;
        }

        return await _ports.PolicyGates.JudgeAsync(_release, shown, cancellationToken).ConfigureAwait(false);
    }

    private sealed record Reading(PolicyGateResults Results, int Revision, DateTimeOffset At);
}
