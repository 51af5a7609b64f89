using System.Text;

namespace OpsConsole.Core.Storage;

/// <summary>Who may do what in the database: the owner changes the schema, the console works with the rows, the reader reads. Only the owner can change what is append-only.</summary>
internal static class DatabaseRoles
{
    public const string Owner = "opsconsole_owner";

    public const string Console = "opsconsole_console";

    public const string Reader = "opsconsole_reader";

    /// <summary>Tables that triggers keep from being changed as well; a test compares the two.</summary>
    public static readonly IReadOnlyCollection<string> AppendOnly = ["approvals", "audit", "audit_chain", "catalog_versions", "evidence", "policies", "release_changes"];

    private const string History = "schema_migrations";

    /// <summary>One row, moved on with each line of the audit.</summary>
    private const string ChainEnd = "audit_head";

    public static string Postgres(IEnumerable<string> tables)
    {
        var rights = string.Join(",\n            ", Rights(tables).Select(t => $"('{t.Table}', '{t.Rights}')"));
        return $"""
            -- Roles of OpsConsole for PostgreSQL. Can be run again; run it again after each migration.
            -- psql -v ON_ERROR_STOP=1 -d <database> -f <this file>   (as a superuser, or as the database's owner who may make roles)
            DO $roles$
            DECLARE
                wanted text;
            BEGIN
                FOREACH wanted IN ARRAY ARRAY['{Owner}', '{Console}', '{Reader}'] LOOP
                    BEGIN
                        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
                            EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
                        END IF;
                    EXCEPTION WHEN duplicate_object OR unique_violation THEN
                        NULL; -- Made by another at the same time.
                    END;
                END LOOP;
                EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
                EXECUTE format('GRANT CONNECT ON DATABASE %I TO {Owner}, {Console}, {Reader}', current_database());
            END $roles$;

            REVOKE CREATE ON SCHEMA public FROM PUBLIC;
            GRANT USAGE, CREATE ON SCHEMA public TO {Owner};
            GRANT USAGE ON SCHEMA public TO {Console}, {Reader};

            DO $rights$
            DECLARE
                given record;
                made record;
            BEGIN
                FOR given IN SELECT * FROM (VALUES
                        {rights}
                    ) AS wanted(name, rights) LOOP
                    CONTINUE WHEN to_regclass('public.' || given.name) IS NULL;
                    EXECUTE format('ALTER TABLE public.%I OWNER TO {Owner}', given.name);
                    EXECUTE format('REVOKE ALL ON public.%I FROM PUBLIC, {Console}, {Reader}', given.name);
                    EXECUTE format('GRANT %s ON public.%I TO {Console}', given.rights, given.name);
                    EXECUTE format('GRANT SELECT ON public.%I TO {Reader}', given.name);
                END LOOP;
                FOR made IN SELECT p.oid::regprocedure AS name, p.proname FROM pg_proc p
                        WHERE p.pronamespace = 'public'::regnamespace AND p.proname IN ('append_only', 'audit_append_only', 'audit_old_enough', 'audit_give_up') LOOP
                    EXECUTE format('ALTER FUNCTION %s OWNER TO {Owner}', made.name);
                    IF made.proname = 'audit_give_up' THEN
                        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', made.name);
                        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO {Console}', made.name);
                    END IF;
                END LOOP;
            END $rights$;

            GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO {Reader};

            """;
    }

    public static string SqlServer(IEnumerable<string> tables)
    {
        var script = new StringBuilder($"""
            -- Roles of OpsConsole for SQL Server 2019 and later. Can be run again; run it again after each migration.
            -- sqlcmd -b -d <database> -i <this file>   (as a member of db_owner)
            SET QUOTED_IDENTIFIER ON;
            GO
            IF DATABASE_PRINCIPAL_ID(N'{Owner}') IS NULL CREATE ROLE {Owner};
            IF DATABASE_PRINCIPAL_ID(N'{Console}') IS NULL CREATE ROLE {Console};
            IF DATABASE_PRINCIPAL_ID(N'{Reader}') IS NULL CREATE ROLE {Reader};
            GO
            ALTER ROLE db_ddladmin ADD MEMBER {Owner};
            ALTER ROLE db_datareader ADD MEMBER {Owner};
            ALTER ROLE db_datawriter ADD MEMBER {Owner};
            ALTER ROLE db_datareader ADD MEMBER {Reader};
            ALTER ROLE db_backupoperator ADD MEMBER {Reader};
            GO

            """);
        foreach (var (table, rights) in Rights(tables))
        {
            script.Append("IF OBJECT_ID(N'dbo.").Append(table).Append("', N'U') IS NOT NULL\nBEGIN\n")
                .Append("    GRANT ").Append(rights).Append(" ON dbo.").Append(table).Append(" TO ").Append(Console).Append(";\n");
            if (AppendOnly.Contains(table))
            {
                script.Append("    DENY UPDATE, DELETE, ALTER ON dbo.").Append(table).Append(" TO ").Append(Console).Append(";\n");
            }

            script.Append("END;\n");
        }

        return script.Append("IF OBJECT_ID(N'dbo.audit_give_up', N'P') IS NOT NULL GRANT EXECUTE ON dbo.audit_give_up TO ").Append(Console).Append(";\nGO\n").ToString();
    }

    private static IEnumerable<(string Table, string Rights)> Rights(IEnumerable<string> tables) => tables
        .Append(History).Order(StringComparer.Ordinal)
        .Select(t => (t, t switch
        {
            History => "SELECT",
            ChainEnd => "SELECT, UPDATE",
            _ => AppendOnly.Contains(t) ? "SELECT, INSERT" : "SELECT, INSERT, UPDATE, DELETE",
        }));
}
