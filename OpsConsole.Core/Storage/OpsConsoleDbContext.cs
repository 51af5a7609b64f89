using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using OpsConsole.Core.Access.Tokens;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Catalog;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Recovery;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Rollouts;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Slos;
using OpsConsole.Core.Storage.Mappings;
using OpsConsole.Core.Switches;

namespace OpsConsole.Core.Storage;

/// <summary>The console's database. What differs between providers is in the two derived contexts; table and column names are the same on both.</summary>
public abstract class OpsConsoleDbContext(DbContextOptions options) : DbContext(options)
{
    public DbSet<Release> Releases => Set<Release>();

    public DbSet<ReleaseEvent> ReleaseEvents => Set<ReleaseEvent>();

    public DbSet<ReleaseAction> Actions => Set<ReleaseAction>();

    public DbSet<KillSwitch> Switches => Set<KillSwitch>();

    public DbSet<AuditEntry> Audit => Set<AuditEntry>();

    public DbSet<AuditLink> AuditLinks => Set<AuditLink>();

    public DbSet<AuditHead> AuditHeads => Set<AuditHead>();

    public DbSet<SignalPoint> SignalPoints => Set<SignalPoint>();

    public DbSet<Slo> Slos => Set<Slo>();

    public DbSet<SloWindow> SloWindows => Set<SloWindow>();

    public DbSet<SloAlert> SloAlerts => Set<SloAlert>();

    public DbSet<PolicyVersion> Policies => Set<PolicyVersion>();

    public DbSet<EvidenceItem> Evidence => Set<EvidenceItem>();

    public DbSet<Approval> Approvals => Set<Approval>();

    public DbSet<Waiver> Waivers => Set<Waiver>();

    public DbSet<RejectedDigest> RejectedDigests => Set<RejectedDigest>();

    public DbSet<DeployWindow> DeployWindows => Set<DeployWindow>();

    public DbSet<RolloutState> Rollouts => Set<RolloutState>();

    public DbSet<AnalysisRun> AnalysisRuns => Set<AnalysisRun>();

    public DbSet<ReleaseChanges> ReleaseChanges => Set<ReleaseChanges>();

    public DbSet<SwitchEnvironment> SwitchEnvironments => Set<SwitchEnvironment>();

    public DbSet<FlagPropagation> FlagPropagations => Set<FlagPropagation>();

    public DbSet<FlagClient> FlagClients => Set<FlagClient>();

    public DbSet<ServiceToken> ServiceTokens => Set<ServiceToken>();

    public DbSet<RecoveryClock> Recoveries => Set<RecoveryClock>();

    public DbSet<CatalogVersion> CatalogVersions => Set<CatalogVersion>();

    /// <summary>Releases of which the service, version, commit, digest or author begins with a word, without regard to case, in a form that this provider has an index for.</summary>
    public abstract Expression<Func<Release, bool>> BeginsWith(string word);

    /// <summary>Removes lines of the audit that a line says were given up; what the database lets nobody do in any other way.</summary>
    public abstract Task<int> GiveUpAsync(long upTo, DateTimeOffset before, int most, CancellationToken cancellationToken);

    /// <inheritdoc/>
    /// <remarks>Audit lines go into the chain in the same transaction.</remarks>
    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        var lines = ChangeTracker.Entries<AuditEntry>().Where(e => e.State == EntityState.Added).ToList();
        if (lines.Count == 0)
        {
            return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
        }

        await using var own = Database.CurrentTransaction is null ? await Database.BeginTransactionAsync(cancellationToken) : null;
        await AuditChaining.LinkAsync(this, lines, cancellationToken);
        var saved = await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
        if (own is not null)
        {
            await own.CommitAsync(cancellationToken);
            Entry(ChangeTracker.Entries<AuditHead>().Single().Entity).State = EntityState.Detached;
        }

