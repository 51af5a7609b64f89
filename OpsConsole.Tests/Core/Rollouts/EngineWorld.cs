using Microsoft.Extensions.Logging.Abstractions;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Rollouts;
using OpsConsole.Core.Signals;
using OpsConsole.Tests.Core.Actions.Gate;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Rollouts;

/// <summary>The engine over the real board, gate and executor, on a fake clock, with a target and a record in memory.</summary>
internal sealed class EngineWorld
{
    private readonly Policies _policies = new();

    public EngineWorld()
    {
        Rollouts = new InMemoryRollouts(Gate.Record);
        Asks = new HangingGate(Gate.Gate);
        Engine = NewEngine();
    }

    public GateWorld Gate { get; } = new();

    public FakeTime Time => Gate.Time;

    public InMemoryRollouts Rollouts { get; }

    /// <summary>The gate as the engine asks it.</summary>
    public HangingGate Asks { get; }

    public FakeGates PolicyGates { get; } = new();

    public RolloutEngine Engine { get; private set; }

    public IReadOnlyList<string> Lines => [.. Rollouts.Lines.Select(e => e.Text)];

    /// <summary>The policy of the seed: 5 % for 10 m, 25 % and 50 % for 20 m each, 100 %.</summary>
    public static ReleasePolicy Seed(TriggerReaction reaction = TriggerReaction.Halt, DeliveryMode mode = DeliveryMode.Deployment, params PolicyCheck[] checks) => new()
    {
        Release = new ReleaseChecklist
        {
            RollbackTriggers =
            [
                Trigger("http_5xx_rate > 1% for 5m", "http_5xx_rate", TriggerMeasure.Value, TriggerComparison.Above, 1, minutes: 5),
                Trigger("http_5xx_rate_delta > 20% for 1m", "http_5xx_rate", TriggerMeasure.Delta, TriggerComparison.Above, 20, minutes: 1),
            ],
        },
        Canary = new CanaryPolicy { Stages = Given.Stages, Checks = checks },
        Delivery = new DeliverySettings { Mode = mode, OnTrigger = reaction },
    };

    public static Trigger Trigger(string text, string signal, TriggerMeasure measure, TriggerComparison comparison, double threshold, int minutes, bool dryRun = false) => new()
    {
        Text = text, Signal = signal, Measure = measure, Comparison = comparison, Threshold = threshold, Unit = SignalUnit.Percent, For = TimeSpan.FromMinutes(minutes), DryRun = dryRun,
    };

    public RolloutEngine NewEngine() => new(new RolloutPorts(
        Gate.Board, Asks, Rollouts, Gate.Record, _policies, PolicyGates, new NoBurnRates(), Gate.Targets, Time, NullLogger<RolloutEngine>.Instance));

    /// <summary>What a restart of the console leaves: record and target. The board keeps what was measured, as a quick restart would soon have it again.</summary>
    public void Restart()
    {
        Gate.Restart();
        Engine = NewEngine();
    }

    /// <summary>A release with a policy, on record, on the target and on the board.</summary>
    public Release Release(
        ReleasePolicy policy, int stage = -1, string service = "shop", string target = "gateway", string? previous = "2.14.3", MigrationClass migration = MigrationClass.None,
        string? switchKey = null, IReadOnlyList<Stage>? stages = null)
    {
        var now = Time.GetUtcNow();
        var digest = Guid.NewGuid().ToString("N");
        _policies.Known[digest] = policy;
        var release = new Release
        {
            Id = Guid.CreateVersion7(now), Service = service, Target = target, Environment = "production", Version = "2.15.0", PreviousVersion = previous, PreviousDigest = previous is null ? null : "sha256:" + new string('b', 64),
            Artifact = new("sha256:" + new string('a', 64), "abc1234", null, null), Owner = "commerce", Migration = migration, Stages = stages ?? Given.Stages, SwitchKey = switchKey,
            Signals = [KnownSignals.Find("http_5xx_rate")!], RegisteredAt = now, Policy = new PolicySnapshot("web-canary", 3, digest, "text"),
        };
        for (var i = 0; i <= stage; i++)
        {
            release.EnterNextStage(now);
        }

        Gate.Record.Put(release);
        Gate.Target.State = new TargetObservation(release.ExposurePercent, false, null, now);
        Gate.Board.Track(release);
        return release;
    }

