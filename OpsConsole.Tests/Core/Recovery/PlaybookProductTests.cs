using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
using OpsConsole.Core.Recovery;
using OpsConsole.Core.Releases;
using OpsConsole.Tests.Core.Actions.Gate;

namespace OpsConsole.Tests.Core.Recovery;

/// <summary>Every target in every state: what the playbook says is possible, is, and what it recommends never goes the wrong way.</summary>
public sealed class PlaybookProductTests
{
    private static readonly Operator Admin = new("ada", Role.Admin, false);
    private static readonly PreviousStanding?[] Before = [null, .. Enum.GetValues<PreviousStanding>().Select(p => (PreviousStanding?)p)];

    private static readonly (FaultKind Fault, bool Crept, Verdict Verdict)[] Faults =
    [
        (FaultKind.None, false, Verdict.Pass), (FaultKind.Unknown, false, Verdict.Running), (FaultKind.Unknown, false, Verdict.Inconclusive), (FaultKind.Unknown, false, Verdict.Error),
        (FaultKind.Cosmetic, false, Verdict.Fail), (FaultKind.Latency, false, Verdict.Fail), (FaultKind.Latency, true, Verdict.Fail), (FaultKind.Business, false, Verdict.Fail),
        (FaultKind.Errors, false, Verdict.Fail), (FaultKind.Crash, false, Verdict.Fail),
    ];

    private static readonly ActionSummary?[] InFlight =
    [
        null, Given.InFlight(ActionVerb.Promote), Given.InFlight(ActionVerb.Promote, ActionPhase.AwaitingApproval), Given.InFlight(ActionVerb.Halt), Given.InFlight(ActionVerb.Rollback),
        Given.InFlight(ActionVerb.Rollback, ActionPhase.Unconfirmed),
    ];

    public static TheoryData<string> Targets => [.. PlaybookGiven.Targets.Keys];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Of_every_state_of(string target)
    {
        foreach (var facts in All(PlaybookGiven.Targets[target]))
        {
            var advice = Playbook.Advise(facts);
            if (Wrong(facts, advice) is { } wrong)
            {
                Assert.Fail($"{wrong}: {PlaybookCase.Of(facts)}, {facts.Context.Release!.Migration}, {facts.Context.InFlight?.Verb} {facts.Context.InFlight?.Phase} -> {advice.Recommended}: {advice.Why}");
            }
        }
    }

    [Fact]
    public void Every_row_of_the_table_decides_something()
    {
        var used = new HashSet<PlaybookRow>(ReferenceEqualityComparer.Instance);
        foreach (var facts in PlaybookGiven.Targets.Values.SelectMany(All))
        {
            used.Add(Playbook.Choose(PlaybookCase.Of(facts), move => MoveRules.Judge(move, facts.Context).Count == 0));
        }

        Assert.Empty(Playbook.Table.Where(row => !used.Contains(row)).Select(row => row.Because));
    }

    private static string? Wrong(PlaybookFacts facts, PlaybookAdvice advice)
    {
        var gate = facts.Context with { By = Admin };
        var (found, move) = (PlaybookCase.Of(facts), advice.Recommended);
        var exposed = !facts.Context.Release!.IsUnexposed;
        return !advice.Moves[0].Possible || advice.Moves[0].Move != move ? "the recommended move is not first or not possible"
            : !advice.Moves.Select(m => m.Move).Order().SequenceEqual(Enum.GetValues<RecoveryMove>()) ? "not every move is there once"
            : advice.Moves.Any(m => m.Move.Verb() is { } verb && m.Possible != (ActionRules.Judge(verb, gate).Count == 0)) ? "a move's possibility is not the gate's"
            : facts.Fault != FaultKind.None && move is RecoveryMove.Resume or RecoveryMove.Complete ? "it goes on although it is not shown to be healthy"
            : move == RecoveryMove.Rollback && exposed && facts.Context.Release.Migration == MigrationClass.Contract && facts.Context.Release.ExposurePercent > 0 ? "it goes back over a destructive migration"
            : move == RecoveryMove.Rollback && exposed && found.Target != TargetKind.Flag && facts.Previous != PreviousStanding.Good ? "it goes back to what is in doubt"
            : move == RecoveryMove.Rollback && found.Trouble is not (Trouble.Harmful or Trouble.SlowRegression) ? "it goes back without harm"
            : move == RecoveryMove.Kill && found.Trouble != Trouble.Harmful ? "it kills without harm"
            : move != RecoveryMove.Watch && facts.Context.InFlight is { Verb: ActionVerb.Rollback, Phase: ActionPhase.Executing } ? "it does more while it is rolled back"
            : advice.NotRollingBack is not null && move == RecoveryMove.Rollback ? "it says both"
            : advice.Moves.Any(m => !Plain(m.Why) || !Plain(m.StaysExposed) || !Plain(m.Cost) || m.HowLong.Length == 0) || !Plain(advice.Why) || !Plain(advice.NotRollingBack ?? "None.") ? "a sentence is none"
            : null;
    }

    private static bool Plain(string sentence) => sentence.Length > 4 && !char.IsLower(sentence[0]) && sentence[^1] == '.' && !sentence.Contains('{', StringComparison.Ordinal) && !sentence.Contains("..", StringComparison.Ordinal) && !sentence.Contains("  ", StringComparison.Ordinal);

    private static IEnumerable<PlaybookFacts> All(TargetCapabilities? target) =>
        from fault in Faults
        from phase in Enum.GetValues<ReleasePhase>()
        from migration in Enum.GetValues<MigrationClass>()
        from flag in Enum.GetValues<FlagStanding>()
        from previous in Before
        from action in InFlight
        select PlaybookGiven.Facts(target, fault.Fault, phase, migration, flag, previous, action, fault.Crept, fault.Verdict);
}
