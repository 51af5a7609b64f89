using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
using OpsConsole.Core.Signals;
using OpsConsole.Web.Catalog;
using OpsConsole.Web.Connections;

namespace OpsConsole.Web.Startup;

/// <summary>How sources and targets do, and having them tested.</summary>
internal static class ConnectionsStartup
{
    public static void AddConnections(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<SourceTest>();
        services.AddSingleton<TargetTest>();
        services.AddSingleton<SourceReading>();
        services.AddSingleton(static given => new TargetReading(
            given.GetRequiredService<ITargetRegistry>(), given.GetRequiredService<ReleaseBoard>(), () => given.GetRequiredService<CatalogBook>().Standing.InForce.Services));
        services.AddSingleton<TestSlots>();
        services.AddSingleton<ConnectionTests>();
    }
}
