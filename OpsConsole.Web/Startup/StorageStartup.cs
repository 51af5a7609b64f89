using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OpsConsole.Core.Actions.Approve;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Catalog;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Gates.Artifacts;
using OpsConsole.Core.Gates.Waivers;
using OpsConsole.Core.Gates.Windows;
using OpsConsole.Core.Recovery;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Slos;
using OpsConsole.Core.Storage;
using OpsConsole.Core.Switches;
using OpsConsole.Web.Api;
using OpsConsole.Web.Identity;
using OpsConsole.Web.Jobs;

namespace OpsConsole.Web.Startup;

/// <summary>The database and the stores over it.</summary>
internal static class StorageStartup
{
    /// <summary>The database alone: reached, migrated, and kept running where it is the embedded one.</summary>
    public static void AddDatabase(this WebApplicationBuilder builder)
    {
        builder.AddSecrets();
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<ConsoleOptions>().BindConfiguration(ConsoleOptions.Section);
        services.AddSingleton<StartFailure>();
        services.AddSingleton<StorageReady>();
        services.AddSingleton<OpsConsoleDbContextFactory>();
        services.AddSingleton<IDbContextFactory<OpsConsoleDbContext>>(all => all.GetRequiredService<OpsConsoleDbContextFactory>());
        services.AddSingleton<RecordDatabase>();
        services.AddSingleton<DatabaseHealth>();
        services.AddSingleton<SchemaMigration>();

        // Hosted services stop in the reverse order of their registration: this one is among the first, so it stops after what writes.
        services.AddHostedService<StorageHost>();
    }

    /// <summary>The database, the stores over it, and what is read of it before anyone is answered.</summary>
    public static void AddStorage(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        builder.AddDatabase();
        services.AddSharedScheduler(ConsoleOptions.DataPath(builder));
        services.AddSingleton<IReleaseStore, ReleaseStore>();
        services.AddSingleton<IActionStore, ActionStore>();
        services.AddSingleton<IAuditStore, AuditStore>();
        builder.AddAuditChain();
        services.AddSingleton<ISwitchStore, SwitchStore>();
        services.AddSingleton<IFlagClientStore, FlagClientStore>();
        services.AddSingleton<IPropagationStore, PropagationStore>();
        services.AddSingleton<IChangeStore, ChangeStore>();
        services.AddSingleton<ISignalHistoryStore, SignalHistoryStore>();
        services.AddSingleton<IPolicyStore, PolicyStore>();
        services.AddSingleton<IEvidenceStore, EvidenceStore>();
        services.AddSingleton<ISloStore, SloStore>();
        services.AddSingleton<IApprovalStore, ApprovalStore>();
        services.AddSingleton<IWaiverStore, WaiverStore>();
        services.AddSingleton<IWindowStore, WindowStore>();
        services.AddSingleton<IRejectedArtifactStore, RejectedArtifactStore>();
        services.AddSingleton<IRecoveryStore, RecoveryStore>();
        services.AddSingleton<ICatalogStore, CatalogStore>();

        services.TryAddSingleton<SwitchBoard>();
        services.AddHostedService<KillJournalWorker>();
        services.AddHostedService<FlagLoading>();
        services.TryAddSingleton<FlagClientTable>();
        services.AddHostedService<FlagClientLoading>();
        services.AddTokenDesk();
    }

    public static void UseStorage(this WebApplication app) => ArgumentNullException.ThrowIfNull(app);
}
