using OpsConsole.Core.Access;

namespace OpsConsole.Tests.Core.Access;

public sealed class EnvironmentRolesTests
{
    private static readonly EnvironmentRoles Roles = new(Role.ReleaseManager, [new("production", Role.Viewer), new("staging", Role.OnCall)]);

    private static readonly Operator By = new("ada", Roles.Everywhere, IsService: false) { ByEnvironment = Roles };

    [Fact]
    public void What_is_about_no_environment_takes_the_least_role()
    {
        Assert.Equal((Role.Viewer, Role.Viewer, Role.OnCall, Role.ReleaseManager), (By.RoleIn(null), By.RoleIn("Production"), By.RoleIn("staging"), By.RoleIn("test")));
        Assert.False(By.May(Permission.PoliciesWrite));
        Assert.False(By.In(null).May(Permission.ReleasesPromote));
        Assert.False(By.In("staging").May(Permission.ReleasesPromote));
        Assert.True(By.In("test").May(Permission.ReleasesPromote));
    }

    [Fact]
    public void What_is_about_one_environment_is_open_to_whoever_may_in_one_of_them()
    {
        Assert.True(By.May(Permission.ReleasesPromote));
        Assert.False(By.May(Permission.ArtifactsLift));
    }

    [Fact]
    public void A_refusal_says_where_the_role_is_which_where_roles_differ()
    {
        const Permission promote = Permission.ReleasesPromote;
        Assert.Equal("In staging you are on-call, which may not promote; ask someone who is release manager or admin there.", By.In("staging").WhyNot(promote, "promote"));
        Assert.Equal(
            "For all environments at once the least of your roles counts, viewer, which may not promote; ask someone who is release manager or admin in all of them.", By.In(null).WhyNot(promote, "promote"));
        Assert.Null(By.In("test").WhyNot(promote, "promote"));
        Assert.Equal(
            By.In("staging").WhyNot(Permission.WindowsWrite, "change deploy windows"),
            Assert.Single(OpsConsole.Core.Gates.MayNotRefusal.Of(By.In("staging"), Permission.WindowsWrite, "change deploy windows")).Sentence);

        var viewer = new Operator("vic", Role.Viewer, IsService: false);
        Assert.Equal("The role viewer may not promote; ask someone who is release manager or admin.", viewer.In("staging").WhyNot(promote, "promote"));
    }

    [Fact]
    public void Written_and_read_it_is_the_same()
    {
        Assert.Equal("ReleaseManager;production=Viewer;staging=OnCall", Roles.ToString());
        Assert.Equal(Roles, EnvironmentRoles.Parse(Roles.ToString()));
        Assert.Equal(By, By with { ByEnvironment = EnvironmentRoles.Parse(Roles.ToString()) });
        foreach (var text in new[] { null, "", "Nobody", "Admin;production", "Admin;production=God", "7" })
        {
            Assert.Null(EnvironmentRoles.Parse(text));
        }
    }

    [Fact]
    public void Roles_that_are_not_confirmed_look_and_stop()
    {
        var since = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        var away = new Operator("ada", Role.Admin, IsService: false) { UnconfirmedSince = since };

        var open = Enum.GetValues<Permission>().Where(away.May).ToHashSet();

        Assert.Equal(
            [
                Permission.BoardRead, Permission.HistoryRead, Permission.AuditRead, Permission.PoliciesRead, Permission.SlosRead, Permission.FlagsEvaluate, Permission.TokensRead, Permission.CatalogRead, Permission.ConnectionsTest,
                Permission.ReleasesHalt, Permission.ReleasesRollback, Permission.SwitchesKill, Permission.RecoveriesAcknowledge,
            ],
            open);
        Assert.Contains("12:00:00 UTC", away.WhyNot(Permission.ReleasesRegister, "register releases"), StringComparison.Ordinal);
        Assert.Null(away.WhyNot(Permission.ReleasesHalt, "halt"));
    }
}
