namespace OpsConsole.Web.Operations.Edge;

/// <summary>Which host names the console answers to (the framework's <c>AllowedHosts</c>).</summary>
internal static class OwnHosts
{
    private const string Setting = "AllowedHosts";

    /// <summary>A console that listens on this machine alone answers to this machine's names alone: a foreign page whose name was made to lead here gets nothing.</summary>
    public static void KeepToLoopback(WebApplicationBuilder builder, string addresses)
    {
        if (string.IsNullOrEmpty(builder.Configuration[Setting])
            && addresses.Split(';').All(a => Uri.TryCreate(a, UriKind.Absolute, out var uri) && uri.IsLoopback))
        {
            builder.Configuration[Setting] = "localhost;127.0.0.1;[::1]";
        }
    }

    /// <summary>Says once that any host name is answered.</summary>
    public static void WarnWhereAnyIsAnswered(this WebApplication app)
    {
        if (!app.Environment.IsDevelopment() && app.Configuration[Setting] is null or "" or "*")
        {
            app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(OwnHosts)).LogWarning(
                "The console answers to any host name: set AllowedHosts to its own, such as console.example.org (docs/security.md).");
        }
    }
}
