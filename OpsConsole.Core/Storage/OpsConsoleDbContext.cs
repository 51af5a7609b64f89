using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Releases;
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

    public DbSet<SignalPoint> SignalPoints => Set<SignalPoint>();

    public DbSet<Slo> Slos => Set<Slo>();

    public DbSet<SloWindow> SloWindows => Set<SloWindow>();

    public DbSet<SloAlert> SloAlerts => Set<SloAlert>();

    /// <summary>Releases of which the service, version, commit, digest or author begins with a word, without regard to case, in a form that this provider has an index for.</summary>
    public abstract Expression<Func<Release, bool>> BeginsWith(string word);

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
    }

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfiguration(new ReleaseMapping());
        modelBuilder.ApplyConfiguration(new ReleaseEventMapping());
        modelBuilder.ApplyConfiguration(new ReleaseActionMapping());
        modelBuilder.ApplyConfiguration(new KillSwitchMapping());
        modelBuilder.ApplyConfiguration(new AuditEntryMapping());
        modelBuilder.ApplyConfiguration(new SignalPointMapping());
        modelBuilder.ApplyConfiguration(new SloMapping());
        modelBuilder.ApplyConfiguration(new SloWindowMapping());
        modelBuilder.ApplyConfiguration(new SloAlertMapping());
        modelBuilder.UseColumnNamesInSnakeCase();
    }
}
