namespace OpsConsole.Web.Startup;

internal static class IdentityStartup
{
    public static void AddIdentity(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
    }

    public static void UseIdentity(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
    }
}
