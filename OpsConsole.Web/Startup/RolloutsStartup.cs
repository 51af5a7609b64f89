using Microsoft.Extensions.DependencyInjection.Extensions;
using OpsConsole.Core.Rollouts;
using OpsConsole.Core.Storage;
using OpsConsole.Web.Live;

namespace OpsConsole.Web.Startup;

/// <summary>The rollout engine.</summary>
internal static class RolloutsStartup
{
    public static void AddRollouts(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IRolloutStore, RolloutStore>();
        services.AddSingleton<RolloutPorts>();
        services.AddSingleton<RolloutEngine>();
        services.AddHostedService<RolloutPump>();
        services.AddHostedService<RecoveryMemoryPump>();
        services.AddHostedService<RecoveryPump>();
    }
}
