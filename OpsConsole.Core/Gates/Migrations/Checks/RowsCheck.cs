using OpsConsole.Core.Gates.Migrations.Rules;
using OpsConsole.Core.Gates.Migrations.Sql;
using OpsConsole.Core.Gates.Migrations.Statements;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Gates.Migrations.Checks;

/// <summary>What changes rows, and how many at once.</summary>
internal static class RowsCheck
{
    public static void See(Step step, ScriptState state, Findings findings)
    {
        switch (step)
        {
            case UpdateStep update when Counts(update.Table):
                Update(update, state, findings);
                break;
            case DeleteStep delete when Counts(delete.Table):
                Delete(delete, state, findings);
                break;
            case InsertStep insert when Counts(insert.Table):
                findings.Add(insert is { FromTable: true, IsLimited: false } ? DataRules.Backfill : DataRules.InsertRows, step, insert.Table);
                if (insert.OnConflict.Count > 0)
                {
                    findings.Add(DataRules.UpdateRows, step, insert.Table);
                }

                break;
            case MergeStep merge when Counts(merge.Table):
                findings.Add(DataRules.Merge, step, merge.Table);
                if (merge.Updates)
                {
                    findings.Add(DataRules.UpdateRows, step, merge.Table);
                }

                if (merge.DeletesUnmatched)
                {
                    findings.Add(DataRules.DeleteAll, step, merge.Table);
                }
                else if (merge.Deletes)
                {
                    findings.Add(DataRules.DeleteRows, step, merge.Table);
                }

                break;
            case OtherStep { Words: "bulk insert" }:
                findings.Add(DataRules.InsertRows, step, step.Statement.Start, "a table");
                break;
            case OtherStep { Words: "copy", Subject: { } table } when Counts(table) && IsCopyIn(step):
                findings.Add(DataRules.InsertRows, step, table);
                break;
        }

        bool Counts(SqlName table)
        {
            // Rows of a table that this script made are its own affair.
            findings.AtLeast(state.IsTemporary(table) ? MigrationClass.None : state.IsOwn(table) ? MigrationClass.Expand : MigrationClass.Migrate);
            return !state.IsOwn(table);
        }
    }

    private static void Update(UpdateStep update, ScriptState state, Findings findings)
    {
        var bounded = update.IsLimited || update.Where is { IsAlwaysTrue: false };
        var isBackfill = update.Assigned.Count > 0 && update.Assigned.All(c => state.IsNewColumn(update.Table, c.Text));
        if (!bounded)
        {
            findings.Add(isBackfill ? DataRules.Backfill : DataRules.UpdateAll, update, update.Table);
            return;
        }

        if (!isBackfill)
        {
            findings.Add(DataRules.UpdateRows, update, update.Table);
        }

        Look(update, update.Table, update.Where, state, findings);
    }

    private static void Delete(DeleteStep delete, ScriptState state, Findings findings)
    {
        if (!delete.IsLimited && delete.Where is not { IsAlwaysTrue: false })
        {
            findings.Add(DataRules.DeleteAll, delete, delete.Table);
            return;
        }

        findings.Add(DataRules.DeleteRows, delete, delete.Table);
        Look(delete, delete.Table, delete.Where, state, findings);
    }

    /// <summary>A column named id is presumed to be the key, which has an index.</summary>
    private static void Look(Step step, SqlName table, RowCondition? where, ScriptState state, Findings findings)
    {
        if (where is { Columns.Count: > 0 } && !where.Columns.Any(c => c is "id" or "ctid" || state.Indexed.Contains(c)))
        {
            findings.Add(DataRules.NoIndex, step, table);
        }
    }

    private static bool IsCopyIn(Step step)
    {
        var c = step.Statement.Read();
        while (!c.AtEnd)
        {
            if (c.Here.IsAny("from", "to"))
            {
                return c.Here.Is("from");
            }

            c.SkipPart();
        }

        return false;
    }
}
