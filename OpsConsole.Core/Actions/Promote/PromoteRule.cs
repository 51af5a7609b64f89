using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Actions.Promote;

/// <summary>When a release may go to its next stage: every promotion gate passes, on what the board shows now.</summary>
/// <remarks>Where people must agree first, asking them does not wait for what passes by waiting (hold time, samples, windows); carrying out waits for everything.</remarks>
public static class PromoteRule
{
    /// <summary>Every reason against the promotion; empty when it is allowed.</summary>
    public static IReadOnlyList<Refusal> Judge(ActionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var release = context.Release ?? throw new ArgumentException("A promotion is judged on a release.", nameof(context));
        return
        [
            .. CommandChecks.Permitted(context, ActionVerb.Promote),
            .. Way(context, release),
            .. CommandChecks.NothingInFlight(context, ActionVerb.Promote),
            .. CommandChecks.TargetCan(context, ActionVerb.Promote),
            .. CommandChecks.Seen(context),
            .. CommandChecks.Reason(context),
            .. release.NextStage?.ExposurePercent >= 100 ? CommandChecks.Confirmed(context, release.Service) : [],
        ];
    }

    /// <summary>What stands in the way up: the phase, the end of the stages, or the gates. Gates are not named where no evidence would help.</summary>
    private static IEnumerable<Refusal> Way(ActionContext context, ReleaseState release)
    {
        if (!release.Phase.IsLive())
        {
            return [new WrongPhaseRefusal(ActionVerb.Promote, release.Phase)];
        }

        if (release.NextStage is null)
        {
            return [new NoNextStageRefusal()];
        }

        // Once it is asked for, what passes by waiting is what it still waits for.
        var asking = context.Policy.ApprovalsNeeded > 0 && !context.IsApproved && context.InFlight?.Phase.IsWaiting() != true;
        return CommandChecks.OnBoard(context).Concat(PromotionGates
            .Judge(release, context.Snapshot, context.Now).Select(gate => (Gate: gate, Refusal: Refuse(gate)))
            .Concat(context.Policy.Gates.Select(gate => (Gate: gate, Refusal: (GateRefusal)new PolicyGateRefusal(gate))))
            .Where(g => g.Gate.Verdict != Board.Verdict.Pass)
            .Select(g => g.Refusal)
            .Where(refusal => !asking || !refusal.PassesByWaiting));
    }

    private static GateRefusal Refuse(GateResult gate) => gate.Name switch
    {
        PromotionGates.FreshData => new DataNotFreshRefusal(gate),
        PromotionGates.VerdictPass => new VerdictNotPassRefusal(gate),
        PromotionGates.StageHold => new StageHoldNotOverRefusal(gate),
        PromotionGates.SampleCount => new TooFewSamplesRefusal(gate),
        PromotionGates.NoHalt => new HaltInForceRefusal(gate),
        PromotionGates.NoKill => new SwitchKilledRefusal(gate),
        _ => throw new ArgumentOutOfRangeException(nameof(gate), gate.Name, "Unknown gate."),
    };
}
