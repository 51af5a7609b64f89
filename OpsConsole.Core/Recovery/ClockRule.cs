using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Policies.Triggers;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Rollouts;
using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Recovery;

/// <summary>How a recovery clock runs: from what the board shows and from nothing else.</summary>
/// <remarks>
/// <list type="number">
/// <item>It opens at the first fail of a release that someone has: onset is the earliest first bad sample of what fails, detected the earliest time at which a verdict failed or a trigger fired.</item>
/// <item>A halt, a roll back, the kill of the release's switch or the registration of a fix decides it, when asked for after the onset. Applied is when the target was asked, confirmed when it was read back; an action that is unconfirmed never confirms.</item>
/// <item>A stronger later move takes the place of a weaker one (roll back, kill, fix forward, halt), and any later one the place of one that came to nothing. The first decision stays.</item>
/// <item>A move that was undone (a halt by a resumption, a kill by a restore) is none any more.</item>
/// <item>Verified when everything is back inside its limits for <see cref="HoldOf"/> after a move was confirmed. Without a move it ended by itself. Missing or stale data is never back.</item>
/// <item>While a release that fixes it is on its way, the clock runs until that one is done, unless a roll back or a kill was verified before.</item>
/// </list>
/// </remarks>
public static class ClockRule
{
    /// <summary>How long signals must be back where the policy does not say.</summary>
    public static readonly TimeSpan Hold = TimeSpan.FromSeconds(60);

    /// <summary>A new clock, or null where nothing calls for one.</summary>
    /// <param name="release">As the board shows it.</param>
    /// <param name="id">Id of the clock.</param>
    /// <param name="after">When the clock before it ended; what was detected until then begins no other.</param>
    /// <param name="now">The time.</param>
    public static RecoveryClock? Open(ReleaseSnapshot release, Guid id, DateTimeOffset after, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(release);
        if (!release.Phase.IsLive() || release.ExposurePercent <= 0 || Breakage.Of(release, after, now).ToList() is not { Count: > 0 } broke)
        {
            return null;
        }

        var first = broke.MinBy(b => b.OnsetAt);
        var detected = broke.Min(b => b.DetectedAt);
        return new RecoveryClock
        {
            Id = id,
            ReleaseId = release.Id,
            Service = release.Service,
            Target = release.Target,
            Environment = release.Environment,
            Version = release.Version,
            Fault = FaultReading.Of(release).Fault,
            Signal = first.What,
            OnsetAt = first.OnsetAt,
            DetectedAt = detected > first.OnsetAt ? detected : first.OnsetAt,
        };
    }

    /// <summary>Sets what the facts tell. An ended clock is left as it is.</summary>
    public static void Move(RecoveryClock clock, ClockFacts facts)
    {
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(facts);
        if (clock.Ending is not null)
        {
            return;
        }

        if (IsUndone(clock, facts))
        {
            clock.Withdraw();
        }

        if (facts.Release?.Action is { } action)
        {
            Take(clock, action);
        }

        if (facts.Kill is { } kill)
        {
            Take(clock, kill);
        }

        if (facts.Successor is { } successor)
        {
            Take(clock, successor);
        }

        End(clock, facts);
    }

    /// <summary>True when everything that is judged is inside its limits on data of now. Not while anything is missing, stale or in error: what is not known is not back.</summary>
    /// <param name="release">As the board shows it.</param>
    /// <param name="broke">What the clock began with: a signal's title or a trigger's text. That one must have been seen inside, also where the release does not depend on it.</param>
    public static bool IsBack(ReleaseSnapshot release, string broke)
    {
        ArgumentNullException.ThrowIfNull(release);
        if (release.Phase == ReleasePhase.RolledBack)
        {
            return IsGone(release, broke);
        }

        return release.Verdict == Verdict.Pass
            && release.Signals.All(s => s.Verdict is not Verdict.Error && s.Quality != SignalQuality.Stale && (s.Definition.Title != broke || s.Verdict == Verdict.Pass))
            && (release.Policy?.Checks ?? []).All(c => c.Check.DryRun || IsOver(c, release))
            && (release.Policy?.Triggers ?? []).All(t => t.Trigger.DryRun || (t.Trigger.Measure == TriggerMeasure.BurnRate && t.Trigger.Text != broke)
                || t.Phase == TriggerPhase.Clear || (t.Phase == TriggerPhase.Inconclusive && t.Trigger.Text != broke));
    }

