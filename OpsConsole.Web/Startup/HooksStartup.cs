using Microsoft.Extensions.Options;
using OpsConsole.Core.Actions.Confirm;
using OpsConsole.Web.Api.Hooks;
using OpsConsole.Web.Identity;
using OpsConsole.Web.Operations.Edge;

namespace OpsConsole.Web.Startup;

/// <summary>What other systems call by themselves: GitHub about deployments, Flagger about its canaries.</summary>
internal static class HooksStartup
{
    public static void AddHooks(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        var hooks = builder.Configuration.GetSection(GitHubHookOptions.Section).Get<Dictionary<string, GitHubHook>>() ?? [];
        services.AddOptions<GitHubHookOptions>().Configure(options => options.Hooks = hooks).ValidateOnStart();
        services.AddSingleton<IValidateOptions<GitHubHookOptions>, GitHubHookOptionsCheck>();
        services.AddSingleton<GitHubReleases>();
        services.AddSingleton(all => new GitHubHooks(all.GetRequiredService<IOptions<GitHubHookOptions>>().Value, all.GetRequiredService<GitHubReleases>(), all.GetRequiredService<SignInAudit>(), all.GetRequiredService<TimeProvider>()));
        services.AddSingleton<RolloutConfirmation>();
        services.AddSingleton<FlaggerHooks>();
    }

    public static void MapHooks(this IEndpointRouteBuilder v1)
    {
        v1.MapGitHubHook();

        // A roll back may hang on it: it counts by itself, and only calls without the token.
        v1.MapGroup("").IsNotLimited().MapFlaggerHooks();
    }
}
