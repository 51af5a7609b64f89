using System.Text;
using System.Text.RegularExpressions;
using OpsConsole.Core.Recovery;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Recovery;

/// <summary>The table in the docs is the table in the code.</summary>
public sealed partial class PlaybookDocumentTests
{
    private const string Begin = "<!-- playbook:begin -->\n";
    private const string End = "<!-- playbook:end -->";

    [Fact]
    public void The_documented_table_is_the_one_that_decides()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "playbook.md"));
        var from = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;

        Assert.Equal(Rendered(), text[from..text.IndexOf(End, StringComparison.Ordinal)]);
    }

    [Fact]
    public void The_last_row_fits_everything() => Assert.Equal(
        (RecoveryMove.Watch, 0),
        (Playbook.Table[^1].Move, Playbook.Table[^1].Phase.Count + Playbook.Table[^1].Trouble.Count + Playbook.Table[^1].Target.Count + Playbook.Table[^1].ReturnWay.Count + Playbook.Table[^1].Flag.Count + Playbook.Table[^1].Underway.Count));

    private static string Rendered()
    {
        var table = new StringBuilder("| # | phase | trouble | target | way back | flag | under way | move | because |\n|---|---|---|---|---|---|---|---|---|\n");
        foreach (var (number, row) in Playbook.Table.Index())
        {
            table.Append("| ").AppendJoin(" | ",
                [(number + 1).ToString(), Any(row.Phase), Any(row.Trouble), Any(row.Target), Any(row.ReturnWay), Any(row.Flag), Any(row.Underway), Words(row.Move), row.Because]).Append(" |\n");
        }

        return table.ToString();
    }

    private static string Any<T>(IReadOnlyList<T> values)
        where T : struct, Enum => values.Count == 0 ? "any" : string.Join(", ", values.Select(Words));

    private static string Words<T>(T value)
        where T : struct, Enum => Capital().Replace(value.ToString(), " ").ToLowerInvariant();

    [GeneratedRegex("(?<!^)(?=[A-Z])")]
    private static partial Regex Capital();
}
