using OpsConsole.Core.Gates.Migrations.Rules;
using OpsConsole.Core.Gates.Migrations.Sql;
using OpsConsole.Core.Gates.Migrations.Statements;

namespace OpsConsole.Core.Gates.Migrations.Checks;

/// <summary><c>standard_conforming_strings</c> decides where a string of PostgreSQL ends. Strings are read as with <c>on</c>, so that whatever else is said about it leaves the script unread.</summary>
internal static class StringSettingCheck
{
    private const string Setting = "standard_conforming_strings";

    private const string Sentence = "standard_conforming_strings decides where strings end; with anything but on, what follows is not read as the server reads it.";

    public static void See(SqlScript script, Findings findings)
    {
        foreach (var statement in script.Dialect == SqlDialect.Postgres ? script.Statements : [])
        {
            var c = statement.Read();
            if (c.Here.Is("show"))
            {
                continue;
            }

            var sets = c.Here.Is("set");
            while (!c.AtEnd)
            {
                var here = c.Here;
                var isNamed = here.Kind is SqlTokenKind.Word or SqlTokenKind.Quoted or SqlTokenKind.Text && string.Equals(here.Text, Setting, StringComparison.OrdinalIgnoreCase);

                // A name in quotes with escapes may be any.
                if ((isNamed && !SaysOn(c)) || (sets && here.Kind == SqlTokenKind.Quoted && here.Text.Contains('\\', StringComparison.Ordinal)))
                {
                    findings.IsComplete = false;
                    findings.Add(ReadingRules.NotRead, new OtherStep("set") { Statement = statement }, here, Sentence);
                }

                c.Skip();
            }
        }
    }

    private static bool SaysOn(SqlCursor c)
    {
        var value = c.Ahead(2);
        return (c.Ahead(1).Is('=') || c.Ahead(1).Is("to") || c.Ahead(1).Is(',')) && value.Kind is SqlTokenKind.Word or SqlTokenKind.Text or SqlTokenKind.Number
            && value.Text.ToLowerInvariant() is "on" or "true" or "1" or "yes";
    }
}
