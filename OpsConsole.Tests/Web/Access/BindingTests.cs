using System.Reflection;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.SignalR;
using OpsConsole.Core.Access;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Identity;

namespace OpsConsole.Tests.Web.Access;

/// <summary>Every address, hub method and page is bound to a permission, or stands in the list of those that are not.</summary>
public sealed class BindingTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Every_address_is_bound_to_a_permission_or_open_for_a_reason()
    {
        await using var console = await WholeConsole.StartAsync(postgres);
        await using var withIssuer = await WholeConsole.StartAsync(
            postgres, ("OpsConsole:SignIn:Authority", "https://issuer.test"), ("OpsConsole:SignIn:ClientId", "ops"), ("OpsConsole:SignIn:ClientSecret", "secret"), ("OpsConsole:SignIn:Roles:Admin:0", "ops-admins"), ("OpsConsole:Keys:Unprotected", "true"),
            ("OpsConsole:Federation:shop-pipeline:Issuer", "https://pipelines.test"), ("OpsConsole:Federation:shop-pipeline:Audience", "opsconsole"), ("OpsConsole:Federation:shop-pipeline:Claims:repository:0", "example/shop"),
            ("OpsConsole:Federation:shop-pipeline:Scope:0", "*:releases:register"));
        var all = console.Endpoints.Concat(withIssuer.Endpoints).ToList();

        Assert.Empty(all.Select(Bindings.Fault).OfType<string>().Distinct());
        Assert.Empty(OpenAddresses.ToAnybody.Keys.Concat(OpenAddresses.ToTheSignedIn.Keys).Except(all.Select(Bindings.Address)));
        Assert.InRange(all.Count(e => Bindings.Changes(e)), 30, int.MaxValue);
    }

    [Fact]
    public void An_address_that_is_bound_to_nothing_is_found()
    {
        Assert.Equal("/api/v1/rockets is bound to no permission", Bindings.Fault(Endpoint()));
        Assert.Equal("/api/v1/rockets is open to anybody without a reason", Bindings.Fault(Endpoint(new AllowAnonymousAttribute())));
        Assert.Equal("/api/v1/rockets is bound to BoardRead and open to anybody", Bindings.Fault(Endpoint(new AllowAnonymousAttribute(), new RequirePermissionAttribute(Permission.BoardRead))));
        Assert.Null(Bindings.Fault(Endpoint(new RequirePermissionAttribute(Permission.BoardRead))));
        Assert.Null(Bindings.Fault(Endpoint(new JudgedInside(Permission.ReleasesHalt, IsRecorded: true))));
    }

    [Fact]
    public void Every_page_is_bound_to_a_permission_or_open_for_a_reason()
    {
        var pages = Types.Where(t => t.GetCustomAttributes<RouteAttribute>().Any()).ToList();

        Assert.NotEmpty(pages);
        Assert.All(pages, page => Assert.True(
            page.GetCustomAttribute<RequirePermissionAttribute>() is not null
            || (page.GetCustomAttribute<AllowAnonymousAttribute>() is not null && page.GetCustomAttributes<RouteAttribute>().All(r => OpenAddresses.ToAnybody.ContainsKey(r.Template))),
            $"{page.Name} is bound to no permission."));
    }

    [Fact]
    public void Every_hub_and_each_of_its_methods_is_bound_to_a_permission()
    {
        var hubs = Types.Where(t => t.IsAssignableTo(typeof(Hub))).ToList();

        Assert.NotEmpty(hubs);
        Assert.All(hubs, hub => Assert.NotNull(hub.GetCustomAttribute<RequirePermissionAttribute>()));

        // The hub's own permission is for looking: whatever a client can call needs one of its own.
        Assert.All(
            hubs.SelectMany(h => h.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)).Where(m => m.GetBaseDefinition().DeclaringType != typeof(Hub)),
            method => Assert.NotNull(method.GetCustomAttribute<RequirePermissionAttribute>()));
    }

    private static IEnumerable<Type> Types => typeof(PermissionPolicies).Assembly.GetTypes().Where(t => !t.IsAbstract);

    private static RouteEndpoint Endpoint(params object[] metadata)
    {
        var builder = new RouteEndpointBuilder(_ => Task.CompletedTask, RoutePatternFactory.Parse("/api/v1/rockets"), 0);
        foreach (var item in metadata)
        {
            builder.Metadata.Add(item);
        }

        return (RouteEndpoint)builder.Build();
    }
}
