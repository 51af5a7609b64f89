using Microsoft.Extensions.DependencyInjection.Extensions;
using OpsConsole.Core.Switches;
using OpsConsole.Web.Api;
using OpsConsole.Web.Flags;

namespace OpsConsole.Web.Startup;

/// <summary>What tells clients of changes, and measures how changes reach them.</summary>
internal static class FlagStreamsStartup
{
    public static void AddFlagStreams(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<FlagTickets>();
        services.AddSingleton<FlagStreams>();
        services.AddSingleton<FlagEventText>();
        services.AddSingleton<FlagEvents>();
        services.AddSingleton<IFlagEventStreams>(all => all.GetRequiredService<FlagStreams>());
        services.AddHostedService<FlagStreamBeat>();

        services.AddSingleton(all => new FlagAudience(all.GetRequiredService<SwitchBoard>(), all.GetRequiredService<TimeProvider>()));
        services.Replace(ServiceDescriptor.Singleton<IFlagAudience>(all => all.GetRequiredService<FlagAudience>()));
        services.AddSingleton<PropagationBook>();
        services.AddHostedService<PropagationPump>();
    }
}
