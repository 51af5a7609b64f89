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
        services.AddQuartz(quartz =>
        {
            quartz.ScheduleJob<NoteAuditJob>(trigger => trigger.WithIdentity("note-audit")
                .StartAt(TimeProvider.System.GetUtcNow() + NoteAuditJob.Interval).WithSimpleSchedule(s => s.WithInterval(NoteAuditJob.Interval).RepeatForever()));
            quartz.ScheduleJob<VerifyAuditJob>(trigger => trigger.WithIdentity("verify-audit")
                .StartAt(TimeProvider.System.GetUtcNow() + VerifyAuditJob.FirstAfter).WithSimpleSchedule(s => s.WithInterval(VerifyAuditJob.Interval).RepeatForever()));
        });
    }
}
