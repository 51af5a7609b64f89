namespace OpsConsole.Web.Startup;

/// <summary>Where relative paths of settings start: at the folder of a published console, wherever it is started from, and at the project's when it runs from source.</summary>
internal static class ConsoleFolder
{
    private static readonly string[] Elsewhere = ["ASPNETCORE_CONTENTROOT", "DOTNET_CONTENTROOT"];

    /// <summary>Begins a console, or a command with a console's settings.</summary>
    public static WebApplicationBuilder CreateBuilder(string[] args) => WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = Published(args) });

    /// <summary>Makes the console's folder the one that it works in, so that paths which others read start there too.</summary>
    public static void Enter(string[] args)
    {
        if (Published(args) is { } folder)
        {
            Directory.SetCurrentDirectory(folder);
        }
    }

    /// <summary>The folder of a published console; null where it is not one, or where another was asked for. Only a published folder has the files of the pages in it.</summary>
    private static string? Published(string[] args) =>
        !args.Any(static a => a.TrimStart('-', '/').StartsWith("contentRoot", StringComparison.OrdinalIgnoreCase))
        && !Elsewhere.Any(static e => Environment.GetEnvironmentVariable(e) is { Length: > 0 })
        && Directory.Exists(Path.Combine(AppContext.BaseDirectory, "wwwroot"))
            ? AppContext.BaseDirectory
            : null;
}
