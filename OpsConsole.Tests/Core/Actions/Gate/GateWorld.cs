using Microsoft.Extensions.Logging.Abstractions;
using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Approve;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Halt;
using OpsConsole.Core.Actions.Kill;
using OpsConsole.Core.Actions.Promote;
using OpsConsole.Core.Actions.Resume;
using OpsConsole.Core.Actions.Rollback;
using OpsConsole.Core.Board;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Gates.Waivers;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Rollouts;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Switches;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Actions.Gate;

/// <summary>The gate with everything behind it but the database and the target: a real board, executor and adoption on a fake clock.</summary>
internal sealed class GateWorld
{
    private readonly List<Guid> _withPolicy = [];

    public GateWorld()
    {
        Board = new ReleaseBoard(Time);
        Target = new FakeTarget("gateway", Given.Gateway, Time);
        Targets.Add(Target);
        Targets.Add(new FakeTarget("app-store", Given.Store, Time));
        Record.Put(new KillSwitch { Key = "recommendations", Owner = "commerce", TurnsOff = "recommendations", ChangedAt = Time.GetUtcNow() });
        var refusals = new RefusalLog(Record, Record, NullLogger<RefusalLog>.Instance);
        Gates = new InMemoryGates(Record);
        var judge = PolicyGates = new PolicyGates(Gates, Gates, Gates, Time, NullLogger<PolicyGates>.Instance, Gates, Gates, Gates, Gates);
        var onReleases = new ReleaseRequests(Record, Record, Board, Targets, Queue, refusals, judge, Time);
        Outcomes = new ActionOutcomes(Record, Record, Board, Flags, Time, NullLogger<ActionOutcomes>.Instance);
        var environments = new FlagEnvironments(Board, Flags, Clients);
        var promotions = new PromotionStop(Record, Record, onReleases, NullLogger<PromotionStop>.Instance);
        Away = new KillWhileAway(Journal, Flags, Board, environments, Time, NullLogger<KillWhileAway>.Instance);
        Replay = new KillReplay(Journal, Away, Record, Record, Record, Record, promotions, Flags, Board, Time, NullLogger<KillReplay>.Instance);
        var onSwitches = new SwitchRequests(Record, Record, Replay, promotions, environments, Board, Flags, Queue, Outcomes, refusals, Time);
        Gate = new ActionGate(onReleases, onSwitches, Away, new Briefings(Record, Record, Record, Board, Flags, environments, Targets, Time, judge), refusals, Roles, Targets, Time);
        var reading = new ApprovalReading(Record, Record, Gates, judge, Board, Targets, Time);
        Promotions = new ApprovedPromotions(reading, Record, Board, Queue, Roles, Waiting, Time, NullLogger<ApprovedPromotions>.Instance);
        Approvals = new ApprovalDesk(
            reading, new ApprovalInbox(reading, Gates, Record, Roles, Time), Promotions, Record, Record, Roles, Waiting, Time, NullLogger<ApprovalDesk>.Instance);
        Waivers = new WaiverDesk(Gates, Record, judge, Board, Roles, Time);
        Restart();
    }

    public InMemoryGates Gates { get; }

    /// <summary>The gates of policies, over <see cref="Gates"/>.</summary>
    public IPolicyGates Judge => PolicyGates;

    /// <summary>What the engine is taken to say of every release with a policy, at each build of the board.</summary>
    public PolicyStanding Standing { get; set; } = new()
    {
        PolicyTitle = "web-canary, version 3", Mode = DeliveryMode.Delivery, OnTrigger = TriggerReaction.Recommend, Step = RolloutStep.Verifying, StepSince = Given.Now, Reason = "Verifying.", AsOf = Given.Now,
    };

    public bool EngineRuns { get; set; } = true;

    public FlagClientTable Clients { get; } = new(TimeProvider.System);

    public InMemoryJournal Journal { get; } = new();

    public KillWhileAway Away { get; }

    public KillReplay Replay { get; }

    public WaitingApprovals Waiting { get; } = new();

    public ApprovedPromotions Promotions { get; }

    public IApprovals Approvals { get; }

    public PolicyGates PolicyGates { get; }

    public WaiverDesk Waivers { get; }

    public FakeTime Time { get; } = new(Given.Now);

    public InMemoryRecord Record { get; } = new();

    public ReleaseBoard Board { get; }

    public SwitchBoard Flags { get; } = new();

    public TargetRegistry Targets { get; } = new();

    public FakeTarget Target { get; }

    public ChangeableRoles Roles { get; } = new();

    public ActionQueue Queue { get; private set; } = new();

    public ActionGate Gate { get; }

    public ActionOutcomes Outcomes { get; }

    public ActionExecutor Executor { get; private set; } = null!;

    public ActionAdoption Adoption { get; private set; } = null!;

    /// <summary>What a restart of the console leaves: the record and the target, and nobody who carries anything out.</summary>
    public void Restart()
    {
        while (Queue.Other.TryRead(out _) || Queue.Stopping.TryRead(out _))
        {
        }

        var limits = new ExecutionLimits();
        Executor = new ActionExecutor(Record, Record, Record, Targets, Outcomes, limits, Time, NullLogger<ActionExecutor>.Instance);
        Adoption = new ActionAdoption(Record, Executor, Queue, limits, Time);
    }

