using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OpsConsole.Core.Storage.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class AuditRetention : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Deletions are refused row by row now, but for lines older than 90 days that audit_give_up removes; it insists on a line that says so.
            migrationBuilder.Sql("""
                DROP TRIGGER audit_append_only ON audit;
                CREATE TRIGGER audit_append_only BEFORE UPDATE OR TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();
                CREATE FUNCTION audit_old_enough() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF current_setting('opsconsole.giving_up', true) = 'yes'
                        AND current_user = (SELECT pg_get_userbyid(c.relowner) FROM pg_class c WHERE c.oid = TG_RELID)
                        AND OLD.at < now() - interval '90 days' THEN
                        RETURN OLD;
                    END IF;
                    RAISE EXCEPTION 'The audit is append-only: % is refused.', TG_OP USING ERRCODE = 'insufficient_privilege';
                END $$;
                CREATE TRIGGER audit_old_enough BEFORE DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_old_enough();
                CREATE FUNCTION audit_give_up(up_to bigint, older_than timestamptz, most integer) RETURNS integer
                    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
                DECLARE
                    gone integer;
                BEGIN
                    IF NOT EXISTS (SELECT FROM audit a JOIN audit_chain c ON c.line_key = a.append_key
                            WHERE a.event = 'audit.retention' AND a.subject = 'audit:1-' || up_to AND c.sequence > up_to) THEN
                        RAISE EXCEPTION 'No line says that the audit is given up to place %.', up_to USING ERRCODE = 'insufficient_privilege';
                    END IF;
                    PERFORM set_config('opsconsole.giving_up', 'yes', true);
                    DELETE FROM audit WHERE id IN (
                        SELECT a.id FROM audit a JOIN audit_chain c ON c.line_key = a.append_key
                        WHERE c.sequence <= up_to AND a.at < older_than AND a.at < now() - interval '90 days'
                        ORDER BY a.id LIMIT most);
                    GET DIAGNOSTICS gone = ROW_COUNT;
                    PERFORM set_config('opsconsole.giving_up', '', true);
                    RETURN gone;
                END $$;
                REVOKE ALL ON FUNCTION audit_give_up(bigint, timestamptz, integer) FROM PUBLIC;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""
                DROP FUNCTION audit_give_up(bigint, timestamptz, integer);
                DROP TRIGGER audit_old_enough ON audit;
                DROP FUNCTION audit_old_enough();
                DROP TRIGGER audit_append_only ON audit;
                CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();
                """);
        }
    }
}
