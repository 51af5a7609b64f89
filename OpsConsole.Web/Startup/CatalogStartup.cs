using Microsoft.Extensions.Options;
using OpsConsole.Core.Catalog;
using OpsConsole.Web.Catalog;

namespace OpsConsole.Web.Startup;

/// <summary>The catalogue of services: its folder, the secrets that its files name, and what brings it into force.</summary>
internal static class CatalogStartup
{
    public static void AddCatalog(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<CatalogOptions>().BindConfiguration(CatalogOptions.Section);
        services.AddOptions<NamedSecrets>()
            .Configure<IConfiguration>(static (secrets, configuration) => secrets.Read(configuration.GetSection(NamedSecrets.Section)))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<NamedSecrets>, NamedSecretsCheck>();
        services.AddSingleton<CatalogFolder>();
        services.AddSingleton<CatalogReader>();
        services.AddSingleton<ServiceDirectory>();
        services.AddSingleton<ActionsUnderWay>();
        services.AddSingleton<CatalogConnections>();
        services.AddSingleton<CatalogBook>();
        services.AddSingleton<CatalogTrials>();
        services.AddHostedService<AnywhereWarning>();
        services.AddHostedService<CatalogWatch>();
    }
}
