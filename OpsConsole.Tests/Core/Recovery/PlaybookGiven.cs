using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Recovery;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Targets.AppStore;
using OpsConsole.Core.Targets.Flags;
using OpsConsole.Core.Targets.Gateway;
using OpsConsole.Tests.Core.Actions.Gate;

namespace OpsConsole.Tests.Core.Recovery;

/// <summary>Facts for the playbook, and targets as they really are.</summary>
internal static class PlaybookGiven
{
    public static readonly TargetCapabilities Gateway = GatewayCapabilities.Value;
    public static readonly TargetCapabilities Ios = StoreCapabilities.For(StorePlatform.Ios);
    public static readonly TargetCapabilities Play = StoreCapabilities.For(StorePlatform.Android);

    /// <summary>Clusters and edges go back by an undo; a migration of a Durable Object is declared as a contract, which is what blocks it there.</summary>
    public static readonly TargetCapabilities Kubernetes = Like("Kubernetes", [RolloutStrategy.Rolling, RolloutStrategy.Canary], Both), Ecs = Like("ECS", [RolloutStrategy.Rolling, RolloutStrategy.BlueGreen], Both),
        Cloudflare = Like("Cloudflare Workers", [RolloutStrategy.Canary], Both);

    /// <summary>A desktop client never goes back to a lower version.</summary>
    public static readonly TargetCapabilities Sparkle = Like("Sparkle feed", [RolloutStrategy.StorePhased], [ActionVerb.Promote, ActionVerb.Halt, ActionVerb.Resume]);

    public static readonly TargetCapabilities Flag = FlagCapabilities.Value;

    public static readonly IReadOnlyDictionary<string, TargetCapabilities?> Targets = new Dictionary<string, TargetCapabilities?>
    {
        ["gateway"] = Gateway, ["Kubernetes"] = Kubernetes, ["ECS"] = Ecs, ["Cloudflare"] = Cloudflare, ["App Store"] = Ios, ["Google Play"] = Play, ["Sparkle"] = Sparkle, ["flag"] = Flag, ["not connected"] = null,
    };

    private static ActionVerb[] Both => [ActionVerb.Promote, ActionVerb.Halt, ActionVerb.Resume, ActionVerb.Rollback];

    public static PlaybookFacts Facts(
        TargetCapabilities? target, FaultKind fault = FaultKind.Errors, ReleasePhase phase = ReleasePhase.RollingOut, MigrationClass migration = default, FlagStanding flag = default,
        PreviousStanding? previous = PreviousStanding.Good, ActionSummary? inFlight = null, bool crept = false, Verdict? verdict = null, IMoveTimes? times = null)
    {
        var stage = phase switch { ReleasePhase.Registered => -1, ReleasePhase.RollingOut or ReleasePhase.Halted => 1, _ => 3 };
        var release = Given.Release(phase, stage) with { Migration = migration, PreviousVersion = previous is null ? null : "2.14.3", ExposurePercent = phase == ReleasePhase.RolledBack ? 0 : stage < 0 ? 0 : Given.Stages[stage].ExposurePercent };
        var shown = verdict ?? fault switch { FaultKind.None => Verdict.Pass, FaultKind.Unknown => Verdict.Inconclusive, _ => Verdict.Fail };
        var bound = flag == FlagStanding.None ? null : new SwitchSummary("recommendations", flag is FlagStanding.Off or FlagStanding.JustOff, Given.Now, "personal recommendations");
        var snapshot = Given.Snapshot(release, Given.Signal(verdict: shown)) with { VerdictSince = Given.Now.AddHours(-1), Switch = bound, Action = inFlight };
        return new PlaybookFacts
        {
            Context = new ActionContext { By = PlaybookReading.Anyone, Release = release, Snapshot = snapshot, Target = target, InFlight = inFlight, Switch = bound, Now = Given.Now },
            Reading = new FaultReading(fault, fault == FaultKind.None ? "nothing is out of limits" : $"{fault.ToString().ToLowerInvariant()} out of limits", crept),
            Flag = flag,
            Previous = previous ?? PreviousStanding.Good,
            Times = times ?? new NoTimes(),
        };
    }

    private static TargetCapabilities Like(string title, RolloutStrategy[] strategies, ActionVerb[] verbs) => new()
    {
        Title = title, Verbs = verbs.ToHashSet(), Strategies = strategies.ToHashSet(), ExposureUnit = "users", StaysAfterHalt = "Whoever has it keeps it.", StaysAfterRollback = "Nobody keeps it.",
        Instead = new Dictionary<ActionVerb, string>(),
    };

    internal sealed class NoTimes : IMoveTimes
    {
        public MeasuredTime? ToConfirmed(string target, RecoveryMove move) => null;
    }
}
