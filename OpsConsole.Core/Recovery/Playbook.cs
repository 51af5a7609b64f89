using static OpsConsole.Core.Releases.ReleasePhase;

namespace OpsConsole.Core.Recovery;

/// <summary>Which move to make for a release: the one decision table for every target. Rendered into docs/playbook.md by a test.</summary>
/// <remarks>Read from the top: the first row that fits and whose move the gate would let through is the recommendation. The last row fits everything, and watching is always possible.</remarks>
public static class Playbook
{
    private const RecoveryMove Watch = RecoveryMove.Watch, Rollback = RecoveryMove.Rollback, Halt = RecoveryMove.Halt, Kill = RecoveryMove.Kill,
        FixForward = RecoveryMove.FixForward, Resume = RecoveryMove.Resume, Complete = RecoveryMove.Complete;

    public static IReadOnlyList<PlaybookRow> Table { get; } =
    [
        // It is over, or the strongest move is being made.
        new(Watch, "A later release took over from {version}: act on that one.") { Phase = [Superseded] },
        new(Watch, "{version} was rolled back: register a corrected version when there is one.") { Phase = [RolledBack] },
        new(Watch, "The roll back takes everyone off {version}: wait until {target} confirms it.") { Underway = [Underway.RollingBack] },
        new(Kill, "{target} has not confirmed the roll back, and the switch {switch} does not need it: turn off {turnsOff} meanwhile.") { Underway = [Underway.RollbackUnconfirmed], Trouble = [Trouble.Harmful], Flag = [FlagStanding.On] },
        new(Watch, "{target} has not confirmed the roll back: the console goes on asking it.") { Underway = [Underway.RollbackUnconfirmed] },

        // Nobody has it yet.
        new(Rollback, "Nobody has {version} yet and {broke}: end it before anyone does.") { ReturnWay = [ReturnWay.NobodyHasIt], Trouble = [Trouble.Harmful, Trouble.SlowRegression] },
        new(Watch, "Nobody has {version} yet, so nothing shows how it does: its gates decide whether the first stage may have it.") { ReturnWay = [ReturnWay.NobodyHasIt], Trouble = [Trouble.Collecting, Trouble.Unjudged, Trouble.Cosmetic] },

        // When not to roll back: what is cosmetic, and what crept in.
        new(FixForward, "People can do what they came for ({broke}): correct it in the next version.") { Trouble = [Trouble.Cosmetic], Phase = [Halted, Watching, Done] },
        new(Watch, "People can do what they came for ({broke}): leave it as it is and correct it in the next version.") { Trouble = [Trouble.Cosmetic] },
        new(Halt, "It got worse slowly and the last stage did not bring it ({broke}): keep it from growing and correct it.") { Trouble = [Trouble.SlowRegression], Phase = [RollingOut] },
        new(FixForward, "It got worse slowly and the last stage did not bring it ({broke}): correct it in the next version.") { Trouble = [Trouble.SlowRegression], Phase = [Halted, Watching, Done] },

        // Harm, and a way back: flags toggle; web, Kubernetes and ECS go back.
        new(Kill, "The release is a flag and {broke}: turning {switch} off takes it from everyone at once.") { Trouble = [Trouble.Harmful], Target = [TargetKind.Flag], Flag = [FlagStanding.On] },
        new(Rollback, "{broke}: {switch} goes to 0 %, which takes it from everyone but whom a rule names; no other version is needed, and the code stays shipped.") { Trouble = [Trouble.Harmful], Target = [TargetKind.Flag], ReturnWay = [ReturnWay.Open] },
        new(Rollback, "{broke}, and {target} gives everyone {previous} back.") { Trouble = [Trouble.Harmful], ReturnWay = [ReturnWay.Open] },

        // Harm, and no way back: halt, kill, fix forward, in this order.
        new(Halt, "{broke}, and there is no way back: first keep it from reaching anyone else.") { Trouble = [Trouble.Harmful], Phase = [RollingOut] },
        new(Halt, "{broke}, and {target} goes on handing it out: first keep it from reaching anyone else.") { Trouble = [Trouble.Harmful], Phase = [Watching], Target = [TargetKind.Installed] },
        new(Kill, "{broke}, and there is no way back: turn off {turnsOff}, also for those who have {version}.") { Trouble = [Trouble.Harmful], Flag = [FlagStanding.On] },
        new(Watch, "{switch} was killed just now, and {turnsOff} goes off for those who have {version} as they ask again: wait for what it does.") { Trouble = [Trouble.Harmful], Flag = [FlagStanding.JustOff] },
        new(FixForward, "{broke}, and there is no way back: only a corrected version helps those who have {version}.") { Trouble = [Trouble.Harmful], Phase = [Halted, Watching, Done] },
        new(Watch, "{broke}, and the halt is under way: wait until {target} confirms it.") { Trouble = [Trouble.Harmful, Trouble.SlowRegression], Underway = [Underway.Halting] },
        new(Watch, "{broke}, and no move is open from here now: each says what stands against it.") { Trouble = [Trouble.Harmful, Trouble.SlowRegression] },

        // Nothing shows that it is healthy: nothing that goes on is recommended.
        new(Halt, "Nothing shows that {version} is healthy ({broke}) and what is installed stays: halt it until it can be judged.") { Trouble = [Trouble.Unjudged], Phase = [RollingOut], Target = [TargetKind.Installed] },
        new(Watch, "It is done, and not measured any more.") { Trouble = [Trouble.Unjudged], Phase = [Done] },
        new(Watch, "Nothing shows that {version} is healthy ({broke}): look at the source; it stays where it is meanwhile.") { Trouble = [Trouble.Unjudged] },
        new(Watch, "Whether it is healthy shows soon: wait for it.") { Trouble = [Trouble.Collecting] },

        // Healthy.
        new(FixForward, "It is healthy with {switch} killed, so not with what it brings: correct that in the next version.") { Trouble = [Trouble.None], Phase = [Halted], Flag = [FlagStanding.Off, FlagStanding.JustOff] },
        new(Resume, "It is halted and nothing is out of limits: let it go on.") { Trouble = [Trouble.None], Phase = [Halted] },
        new(Complete, "Nothing is out of limits and every gate lets it go on.") { Trouble = [Trouble.None], Phase = [Registered, RollingOut] },
        new(Watch, "It is healthy with {switch} killed, so not with what that turns off: correct that in the next version, or restore the switch when it can be.") { Trouble = [Trouble.None], Flag = [FlagStanding.Off, FlagStanding.JustOff] },
        new(Watch, "Nothing is out of limits: nothing is to be done now."),
    ];

    /// <summary>The recommended move and the others, each possible or not and why.</summary>
    public static PlaybookAdvice Advise(PlaybookFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var found = PlaybookCase.Of(facts);
        var refusals = Enum.GetValues<RecoveryMove>().ToDictionary(move => move, move => MoveRules.Judge(move, facts.Context));
        var row = Choose(found, move => refusals[move].Count == 0);
        var words = new MoveSentences(facts, found);
        var why = words.Fill(row.Because);
        var not = words.NotRollingBack(row.Move);
        return new PlaybookAdvice(facts.Fault, row.Move, why, not, [.. refusals.OrderBy(r => r.Key != row.Move).ThenBy(r => r.Value.Count > 0).Select(r => new MoveAdvice
        {
            Move = r.Key,
            Possible = r.Value.Count == 0,
            Why = r.Key == row.Move ? why : words.Why(r.Key, r.Value, not),
            HowLong = words.HowLong(r.Key),
            StaysExposed = words.StaysExposed(r.Key),
            Cost = words.Cost(r.Key),
        })]);
    }

    /// <summary>The row that decides.</summary>
    internal static PlaybookRow Choose(PlaybookCase found, Func<RecoveryMove, bool> possible) => Table.First(row => row.Fits(found) && possible(row.Move));
}
