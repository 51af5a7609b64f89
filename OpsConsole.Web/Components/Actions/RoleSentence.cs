using OpsConsole.Core.Access;
using OpsConsole.Web.Components.Kit;

namespace OpsConsole.Web.Components.Actions;

/// <summary>Says in words who may do what.</summary>
public static class RoleSentence
{
    /// <summary>Why this operator may not, with who can; empty where it may.</summary>
    public static IReadOnlyList<string> WhyNot(Operator by, Permission permission)
    {
        ArgumentNullException.ThrowIfNull(by);
        return by.May(permission)
            ? []
            : by.UnconfirmedSince is { } since && (by with { UnconfirmedSince = null }).May(permission)
            ? [OperatorRights.Unconfirmed(since)]
            : by.Scope is not null
            ? [by.WhyNot(permission, Words.Of(permission))!]
            : [$"As {As(by)} you may not {Words.Of(permission)}; {WhoCan(permission)} can."];
    }

    private static string As(Operator by) => (by.SeenFrom ?? (by.ByEnvironment is null ? null : "")) switch
    {
        null => Words.Of(by.Role),
        "" => $"{Words.Of(by.Role)} (the least of your roles counts for what is about all environments)",
        var place => $"{Words.Of(by.Role)} in {place}",
    };

    /// <summary>The roles that have a permission, as a list in words: "on-call, release manager and admin".</summary>
    public static string WhoCan(Permission permission)
    {
        var roles = PermissionTable.PeopleWith(permission).Select(Words.Of).ToArray();
        return roles.Length switch
        {
            0 => "nobody",
            1 => roles[0],
            _ => $"{string.Join(", ", roles[..^1])} and {roles[^1]}",
        };
    }
}
