using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OpsConsole.Core.Storage.Migrations.SqlServer
{
    /// <inheritdoc />
    public partial class Catalog : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "catalog_versions",
                columns: table => new
                {
                    number = table.Column<int>(type: "int", nullable: false),
                    files = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    digest = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false),
                    applied_by = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: false),
                    applied_at = table.Column<DateTimeOffset>(type: "datetimeoffset(6)", precision: 6, nullable: false),
                    summary = table.Column<string>(type: "nvarchar(4000)", maxLength: 4000, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_catalog_versions", x => x.number);
                });

            // What was applied stays as it was, whoever asks.
            migrationBuilder.Sql("""
                EXEC(N'CREATE TRIGGER catalog_versions_append_only ON catalog_versions INSTEAD OF UPDATE, DELETE AS
                BEGIN
                    THROW 51000, N''catalog_versions is append-only: changes and deletions are refused.'', 1;
                END');
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "catalog_versions");
        }
    }
}