        return saved;
    }

    /// <inheritdoc/>
    /// <remarks>Refused: what is saved goes over a network.</remarks>
    public override int SaveChanges(bool acceptAllChangesOnSuccess) => throw new NotSupportedException("Save asynchronously.");

    /// <inheritdoc/>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<InstantConverter>().HavePrecision(6);
        configurationBuilder.Properties<SignalKey>().HaveConversion<SignalKeyConverter>().HaveMaxLength(64);
        configurationBuilder.Properties<ReleasePhase>().HaveConversion<string>().HaveMaxLength(32);
        configurationBuilder.Properties<ReleaseEventKind>().HaveConversion<string>().HaveMaxLength(32);
        configurationBuilder.Properties<MigrationClass>().HaveConversion<string>().HaveMaxLength(32);
        configurationBuilder.Properties<ActionVerb>().HaveConversion<string>().HaveMaxLength(32);
        configurationBuilder.Properties<ActionPhase>().HaveConversion<string>().HaveMaxLength(32);
        configurationBuilder.Properties<SignalSide>().HaveConversion<string>().HaveMaxLength(16);
        configurationBuilder.Properties<EvidenceOutcome>().HaveConversion<string>().HaveMaxLength(32);
        configurationBuilder.Properties<DeployWindowKind>().HaveConversion<string>().HaveMaxLength(16);
        configurationBuilder.Properties<FlagChangeKind>().HaveConversion<string>().HaveMaxLength(16);
        configurationBuilder.Properties<FaultKind>().HaveConversion<string>().HaveMaxLength(16);
        configurationBuilder.Properties<RecoveryMove>().HaveConversion<string>().HaveMaxLength(16);
        configurationBuilder.Properties<RecoveryEnding>().HaveConversion<string>().HaveMaxLength(16);
        configurationBuilder.Properties<RolloutStep>().HaveConversion<string>().HaveMaxLength(32);
    }

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfiguration(new ReleaseMapping());
        modelBuilder.ApplyConfiguration(new ReleaseEventMapping());
        modelBuilder.ApplyConfiguration(new ReleaseActionMapping());
        modelBuilder.ApplyConfiguration(new KillSwitchMapping());
        modelBuilder.ApplyConfiguration(new AuditEntryMapping());
        modelBuilder.ApplyConfiguration(new AuditLinkMapping());
        modelBuilder.ApplyConfiguration(new AuditHeadMapping());
        modelBuilder.ApplyConfiguration(new SignalPointMapping());
        modelBuilder.ApplyConfiguration(new SloMapping());
        modelBuilder.ApplyConfiguration(new SloWindowMapping());
        modelBuilder.ApplyConfiguration(new SloAlertMapping());
        modelBuilder.ApplyConfiguration(new PolicyVersionMapping());
        modelBuilder.ApplyConfiguration(new EvidenceItemMapping());
        modelBuilder.ApplyConfiguration(new ApprovalMapping());
        modelBuilder.ApplyConfiguration(new WaiverMapping());
        modelBuilder.ApplyConfiguration(new RejectedDigestMapping());
        modelBuilder.ApplyConfiguration(new DeployWindowMapping());
        modelBuilder.ApplyConfiguration(new RolloutStateMapping());
        modelBuilder.ApplyConfiguration(new AnalysisRunMapping());
        modelBuilder.ApplyConfiguration(new ReleaseChangesMapping());
        modelBuilder.ApplyConfiguration(new SwitchEnvironmentMapping());
        modelBuilder.ApplyConfiguration(new FlagPropagationMapping());
        modelBuilder.ApplyConfiguration(new FlagClientMapping());
        modelBuilder.ApplyConfiguration(new RecoveryClockMapping());
        modelBuilder.ApplyConfiguration(new ServiceTokenMapping());
        modelBuilder.ApplyConfiguration(new CatalogVersionMapping());
        modelBuilder.UseColumnNamesInSnakeCase();
    }
}
