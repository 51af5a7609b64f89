using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using OpsConsole.Core.Access;
using OpsConsole.Core.Access.Tokens;
using OpsConsole.Core.Actions.Approve;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Kill;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Board;
using OpsConsole.Core.Catalog;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Policies.Text;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Gates.Artifacts;
using OpsConsole.Core.Gates.Evidence;
using OpsConsole.Core.Gates.Waivers;
using OpsConsole.Core.Gates.Windows;
using OpsConsole.Core.Policies.Judging;
using OpsConsole.Core.Policies.Replay;
using OpsConsole.Core.Recovery;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Switches;
using OpsConsole.Tests.Shared;
using OpsConsole.Tests.Web.Connections;
using OpsConsole.Web.Components.Actions;
using OpsConsole.Web.Components.Kit;
using OpsConsole.Web.Components.Switches;
using OpsConsole.Web.Identity;
using Radzen;

namespace OpsConsole.Tests.Web.Components;

/// <summary>The pages over a pretended gate and record, and a real board with a clock that the test moves.</summary>
internal sealed class Interface : IAsyncDisposable
{
    public Interface()
    {
        Board = new ReleaseBoard(Time);
        Audience = new FlagAudience(Flags, Time);
        Propagations = new PropagationBook(Measurements, Record, Time);
        Connected = new Bound(Time, Board, Targets);
        Harness = new ComponentHarness(services =>
        {
            services.AddRadzenComponents();
            services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
            services.AddSingleton<TimeProvider>(Time);
            services.AddSingleton(Board);
            services.AddSingleton<IActionGate>(Gate);
            services.AddSingleton<ITargetRegistry>(Targets);
            services.AddSingleton(Connected.Sources);
            services.AddSingleton(Connected.Reading);
            services.AddSingleton(Connected.Tests);
            services.AddSingleton(new SwitchBoard());
            services.AddSingleton<IMoveTimes>(Recovery);
            services.AddSingleton<IPreviousVersions>(Recovery);
            services.AddSingleton<PlaybookReading>();
            services.AddSingleton<RecoveryTracker>();
            services.AddSingleton<RecoveryDesk>();
            services.AddSingleton<RecoveryReport>();
            services.AddSingleton<IRecoveryStore>(Recoveries);
            services.AddSingleton<IReleaseStore>(Record);
            services.AddSingleton<IActionStore>(Record);
            services.AddSingleton<ISignalHistoryStore>(Record);
            services.AddSingleton<ISwitchStore>(Record);
            services.AddSingleton<IAuditStore>(Record);
            services.AddSingleton(new AuditVerifier(Chain, Chain, Time));
            services.AddSingleton<IPolicyStore>(Policies);
            services.AddSingleton<IPolicyReader, PolicyReader>();
            services.AddSingleton<PolicyLibrary>();
            services.AddSingleton(_ => new RegistrationPolicies(Policies, Measured));
            services.AddSingleton<ICatalogStore>(Catalog);
            services.AddSingleton<ServiceDirectory>();
            services.AddSingleton<IEvidenceStore>(Record);
            services.AddSingleton(News);
            services.AddSingleton<IApprovals>(Approvals);
            services.AddSingleton<IWaiverStore>(Gates);
            services.AddSingleton<IWindowStore>(Gates);
            services.AddSingleton<IOperatorRoles, SignedInRoles>();
            services.AddSingleton(new WaiverDesk(
                Gates, Gates.Record, new PolicyGates(Gates, Gates, Gates, Time, NullLogger<PolicyGates>.Instance, Gates, Gates), Board, new SignedInRoles(), Time));
            services.AddSingleton(new WaiverReading(
                Gates, Gates.Record, new PolicyGates(Gates, Gates, Gates, Time, NullLogger<PolicyGates>.Instance, Gates, Gates), Board, Time, Gates));
            services.AddSingleton<WindowDesk>();
            services.AddSingleton<WindowScopes>();
            services.AddSingleton<IRejectedArtifactStore>(Gates);
            services.AddSingleton<ArtifactDesk>();
            services.AddSingleton<IChangeStore>(Changes);
            services.AddSingleton<RecordChanges>();
            services.AddSingleton<DecisionBriefs>();
            services.AddSingleton<WaitingApprovals>();
            services.AddSingleton<IAnalysisStore, InMemoryAnalyses>();
            services.AddSingleton(new PointRetention(TimeSpan.FromHours(48)));
            services.AddSingleton<ReleaseHistoryReader>();
            services.AddSingleton<PolicyReplays>();
            services.AddSingleton<StageAnalyses>();
            services.AddSingleton(Flags);
            services.AddSingleton<IKillJournal>(Journal);
            services.AddSingleton(Clients);
            services.AddSingleton<FlagClientTable>();
            services.AddSingleton<IFlagClientStore>(Clients);
            services.AddSingleton<FlagClientDesk>();
            services.AddSingleton<FlagEnvironments>();
            services.AddSingleton<ServiceTokenTable>();
            services.AddSingleton<IServiceTokenStore>(ServiceTokens);
            services.AddSingleton<ServiceTokenDesk>();
            services.AddSingleton<SwitchReading>();
            services.AddSingleton(Audience);
            services.AddSingleton(Propagations);
            services.AddSingleton<FlagDrivers>();
            services.AddSingleton<SwitchDesk>();
            services.AddSingleton(SignIn);
            services.AddSingleton<EmergencyAccess>();
            services.AddScoped<ActionDesk>();
            services.AddSingleton(new AccessRefusals(new SignInAudit(Refusals, Time, NullLogger<SignInAudit>.Instance), Time));
            services.AddScoped<PageRefusals>();
            services.AddScoped<Toasts>();
        });
    }

