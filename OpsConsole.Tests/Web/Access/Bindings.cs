using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using OpsConsole.Core.Access;
using OpsConsole.Web.Identity;

namespace OpsConsole.Tests.Web.Access;

/// <summary>What an address is bound to.</summary>
internal static class Bindings
{
    /// <summary>What is wrong with how an address is bound, or null.</summary>
    public static string? Fault(RouteEndpoint endpoint)
    {
        var address = Address(endpoint);
        var anonymous = endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null;
        var permissions = PermissionPolicies.Of(endpoint);
        if (IsStaticFile(endpoint))
        {
            return permissions.Count > 0 ? $"{address} is a file, and is bound to a permission" : null;
        }

        return (permissions.Count, anonymous) switch
        {
            ( > 0, true) => $"{address} is bound to {permissions[0]} and open to anybody",
            ( > 0, false) => null,
            (0, true) => OpenAddresses.ToAnybody.ContainsKey(address) ? null : $"{address} is open to anybody without a reason",
            _ => OpenAddresses.ToTheSignedIn.ContainsKey(address) ? null : $"{address} is bound to no permission",
        };
    }

    /// <summary>The address with its parameters, with a slash before it.</summary>
    public static string Address(RouteEndpoint endpoint) => "/" + (endpoint.RoutePattern.RawText ?? "").Trim('/');

    /// <summary>True for styles, scripts and pictures of the pages, and the framework's own.</summary>
    public static bool IsStaticFile(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is not null;

    /// <summary>The verbs that it answers.</summary>
    public static IReadOnlyList<string> Methods(Endpoint endpoint) => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [];

    /// <summary>True for what changes something: it is bound to a permission that is not for looking.</summary>
    public static bool Changes(Endpoint endpoint) => PermissionPolicies.Of(endpoint).Any(p => PermissionTable.Row(p).Class != AccessClass.Look);
}
