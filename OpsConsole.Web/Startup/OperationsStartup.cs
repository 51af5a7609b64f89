namespace OpsConsole.Web.Startup;

internal static class OperationsStartup
{
    public static void AddOperations(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
    }

    public static void UseOperations(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
    }
}
