using System.Collections.Concurrent;
using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
using OpsConsole.Core.Switches;

namespace OpsConsole.Core.Recovery;

/// <summary>The playbook on a release as the board shows it: the one way from a snapshot to advice. From memory alone, so that it may be asked from anywhere.</summary>
public sealed class PlaybookReading(ITargetRegistry targets, SwitchBoard switches, IMoveTimes times, IPreviousVersions previous, TimeProvider time)
{
    /// <summary>Whom the rules are asked for: someone who may make every move. Who may press a button is asked anew for whoever looks.</summary>
    public static readonly Operator Anyone = new("playbook", Role.ReleaseManager, true);

    /// <summary>How long advice holds while only values change.</summary>
    public static readonly TimeSpan Holds = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<Guid, Last> _last = [];

    /// <summary>What to do, as worked out by whoever asked first, for all open boards: anew at once when what a decision rests on has changed, else once in <see cref="Holds"/>.</summary>
    public PlaybookAdvice Of(ReleaseSnapshot release)
    {
        ArgumentNullException.ThrowIfNull(release);
        return _last.TryGetValue(release.Id, out var last) && last.HoldsFor(release, time.GetUtcNow()) ? last.Advice : Advise(release);
    }

    /// <summary>What to do, worked out anew. Where it says nothing new it is the same object as before, so that nothing is shown anew for it.</summary>
    public PlaybookAdvice Advise(ReleaseSnapshot release)
    {
        ArgumentNullException.ThrowIfNull(release);
        var advice = Playbook.Advise(FactsOf(release));
        if (_last.TryGetValue(release.Id, out var last) && last.Advice.SaysTheSameAs(advice))
        {
            advice = last.Advice;
        }

        _last[release.Id] = new(release.SnapshotVersion, release.DecisionVersion, time.GetUtcNow(), advice);
        return advice;
    }

    /// <summary>How long after a kill what is measured may still be of those who have not heard of it: they ask again within a minute, and a window of a minute later it shows.</summary>
    public static readonly TimeSpan Spreading = TimeSpan.FromMinutes(2);

    /// <summary>What is decided on.</summary>
    public PlaybookFacts FactsOf(ReleaseSnapshot release)
    {
        ArgumentNullException.ThrowIfNull(release);
        return new()
        {
            Context = Briefings.Preview(release, Anyone, targets, time),
            Reading = FaultReading.Of(release),
            Flag = FlagOf(release),
            Previous = previous.Of(release.Id),
            Times = times,
        };
    }

    /// <summary>True while a kill shadows the percentage that is the release's exposure: nobody gets it, and restoring brings the percentage back.</summary>
    public bool IsShadowed(ReleaseSnapshot release)
    {
        ArgumentNullException.ThrowIfNull(release);
        return release.ExposurePercent > 0 && targets.Find(release.Target, release.Environment)?.Capabilities.ExposesByFlag == true && FlagOf(release) is FlagStanding.Off or FlagStanding.JustOff;
    }

    /// <summary>Who has it now, in words: "25 %", "0 % while checkout is killed, 25 % once it is restored".</summary>
    public string ExposedNow(ReleaseSnapshot release) => IsShadowed(release)
        ? $"0 % while {release.Switch!.Key} is killed, {Wording.Percent(release.ExposurePercent)} once it is restored"
        : Wording.Percent(release.ExposurePercent);

    /// <summary>Forgets releases that are not on the board any more.</summary>
    public void Keep(IEnumerable<Guid> releases)
    {
        foreach (var gone in _last.Keys.Except(releases).ToList())
        {
            _last.TryRemove(gone, out _);
        }
    }

    /// <summary>As it is answered where the release is: a kill may be there alone. Before the switches were read, as the board shows it.</summary>
    private FlagStanding FlagOf(ReleaseSnapshot release) => release.Switch is not { } bound ? FlagStanding.None
        : switches.Find(bound.Key, release.Environment) is { } state ? (state.Killed || bound.Killed ? OffSince(state.KilledAt ?? bound.ChangedAt) : FlagStanding.On)
        : switches.IsLoaded ? FlagStanding.None
        : bound.Killed ? OffSince(bound.ChangedAt) : FlagStanding.On;

    private FlagStanding OffSince(DateTimeOffset at) => time.GetUtcNow() - at < Spreading ? FlagStanding.JustOff : FlagStanding.Off;

    private sealed record Last(long Version, long DecisionVersion, DateTimeOffset At, PlaybookAdvice Advice)
    {
        public bool HoldsFor(ReleaseSnapshot release, DateTimeOffset now) =>
            release.SnapshotVersion <= Version || (release.DecisionVersion == DecisionVersion && (now - At).Duration() < Holds);
    }
}
