using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OpsConsole.Core.Storage.Migrations.Postgres
{
    /// <inheritdoc />
    [DbContext(typeof(PostgresOpsConsoleDbContext))]
    [Migration("20261121000001_ReleaseChangesLocal")]
    public partial class ReleaseChangesLocal : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "release_changes",
                columns: table => new
                {
                    release_id = table.Column<Guid>(type: "uuid", nullable: false),
                    json = table.Column<string>(type: "text", nullable: false),
                    digest = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    posted_at = table.Column<DateTimeOffset>(type: "timestamp(6) with time zone", precision: 6, nullable: false),
                    posted_by = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_release_changes", x => x.release_id);
                    table.ForeignKey("FK_release_changes_releases_release_id", x => x.release_id, "releases", "id");
                });
        }
    }
}
