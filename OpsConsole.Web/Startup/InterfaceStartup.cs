using OpsConsole.Web.Components;
using OpsConsole.Web.Components.Actions;
using OpsConsole.Web.Components.Kit;
using OpsConsole.Web.Components.Switches;
using Radzen;

namespace OpsConsole.Web.Startup;

/// <summary>The pages: Blazor with interactive server rendering.</summary>
internal static class InterfaceStartup
{
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(5);

    public static void AddInterface(this WebApplicationBuilder builder)
    {
        // Without a publish step the assets are served from where they are, in every environment.
        builder.WebHost.UseStaticWebAssets();
        builder.Services.AddRazorComponents().AddInteractiveServerComponents(options =>
        {
            options.DetailedErrors = builder.Environment.IsDevelopment();

            // A board left open through a network drop keeps its circuit; a hundred of them fit in memory.
            options.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(3);
            options.DisconnectedCircuitMaxRetained = 100;

            // A browser that does not keep up gets the newest state when it acknowledges, not a queue of old ones.
            options.MaxBufferedUnacknowledgedRenderBatches = 4;
            options.JSInteropDefaultCallTimeout = TimeSpan.FromSeconds(20);
        }).AddHubOptions(options =>
        {
            // With the browser's own limit of 15 s (connection.js) a connection that died silently is noticed soon, so that old values are not taken for live ones.
            options.KeepAliveInterval = KeepAlive;
            options.ClientTimeoutInterval = 6 * KeepAlive;
            options.MaximumReceiveMessageSize = 64 * 1024;
        });
        builder.Services.AddRadzenComponents();
        builder.Services.AddScoped<ActionDesk>();
        builder.Services.AddScoped<PageRefusals>();
        builder.Services.AddScoped<Toasts>();
        builder.Services.AddSingleton<SwitchReading>();
    }

    public static void UseInterface(this WebApplication app)
    {
        // The sign-in page needs its styles before anyone is signed in.
        app.MapStaticAssets().AllowAnonymous();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(options =>
        {
            // The console's own policy says it already, for every answer (SafeHeaders).
            options.ContentSecurityFrameAncestorsPolicy = null;

            // The same change goes to every open board in a connection of its own, and each would compress it anew: a compressor's time and memory a board,
            // to spare a local network about a hundred kilobytes a second.
            options.DisableWebSocketCompression = true;
        });
    }
}
