using OpsConsole.Core.Board;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Rollouts;

/// <summary>Shows what the engine makes of a release on every board: at once when something changed, mere values at most every five seconds, and otherwise every ten, because a standing that is old does not count.</summary>
internal sealed class RolloutScreen(ReleaseBoard board, Release release, ReleasePolicy policy)
{
    private static readonly TimeSpan ValuesEvery = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LooksEvery = TimeSpan.FromSeconds(10);

    private PolicyStanding? _shown;

    public void Show(RolloutPosition position, RolloutLook look, RolloutGates gates)
    {
        var migration = gates.Migration(policy);
        var standing = new PolicyStanding
        {
            PolicyTitle = release.Policy!.Title,
            Mode = policy.Delivery.Mode,
            OnTrigger = policy.Delivery.OnTrigger,
            Step = position.Step,
            StepSince = position.Since,
            Reason = position.Reason,
            Triggers = [.. look.Triggers.Select(t => t.Standing)],
            Checks = look.Checks,
            Gates = gates.Results(look),
            Migration = migration.Class,
            Doubts = migration.Doubts,
            ApprovalsNeeded = gates.ApprovalsNeeded,
            RejectedBy = gates.RejectedBy,
            AsOf = look.Now,
        };
        if (_shown is null || standing.AsOf - _shown.AsOf >= LooksEvery || standing.AsOf < _shown.AsOf || !SameBut(_shown, standing, values: true)
            || (!SameBut(_shown, standing, values: false) && standing.AsOf - _shown.AsOf >= ValuesEvery))
        {
            _shown = standing;
            board.Show(release.Id, standing);
        }
    }

    private static bool SameBut(PolicyStanding a, PolicyStanding b, bool values) =>
        (a.Step, a.StepSince, a.Reason, a.Migration, a.Doubts, a.ApprovalsNeeded, a.RejectedBy) == (b.Step, b.StepSince, b.Reason, b.Migration, b.Doubts, b.ApprovalsNeeded, b.RejectedBy)
        && a.Triggers.Select(t => Bare(t, values)).SequenceEqual(b.Triggers.Select(t => Bare(t, values)))
        && a.Checks.Select(c => Bare(c, values)).SequenceEqual(b.Checks.Select(c => Bare(c, values)))
        && a.Gates.Select(g => Bare(g, values)).SequenceEqual(b.Gates.Select(g => Bare(g, values)));

    private static TriggerStanding Bare(TriggerStanding standing, bool values) => values ? standing with { Value = null, ValueText = "", Sentence = "" } : standing;

    private static CheckStanding Bare(CheckStanding standing, bool values) => values ? new(standing.Check, standing.Phase, 0, 0, 0, 0, "") : standing;

    private static GateResultKey Bare(Actions.Gate.GateResult gate, bool values) => new(gate.Name, gate.Verdict, gate.WaivedBy, values ? "" : gate.Detail);

    private readonly record struct GateResultKey(string Name, Verdict Verdict, string? WaivedBy, string Detail);
}
