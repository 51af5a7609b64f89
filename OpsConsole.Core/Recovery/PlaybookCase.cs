using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Rollback;
using OpsConsole.Core.Board;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Recovery;

/// <summary>How bad it is, as the table asks.</summary>
public enum Trouble
{
    /// <summary>Judged on fresh data, and nothing is out of limits.</summary>
    None,

    /// <summary>Nothing is wrong, and too little time has passed to say that it is right.</summary>
    Collecting,

    /// <summary>Cannot be judged: missing, stale, or its source cannot be read.</summary>
    Unjudged,

    /// <summary>People can do what they came for.</summary>
    Cosmetic,

    /// <summary>Latency or business got worse long after the stage began.</summary>
    SlowRegression,

    /// <summary>Errors, crashes, or latency or business that went with the stage.</summary>
    Harmful,
}

/// <summary>What a target does with a version.</summary>
public enum TargetKind
{
    /// <summary>It is sent traffic, and can be sent none: gateway, edge, cluster.</summary>
    Served,

    /// <summary>It is installed, and stays so: app stores, desktop updates.</summary>
    Installed,

    /// <summary>It is there already, and a flag says who sees it.</summary>
    Flag,

    /// <summary>Nothing here reaches it.</summary>
    NotConnected,
}

/// <summary>Whether there is a way back.</summary>
public enum ReturnWay
{
    /// <summary>The target can, and the previous version is there and in order.</summary>
    Open,

    /// <summary>Nobody has the release: ending it costs nothing.</summary>
    NobodyHasIt,

    /// <summary>The target cannot take it back, or cannot be reached.</summary>
    TargetCannot,

    /// <summary>There is no previous version.</summary>
    NoPrevious,

    /// <summary>The database does not fit the previous version any more.</summary>
    MigrationForbids,

    /// <summary>The gate would let it, and the previous version was itself rolled back or rejected.</summary>
    PreviousInDoubt,
}

/// <summary>What is being done about the release already.</summary>
public enum Underway
{
    Nothing,

    /// <summary>A promotion or resumption, carried out or waiting for approval.</summary>
    GoingOn,
    Halting,
    RollingBack,

    /// <summary>A roll back that its target has not confirmed in time.</summary>
    RollbackUnconfirmed,
}

/// <summary>One release in the columns of the table.</summary>
public sealed record PlaybookCase(ReleasePhase Phase, Trouble Trouble, TargetKind Target, ReturnWay ReturnWay, FlagStanding Flag, Underway Underway)
{
    /// <summary>How long a halted release must be back inside its limits before going on is recommended.</summary>
    public static readonly TimeSpan Settled = TimeSpan.FromMinutes(1);

    public static PlaybookCase Of(PlaybookFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var context = facts.Context;
        return new(context.Release!.Phase, TroubleOf(facts), KindOf(context.Target), ReturnWayOf(facts), facts.Flag, UnderwayOf(context.InFlight));
    }

    private static Trouble TroubleOf(PlaybookFacts facts) => facts.Fault switch
    {
        FaultKind.None when facts.Context is { Release.Phase: ReleasePhase.Halted, Snapshot: { } shown } && facts.Context.Now - shown.VerdictSince < Settled => Trouble.Collecting,
        FaultKind.None => Trouble.None,
        FaultKind.Unknown => facts.Context.Snapshot?.Verdict == Verdict.Running ? Trouble.Collecting : Trouble.Unjudged,
        FaultKind.Cosmetic => Trouble.Cosmetic,
        FaultKind.Latency or FaultKind.Business when facts.Reading.CreptIn => Trouble.SlowRegression,
        _ => Trouble.Harmful,
    };

    private static TargetKind KindOf(TargetCapabilities? target) => target switch
    {
        null => TargetKind.NotConnected,
        { ExposesByFlag: true } => TargetKind.Flag,
        { Strategies: { } some } when some.Contains(RolloutStrategy.StorePhased) => TargetKind.Installed,
        _ => TargetKind.Served,
    };

    /// <summary>By the gate's own rule, in the order of what is hardest to change.</summary>
    private static ReturnWay ReturnWayOf(PlaybookFacts facts)
    {
        var context = facts.Context;
        if (context.Release!.IsUnexposed && context.InFlight?.Phase.IsWaiting() != false)
        {
            return ReturnWay.NobodyHasIt;
        }

        var refusals = RollbackRule.Judge(context);
        return refusals.Any(r => r is TargetCannotRefusal or TargetNotConnectedRefusal) ? ReturnWay.TargetCannot
            : refusals.Any(r => r is NoPreviousVersionRefusal) ? ReturnWay.NoPrevious
            : refusals.Any(r => r is MigrationForbidsRollbackRefusal) ? ReturnWay.MigrationForbids
            : facts.Previous != PreviousStanding.Good && context.Target is not { ExposesByFlag: true } ? ReturnWay.PreviousInDoubt
            : ReturnWay.Open;
    }

    private static Underway UnderwayOf(ActionSummary? action) => action switch
    {
        { Verb: ActionVerb.Rollback, Phase: ActionPhase.Unconfirmed } => Underway.RollbackUnconfirmed,
        { Verb: ActionVerb.Rollback } => Underway.RollingBack,
        { Verb: ActionVerb.Halt } => Underway.Halting,
        { Verb: ActionVerb.Promote or ActionVerb.Resume } => Underway.GoingOn,
        _ => Underway.Nothing,
    };
}

/// <summary>One row of the table: what must be so (empty: whatever it is), the move, and why in one sentence.</summary>
/// <param name="Move">Recommended where the row fits and the gate would let it.</param>
/// <param name="Because">May name <c>{broke}</c>, <c>{version}</c>, <c>{previous}</c>, <c>{target}</c>, <c>{switch}</c>, <c>{turnsOff}</c>.</param>
public sealed record PlaybookRow(RecoveryMove Move, string Because)
{
    public IReadOnlyList<ReleasePhase> Phase { get; init; } = [];

    public IReadOnlyList<Trouble> Trouble { get; init; } = [];

    public IReadOnlyList<TargetKind> Target { get; init; } = [];

    public IReadOnlyList<ReturnWay> ReturnWay { get; init; } = [];

    public IReadOnlyList<FlagStanding> Flag { get; init; } = [];

    public IReadOnlyList<Underway> Underway { get; init; } = [];

    public bool Fits(PlaybookCase value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Has(Phase, value.Phase) && Has(Trouble, value.Trouble) && Has(Target, value.Target)
            && Has(ReturnWay, value.ReturnWay) && Has(Flag, value.Flag) && Has(Underway, value.Underway);
    }

    private static bool Has<T>(IReadOnlyList<T> wanted, T value) => wanted.Count == 0 || wanted.Contains(value);
}
