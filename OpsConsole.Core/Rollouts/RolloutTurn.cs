using OpsConsole.Core.Board;

namespace OpsConsole.Core.Rollouts;

/// <summary>One evaluation of a release: what was looked at, what was decided, and where that leaves it. Immutable, so that what follows from it may take its time while the next evaluation is made.</summary>
/// <param name="Look">How triggers and checks stood.</param>
/// <param name="Decision">What the rule said.</param>
/// <param name="Position">The step from now on.</param>
internal sealed record RolloutTurn(RolloutLook Look, RolloutDecision Decision, RolloutPosition Position);

/// <summary>The step that the engine is in with a release.</summary>
/// <param name="Step">Which.</param>
/// <param name="Since">Since when; the default before the first decision.</param>
/// <param name="Reason">Why, in one sentence.</param>
/// <param name="ActionId">The action of the console that the board showed last.</param>
internal sealed record RolloutPosition(RolloutStep Step, DateTimeOffset Since, string Reason, Guid? ActionId)
{
    public static RolloutPosition Of(RolloutState state) => new(state.Step, state.StepSince, state.Reason, state.ActionId);

    /// <summary>Where a decision leads from here.</summary>
    public RolloutPosition Next(RolloutDecision decision, ReleaseSnapshot release, DateTimeOffset now) => new(
        decision.Step,
        decision.Step != Step || Since == default ? now : Since,
        decision.Reason,
        release.Action is { } action && action.RequestedBy == RolloutEngine.Console.Name ? action.Id : ActionId);
}