    /// <summary>How long signals must have been back: the longest recovery time of the policy's triggers, else <see cref="Hold"/>.</summary>
    public static TimeSpan HoldOf(ReleaseSnapshot release)
    {
        ArgumentNullException.ThrowIfNull(release);
        var longest = (release.Policy?.Triggers ?? []).Where(t => t.Trigger is { DryRun: false, Measure: not TriggerMeasure.BurnRate }).Select(t => t.Trigger.RecoverFor).DefaultIfEmpty().Max();
        return longest > TimeSpan.Zero ? longest : Hold;
    }

    /// <summary>False for a check that said no. One in error or inconclusive goes on measuring and is waited for. One that failed has ended for its stage and is never measured again, so what it measures is looked at here: it is over when a measurement of now would be a success. A burn rate looks back too far to be waited for.</summary>
    private static bool IsOver(CheckStanding standing, ReleaseSnapshot release)
    {
        var (success, failure) = (Waited(standing.Check.Success), Waited(standing.Check.Failure));
        return standing.Phase switch
        {
            CheckPhase.Failed => CheckClock.Judge(standing.Check with { Success = success, Failure = failure }, Now(success), Now(failure)) == CheckOutcome.Successful,
            CheckPhase.Error or CheckPhase.Inconclusive => false,
            _ => true,
        };

        static Trigger? Waited(Trigger? condition) => condition is { Measure: TriggerMeasure.BurnRate } ? null : condition;
        double? Now(Trigger? condition) => condition is null ? null : TriggerReading.Of(condition, release, default, release.AsOf).Value;
    }

    /// <summary>After a roll back: the target shows nobody on the bad version, whoever is still heard on it is inside the limits, and the version that took over is measured and inside the absolute ones. A signal that it never had is not asked for, one that fell silent is.</summary>
    private static bool IsGone(ReleaseSnapshot release, string broke)
    {
        var measured = release.Signals.Where(s => s.Definition.Required && (s.Baseline is not null || !s.BaselinePoints.IsEmpty)).ToList();
        return release.ExposurePercent <= 0
            && release.Signals.All(s => (!s.Definition.Required && s.Definition.Title != broke) || !IsHeardOutside(s))
            && measured.Count > 0 && measured.All(s => s.Baseline is { } value && s.BaselineSamples >= s.Definition.MinimumCount && IsInside(s.Definition, value));
    }

    /// <summary>True while people are seen on the bad version and it is not well with them: the target's word that nobody has it is not the last one.</summary>
    private static bool IsHeardOutside(SignalSnapshot signal) => signal is { Quality: SignalQuality.Fresh, Samples: > 0 }
        && (signal.Verdict == Verdict.Fail || (signal.Canary is { } value && !IsInside(signal.Definition, value)));

    private static bool IsInside(SignalDefinition definition, double value) =>
        definition.Limit is not { } limit || (definition.Better == BetterWhen.Lower ? value <= limit : value >= limit);

    /// <summary>A halt is undone by a later resumption or promotion that was confirmed, a kill when none is in force any more.</summary>
    private static bool IsUndone(RecoveryClock clock, ClockFacts facts) => clock.Move switch
    {
        RecoveryMove.Halt => facts.Release?.Action is { Verb: ActionVerb.Resume or ActionVerb.Promote, Phase: ActionPhase.Confirmed } action && action.RequestedAt > (clock.AppliedAt ?? clock.DecidedAt),
        RecoveryMove.Kill => facts.NoKill,
        _ => false,
    };

    private static void Take(RecoveryClock clock, ActionSummary action)
    {
        RecoveryMove? move = action.Verb switch { ActionVerb.Halt => RecoveryMove.Halt, ActionVerb.Rollback => RecoveryMove.Rollback, _ => null };
        if (move is not { } made || action.RequestedAt < clock.OnsetAt
            || action.Phase is ActionPhase.Refused or ActionPhase.Rejected or ActionPhase.Expired or ActionPhase.Withdrawn or ActionPhase.PreEmpted || !Takes(clock, made, action))
        {
            return;
        }

        clock.Decide(made, action.Id, action.RequestedAt);
        if ((action.ExecutingAt ?? (action.Phase == ActionPhase.Confirmed ? action.RequestedAt : null)) is { } asked)
        {
            clock.Apply(asked);
        }

        if (action is { Phase: ActionPhase.Confirmed, FinishedAt: { } done })
        {
            clock.Confirm(done);
        }
    }

