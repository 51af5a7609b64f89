using Microsoft.Extensions.DependencyInjection.Extensions;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Policies.Triggers;
using OpsConsole.Core.Rollouts;
using OpsConsole.Core.Storage;
using OpsConsole.Web.Live;

namespace OpsConsole.Web.Startup;

/// <summary>The rollout engine. What it asks of other parts is taken where it is registered; without it only what always holds is asked.</summary>
internal static class RolloutsStartup
{
    public static void AddRollouts(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IPolicyGates, NoPolicyGates>();
        services.TryAddSingleton<IBurnRates, NoBurnRates>();
        services.TryAddSingleton<ISubmittedMigrations, NoSubmittedMigrations>();
        services.AddSingleton<IRolloutStore, RolloutStore>();
        services.AddSingleton<RolloutPorts>();
        services.AddSingleton<RolloutEngine>();
        services.AddHostedService<RolloutPump>();
    }
}
