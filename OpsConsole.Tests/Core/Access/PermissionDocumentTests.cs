using System.Text;
using OpsConsole.Core.Access;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Access;

/// <summary>The table in the docs is the table in the code.</summary>
public sealed class PermissionDocumentTests
{
    private const string Begin = "<!-- permissions:begin -->\n";
    private const string End = "<!-- permissions:end -->";

    [Fact]
    public void The_documented_table_is_the_one_that_is_checked()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "action-gate.md"));
        var from = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var written = text[from..text.IndexOf(End, StringComparison.Ordinal)];

        Assert.Equal(Rendered(), written);
    }

    [Fact]
    public void Every_permission_is_someones() => Assert.All(Enum.GetValues<Permission>(), p => Assert.NotEmpty(PermissionTable.RolesWith(p)));

    [Fact]
    public void A_viewer_changes_nothing() => Assert.Equal(
        [Permission.BoardRead, Permission.HistoryRead, Permission.AuditRead, Permission.FlagsEvaluate, Permission.PoliciesRead],
        Enum.GetValues<Permission>().Where(p => PermissionTable.Allows(Role.Viewer, p)));

    private static string Rendered()
    {
        var roles = Enum.GetValues<Role>();
        var table = new StringBuilder()
            .Append("| permission | ").AppendJoin(" | ", roles.Select(RoleTitles.Title)).Append(" |\n")
            .Append("|---|").AppendJoin("", roles.Select(_ => "---|")).Append('\n');
        foreach (var permission in Enum.GetValues<Permission>())
        {
            table.Append("| ").Append(permission).Append(" | ").AppendJoin(" | ", roles.Select(r => PermissionTable.Allows(r, permission) ? "yes" : "no")).Append(" |\n");
        }

        return table.ToString();
    }
}
