using System.Security.Cryptography;
using System.Text;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Storage;
using OpsConsole.Web.Jobs;
using Quartz;

namespace OpsConsole.Web.Startup;

/// <summary>Jobs that run once for all consoles on a database.</summary>
internal static class SharedJobsStartup
{
    /// <summary>Puts a job on the schedule that the consoles share.</summary>
    public static void AddSharedJob<T>(this IServiceCollection services, string name, TimeSpan interval, TimeSpan firstAfter = default)
        where T : class, IJob => services.AddSingleton(new SharedJob(typeof(T), name, interval, firstAfter));

    /// <summary>Runs the shared jobs.</summary>
    /// <param name="services">The console's.</param>
    /// <param name="dataFolder">Tells consoles on one machine apart.</param>
    public static void AddSharedScheduler(this IServiceCollection services, string dataFolder)
    {
        var folder = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(dataFolder)))[..12];
        var name = $"{Environment.MachineName}-{folder}";
        services.AddSingleton(new SharedSchedulerName(name));
        services.AddSingleton<IOtherConsoles>(all => new OtherConsoles(all.GetRequiredService<RecordDatabase>(), name, all.GetRequiredService<TimeProvider>()));
        services.AddSingleton<SharedScheduler>();
        services.AddHostedService(static all => all.GetRequiredService<SharedScheduler>());
    }
}