    /// <summary>One second: samples of both versions unless they are silent, the board, the engine, and the actions that came of it.</summary>
    /// <remarks>With <paramref name="wait"/> false what the evaluation began may still be under way, as in production.</remarks>
    public async Task TickAsync(double? errors = 0.1, long count = 40, double baseline = 0.1, bool carryOut = true, bool wait = true)
    {
        Time.Advance(TimeSpan.FromSeconds(1));
        Measure(errors, count, baseline);
        Gate.Board.BuildDue();
        var begun = Engine.EvaluateAsync(default);
        if (wait)
        {
            await begun;
        }

        while (carryOut && (Gate.Queue.Stopping.TryRead(out var id) || Gate.Queue.Other.TryRead(out id)))
        {
            await Gate.RunAsync(id);
        }
    }

    /// <summary>Goes on until something is so, and fails when it is not after so many seconds.</summary>
    public async Task UntilAsync(Func<bool> so, int seconds, double? errors = 0.1, bool wait = true)
    {
        for (var i = 0; i < seconds; i++)
        {
            if (so())
            {
                return;
            }

            await TickAsync(errors, wait: wait);
        }

        Assert.True(so(), $"Not so after {seconds} s. The engine said:\n{string.Join('\n', Lines)}");
    }

    public async Task SecondsAsync(int seconds, double? errors = 0.1, bool wait = true)
    {
        for (var i = 0; i < seconds; i++)
        {
            await TickAsync(errors, wait: wait);
        }
    }

    public PolicyStanding? Shown(Release release) => Gate.Board.Find(release.Id)?.Policy;

    public RolloutStep? Step(Release release) => Shown(release)?.Step;

    public ReleasePhase Phase(Release release) => Gate.Board.Find(release.Id)?.Phase ?? release.Phase;

    public IReadOnlyList<TargetChange> Asked => Gate.Target.Asked;

    public IReadOnlyList<ReleaseAction> Actions(Release release) => Gate.Record.ForReleaseAsync(release.Id, default).Result;

    private void Measure(double? errors, long count, double baseline)
    {
        foreach (var release in Gate.Board.Current.Releases)
        {
            Sample(release, release.PreviousVersion, baseline, 40);
            Sample(release, release.Version, release.ExposurePercent > 0 ? errors : null, count);
        }
    }

    private void Sample(ReleaseSnapshot release, string? version, double? value, long count)
    {
        if (version is not null && value is { } number)
        {
            Gate.Board.Record(new SignalSample(new(release.Service, release.Target, release.Environment, version, new("http_5xx_rate")), Time.GetUtcNow(), number, count));
        }
    }

    internal sealed class Policies : IPolicyReader
    {
        public Dictionary<string, ReleasePolicy> Known { get; } = [];

        public ReleasePolicy Read(PolicySnapshot snapshot) => Known[snapshot.Digest];
    }

    internal sealed class FakeGates : IPolicyGates
    {
        public IReadOnlyList<GateResult> Results { get; set; } = [];

        public MigrationClass Migration { get; set; }

        public RollbackDoubts Doubts { get; set; }

        /// <summary>The gates of production, which judge instead.</summary>
        public IPolicyGates? Real { get; set; }

        public Func<Task>? Before { get; set; }

        public int Reads { get; private set; }

        public async Task<PolicyGateResults> JudgeAsync(Release release, ReleaseSnapshot? snapshot, CancellationToken cancellationToken)
        {
            Reads++;
            if (Before is { } wait)
            {
                await wait();
            }

            if (Real is { } real)
            {
                return await real.JudgeAsync(release, snapshot, cancellationToken);
            }

            return new(Results, "seal", 2) { Migration = Migration, Doubts = Doubts };
        }
    }
}
