using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
using OpsConsole.Core.Gates.Rules;
using OpsConsole.Core.Gates.Waivers;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Gates;

/// <summary>Judges every gate that policy, evidence and place add. Pure: the same facts always get the same answer.</summary>
public static class PolicyGateRule
{
    /// <summary>Exposures that differ by less are the same stage.</summary>
    private const double SameExposure = 0.05;

    /// <summary>Every gate as it stands; one that was waived passes and says so.</summary>
    public static IReadOnlyList<GateResult> Judge(GateFacts facts, Release release, ReleaseSnapshot? snapshot, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(release);
        IEnumerable<GateResult> gates =
        [
            .. Policy(facts),
            .. EvidenceGates.Judge(facts, now),
            .. ArtifactGates.Judge(facts, release),
            .. PlaceGates.Judge(facts, release, now),
            .. ConditionGates.Judge(facts, release, snapshot, now),
            .. release.Policy is null ? [] : StandingGates.Judge(release.StageIndex, release.StageEnteredAt, snapshot, now),
        ];
        return [.. gates.Select(gate => Waived(gate, facts, release, now))];
    }

    /// <summary>Approvals that the promotion to the next stage needs; 0: none, or no next stage.</summary>
    public static int ApprovalsNeeded(GateFacts facts, Release release)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(release);
        if (facts.Policy is not { } policy || release.NextStage is not { } next)
        {
            return 0;
        }

        var asked = policy.Approvals.Stages.Count == 0 || policy.Approvals.Stages.Any(s => Math.Abs(s - next.ExposurePercent) < SameExposure) ? policy.Approvals.Required : 0;
        return asked + (policy.Evidence.LargeChangeLines is { } limit && facts.ChangedLines > limit ? 1 : 0);
    }

    private static IEnumerable<GateResult> Policy(GateFacts facts)
    {
        if (facts.PolicyFault is { } fault)
        {
            yield return new(GateNames.Policy, Verdict.Error, $"The policy of the release cannot be read: {fault.TrimEnd('.')}.", "release record", null);
        }
    }

    /// <summary>A waiver is on what was there when it was given: what came later was waived by nobody.</summary>
    private static GateResult Waived(GateResult gate, GateFacts facts, Release release, DateTimeOffset now)
    {
        var waivers = gate.Verdict == Verdict.Pass
            ? []
            : facts.WaiversAt(now).Where(w => w.Gate == gate.Name).OrderByDescending(w => w.ExpiresAt).Select(w => WaiverStanding.Of(w, facts.Evidence, release, gate.Verdict, now)).ToList();
        if (waivers.Count == 0)
        {
            return gate;
        }

        return waivers.Find(w => w.Holds) is { Waiver: var waiver }
            ? gate with { Verdict = Verdict.Pass, WaivedBy = waiver.By, WaivedUntil = waiver.ExpiresAt, Detail = $"Waived by {waiver.By} until {Wording.Moment(waiver.ExpiresAt)}: {waiver.Reason.TrimEnd('.')}. It would be {gate.Verdict.ToString().ToLowerInvariant()}: {gate.Detail}" }
            : gate with { Detail = $"{gate.Detail} The waiver by {waivers[0].Waiver.By} does not hold: it is of {Wording.Moment(waivers[0].Waiver.At)}, and {waivers[0].Overtaken}." };
    }
}
