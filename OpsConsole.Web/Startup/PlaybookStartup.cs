using OpsConsole.Core.Recovery;

namespace OpsConsole.Web.Startup;

/// <summary>The playbook and what it keeps of the record, and the recovery clocks.</summary>
internal static class PlaybookStartup
{
    public static void AddPlaybook(this IServiceCollection services)
    {
        services.AddSingleton<RecoveryMemory>();
        services.AddSingleton<IMoveTimes>(s => s.GetRequiredService<RecoveryMemory>());
        services.AddSingleton<IPreviousVersions>(s => s.GetRequiredService<RecoveryMemory>());
        services.AddSingleton<PlaybookReading>();
        services.AddSingleton<RecoveryTracker>();
        services.AddSingleton<RecoveryKeeper>();
        services.AddSingleton<RecoveryDesk>();
        services.AddSingleton<RecoveryReport>();
    }
}
