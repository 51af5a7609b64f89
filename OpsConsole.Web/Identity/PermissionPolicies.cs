using Microsoft.AspNetCore.Authorization;
using OpsConsole.Core.Access;

namespace OpsConsole.Web.Identity;

/// <summary>One authorization policy for each permission, made from the permission table.</summary>
public static class PermissionPolicies
{
    /// <summary>Name of the policy of a permission, for attributes and endpoints.</summary>
    public static string Name(Permission permission) => "permission:" + permission;

    /// <summary>Lets in only operators whose role has the permission.</summary>
    public static TBuilder RequirePermission<TBuilder>(this TBuilder endpoint, Permission permission)
        where TBuilder : IEndpointConventionBuilder => endpoint.RequireAuthorization(Name(permission));

    /// <summary>Adds every policy, and denies what names none. A flag client is let in only where evaluating flags is named.</summary>
    public static void AddPermissionPolicies(this AuthorizationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var anyone = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().RequireAssertion(context => context.User.ToOperator()?.Role != Role.FlagClient).Build();
        builder.SetFallbackPolicy(anyone).SetDefaultPolicy(anyone);
        foreach (var permission in Enum.GetValues<Permission>())
        {
            builder.AddPolicy(Name(permission), policy => policy
                .RequireAuthenticatedUser()
                .RequireAssertion(context => context.User.ToOperator() is { } by && by.May(permission)));
        }
    }
}

/// <summary>Binds a page or hub to a permission.</summary>
public sealed class RequirePermissionAttribute(Permission permission) : AuthorizeAttribute(PermissionPolicies.Name(permission));
