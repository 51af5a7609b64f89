using System.Collections.Immutable;
using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;

namespace OpsConsole.Tests.Core.Actions.Gate;

/// <summary>A healthy release in its second stage, and what a test changes about it.</summary>
internal static class Given
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    public static readonly Operator Manager = new("mia", Role.ReleaseManager, false);
    public static readonly Operator OnCall = new("ole", Role.OnCall, false);
    public static readonly Operator Viewer = new("vik", Role.Viewer, false);

    public static readonly Stage[] Stages =
    [
        new(5, TimeSpan.FromMinutes(10)), new(25, TimeSpan.FromMinutes(20)), new(50, TimeSpan.FromMinutes(20)), new(100, TimeSpan.Zero),
    ];

    public static readonly TargetCapabilities Gateway = Target("The gateway", ActionVerb.Promote, ActionVerb.Halt, ActionVerb.Resume, ActionVerb.Rollback);

    public static readonly TargetCapabilities Store = Target("App Store", ActionVerb.Promote, ActionVerb.Halt, ActionVerb.Resume);

    public static ReleaseState Release(ReleasePhase phase = ReleasePhase.RollingOut, int stage = 1) => new()
    {
        Id = Guid.Parse("0198c1f0-0000-7000-8000-000000000001"),
        Service = "shop",
        Target = "gateway",
        Environment = "production",
        Version = "2.15.0",
        PreviousVersion = "2.14.3",
        SwitchKey = "recommendations",
        Phase = phase,
        Stages = Stages,
        StageIndex = stage,
        ExposurePercent = stage < 0 ? 0 : Stages[stage].ExposurePercent,
        StageEnteredAt = Now - TimeSpan.FromMinutes(30),
        Revision = 3,
    };

    public static SignalSnapshot Signal(string key = "http_5xx_rate", Verdict verdict = Verdict.Pass) => new()
    {
        Definition = KnownSignals.Find(key)!,
        Quality = SignalQuality.Fresh,
        Verdict = verdict,
        Reason = $"{key} is {verdict}",
        Canary = 0.2,
        Baseline = 0.1,
        AsOf = Now - TimeSpan.FromSeconds(2),
        Samples = 5000,
        CanaryText = "0.2 %",
        BaselineText = "0.1 %",
        DeltaText = "+0.1 pp",
        SparklinePath = "",
    };

    public static ReleaseSnapshot Snapshot(ReleaseState release, params SignalSnapshot[] signals)
    {
        ImmutableArray<SignalSnapshot> all = signals.Length > 0 ? [.. signals] : [Signal(), Signal("p99_latency")];
        return new ReleaseSnapshot
        {
            Id = release.Id,
            Service = release.Service,
            Target = release.Target,
            Environment = release.Environment,
            Version = release.Version,
            PreviousVersion = release.PreviousVersion,
            Owner = "commerce",
            Migration = release.Migration,
            Phase = release.Phase,
            Stages = release.Stages,
            StageIndex = release.StageIndex,
            ExposurePercent = release.ExposurePercent,
            RegisteredAt = Now - TimeSpan.FromHours(1),
            StageEnteredAt = release.StageEnteredAt,
            Revision = release.Revision,
            SnapshotVersion = 100,
            DecisionVersion = 90,
            StateVersion = 80,
            AsOf = Now,
            Verdict = all.Max(s => s.Verdict),
            Quality = all.Max(s => s.Quality),
            Reason = "as the signals say",
            Signals = all,
        };
    }

    public static ActionContext Context(ReleaseState? release = null, ActionCommand? command = null, Operator? by = null, params SignalSnapshot[] signals)
    {
        var state = release ?? Release();
        return new ActionContext { By = by ?? Manager, Command = command, Release = state, Snapshot = Snapshot(state, signals), Target = Gateway, Now = Now };
    }

    public static ActionSummary InFlight(ActionVerb verb, ActionPhase phase = ActionPhase.Executing) =>
        new(Guid.Parse("0198c1f0-0000-7000-8000-0000000000aa"), verb, phase, "ana", Now - TimeSpan.FromSeconds(3), null, null);

    public static string[] Codes(IReadOnlyList<Refusal> refusals)
    {
        Assert.All(refusals, r => Assert.Matches(@"^[A-Z0-9].+\.$", r.Sentence));
        return [.. refusals.Select(r => r.Code)];
    }

    private static TargetCapabilities Target(string title, params ActionVerb[] verbs) => new()
    {
        Title = title,
        Verbs = verbs.ToHashSet(),
        ExposureUnit = "requests",
        StaysAfterHalt = "Whoever has it keeps it.",
        StaysAfterRollback = "Nobody keeps it.",
        Instead = new Dictionary<ActionVerb, string> { [ActionVerb.Rollback] = "Halt it, kill its switch and submit a fixed build." },
    };
}
