using System.Reflection;
using Microsoft.AspNetCore.Components;
using OpsConsole.Core.Access;
using OpsConsole.Web.Components.Layout;
using OpsConsole.Web.Identity;

namespace OpsConsole.Tests.Web.Components;

/// <summary>Where one can go from everywhere.</summary>
public sealed class DestinationTests
{
    private static readonly Operator Admin = new("cleo", Role.Admin, false);

    [Fact]
    public void The_rail_is_taken_in_at_a_glance() => Assert.InRange(Destination.All.Count, 5, Destination.Most);

    [Fact]
    public void Each_place_is_a_page_that_asks_for_the_same_permission()
    {
        var pages = typeof(Destination).Assembly.GetTypes().SelectMany(t => t.GetCustomAttributes<RouteAttribute>().Select(r => (r.Template, Page: t))).ToList();

        Assert.All(Destination.All.SelectMany(d => d.Places), place => Assert.Equal(
            PermissionPolicies.Name(place.Permission), pages.Single(p => p.Template == "/" + place.Address).Page.GetCustomAttribute<RequirePermissionAttribute>()!.Policy));
    }

    [Fact]
    public async Task The_rail_leads_to_each_destination_and_shows_where_one_is()
    {
        await using var pages = new Interface();
        pages.Harness.Navigation.NavigateTo("sources/shop?x=1");

        await pages.Harness.RenderAsync<Rail>(null, Admin);

        var links = (await pages.Harness.ShownAsync()).FindAll("a");
        Assert.Equal(["", "releases", "approvals", "policies", "slos", "switches", "sources", "audit", "permissions"], links.Select(l => l["href"]));
        Assert.Equal("Connections", Assert.Single(links, l => l["aria-current"] == "page").Text);
    }

    [Fact]
    public async Task Pages_that_belong_together_are_tabs_over_each_of_them_and_not_over_one_thing()
    {
        await using var pages = new Interface();
        pages.Harness.Navigation.NavigateTo("targets");
        await pages.Harness.RenderAsync<PlaceTabs>(null, Admin);

        var tabs = (await pages.Harness.ShownAsync()).FindAll("a");
        Assert.Equal(["Sources", "Targets", "Catalogue"], tabs.Select(t => t.Text));
        Assert.Equal("Targets", Assert.Single(tabs, t => t["aria-current"] == "page").Text);

        await pages.Harness.OnContextAsync(() => pages.Harness.Navigation.NavigateTo("sources/shop"));
        Assert.Empty((await pages.Harness.ShownAsync()).FindAll("a"));
    }

    [Fact]
    public async Task Whoever_may_see_only_one_of_them_is_shown_no_tabs()
    {
        await using var pages = new Interface();
        pages.Harness.Navigation.NavigateTo("permissions");

        await pages.Harness.RenderAsync<PlaceTabs>(null, new Operator("ci", Role.Service, true) { Scope = AccessScope.Parse("*:board:read") });

        Assert.Empty((await pages.Harness.ShownAsync()).FindAll("a"));
    }
}