    /// <summary>A release on record, on the target and on the board, healthy and long enough in its stage.</summary>
    public Release Release(int stage = 1, string version = "2.15.0", bool healthy = true, TimeSpan? hold = null, string service = "shop", string target = "gateway", PolicySnapshot? policy = null, string? author = null)
    {
        var registered = Time.GetUtcNow() - TimeSpan.FromHours(2);
        var release = new Release
        {
            Id = Guid.CreateVersion7(registered),
            Service = service,
            Target = target,
            Environment = "production",
            Version = version,
            PreviousVersion = "2.14.3",
            Artifact = new("sha256:" + new string('a', 64), "abc1234", null, null),
            PreviousDigest = "sha256:" + new string('b', 64),
            Owner = "commerce",
            Author = author,
            Policy = policy,
            SwitchKey = "recommendations",
            Stages = [.. Given.Stages.Select(s => s with { Hold = hold ?? s.Hold })],
            Signals = [KnownSignals.Find("http_5xx_rate")!],
            RegisteredAt = registered,
        };
        for (var i = 0; i <= stage; i++)
        {
            release.EnterNextStage(Time.GetUtcNow() - TimeSpan.FromHours(1));
        }

        Record.Put(release);
        Target.State = new TargetObservation(release.ExposurePercent, false, null, Time.GetUtcNow());
        Board.Track(release);
        if (policy is not null)
        {
            _withPolicy.Add(release.Id);
        }

        if (healthy)
        {
            Measure(release);
        }

        return release;
    }

    /// <summary>Fresh healthy samples, and the board built on them.</summary>
    public void Measure(Release release, double errors = 0.1)
    {
        foreach (var version in new[] { release.Version, release.PreviousVersion! })
        {
            Board.Record(new SignalSample(
                new(release.Service, release.Target, release.Environment, version, new("http_5xx_rate")), Time.GetUtcNow(), version == release.Version ? errors : 0.1, 5000));
        }

        Build();
    }

    public void Build()
    {
        Time.Advance(TimeSpan.FromMilliseconds(300));
        foreach (var id in EngineRuns ? _withPolicy : [])
        {
            Board.Show(id, Standing with { AsOf = Time.GetUtcNow() });
        }

        Board.BuildDue();
    }

    public long Seen(Release release) => Board.Find(release.Id)!.SnapshotVersion;

    public Task<GateAnswer> PromoteAsync(Release release, Operator? by = null, long? seen = null, string? confirmation = null) =>
        Gate.RequestAsync(new PromoteCommand(release.Id, "looks fine", seen ?? Seen(release), confirmation), by ?? Given.Manager, default);

    public Task<GateAnswer> HaltAsync(Release release, Operator? by = null) =>
        Gate.RequestAsync(new HaltCommand(release.Id, "errors grow", null, null), by ?? Given.OnCall, default);

    public Task<GateAnswer> ResumeAsync(Release release) =>
        Gate.RequestAsync(new ResumeCommand(release.Id, "fixed upstream", Seen(release), null), Given.Manager, default);

    public Task<GateAnswer> RollbackAsync(Release release, Operator? by = null, long? seen = null) =>
        Gate.RequestAsync(new RollbackCommand(release.Id, "errors over 1 %", seen ?? Seen(release), "shop"), by ?? Given.OnCall, default);

    /// <summary>Carries an action out, moving the clock while it waits for the target.</summary>
    public async Task<ReleaseAction> RunAsync(Guid actionId, ActionExecutor? executor = null)
    {
        await WhileTimePassesAsync((executor ?? Executor).RunAsync(actionId, default));
        return await ActionAsync(actionId);
    }

    /// <summary>Lets fake time pass in small steps until the work is done.</summary>
    public async Task WhileTimePassesAsync(Task work)
    {
        await Eventually.TrueAsync(
            () =>
            {
                if (!work.IsCompleted)
                {
                    Time.Advance(TimeSpan.FromMilliseconds(250));
                }

                return work.IsCompleted;
            },
            TimeSpan.FromSeconds(30));
        await work;
    }

    /// <summary>A run of the schedule, with the stopping actions it hands to the worker.</summary>
    public async Task AdoptAsync()
    {
        await WhileTimePassesAsync(Adoption.RunAsync(default));
        while (Queue.Stopping.TryRead(out var id))
        {
            await RunAsync(id);
        }
    }

    public async Task<ReleaseAction> ActionAsync(Guid id) => (await ((IActionStore)Record).FindAsync(id, default))!;

    public async Task<Release> StoredAsync(Release release) => (await ((IReleaseStore)Record).FindAsync(release.Id, default))!;

    public static ReleaseAction Accepted(GateAnswer answer) => Assert.IsType<GateAnswer.Accepted>(answer).Action;

    public static string[] Refused(GateAnswer answer) => Given.Codes(Assert.IsType<GateAnswer.Refused>(answer).Refusals);

    internal sealed class ChangeableRoles : IOperatorRoles
    {
        public Func<Operator, Role?> Now { get; set; } = by => by.Role;

        public Func<Operator, bool> Known { get; set; } = _ => true;

        public Task<Role?> CurrentAsync(Operator by, CancellationToken cancellationToken) => Task.FromResult(Now(by));

        public bool Knows(Operator by) => Known(by);
    }
}
