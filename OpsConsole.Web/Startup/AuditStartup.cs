using Microsoft.Extensions.Options;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Storage;
using OpsConsole.Web.Jobs;
using Quartz;

namespace OpsConsole.Web.Startup;

/// <summary>The chain over the audit: its end is noted outside the database, and the whole is verified once a day.</summary>
internal static class AuditStartup
{
    public static void AddAuditChain(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<IAuditChainStore, AuditChainStore>();
        services.AddSingleton<IAuditNotes>(all => new AuditNotesFile(Path.Combine(ConsoleOptions.DataPath(builder), "audit"), all.GetRequiredService<TimeProvider>()));
        services.AddSingleton<AuditVerifier>();
        services.AddOptions<AuditOptions>().BindConfiguration(AuditOptions.Section)
            .Validate(
                o => o.Retention is null || o.Retention >= AuditRetentionTime.Least,
                $"{AuditOptions.Section}:Retention is shorter than {AuditRetentionTime.Least.TotalDays:0} days: make it longer, or leave it out to keep every line for ever.")
            .ValidateOnStart();
        services.AddSingleton(all => new AuditRetentionTime(all.GetRequiredService<IOptions<AuditOptions>>().Value.Retention));
        services.AddSingleton<IAuditRetentionStore, AuditRetentionStore>();
        services.AddSingleton<AuditRetention>();
        services.AddQuartz(quartz => quartz.ScheduleJob<NoteAuditJob>(
            trigger => trigger.WithIdentity("note-audit").StartAt(TimeProvider.System.GetUtcNow() + NoteAuditJob.FirstAfter).WithSimpleSchedule(s => s.WithInterval(NoteAuditJob.Interval).RepeatForever()),
            job => job.WithIdentity("note-audit")));
        services.AddHostedService<LastNote>();
        services.AddSharedJob<VerifyAuditJob>("verify-audit", VerifyAuditJob.Interval, VerifyAuditJob.FirstAfter);
        services.AddSharedJob<AuditRetentionJob>("audit-retention", AuditRetentionJob.Interval, AuditRetentionJob.FirstAfter);
    }
}
