using Microsoft.Extensions.DependencyInjection.Extensions;
using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Kill;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Storage;
using OpsConsole.Core.Switches;
using OpsConsole.Web.Jobs;
using OpsConsole.Web.Operations;
using ExecutionLimits = OpsConsole.Core.Actions.Gate.ExecutionLimits;

namespace OpsConsole.Web.Startup;

/// <summary>The gate, what carries actions out, and the jobs that look after them.</summary>
internal static class ActionsStartup
{
    public static void AddActions(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<SwitchBoard>();
        builder.AddTargets();
        services.TryAddSingleton<IOperatorRoles, SignedInRoles>();
        services.TryAddSingleton(new ExecutionLimits());

        services.AddSingleton<ActionQueue>();
        services.TryAddSingleton<GateClosing>();
        services.AddSingleton<RefusalLog>();
        services.AddSingleton<ReleaseRequests>();
        services.TryAddSingleton<FlagClientTable>();
        services.TryAddSingleton<FlagEnvironments>();
        services.TryAddSingleton<IKillJournal>(all => new KillJournalFile(
            Path.Combine(ConsoleOptions.DataPath(builder), "journal"), all.GetRequiredService<TimeProvider>(), all.GetRequiredService<ILogger<KillJournalFile>>()));
        services.AddHealthChecks().AddCheck<KillJournalCheck>("kill-journal");
        services.AddSingleton<PromotionStop>();
        services.AddSingleton<KillWhileAway>();
        services.AddSingleton<KillReplay>();
        services.AddSingleton<SwitchRequests>();
        services.AddSingleton<SwitchDesk>();
        services.AddSingleton<Briefings>();
        services.AddSingleton<IActionGate, ActionGate>();
        services.AddPolicies();
        services.AddSingleton<RegisterRelease>();
        services.AddSingleton<RecordChanges>();
        services.AddSingleton<CompleteWatch>();
        services.AddApprovals();
        services.AddPlaybook();

        services.AddSingleton<ActionOutcomes>();
        services.AddSingleton<ActionExecutor>();
        services.AddSingleton<ActionAdoption>();
        services.AddHostedService<ActionWorker>();
        services.AddSingleton<OrderlyStop>();
        services.AddHostedService(static all => all.GetRequiredService<OrderlyStop>());
        services.AddHealthChecks().AddCheck<OrderlyStop>("console");

        services.AddSharedJob<ApprovedPromotionsJob>("approved-promotions", ApprovedPromotionsJob.Interval);
        services.AddSharedJob<AdoptActionsJob>("adopt-actions", AdoptActionsJob.Interval);
        services.AddSharedJob<CompleteWatchJob>("complete-watch", CompleteWatchJob.Interval);
    }
}
