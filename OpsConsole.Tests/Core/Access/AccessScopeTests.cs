using OpsConsole.Core.Access;

namespace OpsConsole.Tests.Core.Access;

public sealed class AccessScopeTests
{
    private static readonly Operator Deployer = new("ci", Role.Service, IsService: true) { Scope = AccessScope.Parse("staging:releases:promote *:releases:halt *:board:read") };

    [Theory]
    [InlineData("staging", Permission.ReleasesPromote, true)]
    [InlineData("production", Permission.ReleasesPromote, false)]
    [InlineData(null, Permission.ReleasesPromote, false)]
    [InlineData("production", Permission.ReleasesHalt, true)]
    [InlineData(null, Permission.ReleasesHalt, true)]
    [InlineData(null, Permission.BoardRead, true)]
    [InlineData("staging", Permission.ReleasesRegister, false)]
    [InlineData("staging", Permission.ReleasesApprove, false)]
    public void A_token_has_what_its_scope_holds_where_it_holds_it(string? environment, Permission permission, bool may) =>
        Assert.Equal(may, Deployer.In(environment).May(permission));

    [Fact]
    public void Before_a_place_is_said_a_token_may_what_it_may_anywhere() => Assert.True(Deployer.May(Permission.ReleasesPromote));

    [Fact]
    public void A_token_without_a_scope_may_nothing() =>
        Assert.All(Enum.GetValues<Permission>(), p => Assert.False(new Operator("ci", Role.Service, IsService: true).May(p)));

    [Fact]
    public void A_scope_never_adds_to_a_role() =>
        Assert.False(new Operator("vik", Role.Viewer, IsService: true) { Scope = AccessScope.Parse("*:releases:promote") }.May(Permission.ReleasesPromote));

    [Fact]
    public void The_refusal_says_where_it_would_be_allowed()
    {
        Assert.Equal(
            "This token may promote in staging only, and not in production: production:releases:promote is not in its scope; ask for a token that holds it.",
            Deployer.In("production").WhyNot(Permission.ReleasesPromote, "promote"));
        Assert.Equal(
            "This token may not register releases: releases:register is not in its scope; ask for a token that holds it.",
            Deployer.In("staging").WhyNot(Permission.ReleasesRegister, "register releases"));
    }

    [Theory]
    [InlineData("staging:releases:promote", null)]
    [InlineData("*:board:read", null)]
    [InlineData("releases:promote", "“releases:promote” is not environment:resource:verb.")]
    [InlineData("staging:releases:promot", "There is no permission in “staging:releases:promot”; did you mean staging:releases:promote?")]
    [InlineData("staging:board:read", "board:read is not about one environment: write *:board:read.")]
    [InlineData("*:releases:approve", "releases:approve cannot be given to a token: it is for people only.")]
    [InlineData("*:tokens:write", "tokens:write cannot be given to a token: it is for people only.")]
    [InlineData("*:flags:evaluate", "flags:evaluate cannot be given to a token: flags are read with a flag client's token.")]
    [InlineData("Staging:releases:promote", "The environment in “Staging:releases:promote” needs 1 to 64 characters: lower-case letters, digits, '-', '_' or '.', beginning with a letter or digit, or is * for every one.")]
    public void Each_fault_of_a_scope_is_said(string grant, string? fault)
    {
        var (scope, faults) = ScopeText.Read([grant]);

        Assert.Equal(fault is null ? [] : [fault], faults);
        Assert.Equal(fault is null ? grant : null, scope?.ToString());
    }

    [Fact]
    public void Nothing_is_a_fault() => Assert.Single(ScopeText.Read([]).Faults);

    [Fact]
    public void What_is_kept_is_read_back_and_what_is_not_known_any_more_is_not_held()
    {
        var scope = AccessScope.Parse("staging:releases:promote *:releases:rocket *:board:read");

        Assert.Equal("*:board:read staging:releases:promote", scope.ToString());
        Assert.Equal(scope, AccessScope.Parse(scope.ToString()));
        Assert.NotEqual(scope, scope.SeenFrom("staging"));
    }

    [Theory]
    [InlineData("*:releases:promote", "staging:releases:promote", true)]
    [InlineData("staging:releases:promote", "*:releases:promote", false)]
    [InlineData("staging:releases:promote", "production:releases:promote", false)]
    [InlineData("staging:releases:promote", "staging:releases:halt", false)]
    public void A_narrower_scope_is_covered(string wide, string narrow, bool covered) => Assert.Equal(covered, AccessScope.Parse(wide).Covers(AccessScope.Parse(narrow)));
}
