using System.Globalization;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Promote;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Recovery;

/// <summary>What the playbook says of each move: why, how long, what stays exposed, what it costs. Says the same for as long as nothing that matters changes: counts are rounded, ages coarse.</summary>
internal sealed class MoveSentences(PlaybookFacts facts, PlaybookCase found)
{
    private readonly ActionContext _context = facts.Context;
    private readonly ReleaseState _release = facts.Context.Release!;

    private string Previous => _release.PreviousVersion ?? "the previous version";

    private string Unit => _context.Target?.ExposureUnit ?? "exposure";

    private string TurnsOff => _context.Switch?.TurnsOff ?? "what it guards";

    private bool NobodyHasIt => found.ReturnWay == ReturnWay.NobodyHasIt || _release.ExposurePercent <= 0;

    private string Switch => _context.Switch?.Key ?? "the switch";

    private bool ByFlag => found.Target == TargetKind.Flag;

    /// <summary>A kill shadows the percentage that is the release's exposure.</summary>
    private bool Shadowed => ByFlag && found.Flag is FlagStanding.Off or FlagStanding.JustOff && !NobodyHasIt;

    private string Exposed => found.Phase == ReleasePhase.Superseded ? $"Whoever has {_release.Version} and not its successor yet; where sessions are counted, the curve says how many"
        : Shadowed
        ? $"Nobody gets {_release.Version} while {Switch} is killed, and {Wording.Percent(_release.ExposurePercent)} of {Unit} again once it is restored"
        : NobodyHasIt ? $"Nobody has {_release.Version}" : $"{Wording.Percent(_release.ExposurePercent)} of {Unit}{Sessions} have {_release.Version}";

    /// <summary>A sentence of the table with its names in place.</summary>
    public string Fill(string because) => Sentence(because
        .Replace("{broke}", facts.Reading.Broke, StringComparison.Ordinal)
        .Replace("{version}", _release.Version, StringComparison.Ordinal)
        .Replace("{previous}", Previous, StringComparison.Ordinal)
        .Replace("{target}", _context.Target is { } target ? $"the {target.Title}" : _release.Target, StringComparison.Ordinal)
        .Replace("{switch}", Switch, StringComparison.Ordinal)
        .Replace("{turnsOff}", TurnsOff, StringComparison.Ordinal)
        .Replace("the the ", "the ", StringComparison.OrdinalIgnoreCase));

    /// <summary>Why going back is not the answer to this fault; null where it is, where nothing is wrong, or where nobody could go back anyway.</summary>
    public string? NotRollingBack(RecoveryMove recommended) => found switch
    {
        _ when recommended == RecoveryMove.Rollback || NobodyHasIt || found.Trouble < Trouble.Cosmetic || found.Phase is ReleasePhase.RolledBack or ReleasePhase.Superseded
            || found.Underway is Underway.RollingBack or Underway.RollbackUnconfirmed => null,
        { ReturnWay: ReturnWay.MigrationForbids } => $"Do not roll back: {_release.Version} removed database structure that {Previous} needs, so going back would break more.",
        { ReturnWay: ReturnWay.PreviousInDoubt } when facts.Previous == PreviousStanding.Rejected => $"Do not roll back: the artifact of {Previous} was rejected.",
        { ReturnWay: ReturnWay.PreviousInDoubt } when facts.Previous == PreviousStanding.Fixed => $"Do not roll back: {Previous} was bad itself, and a later release was registered to fix it.",
        { ReturnWay: ReturnWay.PreviousInDoubt } => $"Do not roll back: {Previous} was itself rolled back here.",
        { ReturnWay: not ReturnWay.Open } => null,
        { Trouble: Trouble.Cosmetic } => $"Do not roll back: the fault is cosmetic, and going back takes everything else in {_release.Version} from everyone too.",
        { Trouble: Trouble.SlowRegression } => $"Do not roll back: the fault crept in more than {Wording.Duration(FaultReading.Step)} after its stage began, so {Previous} may well have it too; nobody is in a hurry.",
        _ => null,
    };

    /// <summary>Of a move that is not the recommended one.</summary>
    public string Why(RecoveryMove move, IReadOnlyList<Refusal> refusals, string? notRollingBack) => refusals.Count > 0
        ? Against(refusals)
        : move switch
        {
            RecoveryMove.Watch => found.Trouble >= Trouble.Cosmetic ? "Possible; the fault stays while nothing is done." : "Possible; nothing is changed.",
            RecoveryMove.Rollback => notRollingBack ?? (NobodyHasIt ? "Possible; it ends the release." : ByFlag ? $"Possible; {Switch} goes to 0 %, and nothing is deployed." : $"Possible; everyone gets {Previous} back."),
            RecoveryMove.Halt => "Possible; nobody else gets it.",
            RecoveryMove.Kill => $"Possible; it turns off {TurnsOff} and leaves the rest.",
            RecoveryMove.FixForward => "Possible; register the corrected version as the one that fixes this.",
            _ when found.Trouble == Trouble.None => "Possible.",
            RecoveryMove.Resume when found.Trouble < Trouble.Cosmetic => "The gate would let it, and nothing shows that it is healthy: not recommended.",
            _ => "The gate would let it; not recommended while it is like this.",
        };

