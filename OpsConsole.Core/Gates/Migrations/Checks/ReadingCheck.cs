using OpsConsole.Core.Gates.Migrations.Rules;
using OpsConsole.Core.Gates.Migrations.Sql;
using OpsConsole.Core.Gates.Migrations.Statements;

namespace OpsConsole.Core.Gates.Migrations.Checks;

/// <summary>What was not read or cannot be seen makes the result incomplete, whatever else is found.</summary>
internal static class ReadingCheck
{
    public static void See(Step step, Findings findings)
    {
        switch (step)
        {
            case Unreadable unreadable:
                findings.IsComplete = false;
                findings.Add(ReadingRules.NotRead, step, unreadable.At, unreadable.Sentence);
                Removes(step, findings);
                break;
            case UnseenCode code:
                findings.IsComplete = false;
                findings.Add(ReadingRules.NotJudged, step, step.Statement.Start, code.What);
                Removes(step, findings);
                break;
            case MetaCommand { IsHarmless: false } meta:
                findings.IsComplete = false;
                findings.Add(ReadingRules.MetaCommand, step, step.Statement.Start, meta.Text);
                break;
        }
    }

    /// <summary>Faults of the text that belong to no single statement: a string that is never closed, a NUL.</summary>
    public static void See(SqlScript script, Findings findings)
    {
        foreach (var fault in script.Faults)
        {
            findings.IsComplete = false;
            findings.Add(ReadingRules.NotRead, new Unreadable(fault.At, fault.Sentence) { Statement = Around(script, fault.At) }, fault.At, fault.Sentence);
            if (fault.ToEnd && SqlTokenizer.Read(script.Text[(fault.At + 1)..], script.Dialect).Tokens is { } rest && Names(rest, 0, rest.Count))
            {
                findings.MayRemove(fault.At);
            }
        }
    }

    /// <summary>What could not be read may do the worst that it names.</summary>
    private static void Removes(Step step, Findings findings)
    {
        var statement = step.Statement;
        if (Names(statement.Script.Tokens, statement.First, statement.End))
        {
            findings.MayRemove(statement.Start);
        }
    }

    /// <summary>A word that removes or alters, which is not a part of ON DELETE.</summary>
    private static bool Names(IReadOnlyList<SqlToken> tokens, int first, int end)
    {
        for (var i = first; i < end; i++)
        {
            if (tokens[i].IsAny("drop", "delete", "truncate", "alter") && !(i > first && tokens[i - 1].Is("on")))
            {
                return true;
            }
        }

        return false;
    }

    private static SqlStatement Around(SqlScript script, int at)
    {
        var (low, high) = (0, script.Statements.Count - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = script.Statements[middle].Start <= at ? (middle, high) : (low, middle - 1);
        }

        return script.Statements.Count > 0 ? script.Statements[low] : new SqlStatement(script, 0, 0);
    }
}
