using OpsConsole.Core.Gates.Migrations.Rules;
using OpsConsole.Core.Gates.Migrations.Statements;

namespace OpsConsole.Core.Gates.Migrations.Checks;

/// <summary>What removes objects or takes away their names, tables' own changes left out.</summary>
internal static class DropCheck
{
    public static void See(Step step, ScriptState state, Findings findings)
    {
        switch (step)
        {
            case DropStep drop:
                Drop(drop, state, findings);
                break;
            case TruncateStep truncate:
                Truncate(truncate, state, findings);
                break;
            case AlterTypeStep { Renames: true } type:
                findings.Add(DestructiveRules.RenameObject, step, step.Statement.Start, $"The type {type.Type}, or a part of it,");
                break;
            case CreateStep { OrReplace: true } create:
                findings.Add(DestructiveRules.ReplaceObject, step, step.Statement.Start, $"The {create.Kind} {create.Name}");
                break;
            case OtherStep other:
                Other(other, state, findings);
                break;
        }
    }

    private static void Drop(DropStep drop, ScriptState state, Findings findings)
    {
        foreach (var name in drop.Names.Count > 0 ? drop.Names : [new(null, "", drop.Statement.Lead)])
        {
            var mild = state.IsOwn(name) && drop.Kind == "table";
            var at = name.At;
            switch (drop.Kind)
            {
                case "table" when state.IsTemporary(name):
                case "index" when drop.Names.Count == 0:
                    break;
                case "table":
                    findings.Add(DestructiveRules.DropTable, drop, at, name.ToString(), mild);
                    break;
                case "database":
                    findings.Add(DestructiveRules.DropDatabase, drop, at, name.ToString());
                    break;
                case "schema":
                    findings.Add(DestructiveRules.DropSchema, drop, at, name.ToString());
                    break;
                case "type" or "domain":
                    findings.Add(DestructiveRules.DropType, drop, at, name.ToString());
                    break;
                case "index":
                    findings.Add(DestructiveRules.DropIndex, drop, at, name.ToString());
                    if (state.IsPostgres && !drop.Concurrently)
                    {
                        findings.Add(LockRules.DropIndexNotConcurrent, drop, at, name.ToString());
                    }

                    break;
                default:
                    findings.Add(DestructiveRules.DropObject, drop, at, $"The {drop.Kind} {name}");
                    break;
            }
        }

        if (drop.Cascade)
        {
            findings.Add(DestructiveRules.DropCascade, drop, drop.Statement.Start, string.Join(", ", drop.Names.Take(5)));
        }
    }

    private static void Truncate(TruncateStep truncate, ScriptState state, Findings findings)
    {
        var tables = string.Join(", ", truncate.Tables.Take(5));
        if (truncate.Cascade)
        {
            findings.Add(DestructiveRules.TruncateCascade, truncate, truncate.Statement.Start, tables);
        }

        foreach (var table in truncate.Tables.Where(t => !state.IsTemporary(t)))
        {
            findings.Add(DestructiveRules.Truncate, truncate, table.At, table.ToString(), state.IsOwn(table));
        }
    }

    private static void Other(OtherStep other, ScriptState state, Findings findings)
    {
        var at = other.Statement.Start;
        if (other.Words.EndsWith(" rename", StringComparison.Ordinal) || other.Words == "sp_rename userdatatype")
        {
            findings.Add(DestructiveRules.RenameObject, other, at, $"The {other.Words.Split(' ')[1]} {other.Subject}");
        }
        else if (!state.IsPostgres && other.Words is "alter view" or "alter procedure" or "alter proc" or "alter function" or "alter trigger")
        {
            findings.Add(DestructiveRules.ReplaceObject, other, at, $"The {other.Words[6..]} {other.Subject}");
        }
        else if (other.Words is "revoke" or "deny" or "disable" or "enable" or "alter policy" or "alter rule" or "alter security")
        {
            findings.Add(ConstraintRules.ToggleGuard, other, at, $"{other.Words.ToUpperInvariant()}");
        }
        else if (other.Words == "reassign")
        {
            findings.Add(ConstraintRules.ToggleGuard, other, at, "REASSIGN OWNED");
        }
    }
}
