namespace OpsConsole.Web.Startup;

internal static class StorageStartup
{
    public static void AddStorage(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
    }

    public static void UseStorage(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
    }
}
