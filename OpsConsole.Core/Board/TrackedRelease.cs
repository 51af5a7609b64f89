using System.Collections.Immutable;
using OpsConsole.Core.Recovery;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Rollouts;

namespace OpsConsole.Core.Board;

/// <summary>A release on the board: what is fixed about it, what moves, and its signals. Marked dirty from any thread, built by one at a time.</summary>
internal sealed class TrackedRelease
{
    /// <summary>Longest time between two looks, so that what ages is never shown much younger than it is.</summary>
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(5);

    /// <summary>Snapshot versions count quarter seconds from here, so that they grow across restarts: no release is built more often.</summary>
    private static readonly DateTimeOffset VersionEpoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Release _identity;
    private readonly DateTimeOffset _watchedSince;
    private RolloutFacts _facts;
    private ActionSummary? _action;
    private SwitchSummary? _switch;
    private PolicyStanding? _policy;
    private RecoveryStanding? _recovery;
    private int _dirty = 1;
    private long _sampleAt;
    private DateTimeOffset _lookAgainAt;
    private BuildThrottle _throttle;

    public TrackedRelease(Release release, DateTimeOffset watchedSince)
    {
        _identity = release;
        _watchedSince = watchedSince;
        _facts = RolloutFacts.Of(release);
        Signals = [.. release.Signals.Select(d => new SignalTrack(this, d, release.PreviousVersion is not null))];
    }

    public Release Identity => _identity;

    public ReleasePhase Phase => Volatile.Read(ref _facts).Phase;

    public ImmutableArray<SignalTrack> Signals { get; }

    /// <summary>As last built; null before the first build.</summary>
    public ReleaseSnapshot? Snapshot { get; private set; }

    /// <summary>When the oldest of the samples was received that the last build was the first to show; null where it showed no new sample.</summary>
    public DateTimeOffset? ShownSince { get; private set; }

    /// <summary>Takes note of a sample, which is shown by the next build.</summary>
    public void MarkDirty(DateTimeOffset received)
    {
        if (Volatile.Read(ref _sampleAt) == 0)
        {
            Interlocked.CompareExchange(ref _sampleAt, received.UtcTicks, 0);
        }

        MarkDirty();
    }

    public void MarkDirty() => Volatile.Write(ref _dirty, 1);

    /// <summary>Takes over what moved, unless something newer is known already.</summary>
    public void Update(Release release)
    {
        var facts = RolloutFacts.Of(release);
        if (facts.Revision >= Volatile.Read(ref _facts).Revision)
        {
            Volatile.Write(ref _facts, facts);
            MarkDirty();
        }
    }

    /// <summary>Shows an action, unless a later one is shown already.</summary>
    public void Show(ActionSummary action)
    {
        if (_action is null || _action.Id == action.Id || action.RequestedAt >= _action.RequestedAt)
        {
            Volatile.Write(ref _action, action);
            MarkDirty();
        }
    }

    public void Show(SwitchSummary value)
    {
        Volatile.Write(ref _switch, value);
        MarkDirty();
    }

    public void Show(PolicyStanding value)
    {
        Volatile.Write(ref _policy, value);
        MarkDirty();
    }

    public void Show(RecoveryStanding value)
    {
        Volatile.Write(ref _recovery, value);
        MarkDirty();
    }

    /// <summary>Builds when there is something to build and it is time. True when a new snapshot came of it.</summary>
    public bool BuildIfDue(DateTimeOffset now)
    {
        var lookAgain = now >= _lookAgainAt || _lookAgainAt - now > LongestLook;
        if ((!lookAgain && Volatile.Read(ref _dirty) == 0) || !_throttle.Allows(now))
        {
            return false;
        }

        Interlocked.Exchange(ref _dirty, 0);
        ShownSince = Interlocked.Exchange(ref _sampleAt, 0) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
        _throttle.Built(now);
        return Build(now);
    }

