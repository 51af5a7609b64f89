using System.Text.Json;
using OpsConsole.Core.Access;
using OpsConsole.Web.Identity;

namespace OpsConsole.Tests.Web.Identity;

public sealed class RoleMappingTests
{
    private readonly SignInOptions _options = new();

    public RoleMappingTests()
    {
        _options.Roles["ReleaseManager"] = ["developers"];
        _options.Roles["onCall"] = ["on-call", "7b1f0c1e-0000-4000-8000-000000000001"];
    }

    [Fact]
    public void Nobody_gets_a_role_by_default()
    {
        Assert.Null(RoleMapping.Map(_options, []));
        Assert.Null(RoleMapping.Map(_options, ["Developers", "developers2", "Admin", ""]));
    }

    [Fact]
    public void The_greatest_role_that_is_given_holds_everywhere()
    {
        Assert.Equal(new MappedRoles(Role.OnCall, null), RoleMapping.Map(_options, ["7b1f0c1e-0000-4000-8000-000000000001"]));
        Assert.Equal(new MappedRoles(Role.ReleaseManager, null), RoleMapping.Map(_options, ["other", "on-call", "developers"]));
    }

    [Fact]
    public void A_named_environment_knows_only_the_roles_that_are_given_there()
    {
        _options.Environments["production"] = new() { ["ReleaseManager"] = ["release-managers"], ["OnCall"] = ["on-call"] };

        var developer = RoleMapping.Map(_options, ["developers"])!;
        Assert.Equal((Role.Viewer, Role.Viewer, Role.ReleaseManager), (developer.Everywhere, developer.ByEnvironment!.In("production"), developer.ByEnvironment.In("staging")));

        var manager = RoleMapping.Map(_options, ["release-managers"])!;
        Assert.Equal((Role.Viewer, Role.ReleaseManager, Role.Viewer), (manager.Everywhere, manager.ByEnvironment!.In("Production"), manager.ByEnvironment.In("staging")));

        var both = RoleMapping.Map(_options, ["developers", "on-call"])!;
        Assert.Equal((Role.OnCall, Role.OnCall, Role.ReleaseManager), (both.Everywhere, both.ByEnvironment!.In("production"), both.ByEnvironment.In("staging")));
    }

    [Theory]
    [InlineData(null, null, false)]
    [InlineData("admins", null, true)]
    [InlineData("admins", "admins", true)]
    [InlineData("admins", "production-admins", true)]
    [InlineData("admins", "", false)]
    [InlineData(null, "production-admins", false)]
    public void Whether_anyone_can_administer_is_known_from_the_settings_alone(string? everywhere, string? production, bool lets)
    {
        if (everywhere is not null)
        {
            _options.Roles["admin"] = [everywhere];
        }

        if (production is not null)
        {
            _options.Environments["production"] = new() { ["Admin"] = production.Length == 0 ? [] : [production], ["OnCall"] = ["on-call"] };
        }

        Assert.Equal(lets, RoleMapping.LetsAdminister(_options));
    }

    [Theory]
    [InlineData("""{"groups":["a","b",7]}""", "groups", "a,b")]
    [InlineData("""{"groups":"a"}""", "groups", "a")]
    [InlineData("""{"realm_access":{"roles":["a"]}}""", "realm_access.roles", "a")]
    [InlineData("""{"https://example.org/roles":["a"]}""", "https://example.org/roles", "a")]
    [InlineData("""{"groups":{"a":1}}""", "groups", "")]
    [InlineData("""{}""", "groups", "")]
    public void Values_are_read_from_a_text_a_list_or_an_object(string claims, string claim, string expected)
    {
        using var document = JsonDocument.Parse(claims);

        Assert.Equal(expected, string.Join(',', new IdToken(document.RootElement).Values(claim)));
    }

    [Theory]
    [InlineData("""{"sub":"s","hasgroups":true}""", true)]
    [InlineData("""{"sub":"s","_claim_names":{"groups":"src1"}}""", true)]
    [InlineData("""{"sub":"s"}""", false)]
    public void Groups_that_were_left_out_are_noticed(string claims, bool expected)
    {
        using var document = JsonDocument.Parse(claims);

        Assert.Equal(expected, new IdToken(document.RootElement).GroupsAreLeftOut);
    }

    [Fact]
    public void Without_its_claim_the_name_is_the_subject()
    {
        using var document = JsonDocument.Parse("""{"sub":"s-1","name":"Ada\u0007 L","long":"xxx"}""");
        var token = new IdToken(document.RootElement);

        Assert.Equal("s-1", token.Name("preferred_username"));
        Assert.Equal("Ada L", token.Name("name"));
    }
}
