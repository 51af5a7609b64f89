namespace OpsConsole.Web.Startup;

internal static class InterfaceStartup
{
    public static void AddInterface(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
    }

    public static void UseInterface(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
    }
}
