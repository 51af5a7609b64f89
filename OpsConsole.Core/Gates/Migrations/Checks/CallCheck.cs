using OpsConsole.Core.Gates.Migrations.Rules;
using OpsConsole.Core.Gates.Migrations.Sql;
using OpsConsole.Core.Gates.Migrations.Statements;

namespace OpsConsole.Core.Gates.Migrations.Checks;

/// <summary>Functions that the script calls: what they do stands elsewhere.</summary>
internal static class CallCheck
{
    public static void See(SqlScript script, IReadOnlyList<Step> steps, Findings findings)
    {
        if (script.Dialect == SqlDialect.SqlServer)
        {
            Elsewhere(script, findings);
            return;
        }

        // A function of the script's own may have the name of a built-in one.
        var made = steps.OfType<CreateStep>().Where(s => s.Kind is "function" or "aggregate" or "operator").Select(s => s.Name?.Name).OfType<string>().ToHashSet();
        foreach (var statement in script.Statements.Where(s => s.Fault is null))
        {
            foreach (var call in CallReader.Find(statement))
            {
                Judge(call, statement, made, findings);
            }
        }
    }

    private static void Judge(FunctionCall call, SqlStatement statement, HashSet<string> made, Findings findings)
    {
        var (schema, name) = (call.Name.Schema, call.Name.Name);
        if ((made.Contains(name) && schema != "pg_catalog") || KnownFunctions.RunsCode(schema, name) || (name == "set_config" && !IsPlainSetting(statement, call.Name.At)))
        {
            findings.IsComplete = false;
            findings.Add(ReadingRules.NotJudged, Step(statement), call.Name.At, $"The function {call.Name}");
        }
        else if (call.IsQuery && name != "set_config" && !KnownFunctions.IsHarmless(schema, name))
        {
            findings.Add(ReadingRules.UnreadFunction, Step(statement), call.Name.At, call.Name.ToString());
        }
    }

    /// <summary><c>SELECT set_config('name', 'value', …)</c> as the first thing selected, which is read as a setting.</summary>
    private static bool IsPlainSetting(SqlStatement statement, SqlToken at)
    {
        var c = statement.Read();
        c.Try("select");
        if (c.Try("pg_catalog"))
        {
            c.Try('.');
        }

        return c.Here.Start == at.Start && c.Ahead(2).Kind == SqlTokenKind.Text && !c.Ahead(2).Text.Contains('\\', StringComparison.Ordinal) && c.Ahead(3).Is(',')
            && c.Ahead(4).Kind == SqlTokenKind.Text && c.Ahead(5).Is(',');
    }

    /// <summary>Queries that another server runs.</summary>
    private static void Elsewhere(SqlScript script, Findings findings)
    {
        foreach (var statement in script.Statements)
        {
            var c = statement.Read();
            while (!c.AtEnd)
            {
                if (c.Here.IsAny("openquery", "openrowset", "opendatasource") && c.Ahead(1).Is('('))
                {
                    findings.IsComplete = false;
                    findings.Add(ReadingRules.NotJudged, Step(statement), c.Here, $"A query of another server ({c.Here.Text.ToUpperInvariant()})");
                }

                c.Skip();
            }
        }
    }

    private static OtherStep Step(SqlStatement statement) => new("call") { Statement = statement };
}
