using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Catalog;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Policies.Text;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;

namespace OpsConsole.Web.Startup;

/// <summary>Policies: their reader, their library, and what registrations make of them.</summary>
internal static class PoliciesStartup
{
    public static void AddPolicies(this IServiceCollection services)
    {
        services.AddSingleton<IPolicyReader, PolicyReader>();
        services.AddSingleton<PolicyLibrary>();
        services.AddSingleton(static all => new RegistrationPolicies(all.GetService<IPolicyStore>(), all.GetService<ISignalDirectory>(), all.GetService<ITargetRegistry>(), all.GetService<ServiceDirectory>()));
    }
}
