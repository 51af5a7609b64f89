using OpsConsole.Core.Gates.Migrations.Sql;

namespace OpsConsole.Core.Gates.Migrations.Statements;

/// <summary>Reads calls of procedures in Transact-SQL: renames are told by their arguments, other code is not seen.</summary>
internal static class ServerCallReader
{
    private static readonly string[] Harmless =
    [
        "sp_addextendedproperty", "sp_updateextendedproperty", "sp_dropextendedproperty", "sp_refreshview", "sp_refreshsqlmodule", "sp_updatestats", "sp_recompile", "sp_settriggerorder", "sp_help", "sp_helptext",
    ];

    public static Step Read(SqlCursor c, bool behindExec)
    {
        if (behindExec)
        {
            c.Skip();
        }

        if (c.Here.Kind == SqlTokenKind.Variable && c.Ahead(1).Is('='))
        {
            c.Skip();
            c.Skip();
        }

        if (!c.TryName(out var name))
        {
            return new UnseenCode("A text that is run as SQL (EXEC)");
        }

        var called = name.Name.ToLowerInvariant();
        if (called == "sp_rename")
        {
            return Rename(c);
        }

        return Harmless.Contains(called) ? new OtherStep(called) : new UnseenCode($"A procedure (EXEC {name})");
    }

    /// <summary><c>sp_rename 'schema.table.column', 'new', 'COLUMN'</c>.</summary>
    private static Step Rename(SqlCursor c)
    {
        var arguments = new List<SqlToken>();
        while (!c.AtEnd)
        {
            if (c.Here.Kind is SqlTokenKind.Text or SqlTokenKind.Variable && !c.Ahead(1).Is('='))
            {
                arguments.Add(c.Here);
            }

            c.Skip();
        }

        if (arguments.Count < 2 || arguments[0].Kind != SqlTokenKind.Text)
        {
            return new UnseenCode("A rename (sp_rename) of what the script does not say");
        }

        var at = arguments[0];
        var parts = at.Text.Replace("[", "", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).Split('.');
        var kind = arguments.Count > 2 ? arguments[2].Text.ToLowerInvariant() : "object";
        return kind switch
        {
            "column" => new AlterTableStep(new SqlName(null, parts.Length > 1 ? parts[^2] : "", at), false, [new RenameColumn(at, parts[^1], arguments[1].Text)]),
            "index" or "statistics" or "userdatatype" => new OtherStep("sp_rename " + kind),
            _ => new AlterTableStep(new SqlName(parts.Length > 1 ? parts[^2] : null, parts[^1], at), false, [new RenameTable(at, arguments[1].Text)]),
        };
    }
}
