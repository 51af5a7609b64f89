using Microsoft.AspNetCore.Authorization;
using OpsConsole.Core.Access;
using OpsConsole.Web.Components.Kit;

namespace OpsConsole.Web.Identity;

/// <summary>One authorization policy for each permission, made from the permission table.</summary>
public static class PermissionPolicies
{
    private const string Prefix = "permission:";
    private const string InsideName = "judged-inside";

    /// <summary>Name of the policy of a permission, for attributes and endpoints.</summary>
    public static string Name(Permission permission) => Prefix + permission;

    /// <summary>Lets in only operators whose role has the permission.</summary>
    public static TBuilder RequirePermission<TBuilder>(this TBuilder endpoint, Permission permission)
        where TBuilder : IEndpointConventionBuilder => endpoint.RequireAuthorization(Name(permission));

    /// <summary>Lets in whoever is no flag client: the gate judges by this permission for the environment that it is about, and puts its refusal on record.</summary>
    public static TBuilder RequireAtGate<TBuilder>(this TBuilder endpoint, Permission permission)
        where TBuilder : IEndpointConventionBuilder => endpoint.RequireAuthorization(InsideName).WithMetadata(new JudgedInside(permission, IsRecorded: true));

    /// <summary>Lets in whoever is no flag client: the desk that is asked judges by this permission for the environment that it is about.</summary>
    public static TBuilder RequireAtDesk<TBuilder>(this TBuilder endpoint, Permission permission)
        where TBuilder : IEndpointConventionBuilder => endpoint.RequireAuthorization(InsideName).WithMetadata(new JudgedInside(permission, IsRecorded: false));

    /// <summary>The permissions that an endpoint is bound to; none where it is bound to none.</summary>
    public static IReadOnlyList<Permission> Of(Endpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return
        [
            .. endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Where(a => a.Policy?.StartsWith(Prefix, StringComparison.Ordinal) == true).Select(a => Enum.Parse<Permission>(a.Policy![Prefix.Length..])),
            .. endpoint.Metadata.GetOrderedMetadata<JudgedInside>().Select(j => j.Permission),
        ];
    }

    /// <summary>Why an operator may not use an endpoint, in a sentence; null where nothing is to be said.</summary>
    internal static string? WhyNot(Operator by, Endpoint? endpoint) => endpoint is null ? null : Of(endpoint).Select(p => by.WhyNot(p, Words.Of(p))).FirstOrDefault(w => w is not null);

    /// <summary>Adds every policy, and denies what names none. A flag client is let in only where evaluating flags is named.</summary>
    public static void AddPermissionPolicies(this AuthorizationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var anyone = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().RequireAssertion(context => context.User.ToOperator()?.Role != Role.FlagClient).Build();
        builder.SetFallbackPolicy(anyone).SetDefaultPolicy(anyone).AddPolicy(InsideName, anyone);
        foreach (var permission in Enum.GetValues<Permission>())
        {
            builder.AddPolicy(Name(permission), policy => policy
                .RequireAuthenticatedUser()
                .RequireAssertion(context => context.User.ToOperator() is { } by && by.May(permission)));
        }
    }
}

/// <summary>Says of an endpoint by which permission what it asks for is judged.</summary>
/// <param name="Permission">The permission.</param>
/// <param name="IsRecorded">True where whoever judges puts refusals on record.</param>
public sealed record JudgedInside(Permission Permission, bool IsRecorded);

/// <summary>Binds a page or hub to a permission.</summary>
public sealed class RequirePermissionAttribute(Permission permission) : AuthorizeAttribute(PermissionPolicies.Name(permission));
