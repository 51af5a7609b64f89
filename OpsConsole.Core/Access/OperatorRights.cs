namespace OpsConsole.Core.Access;

/// <summary>What an operator may do, where.</summary>
public static class OperatorRights
{
    /// <summary>The role in an environment; without one, the role that holds in all of them.</summary>
    public static Role RoleIn(this Operator by, string? environment)
    {
        ArgumentNullException.ThrowIfNull(by);
        return environment is null || by.ByEnvironment is not { } places ? by.Role : places.In(environment);
    }

    /// <summary>The operator as seen from one environment; without one, as what holds in all of them.</summary>
    public static Operator In(this Operator by, string? environment) => by with
    {
        Role = by.RoleIn(environment), ByEnvironment = null, SeenFrom = by.ByEnvironment is null ? by.SeenFrom : environment ?? "", Scope = by.Scope?.SeenFrom(environment),
    };

    /// <summary>The role for what is not stopping: reviewers have all that remains of a role that could not be confirmed.</summary>
    public static Role ConfirmedRoleIn(this Operator by, string? environment) => by.UnconfirmedSince is null ? by.RoleIn(environment) : Role.Viewer;

    /// <summary>True when the operator has the permission: everywhere, or, where it is held by environment, in one of them. A service token has what its scope holds.</summary>
    public static bool May(this Operator by, Permission permission)
    {
        ArgumentNullException.ThrowIfNull(by);
        return (by.UnconfirmedSince is null || PermissionTable.HoldsUnconfirmed(permission))
            && (by.Scope?.Holds(permission) ?? by.Role != Role.Service)
            && (PermissionTable.Allows(by.Role, permission)
                || (PermissionTable.IsByEnvironment(permission) && by.ByEnvironment is { } places && places.Held.Any(role => PermissionTable.Allows(role, permission))));
    }

    /// <summary>Whom what someone does is counted for, where it is limited: what was issued from a token counts for that token. A flag client's token is as good as public, and counts for nobody else whatever it is called.</summary>
    public static string CountedAs(this Operator by)
    {
        ArgumentNullException.ThrowIfNull(by);
        return by.Role == Role.FlagClient ? "flag-client " + (by.FlagClient?.ToString("N") ?? by.Name)
            : by.IsService ? "token " + by.Name.Split(Tokens.ServiceTokenTable.Separator, 2)[0]
            : "person " + by.Name;
    }

    /// <summary>Why the operator has not the permission, in a sentence; null where it has.</summary>
    /// <param name="by">Who asks, seen from the environment that it is about.</param>
    /// <param name="permission">What is needed.</param>
    /// <param name="what">The doing in words, for example "register releases".</param>
    public static string? WhyNot(this Operator by, Permission permission, string what)
    {
        ArgumentNullException.ThrowIfNull(by);
        return by.May(permission) ? null
            : by.UnconfirmedSince is { } since && (by with { UnconfirmedSince = null }).May(permission) ? Unconfirmed(since)
            : by.Scope is { } scope && !scope.Holds(permission) ? $"This token {scope.WhyNot(permission, what)}; ask for a token that holds it."
            : RoleTitles.MayNot(by.Role, by.ByEnvironment is null ? by.SeenFrom : "", what, permission);
    }

    /// <summary>What is said of roles that could not be confirmed.</summary>
    public static string Unconfirmed(DateTimeOffset since) =>
        $"The sign-in service has not confirmed your roles since {since.UtcDateTime:HH:mm:ss} UTC, so only looking, halting, rolling back and killing go on; ask again when it answers.";

    /// <summary>Who someone is now, seen from an environment, for what is not stopping; null when access was withdrawn.</summary>
    public static async Task<Operator?> HeldInAsync(this IOperatorRoles roles, Operator by, string? environment, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(roles);
        return await roles.NowAsync(by, cancellationToken).ConfigureAwait(false) is { } now ? now.In(environment) with { Role = now.ConfirmedRoleIn(environment), UnconfirmedSince = null } : null;
    }

    /// <summary>The role that holds now in an environment for what is not stopping, or null when access was withdrawn.</summary>
    public static async Task<Role?> RoleInAsync(this IOperatorRoles roles, Operator by, string? environment, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(roles);
        return (await roles.NowAsync(by, cancellationToken).ConfigureAwait(false))?.ConfirmedRoleIn(environment);
    }
}
