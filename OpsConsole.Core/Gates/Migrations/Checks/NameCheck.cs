using System.Text;
using OpsConsole.Core.Gates.Migrations.Rules;
using OpsConsole.Core.Gates.Migrations.Sql;
using OpsConsole.Core.Gates.Migrations.Statements;

namespace OpsConsole.Core.Gates.Migrations.Checks;

/// <summary>Names: too long, without a schema, or the same twice in one list.</summary>
internal static class NameCheck
{
    private const int PostgresBytes = 63;
    private const int ServerCharacters = 128;

    public static void See(Step step, SqlScript script, ScriptState state, Findings findings)
    {
        Lengths(step, script, findings);
        Schemas(step, state, findings);
        foreach (var list in Lists(step))
        {
            Duplicates(step, list, script.Dialect, findings);
        }
    }

    private static void Lengths(Step step, SqlScript script, Findings findings)
    {
        for (var i = step.Statement.First; i < step.Statement.End; i++)
        {
            var token = script.Tokens[i];
            if (token.IsName && IsTooLong(token.Text, script.Dialect))
            {
                findings.Add(StyleRules.LongName, step, token, token.Text);
            }
        }
    }

    private static bool IsTooLong(string name, SqlDialect dialect) => dialect == SqlDialect.Postgres
        ? name.Length > PostgresBytes || (name.Length * 3 > PostgresBytes && Encoding.UTF8.GetByteCount(name) > PostgresBytes)
        : name.Length > ServerCharacters;

    private static void Schemas(Step step, ScriptState state, Findings findings)
    {
        IEnumerable<SqlName> names = step switch
        {
            CreateTableStep { Temporary: false } create => [create.Table],
            AlterTableStep alter => [alter.Table],
            DropStep { Kind: "table" } drop => drop.Names,
            CreateIndexStep index => [index.Table],
            TruncateStep truncate => truncate.Tables,
            CreateStep { Kind: "view", Temporary: false, Name: { } view } => [view],
            _ => [],
        };
        foreach (var name in names)
        {
            if (name.Schema is null && !state.IsTemporary(name))
            {
                findings.Add(StyleRules.Schema, step, name.At, name.Name);
            }
        }
    }

    private static IEnumerable<IReadOnlyList<SqlToken>> Lists(Step step) => step switch
    {
        CreateTableStep create => [create.Names],
        CreateStep create => [create.Columns],
        UpdateStep update => [update.Assigned],
        InsertStep insert => [insert.Columns, insert.OnConflict],
        MergeStep merge => merge.Lists,
        AlterTableStep alter => [[.. alter.Changes.OfType<AddColumn>().Where(a => !a.IfNotExists).Select(a => a.Column.Name)]],
        _ => [],
    };

    private static void Duplicates(Step step, IReadOnlyList<SqlToken> names, SqlDialect dialect, Findings findings)
    {
        if (names.Count < 2)
        {
            return;
        }

        var seen = new HashSet<string>(dialect == SqlDialect.SqlServer ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        foreach (var name in names.Where(n => n.Text is not null && !seen.Add(n.Text)))
        {
            findings.Add(DataRules.Duplicate, step, name, name.Text);
        }
    }
}
