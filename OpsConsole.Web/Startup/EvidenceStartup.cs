using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OpsConsole.Core.Gates.Evidence;
using OpsConsole.Core.Gates.Evidence.Signatures;
using OpsConsole.Core.Gates.Migrations;

namespace OpsConsole.Web.Startup;

/// <summary>Reading evidence and taking it in.</summary>
internal static class EvidenceStartup
{
    public static void AddEvidence(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<EvidenceOptions>()
            .Configure<IConfiguration, IHostEnvironment>(static (options, configuration, host) => options.Read(configuration.GetSection(EvidenceOptions.Section), host.ContentRootPath))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<EvidenceOptions>, EvidenceOptionsCheck>();
        services.AddSingleton(static all => new EvidenceKeys(all.GetRequiredService<IOptions<EvidenceOptions>>().Value.Keys));
        services.AddSingleton<IMigrationReader, EvidenceMigrations>();
        services.AddSingleton(static all => new EvidenceReader(all.GetRequiredService<IMigrationReader>()));
        services.AddSingleton<EvidenceNews>();
        services.AddSingleton<SubmitEvidence>();
    }
}
