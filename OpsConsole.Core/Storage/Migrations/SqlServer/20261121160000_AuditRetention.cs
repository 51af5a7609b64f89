using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OpsConsole.Core.Storage.Migrations.SqlServer
{
    /// <inheritdoc />
    public partial class AuditRetention : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Deletions are refused row by row now, but for lines older than 90 days that audit_give_up removes; it insists on a line that says so.
            migrationBuilder.Sql("""
                EXEC(N'ALTER TRIGGER audit_append_only ON audit INSTEAD OF UPDATE, DELETE AS
                BEGIN
                    SET NOCOUNT ON;
                    IF NOT EXISTS (SELECT 1 FROM inserted) AND USER_NAME() = N''dbo'' AND CAST(SESSION_CONTEXT(N''opsconsole_giving_up'') AS int) = 1
                        AND NOT EXISTS (SELECT 1 FROM deleted WHERE [at] >= DATEADD(day, -90, SYSDATETIMEOFFSET()))
                    BEGIN
                        DELETE a FROM audit AS a INNER JOIN deleted AS d ON d.id = a.id;
                        RETURN;
                    END;
                    THROW 51000, N''The audit is append-only: changes and deletions are refused.'', 1;
                END');
                EXEC(N'CREATE PROCEDURE audit_give_up @up_to bigint, @older_than datetimeoffset(6), @most int WITH EXECUTE AS OWNER AS
                BEGIN
                    SET NOCOUNT ON;
                    DECLARE @gone TABLE (id bigint NOT NULL PRIMARY KEY);
                    IF NOT EXISTS (SELECT 1 FROM audit AS a INNER JOIN audit_chain AS c ON c.line_key = a.append_key
                            WHERE a.event = N''audit.retention'' AND a.subject = CONCAT(N''audit:1-'', @up_to) AND c.sequence > @up_to)
                    BEGIN
                        THROW 51001, N''No line says that the audit is given up to that place.'', 1;
                    END;
                    INSERT INTO @gone (id)
                        SELECT TOP (@most) a.id FROM audit AS a INNER JOIN audit_chain AS c ON c.line_key = a.append_key
                        WHERE c.sequence <= @up_to AND a.[at] < @older_than AND a.[at] < DATEADD(day, -90, SYSDATETIMEOFFSET())
                        ORDER BY a.id;
                    BEGIN TRY
                        EXEC sp_set_session_context @key = N''opsconsole_giving_up'', @value = 1;
                        DELETE a FROM audit AS a INNER JOIN @gone AS g ON g.id = a.id;
                        EXEC sp_set_session_context @key = N''opsconsole_giving_up'', @value = 0;
                    END TRY
                    BEGIN CATCH
                        EXEC sp_set_session_context @key = N''opsconsole_giving_up'', @value = 0;
                        THROW;
                    END CATCH;
                    SELECT COUNT(*) AS [Value] FROM @gone;
                END');
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""
                DROP PROCEDURE audit_give_up;
                EXEC(N'ALTER TRIGGER audit_append_only ON audit INSTEAD OF UPDATE, DELETE AS
                BEGIN
                    THROW 51000, N''The audit is append-only: changes and deletions are refused.'', 1;
                END');
                """);
        }
    }
}
