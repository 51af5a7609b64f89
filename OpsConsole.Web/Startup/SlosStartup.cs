using Microsoft.Extensions.DependencyInjection.Extensions;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Policies.Triggers;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Slos;
using OpsConsole.Web.Slos;

namespace OpsConsole.Web.Startup;

/// <summary>Service-level objectives: the book, what keeps it, and their place beside the board where samples come in.</summary>
internal static class SlosStartup
{
    public static void AddSlos(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<SloBook>();
        services.AddSingleton<ISloStandings>(all => all.GetRequiredService<SloBook>());
        services.AddSingleton<ServiceObjectives>();
        services.AddSingleton<IServiceObjectives>(all => all.GetRequiredService<ServiceObjectives>());
        services.AddSingleton<IBurnRates>(all => all.GetRequiredService<ServiceObjectives>());
        services.AddSingleton<SloRegister>();
        services.AddSingleton<RecentChanges>();
        services.AddSingleton<AlertJournal>();
        services.AddSingleton<ReleaseSpends>();
        services.AddHostedService<SloRecorder>();

        // The one place where samples are shared out.
        services.Replace(ServiceDescriptor.Singleton<ISampleSink, SampleFanOut>());
    }
}
