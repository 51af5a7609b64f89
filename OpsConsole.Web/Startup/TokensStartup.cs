using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OpsConsole.Core.Access;
using OpsConsole.Core.Access.Tokens;
using OpsConsole.Core.Storage;
using OpsConsole.Web.Identity;

namespace OpsConsole.Web.Startup;

/// <summary>The tokens of services: those on record, and the one of the configuration.</summary>
internal static class TokensStartup
{
    private const int MaxAnswerBytes = 1024 * 1024;
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(5);

    public static void AddTokens(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        var bootstrap = builder.Configuration.GetSection(ConsoleOptions.Section)[nameof(ConsoleOptions.BootstrapToken)];
        services.TryAddSingleton<ServiceTokenTable>();
        services.AddSingleton(all =>
        {
            var tokens = new ServiceTokens(all.GetRequiredService<ServiceTokenTable>());
            if (bootstrap is { Length: > 0 })
            {
                tokens.Add(bootstrap, ServiceTokens.Bootstrap, Role.Admin);
            }

            return tokens;
        });
    }

    /// <summary>What gives tokens for those of pipelines' own issuers, where any is trusted.</summary>
    public static void AddFederation(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        var trusts = builder.Configuration.GetSection(FederationOptions.Section).Get<Dictionary<string, FederatedTrust>>() ?? [];
        services.AddOptions<FederationOptions>().Configure(options => options.Trusts = trusts).ValidateOnStart();
        services.AddSingleton<IValidateOptions<FederationOptions>, FederationOptionsCheck>();
        services.AddHttpClient(IssuerDocuments.ClientName, client =>
        {
            client.Timeout = CallTimeout;
            client.MaxResponseContentBufferSize = MaxAnswerBytes;
        }).RemoveAllLoggers();
        services.AddSingleton(all => new FederatedTokens(
            all.GetRequiredService<IOptions<FederationOptions>>().Value, all.GetRequiredService<IHttpClientFactory>(), all.GetRequiredService<TokenExchange>(), all.GetRequiredService<SignInAudit>(),
            all.GetRequiredService<TimeProvider>()));
    }

    /// <summary>What makes and keeps tokens on record.</summary>
    public static void AddTokenDesk(this IServiceCollection services)
    {
        services.TryAddSingleton<ServiceTokenTable>();
        services.AddSingleton<IServiceTokenStore, ServiceTokenStore>();
        services.AddSingleton<ServiceTokenDesk>();
        services.AddSingleton<TokenExchange>();
        services.AddHostedService<ServiceTokenLoading>();

        // Where there is a record, refusals are put on it.
        services.AddSingleton<AccessRefusals>();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler>(all => all.GetRequiredService<AccessRefusals>());
        services.AddHostedService<BootstrapWarning>();
    }
}
