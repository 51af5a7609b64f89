using OpsConsole.Core.Gates.Migrations.Rules;
using OpsConsole.Core.Gates.Migrations.Sql;
using OpsConsole.Core.Gates.Migrations.Statements;

namespace OpsConsole.Core.Gates.Migrations.Checks;

/// <summary>Types of columns in PostgreSQL that are usually regretted, and values of enumerations without a place.</summary>
internal static class TypeCheck
{
    public static void See(Step step, Findings findings)
    {
        switch (step)
        {
            case CreateTableStep table:
                foreach (var column in table.Columns)
                {
                    Look(step, column.Name, column.Type, findings);
                }

                break;
            case AlterTableStep table:
                foreach (var change in table.Changes)
                {
                    if (change is AddColumn add)
                    {
                        Look(step, add.Column.Name, add.Column.Type, findings);
                    }
                    else if (change is ChangeType type)
                    {
                        Look(step, type.Type.At, type.Type, findings);
                    }
                }

                break;
            case AlterTypeStep { AddsValue: true, HasPlace: false } type:
                findings.Add(StyleRules.EnumOrder, step, type.Type);
                break;
        }
    }

    private static void Look(Step step, SqlToken column, ColumnType? type, Findings findings)
    {
        switch (type?.Name)
        {
            case "char" or "character" or "nchar" or "bpchar" or "national character":
                findings.Add(StyleRules.CharType, step, type.At, column.Text);
                break;
            case "varchar" or "character varying" or "char varying" or "nchar varying" or "national character varying" when type.HasLength:
                findings.Add(StyleRules.VarcharType, step, type.At, column.Text);
                break;
            case "timestamp" or "timestamp without time zone":
                findings.Add(StyleRules.TimestampType, step, type.At, column.Text);
                break;
        }

        if (type?.Name is "int" or "integer" or "int4" or "serial" or "serial4")
        {
            findings.Add(StyleRules.IntType, step, type.At, column.Text);
        }

        if (type?.Name is "smallint" or "int2" or "smallserial" or "serial2")
        {
            findings.Add(StyleRules.SmallintType, step, type.At, column.Text);
        }

        if (type?.Name is "serial" or "serial2" or "serial4" or "serial8" or "smallserial" or "bigserial")
        {
            findings.Add(StyleRules.SerialType, step, type.At, column.Text);
        }
    }
}
