namespace OpsConsole.Web.Startup;

internal static class PlaygroundStartup
{
    public static void AddPlayground(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
    }

    public static void UsePlayground(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
    }
}
