using OpsConsole.Web.Jobs;

namespace OpsConsole.Web.Startup;

internal static class SignalsStartup
{
    public static void AddSignals(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddSourceCollection();
        builder.AddBoard();
        builder.AddSlos();
        builder.AddConnections();
        builder.Services.AddSingleton<FollowFaults>();
        builder.Services.AddHostedService<FollowedSources>();
    }

    public static void UseSignals(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseBoard();
    }
}
