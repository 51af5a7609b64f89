using OpsConsole.Core.Access;

namespace OpsConsole.Web.Components.Access;

/// <summary>Where someone has a permission, in words.</summary>
public static class PermissionWhere
{
    /// <summary>"everywhere", "in staging", "not in production", or null for nowhere.</summary>
    public static string? Of(Operator by, Permission permission, IReadOnlyList<string> environments)
    {
        ArgumentNullException.ThrowIfNull(by);
        ArgumentNullException.ThrowIfNull(environments);
        if (!PermissionTable.IsByEnvironment(permission))
        {
            return by.In(null).May(permission) ? "yes" : null;
        }

        var there = environments.Where(e => by.In(e).May(permission)).ToList();
        return there.Count == environments.Count && by.In(null).May(permission) ? "everywhere"
            : there.Count == 0 ? null
            : $"in {string.Join(", ", there)}";
    }
}
