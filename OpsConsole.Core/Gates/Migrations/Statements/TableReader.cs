using OpsConsole.Core.Gates.Migrations.Sql;

namespace OpsConsole.Core.Gates.Migrations.Statements;

/// <summary>Reads CREATE TABLE in all its forms.</summary>
internal static class TableReader
{
    /// <summary>Behind the word TABLE.</summary>
    public static Step Create(SqlCursor cursor, bool temporary, bool foreign)
    {
        var ifNotExists = cursor.Try("if", "not", "exists");
        if (!cursor.TryName(out var table))
        {
            throw new UnreadableException(cursor.Pointed, "The table's name is expected here.");
        }

        var columns = new List<ColumnPart>();
        var constraints = new List<ConstraintPart>();
        var names = new List<SqlToken>();
        if (cursor.Try("partition", "of"))
        {
            cursor.TryName(out _);
        }
        else if (cursor.Here.Is('('))
        {
            Body(cursor, cursor.Parentheses(), columns, constraints, names);
        }

        var (copies, dropped) = Tail(cursor, names);
        return new CreateTableStep(table)
        {
            Temporary = temporary || (cursor.Dialect == SqlDialect.SqlServer && table.Name.StartsWith('#')), Foreign = foreign, IfNotExists = ifNotExists, OnCommitDrop = dropped, IsCopyOfRows = copies,
            Columns = columns, Constraints = constraints, Names = names,
        };
    }

    private static void Body(SqlCursor cursor, SqlRange body, List<ColumnPart> columns, List<ConstraintPart> constraints, List<SqlToken> names)
    {
        foreach (var part in cursor.Parts(body))
        {
            var one = cursor.In(part);
            if (one.AtEnd)
            {
                // Transact-SQL takes a comma behind the last column.
                if (cursor.Dialect == SqlDialect.SqlServer && part.First == body.End)
                {
                    continue;
                }

                throw new UnreadableException(cursor.In(new SqlRange(part.First, part.First + 1)).Here, "A column or a constraint is missing here.");
            }

            if (one.Here.IsAny("like", "index", "period"))
            {
                continue;
            }

            if (ColumnReader.IsConstraint(one))
            {
                constraints.Add(ColumnReader.Constraint(one));
                continue;
            }

            var column = ColumnReader.Column(one);
            columns.Add(column);
            names.Add(column.Name);
        }
    }

    /// <summary>What follows the columns: options, and the query of CREATE TABLE AS.</summary>
    private static (bool Copies, bool Dropped) Tail(SqlCursor cursor, List<SqlToken> names)
    {
        var dropped = false;
        while (!cursor.AtEnd)
        {
            dropped |= cursor.Here.Is("on") && cursor.Ahead(1).Is("commit") && cursor.Ahead(2).Is("drop");
            if (cursor.Try("as") && (cursor.Here.IsAny("select", "with", "table", "values", "execute") || cursor.Here.Is('(')))
            {
                var query = cursor.ToEnd();
                // Columns that are named before the query take the place of the query's own.
                names.AddRange(QueryReader.Targets(cursor.In(query)).Skip(names.Count));
                return (QueryReader.Reads(cursor.In(query)).FromTable, dropped);
            }

            cursor.SkipPart();
        }

        return (false, dropped);
    }
}
