namespace OpsConsole.Core.Gates.Migrations;

/// <summary>Whose SQL a script is written in.</summary>
public enum SqlDialect
{
    /// <summary>PostgreSQL, as psql or a migration tool would run it.</summary>
    Postgres,

    /// <summary>Transact-SQL, with <c>GO</c> between batches.</summary>
    SqlServer,
}