    /// <summary>One action is in flight for a release at a time, so an earlier one that was not confirmed when a later one is there has come to nothing.</summary>
    private static bool Takes(RecoveryClock clock, RecoveryMove made, ActionSummary action) => clock.Move is not { } before
        || clock.ActionId == action.Id
        || Strength(made) > Strength(before)
        || (before is RecoveryMove.Halt or RecoveryMove.Rollback && clock.ConfirmedAt is null && action.RequestedAt > clock.DecidedAt);

    private static void Take(RecoveryClock clock, KillFact kill)
    {
        if (kill.At < clock.OnsetAt || (clock.Move is { } before && before != RecoveryMove.Kill && Strength(before) > Strength(RecoveryMove.Kill)))
        {
            return;
        }

        // Its action is known only once it was confirmed; learning of it is no other move.
        if (clock.Move != RecoveryMove.Kill || (kill.ActionId is not null && clock.ConfirmedAt is null))
        {
            clock.Decide(RecoveryMove.Kill, kill.ActionId, kill.At);
        }

        clock.Apply(kill.At);
        if (kill.ConfirmedAt is { } confirmed)
        {
            clock.Confirm(confirmed);
        }
    }

    private static void Take(RecoveryClock clock, ReleaseSnapshot successor)
    {
        clock.FixForward(successor.Id);
        if (successor.RegisteredAt < clock.OnsetAt)
        {
            // It was made for an earlier fault: nobody decided on this one with it.
            return;
        }

        if (clock.Move is { } before && Strength(before) > Strength(RecoveryMove.FixForward))
        {
            return;
        }

        clock.Decide(RecoveryMove.FixForward, null, successor.RegisteredAt);
        if (successor.ExposurePercent > 0)
        {
            clock.Apply(successor.StageEnteredAt);
        }

        if (successor.Phase is ReleasePhase.Watching or ReleasePhase.Done)
        {
            clock.Confirm(successor.StageEnteredAt);
        }
    }

    /// <summary>What a roll back or a kill brought about is theirs, whatever comes after; otherwise the clock runs until its fix is done, where there is one.</summary>
    private static void End(RecoveryClock clock, ClockFacts facts)
    {
        var fix = facts.Successor is { Phase: not (ReleasePhase.RolledBack or ReleasePhase.Superseded) } successor ? successor : null;
        var isLast = fix is null && facts.Release?.Phase != ReleasePhase.Superseded;
        if (facts is { Release: { } release, BackSince: { } back } && facts.Now - back >= HoldOf(release) && (isLast || IsConfirmedStop(clock)) && Ending(clock, release) is { } ending)
        {
            clock.End(ending, back + HoldOf(release));
        }
        else if (fix is { Phase: ReleasePhase.Done })
        {
            EndFixed(clock, fix, facts.Now);
        }
        else if (fix is null && (facts.Release is null || !isLast))
        {
            clock.End(RecoveryEnding.Left, facts.Now);
        }
    }

    /// <summary>A roll back or a kill after which it was not back before the fix was done did not do it: the fix did, and its time is the fix's.</summary>
    private static void EndFixed(RecoveryClock clock, ReleaseSnapshot fix, DateTimeOffset now)
    {
        if (clock.Move is RecoveryMove.Rollback or RecoveryMove.Kill && fix.RegisteredAt >= clock.OnsetAt)
        {
            clock.Decide(RecoveryMove.FixForward, null, fix.RegisteredAt);
            clock.Apply(fix.StageEnteredAt);
            clock.Confirm(fix.StageEnteredAt);
        }

        clock.End(clock.Move is RecoveryMove.Rollback or RecoveryMove.Kill ? RecoveryEnding.Left : clock.ConfirmedAt is null ? RecoveryEnding.ByItself : RecoveryEnding.Verified, now);
    }

    private static bool IsConfirmedStop(RecoveryClock clock) => clock is { Move: RecoveryMove.Rollback or RecoveryMove.Kill, ConfirmedAt: not null };

    /// <summary>Null while what was asked for may still be confirmed.</summary>
    private static RecoveryEnding? Ending(RecoveryClock clock, ReleaseSnapshot release) => clock switch
    {
        { Move: null } => RecoveryEnding.ByItself,
        { ConfirmedAt: not null } => RecoveryEnding.Verified,
        { Move: RecoveryMove.Kill } => null,
        _ when release.Action is { } action && action.Id == clock.ActionId && action.Phase.IsInFlight() => null,
        _ => RecoveryEnding.ByItself,
    };

    private static int Strength(RecoveryMove move) => move switch
    {
        RecoveryMove.Rollback => 4,
        RecoveryMove.Kill => 3,
        RecoveryMove.FixForward => 2,
        RecoveryMove.Halt => 1,
        _ => 0,
    };
}
