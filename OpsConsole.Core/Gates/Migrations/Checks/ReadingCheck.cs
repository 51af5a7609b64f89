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
                break;
            case UnseenCode code:
                findings.IsComplete = false;
                findings.Add(ReadingRules.NotJudged, step, step.Statement.Start, code.What);
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
        }
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
