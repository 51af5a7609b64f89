using OpsConsole.Core.Gates.Migrations.Sql;

namespace OpsConsole.Core.Gates.Migrations.Statements;

/// <summary>Reads columns and constraints, as they are written in CREATE TABLE and ALTER TABLE.</summary>
internal static class ColumnReader
{
    private static readonly string[] ConstraintWords = ["constraint", "check", "unique", "primary", "foreign", "exclude"];

    /// <summary>True where a constraint of the table begins, and not a column.</summary>
    public static bool IsConstraint(SqlCursor cursor) =>
        cursor.Here.IsAny(ConstraintWords) && !(cursor.Ahead(1).IsName && !cursor.Ahead(1).IsAny("key", "using", "nulls", "clustered", "nonclustered", "index") && !cursor.Here.Is("constraint"))
        || (cursor.Here.Is("not") && cursor.Ahead(1).Is("null"));

    /// <summary>A column's name, type and what follows, to the end of the cursor.</summary>
    public static ColumnPart Column(SqlCursor cursor)
    {
        if (!cursor.Here.IsName)
        {
            throw new UnreadableException(cursor.Pointed, "A column's name is expected here.");
        }

        var name = cursor.Here;
        cursor.Skip();
        var column = new ColumnPart(name, Type(cursor));
        Rules(cursor, column);
        return column;
    }

    /// <summary>A type's name in lower case, its words joined by one blank; null where none stands here.</summary>
    public static ColumnType? Type(SqlCursor cursor)
    {
        if (!cursor.Here.IsName || cursor.Here.IsAny("as", "generated", "constraint", "not", "null", "default", "primary", "unique", "references", "check"))
        {
            return null;
        }

        var at = cursor.Here;
        cursor.TryAny("setof");
        if (!cursor.TryName(out var read))
        {
            throw new UnreadableException(cursor.Pointed, "A type is expected here.");
        }

        // In quotes, "char" is another type than char.
        var name = at.Kind == SqlTokenKind.Quoted && read.Schema is null ? $"\"{read.Name}\"" : read.Name.ToLowerInvariant();
        name += MoreWords(cursor, name);
        var hasLength = !cursor.Parentheses().IsEmpty;
        if (cursor.Here.IsAny("with", "without") && cursor.Ahead(1).IsAny("time", "local") && (cursor.Try("with", "time", "zone") || cursor.Try("without", "time", "zone")))
        {
            name += cursor.Ahead(-3).Is("without") ? " without time zone" : " with time zone";
        }

        while (cursor.Here.Is('[') || cursor.Here.Is("array"))
        {
            cursor.Skip();
            while (!cursor.AtEnd && (cursor.Here.Is(']') || cursor.Here.Is('[') || cursor.Here.Kind == SqlTokenKind.Number))
            {
                cursor.Skip();
            }
        }

        return new ColumnType(name, hasLength, at);
    }

    /// <summary>A constraint of a table, to the end of the cursor.</summary>
    public static ConstraintPart Constraint(SqlCursor cursor)
    {
        var at = cursor.Here;
        string? name = null;
        if (cursor.Try("constraint"))
        {
            if (!cursor.TryName(out var named))
            {
                throw new UnreadableException(cursor.Pointed, "A constraint's name is expected here.");
            }

            name = named.Name;
        }

        var kind = Kind(cursor) ?? throw new UnreadableException(cursor.Pointed, "CHECK, UNIQUE, PRIMARY KEY, FOREIGN KEY or EXCLUDE is expected here.");
        var constraint = new ConstraintPart(kind, name, at)
        {
            NotNullColumn = kind switch
            {
                ConstraintKind.Check => NotNullColumn(cursor),
                ConstraintKind.NotNull when cursor.Here.IsName => cursor.Here.Text,
                _ => null,
            },
        };
        while (!cursor.AtEnd)
        {
            constraint.NotValid |= cursor.Here.Is("not") && cursor.Ahead(1).Is("valid");
            constraint.UsingIndex |= cursor.Here.Is("using") && cursor.Ahead(1).Is("index") && !cursor.Ahead(2).Is("tablespace");
            cursor.SkipPart();
        }

        return constraint;
    }

