using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace OpsConsole.Core.Storage;

/// <summary>SQL for whoever runs the database: the schema as this version needs it, and the roles. Made without a connection.</summary>
public static class DeploymentScript
{
    /// <summary>Every migration that the database does not have yet; run on a database that has them all, it changes nothing.</summary>
    public static string Schema(DatabaseProvider provider)
    {
        using var context = Context(provider);
        return Head(provider) + context.GetService<IMigrator>().GenerateScript(options: MigrationsSqlGenerationOptions.Idempotent);
    }

    /// <summary>The three roles and what each may do with every table that is there. Run it before the first migration and again after each.</summary>
    public static string Roles(DatabaseProvider provider)
    {
        using var context = Context(provider);
        var tables = context.Model.GetEntityTypes().Select(e => e.GetTableName()).OfType<string>().Distinct();
        return provider == DatabaseProvider.SqlServer ? DatabaseRoles.SqlServer(tables) : DatabaseRoles.Postgres(tables);
    }

    private static string Head(DatabaseProvider provider) => provider == DatabaseProvider.SqlServer
        ? """
          -- The schema of OpsConsole for SQL Server 2019 and later. Can be run again.
          -- sqlcmd -b -d <database> -i <this file>   (-b ends at the first error)
          SET ANSI_NULLS, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL, QUOTED_IDENTIFIER ON;
          SET NUMERIC_ROUNDABORT OFF;
          SET XACT_ABORT ON;
          GO


          """
        : """
          -- The schema of OpsConsole for PostgreSQL. Can be run again.
          -- psql -v ON_ERROR_STOP=1 -d <database> -f <this file>   (as the owner: SET ROLE opsconsole_owner)


          """;

    private static OpsConsoleDbContext Context(DatabaseProvider provider) => provider == DatabaseProvider.SqlServer
        ? new SqlServerDesignTime().CreateDbContext([])
        : new PostgresDesignTime().CreateDbContext([]);
}
