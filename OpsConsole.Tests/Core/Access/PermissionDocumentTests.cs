using System.Text;
using OpsConsole.Core.Access;
using OpsConsole.Core.Access.Tokens;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Identity;

namespace OpsConsole.Tests.Core.Access;

/// <summary>The table in the docs is the table in the code.</summary>
public sealed class PermissionDocumentTests
{
    [Fact]
    public void The_documented_table_is_the_one_that_is_checked() => Assert.Equal(Rendered(), Written("permissions"));

    [Fact]
    public void The_documented_list_of_open_addresses_is_the_one_that_holds() => Assert.Equal(
        "| address | for | why |\n|---|---|---|\n"
        + string.Concat(OpenAddresses.ToAnybody.Select(a => $"| `{a.Key}` | anybody | {a.Value} |\n"))
        + string.Concat(OpenAddresses.ToTheSignedIn.Select(a => $"| `{a.Key}` | whoever is signed in | {a.Value} |\n")),
        Written("open"));

    [Fact]
    public void Every_permission_is_someones() => Assert.All(Enum.GetValues<Permission>(), p => Assert.NotEmpty(PermissionTable.RolesWith(p)));

    [Fact]
    public void Every_permission_has_a_row_and_a_name_of_its_own()
    {
        Assert.Equal(Enum.GetValues<Permission>().Order(), PermissionTable.Rows.Select(r => r.Permission).Order());
        Assert.Equal(PermissionTable.Rows.Count, PermissionTable.Rows.Select(r => r.Name).Distinct().Count());
        Assert.All(PermissionTable.Rows, r => Assert.Equal(r.Name, $"{r.Resource}:{r.Verb}"));
    }

    [Fact]
    public void Building_deploying_and_administering_are_apart()
    {
        var build = TokenPresets.Named("build")!.Permissions.Select(p => PermissionTable.Row(p).Class);
        var deploy = TokenPresets.Named("deploy")!.Permissions.Select(p => PermissionTable.Row(p).Class);

        Assert.Equal([AccessClass.Build], build.Distinct());
        Assert.DoesNotContain(deploy, c => c is AccessClass.Build or AccessClass.Administer);
        Assert.All(TokenPresets.All.SelectMany(p => p.Permissions), p => Assert.True(PermissionTable.Allows(Role.Service, p)));
    }

    [Fact]
    public void A_viewer_changes_nothing() => Assert.Equal(
        [Permission.BoardRead, Permission.HistoryRead, Permission.AuditRead, Permission.FlagsEvaluate, Permission.PoliciesRead, Permission.SlosRead, Permission.TokensRead, Permission.CatalogRead],
        Enum.GetValues<Permission>().Where(p => PermissionTable.Allows(Role.Viewer, p)));

    private static string Written(string part)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "permissions.md"));
        var begin = $"<!-- {part}:begin -->\n";
        var from = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        return text[from..text.IndexOf($"<!-- {part}:end -->", StringComparison.Ordinal)];
    }

    private static string Rendered()
    {
        var roles = Enum.GetValues<Role>();
        var table = new StringBuilder()
            .Append("| permission | access | lets someone | ").AppendJoin(" | ", roles.Select(RoleTitles.Title)).Append(" |\n")
            .Append("|---|---|---|").AppendJoin("", roles.Select(_ => "---|")).Append('\n');
        foreach (var row in PermissionTable.Rows)
        {
            table.Append("| `").Append(row.FullName).Append("` | ").Append(row.Class.ToString().ToLowerInvariant()).Append(" | ").Append(row.Sentence).Append(" | ")
                .AppendJoin(" | ", roles.Select(r => !PermissionTable.Allows(r, row.Permission) ? "no" : r == Role.Service ? "in scope" : "yes")).Append(" |\n");
        }

        return table.ToString();
    }
}
