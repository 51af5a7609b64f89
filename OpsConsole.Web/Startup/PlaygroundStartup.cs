using OpsConsole.Web.Playground;

namespace OpsConsole.Web.Startup;

/// <summary>The sample estate: in Development only, and only where it is not turned off.</summary>
internal static class PlaygroundStartup
{
    public static void AddPlayground(this WebApplicationBuilder builder)
    {
        if (!IsWanted(builder))
        {
            return;
        }

        var folder = new PlaygroundFolder(Path.Combine(ConsoleOptions.DataPath(builder), "playground"));
        builder.Services.AddSingleton(folder);
        builder.Services.AddSingleton<RunningServices>();
        builder.Services.AddSingleton(all => ActivatorUtilities.CreateInstance<PlaygroundRegister>(all, Logger(all)));
        builder.Services.AddSingleton(all => ActivatorUtilities.CreateInstance<PlaygroundLibrary>(all, Logger(all)));
        builder.Services.AddSingleton(all => ActivatorUtilities.CreateInstance<PlaygroundPipeline>(all, Logger(all)));
        builder.Services.AddSingleton(all => ActivatorUtilities.CreateInstance<PlaygroundCorrection>(all, Logger(all)));
        builder.Services.AddSingleton(all => ActivatorUtilities.CreateInstance<PlaygroundObjectives>(all, Logger(all)));
        builder.Services.AddHostedService<PlaygroundEstate>();
    }

    public static void UsePlayground(this WebApplication app) => app.Services.GetService<RunningServices>()?.Map(app);

    internal static bool IsWanted(WebApplicationBuilder builder) =>
        builder.Environment.IsDevelopment()
        && (builder.Configuration.GetSection(ConsoleOptions.Section).Get<ConsoleOptions>() ?? new ConsoleOptions()).Playground;

    private static ILogger Logger(IServiceProvider all) => all.GetRequiredService<ILogger<PlaygroundEstate>>();
}
