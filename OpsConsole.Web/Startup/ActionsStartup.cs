namespace OpsConsole.Web.Startup;

internal static class ActionsStartup
{
    public static void AddActions(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
    }

    public static void UseActions(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
    }
}