    private static ConstraintKind? Kind(SqlCursor cursor) =>
        cursor.Try("check") ? ConstraintKind.Check
        : cursor.Try("unique") ? ConstraintKind.Unique
        : cursor.Try("primary", "key") ? ConstraintKind.PrimaryKey
        : cursor.Try("foreign", "key") ? ConstraintKind.ForeignKey
        : cursor.Try("exclude") ? ConstraintKind.Exclude
        : cursor.Try("not", "null") ? ConstraintKind.NotNull
        : cursor.Try("default") ? ConstraintKind.Default
        : null;

    /// <summary>The column of <c>CHECK (column IS NOT NULL)</c>, however many parentheses are around it.</summary>
    private static string? NotNullColumn(SqlCursor cursor)
    {
        cursor.Try("not", "for", "replication");
        if (!cursor.Here.Is('('))
        {
            throw new UnreadableException(cursor.Pointed, "The condition of the check is expected here, in parentheses.");
        }

        var inner = cursor.In(cursor.Parentheses());
        while (inner.Try('('))
        {
        }

        if (!inner.TryName(out var column) || !inner.Try("is", "not", "null"))
        {
            return null;
        }

        while (inner.Try(')'))
        {
        }

        return inner.AtEnd ? column.Name : null;
    }

    private static void Rules(SqlCursor cursor, ColumnPart column)
    {
        while (!cursor.AtEnd)
        {
            if (cursor.Try("default"))
            {
                column.Default = Expression(cursor);
            }
            else if (cursor.Try("not", "null"))
            {
                column.NotNull = true;
            }
            else if (cursor.Try("primary", "key"))
            {
                column.PrimaryKey = true;
            }
            else if (cursor.Try("unique"))
            {
                column.Unique = true;
            }
            else if (cursor.Try("references"))
            {
                column.References = true;
                cursor.TryName(out _);
            }
            else if (cursor.Try("check"))
            {
                column.Check = true;
            }
            else if (cursor.TryAny("generated", "as"))
            {
                Generated(cursor, column);
            }
            else
            {
                column.Identity |= cursor.Here.Is("identity");
                cursor.SkipPart();
            }
        }
    }

    private static void Generated(SqlCursor cursor, ColumnPart column)
    {
        _ = cursor.TryAny("always") || cursor.Try("by", "default");
        cursor.Try("as");
        if (cursor.Try("identity"))
        {
            column.Identity = true;
            return;
        }

        cursor.Parentheses();
        column.GeneratedStored = cursor.TryAny("stored", "persisted");
        column.GeneratedVirtual = !column.GeneratedStored;
    }

    /// <summary>An expression, to where the next rule of the column begins.</summary>
    private static SqlRange Expression(SqlCursor cursor)
    {
        var from = cursor.Index;
        while (!cursor.AtEnd)
        {
            var here = cursor.Here;
            if (cursor.Index > from && (here.IsAny("constraint", "primary", "unique", "references", "check", "generated")
                || (here.Is("not") && cursor.Ahead(1).IsAny("null", "deferrable"))
                || (here.Is("null") && cursor.Ahead(-1).Kind != SqlTokenKind.Symbol)
                || (here.Is("with") && cursor.Ahead(1).Is("values"))))
            {
                break;
            }

            cursor.SkipPart();
        }

        return new SqlRange(from, cursor.Index);
    }

    private static string MoreWords(SqlCursor cursor, string name) => name switch
    {
        "double" when cursor.Try("precision") => " precision",
        "character" or "char" or "bit" or "nchar" when cursor.Try("varying") => " varying",
        "national" when cursor.Try("character", "varying") || cursor.Try("char", "varying") => " character varying",
        "national" when cursor.TryAny("character", "char") => " character",
        _ => "",
    };
}
