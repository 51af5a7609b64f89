using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Catalog;
using OpsConsole.Core.Policies.Text;

namespace OpsConsole.Web.Catalog;

/// <summary>Finds targets of a service that nobody connects, however their names came about.</summary>
internal static class UnconnectedTargets
{
    /// <summary>Each of them with its environment.</summary>
    public static IEnumerable<(CatalogTarget Target, string Environment)> Of(CatalogService service, ITargetRegistry registry) =>
        service.Targets.SelectMany(t => t.Environments, (t, e) => (Target: t, Environment: e)).Where(t => registry.Find(t.Target.Name, t.Environment) is null);

    /// <summary>What follows from it, as a sentence, with the name that may have been meant.</summary>
    public static string Warning(CatalogTarget target, string environment, ITargetRegistry registry)
    {
        var near = target.Kind is null ? Spelling.Suggest(target.Name, registry.Connected.Where(name => registry.Find(name, environment) is not null)) : null;
        return $"Nobody connects {target.Name} in {environment}: what is registered there cannot be promoted, halted or rolled back from here.{(near is null ? "" : " " + near)}";
    }
}
