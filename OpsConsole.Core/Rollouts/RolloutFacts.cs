using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
using OpsConsole.Core.Policies;

namespace OpsConsole.Core.Rollouts;

/// <summary>Everything that <see cref="RolloutRule"/> looks at.</summary>
public sealed record RolloutFacts
{
    /// <summary>The step that the engine is in.</summary>
    public required RolloutStep Step { get; init; }

    /// <summary>Why it is in it.</summary>
    public required string Reason { get; init; }

    /// <summary>The release as the board shows it, with its latest action.</summary>
    public required ReleaseSnapshot Release { get; init; }

    public required DeliverySettings Delivery { get; init; }

    /// <summary>In words: "web-canary, version 3".</summary>
    public required string PolicyTitle { get; init; }

    public required IReadOnlyList<TriggerReport> Triggers { get; init; }

    public required IReadOnlyList<CheckStanding> Checks { get; init; }

    /// <summary>The gates that always hold and those of the policy, as they stand.</summary>
    public required IReadOnlyList<GateResult> Gates { get; init; }

    /// <summary>Why the release cannot be rolled back, as a sentence; null when it can.</summary>
    public string? NoWayBack { get; init; }

    /// <summary>The decision whose stopping action is being asked for at this moment; null: none is.</summary>
    public RolloutDecision? Stopping { get; init; }

    /// <summary>What became of this process's last ask for a stopping action; null before the first, and once the release has moved on since.</summary>
    public AskedBefore? Stopped { get; init; }

    /// <summary>What became of its last ask for a promotion, likewise.</summary>
    public AskedBefore? Promoted { get; init; }

    public required DateTimeOffset Now { get; init; }

    /// <summary>The action in flight, if there is one.</summary>
    public ActionSummary? InFlight => Release.Action is { } action && action.Phase.IsInFlight() ? action : null;

    /// <summary>True from the first exposure on, also while it is being asked for: from then on triggers are live.</summary>
    public static bool IsExposed(ReleaseSnapshot release)
    {
        ArgumentNullException.ThrowIfNull(release);
        return release.StageIndex >= 0 || release.ExposurePercent > 0
            || release.Action is { Verb: ActionVerb.Promote, Phase: ActionPhase.Executing or ActionPhase.Unconfirmed };
    }
}

/// <summary>A trigger as the rule sees it.</summary>
/// <param name="Standing">How it stands.</param>
/// <param name="IsFiring">From firing until it has recovered.</param>
/// <param name="IsSeen">A person resumed the release after this firing: it is not acted on again.</param>
/// <param name="Evidence">Value, how long and on how many observations, for the reason of an action.</param>
public sealed record TriggerReport(TriggerStanding Standing, bool IsFiring, bool IsSeen, string Evidence)
{
    public Trigger Trigger => Standing.Trigger;

    /// <summary>It has a vote.</summary>
    public bool Counts => !Trigger.DryRun;

    /// <summary>It must be acted on.</summary>
    public bool IsCause => Counts && IsFiring && !IsSeen;
}

/// <summary>What became of an ask.</summary>
/// <param name="Verb">What was asked for.</param>
/// <param name="AgainAt">Not to be asked for again before; null: at once.</param>
/// <param name="RefusedBecause">What the gate said; null when it accepted.</param>
/// <param name="Times">How often it was asked for in a row.</param>
public sealed record AskedBefore(ActionVerb Verb, DateTimeOffset? AgainAt, string? RefusedBecause, int Times = 1);

/// <summary>What the engine does next.</summary>
/// <param name="Step">The step it is in from now on.</param>
/// <param name="Reason">Why: one sentence without running times, so that it changes only when something does.</param>
/// <param name="Ask">What is asked of the gate; null: nothing.</param>
/// <param name="Because">The reason given with it.</param>
public sealed record RolloutDecision(RolloutStep Step, string Reason, ActionVerb? Ask = null, string? Because = null);
