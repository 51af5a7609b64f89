using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OpsConsole.Core.Board;
using OpsConsole.Core.Switches;
using OpsConsole.Web.Api;

namespace OpsConsole.Web.Startup;

/// <summary>What answers services and installed apps that read flags.</summary>
internal static class FlagsStartup
{
    /// <summary>How long a browser need not ask again whether a page may read flags: each asking costs the app a round trip.</summary>
    private static readonly TimeSpan BrowserMayRemember = TimeSpan.FromMinutes(10);

    public static void AddFlags(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<FlagOptions>().BindConfiguration(FlagOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<FlagOptions>, FlagOptionsCheck>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<SwitchBoard>();
        services.TryAddSingleton<FlagClientTable>();
        services.TryAddSingleton<ReleaseBoard>();
        services.TryAddSingleton<FlagEnvironments>();
        services.TryAddSingleton<IFlagAudience, NoFlagAudience>();
        services.AddSingleton<FlagClientDesk>();
        services.AddSingleton<FlagAnswerBook>();
        services.AddSingleton<FlagLimits>();
        services.AddSingleton<OfrepAnswering>();

        var origins = builder.Configuration.GetSection(FlagOptions.Section).Get<FlagOptions>()?.AllowedOrigins ?? [];
        services.AddCors(cors => cors.AddPolicy(FlagOptions.CorsPolicy, policy => policy
            .WithOrigins([.. origins])
            .WithMethods(HttpMethods.Get, HttpMethods.Post)
            .AllowAnyHeader()
            .SetPreflightMaxAge(BrowserMayRemember)
            .WithExposedHeaders("ETag", "Retry-After")));
    }

    /// <summary>Before who asks is known: a browser asks whether it may, without a token.</summary>
    public static void UseFlags(this WebApplication app) => app.UseCors();

    private sealed class FlagOptionsCheck : IValidateOptions<FlagOptions>
    {
        public ValidateOptionsResult Validate(string? name, FlagOptions options) => options.Fault() is { } fault ? ValidateOptionsResult.Fail(fault) : ValidateOptionsResult.Success;
    }
}