    /// <summary>Gates by name alone: their sentences have values that change with every sample, and they have a list of their own.</summary>
    private static string Against(IReadOnlyList<Refusal> refusals)
    {
        var gates = refusals.OfType<GateRefusal>().Select(r => r.Gate.Name).ToList();
        var sentences = refusals.Where(r => r is not GateRefusal).Select(r => r.Sentence);
        return string.Join(' ', gates.Count == 0 ? sentences : sentences.Append($"{(gates.Count == 1 ? "A gate does" : "Gates do")} not let it on yet: {string.Join(", ", gates)}."));
    }

    /// <summary>From this target's own record, with n and age.</summary>
    public string HowLong(RecoveryMove move) => move switch
    {
        RecoveryMove.Watch => "nothing is done",
        RecoveryMove.Rollback when found.ReturnWay == ReturnWay.NobodyHasIt => "at once; where a promotion was asked of the target before, as long as asking that takes",
        RecoveryMove.FixForward => "never measured here; as long as building and promoting the corrected version takes",
        _ when facts.Times.ToConfirmed(_release.Target, move) is { Count: > 0 } m =>
            $"{Wording.Measured(m.Median)} here (p95 {Wording.Measured(m.P95)}, n {m.Count}, {Last(_context.Now - m.LastAt)}){Readers(move)}",
        _ => $"never measured here{Readers(move)}",
    };

    /// <summary>A target confirms a percentage as soon as the console answers it; who asks follows.</summary>
    private string Readers(RecoveryMove move) => move == RecoveryMove.Kill || (ByFlag && move == RecoveryMove.Rollback) ? "; then as fast as clients ask for the flag again" : "";

    public string StaysExposed(RecoveryMove move) => move switch
    {
        RecoveryMove.Kill when ByFlag && !NobodyHasIt => "Nobody, for each client as soon as it has asked again; the code stays shipped, and the percentage comes back when the switch is restored.",
        RecoveryMove.FixForward when Shadowed => $"{Exposed}.",
        RecoveryMove.Rollback when NobodyHasIt => "Nobody.",
        RecoveryMove.Rollback => $"{_context.Target?.StaysAfterRollback ?? $"{Exposed} as far as is known."}",
        RecoveryMove.Halt => $"{Exposed}. {_context.Target?.StaysAfterHalt}".TrimEnd(),
        RecoveryMove.Kill => NobodyHasIt ? $"{Exposed}; the switch acts on every version." : $"{Exposed} and keep it; {TurnsOff} is off for each as soon as the flag is read again.",
        RecoveryMove.FixForward => NobodyHasIt ? $"{Exposed}." : $"{Exposed}, until the corrected version has reached them.",
        RecoveryMove.Resume => $"{Exposed}, and more as it goes on.",
        RecoveryMove.Complete => _release.NextStage is { } next ? $"{Wording.Percent(next.ExposurePercent)} of {Unit} will have {_release.Version}." : $"{Exposed}.",
        _ => $"{Exposed}.",
    };

    public string Cost(RecoveryMove move) => move switch
    {
        RecoveryMove.Rollback when NobodyHasIt => $"{_release.Version} has to be registered again, corrected.",
        RecoveryMove.Rollback => ByFlag ? $"What the flag exposes goes, also what is good; nothing is deployed. {Data}" : $"Everything in {_release.Version} goes, also what is good. {Data}",
        RecoveryMove.Halt => $"The rollout stands still. {_context.Target?.HaltCosts}".TrimEnd(),
        RecoveryMove.Kill => $"{Sentence(TurnsOff)} is off for everyone who reads the flag, on every version.",
        RecoveryMove.FixForward => found.Trouble >= Trouble.Cosmetic ? "A new build, and the fault lasts until it is out." : "A new build.",
        RecoveryMove.Resume => "The hold of the stage starts again.",
        RecoveryMove.Complete => _release.NextStage is { ExposurePercent: >= 100 } ? $"Nobody stays on {Previous}." : $"More {Unit} depend on {_release.Version}.",
        _ => found.Trouble >= Trouble.Cosmetic && !NobodyHasIt ? $"The fault stays for {Wording.Percent(_release.ExposurePercent)} of {Unit}." : "Nothing.",
    };

    /// <summary>Counted sessions on the version, to two digits so that the sentence stands still.</summary>
    private string Sessions => _context.Snapshot?.Signals.FirstOrDefault(s => s is { Definition.Family: SignalFamily.CrashFree, Quality: SignalQuality.Fresh, Samples: > 0 }) is { } counted
        ? $" ({Rounded(counted.Samples)} in {Wording.Duration(counted.Definition.Window)})"
        : "";

    private string Data => _release.Migration switch
    {
        MigrationClass.None => "The database was not changed.",
        MigrationClass.Expand => $"Rows that it wrote stay; {Previous} reads them.",
        MigrationClass.Migrate => $"Data that it moved stays moved; {Previous} works with both shapes.",
        _ => $"{Sentence(Previous)} cannot work with the database any more.",
    };

    private static string Rounded(long count)
    {
        var unit = Math.Pow(10, Math.Max(0, Math.Floor(Math.Log10(count)) - 1));
        var text = (Math.Round(count / unit) * unit).ToString("#,0", CultureInfo.InvariantCulture);
        return count == 1 ? "1 session" : count < 100 ? $"{text} sessions" : $"about {text} sessions";
    }

    private static string Last(TimeSpan age) => age < TimeSpan.FromMinutes(1) ? "last just now" : $"last {Wording.Age(age)} ago";

    private static string Sentence(string text) => text.Length > 0 ? char.ToUpperInvariant(text[0]) + text[1..] : text;
}
