using OpsConsole.Core.Board;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Policies.Triggers;

namespace OpsConsole.Core.Rollouts;

/// <summary>The triggers and checks of one release, advanced at every evaluation. Needs the board and nothing else, so it goes on while the database is away. Used by one thread at a time.</summary>
internal sealed class RolloutClocks
{
    private readonly TriggerClock[] _triggers;
    private readonly CheckClock[] _checks;
    private DateTimeOffset? _checksOf;

    public RolloutClocks(ReleasePolicy policy, RolloutMemory memory)
    {
        // The same condition may stand in the checklist and in the stages: it is one trigger.
        _triggers = [.. policy.Triggers.DistinctBy(t => t.Text).Select(t => new TriggerClock(t))];
        _checks = [.. (policy.Canary?.Checks ?? []).Select(c => new CheckClock(c))];
        _checksOf = memory.ChecksOf;
        foreach (var clock in _triggers)
        {
            if (memory.Triggers.FirstOrDefault(m => m.Trigger == clock.Trigger.Text) is { } kept)
            {
                clock.Restore(kept);
            }
        }

        foreach (var clock in _checks)
        {
            if (memory.Checks.FirstOrDefault(m => m.Check == clock.Check.Name) is { } kept)
            {
                clock.Restore(kept);
            }
        }
    }

    /// <summary>Evaluates once.</summary>
    public RolloutLook Look(ReleaseSnapshot release, IBurnRates burnRates, DateTimeOffset now)
    {
        var burn = burnRates.Now(release.Service, release.Environment);
        var exposed = RolloutFacts.IsExposed(release);
        var triggers = new TriggerLook[_triggers.Length];
        for (var i = 0; i < _triggers.Length; i++)
        {
            triggers[i] = Look(_triggers[i], release, burn, exposed, now);
        }

        // The record keeps instants at microseconds, so after a restart the same stage may begin a tick earlier.
        if (_checksOf is not { } of || (of - release.StageEnteredAt).Duration() >= TimeSpan.FromMilliseconds(1))
        {
            _checksOf = release.StageEnteredAt;
            Array.ForEach(_checks, c => c.Restart());
        }

        var over = now >= RolloutRule.HoldEnds(release);
        foreach (var clock in _checks)
        {
            if (release.StageIndex >= 0 && clock.IsDue(now))
            {
                clock.Advance(Read(clock.Check.Success, release, burn, now), Read(clock.Check.Failure, release, burn, now), now);
            }
        }

        return new(release, triggers, [.. _checks.Select(c => Standing(c, over))], [.. _checks.Select(c => c.Save())], now);
    }

    private static TriggerLook Look(TriggerClock clock, ReleaseSnapshot release, (double? Rate, DateTimeOffset? AsOf) burn, bool exposed, DateTimeOffset now)
    {
        var reading = exposed ? TriggerReading.Of(clock.Trigger, release, burn, now) : new TriggerReading(null, "nobody has the release yet");
        clock.Advance(reading.Value, now);
        var standing = new TriggerStanding(clock.Trigger, clock.Phase, reading.Value, clock.Since ?? now, clock.FiresAt, RolloutSentences.Standing(clock, reading))
        {
            ValueText = RolloutSentences.Value(clock.Trigger, reading),
        };
        return new(standing, clock.IsFiring, RolloutSentences.Evidence(clock, reading, now), clock.Save());
    }

    private static TriggerReading Read(Trigger? condition, ReleaseSnapshot release, (double? Rate, DateTimeOffset? AsOf) burn, DateTimeOffset now) =>
        condition is null ? default : TriggerReading.Of(condition, release, burn, now);

    private static CheckStanding Standing(CheckClock clock, bool holdOver) =>
        new(clock.Check, clock.PhaseAt(holdOver), clock.Successful, clock.Failed, clock.Inconclusive, clock.Errors, RolloutSentences.Check(clock));
}
