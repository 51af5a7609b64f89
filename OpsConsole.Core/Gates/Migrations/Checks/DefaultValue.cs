using OpsConsole.Core.Gates.Migrations.Sql;

namespace OpsConsole.Core.Gates.Migrations.Checks;

/// <summary>Tells whether a column's default is one value for all rows or has to be computed for each.</summary>
internal static class DefaultValue
{
    /// <summary>Give the time or the person of the transaction when called without arguments.</summary>
    private static readonly HashSet<string> WithoutArguments =
    [
        "now", "statement_timestamp", "transaction_timestamp", "current_schema", "current_database", "pg_backend_pid", "txid_current", "pg_current_xact_id", "version", "pi",
        "getdate", "getutcdate", "sysdatetime", "sysutcdatetime", "sysdatetimeoffset", "suser_sname", "suser_name", "user_name", "db_name", "host_name",
    ];

    /// <summary>Give the same answer to the same arguments, as all rows have them.</summary>
    private static readonly HashSet<string> Steady =
    [
        "cast", "coalesce", "nullif", "greatest", "least", "row", "array", "lower", "upper", "trim", "btrim", "ltrim", "rtrim", "concat", "concat_ws", "replace", "substring", "substr", "left", "right", "lpad", "rpad",
        "repeat", "length", "char_length", "md5", "abs", "round", "floor", "ceil", "ceiling", "mod", "power", "sqrt", "sign", "date_trunc", "date_part", "extract", "timezone", "to_char", "to_date", "to_timestamp", "to_number",
        "make_date", "make_time", "make_timestamp", "make_timestamptz", "make_interval", "age", "to_json", "to_jsonb", "json_build_object", "jsonb_build_object", "json_build_array", "jsonb_build_array", "row_to_json",
        "array_to_json", "decode", "encode", "convert", "try_convert", "try_cast", "parse", "isnull", "format", "current_setting", "current_timestamp", "current_time", "localtime", "localtimestamp", "string_to_array",
        "int4range", "int8range", "numrange", "tsrange", "tstzrange", "daterange", "point", "box", "to_tsvector", "hashtext", "position", "overlay", "dateadd", "datefromparts", "iif", "in",
    ];

    /// <summary>Types may be followed by a length in parentheses without being called.</summary>
    private static readonly HashSet<string> Types =
    [
        "varchar", "char", "character", "varying", "numeric", "decimal", "bit", "time", "timestamp", "timestamptz", "timetz", "interval", "nvarchar", "nchar", "varbinary", "binary", "datetime2", "datetimeoffset", "float", "bpchar",
    ];

    /// <summary>True where a function in it is not known to give all rows the same value.</summary>
    public static bool IsComputedForEachRow(SqlCursor value)
    {
        var before = default(SqlToken);
        while (!value.AtEnd)
        {
            var here = value.Here;
            if (here.IsName && value.Ahead(1).Is('(') && !(Types.Contains(here.Text) && (before.Is("::") || before.Is("as") || before.Text == "::")) && !IsSteady(here.Text, value.Ahead(2).Is(')')))
            {
                return true;
            }

            if (here.IsAny("next", "select"))
            {
                return true;
            }

            before = here;
            value.Skip();
        }

        return false;
    }

    private static bool IsSteady(string function, bool hasNoArguments) =>
        Steady.Contains(function) || (hasNoArguments && WithoutArguments.Contains(function)) || function is "and" or "or" or "not" or "then" or "else" or "when" or "any" or "all";
}