    /// <summary>What was put on record of those who asked for what they may not.</summary>
    public Identity.AuditLines Refusals { get; } = new();

    /// <summary>No issuer, unless a test names one before anything is shown.</summary>
    public SignInOptions SignIn { get; } = new();

    public FakeTime Time { get; } = new(Pretend.Now);

    public ReleaseBoard Board { get; }

    public PretendGate Gate { get; } = new();

    public PretendRecord Record { get; } = new();

    public InMemoryChain Chain { get; } = new();

    /// <summary>The switches in memory; not loaded unless a test does.</summary>
    public SwitchBoard Flags { get; } = new();

    public InMemoryJournal Journal { get; } = new();

    public InMemoryFlagClients Clients { get; } = new();

    public InMemoryServiceTokens ServiceTokens { get; } = new();

    /// <summary>Who reads the switches.</summary>
    public FlagAudience Audience { get; }

    public InMemoryPropagations Measurements { get; } = new();

    public PropagationBook Propagations { get; }

    public EvidenceNews News { get; } = new();

    public InMemoryChanges Changes { get; } = new();

    /// <summary>Waivers and windows, with a record of their own for their lines.</summary>
    public InMemoryGates Gates { get; } = new(new InMemoryRecord());

    public PretendApprovals Approvals { get; } = new();

    public PretendTargets Targets { get; } = new();

    /// <summary>The sources; none unless a test adds one.</summary>
    public Bound Connected { get; }

    public PretendMemory Recovery { get; } = new();

    public InMemoryRecoveries Recoveries { get; } = new();

    public InMemoryPolicies Policies { get; } = new();

    /// <summary>What the catalogue says; nothing unless a test applies a version.</summary>
    public InMemoryCatalog Catalog { get; } = new();

    /// <summary>What is measured; by default nothing is known of it.</summary>
    public KnownMeasurements Measured { get; } = new();

    public ComponentHarness Harness { get; }

    public ValueTask DisposeAsync() => Harness.DisposeAsync();
}

/// <summary>What the playbook is told of the record.</summary>
internal sealed class PretendMemory : IMoveTimes, IPreviousVersions
{
    public Dictionary<RecoveryMove, MeasuredTime> Times { get; } = [];

    public PreviousStanding Previous { get; set; }

    public MeasuredTime? ToConfirmed(string target, RecoveryMove move) => Times.GetValueOrDefault(move);

    public PreviousStanding Of(Guid releaseId) => Previous;
}

/// <summary>A gateway that can do everything, until a test says that it cannot roll back.</summary>
internal sealed class PretendTargets : ITargetRegistry
{
    private readonly Dictionary<string, IDeliveryTargetAdapter> _adapters = [];

    public PretendTargets() => Add(new Adapter("gateway", ActionVerb.Promote, ActionVerb.Halt, ActionVerb.Resume, ActionVerb.Rollback));

    public IDeliveryTargetAdapter? Find(string target, string environment) => _adapters.GetValueOrDefault(target);

    public TargetCapabilities? CapabilitiesOf(string target) => _adapters.GetValueOrDefault(target)?.Capabilities;

    public IReadOnlyCollection<string> Connected => _adapters.Keys;

    public IReadOnlyList<ConnectedTarget> List() => [.. _adapters.Values.Select(a => new ConnectedTarget(a, null))];

    public void Add(IDeliveryTargetAdapter adapter) => _adapters[adapter.Target] = adapter;

    public void Remove(string target, string? environment) => _adapters.Remove(target);

    public void Clear() => _adapters.Clear();

    public void CannotRollBack(string target) => Add(new Adapter(target, ActionVerb.Promote, ActionVerb.Halt, ActionVerb.Resume));

    private sealed class Adapter(string target, params ActionVerb[] verbs) : IDeliveryTargetAdapter
    {
        public string Target => target;

        public TargetCapabilities Capabilities { get; } = new()
        {
            Title = target,
            Verbs = verbs.ToHashSet(),
            ExposureUnit = "users",
            StaysAfterHalt = "Whoever has it keeps it.",
            StaysAfterRollback = "Nobody keeps it.",
            Instead = new Dictionary<ActionVerb, string>(),
        };

        public Task ApplyAsync(TargetChange change, CancellationToken cancellationToken) => Task.FromException(new InvalidOperationException("Pages do not do this."));

        public Task<TargetObservation> ObserveAsync(string service, string environment, string version, CancellationToken cancellationToken) =>
            Task.FromException<TargetObservation>(new InvalidOperationException("Pages do not do this."));
    }
}