    private bool Build(DateTimeOffset now)
    {
        var facts = Volatile.Read(ref _facts);
        var before = Snapshot;
        var stageAt = facts.StageEnteredAt > _identity.RegisteredAt ? facts.StageEnteredAt : _identity.RegisteredAt;
        var rollout = new RolloutState(facts.Phase, facts.ExposurePercent, stageAt > _watchedSince ? stageAt : _watchedSince, _identity.PreviousVersion);
        var signals = ImmutableArray.CreateBuilder<SignalSnapshot>(Signals.Length);
        var changed = before is null;
        _lookAgainAt = now + LongestLook;
        for (var i = 0; i < Signals.Length; i++)
        {
            var signal = Signals[i].Build(rollout, before?.Signals[i], now);
            changed |= !ReferenceEquals(signal, before?.Signals[i]);
            signals.Add(signal);
            if (Signals[i].NextDeadline(signal, rollout, now) is { } deadline && deadline < _lookAgainAt)
            {
                _lookAgainAt = deadline;
            }
        }

        var (action, killSwitch, policy, recovery) = (Volatile.Read(ref _action), Volatile.Read(ref _switch), Volatile.Read(ref _policy), Volatile.Read(ref _recovery));
        if (!changed && before!.Revision == facts.Revision && before.Action == action && before.Switch == killSwitch && ReferenceEquals(before.Policy, policy) && ReferenceEquals(before.Recovery, recovery))
        {
            return false;
        }

        var judged = signals.MoveToImmutable();
        var verdict = ReleaseVerdict.Of(facts.Phase, facts.ExposurePercent, judged);
        var version = Math.Max((before?.SnapshotVersion ?? 0) + 1, VersionAt(now));
        var stood = before is not null && before.Phase == facts.Phase && before.StageIndex == facts.StageIndex
            && before.ExposurePercent == facts.ExposurePercent && before.Action == action && before.Switch == killSwitch;
        Snapshot = new ReleaseSnapshot
        {
            Id = _identity.Id,
            Service = _identity.Service,
            Target = _identity.Target,
            Environment = _identity.Environment,
            Version = _identity.Version,
            PreviousVersion = _identity.PreviousVersion,
            Owner = _identity.Owner,
            FixesReleaseId = _identity.FixesReleaseId,
            Migration = _identity.Migration,
            Phase = facts.Phase,
            Stages = _identity.Stages,
            StageIndex = facts.StageIndex,
            ExposurePercent = facts.ExposurePercent,
            RegisteredAt = _identity.RegisteredAt,
            StageEnteredAt = facts.StageEnteredAt,
            Revision = facts.Revision,
            SnapshotVersion = version,
            DecisionVersion = stood && before!.Verdict == verdict.Verdict && before.Policy?.Step == policy?.Step ? before.DecisionVersion : version,
            StateVersion = stood ? before!.StateVersion : version,
            AsOf = now,
            Verdict = verdict.Verdict,
            Quality = verdict.Quality,
            Reason = verdict.Reason,
            VerdictSince = before is not null && before.Verdict == verdict.Verdict ? before.VerdictSince : now,
            Signals = judged,
            Action = action,
            Switch = killSwitch,
            Policy = policy,
            Recovery = recovery,
        };
        return true;
    }

    /// <summary>The version that the clock gives.</summary>
    public static long VersionAt(DateTimeOffset now) => (now - VersionEpoch) / TimeSpan.FromMilliseconds(250) is var quarters and > 0 ? (long)quarters : 0;

    /// <summary>What moves about a release, copied at one time: the release itself is changed by whoever acts on it.</summary>
    private sealed record RolloutFacts(ReleasePhase Phase, int StageIndex, double ExposurePercent, DateTimeOffset StageEnteredAt, int Revision)
    {
        public static RolloutFacts Of(Release release) =>
            new(release.Phase, release.StageIndex, release.ExposurePercent, release.StageEnteredAt, release.Revision);
    }
}
