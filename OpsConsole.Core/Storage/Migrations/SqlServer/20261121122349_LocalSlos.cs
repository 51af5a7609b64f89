using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OpsConsole.Core.Storage.Migrations.SqlServer
{
    /// <inheritdoc />
    public partial class LocalSlos : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "slo_alerts",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    slo = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false),
                    severity = table.Column<string>(type: "nvarchar(16)", maxLength: 16, nullable: false),
                    fired_at = table.Column<DateTimeOffset>(type: "datetimeoffset(6)", precision: 6, nullable: false),
                    resolved_at = table.Column<DateTimeOffset>(type: "datetimeoffset(6)", precision: 6, nullable: true),
                    burn = table.Column<decimal>(type: "decimal(18,6)", precision: 18, scale: 6, nullable: false),
                    detail = table.Column<string>(type: "nvarchar(max)", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_slo_alerts", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "slo_windows",
                columns: table => new
                {
                    slo = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false),
                    version = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: false),
                    width_seconds = table.Column<int>(type: "int", nullable: false),
                    started_at = table.Column<DateTimeOffset>(type: "datetimeoffset(6)", precision: 6, nullable: false),
                    good_events = table.Column<double>(type: "float", nullable: false),
                    total_events = table.Column<double>(type: "float", nullable: false),
                    covered_seconds = table.Column<int>(type: "int", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_slo_windows", x => new { x.slo, x.width_seconds, x.started_at, x.version });
                });

            migrationBuilder.CreateTable(
                name: "slos",
                columns: table => new
                {
                    name = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false),
                    title = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: false),
                    service = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false),
                    environment = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false),
                    target = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: true),
                    owner = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: false),
                    signal = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false),
                    share = table.Column<string>(type: "nvarchar(16)", maxLength: 16, nullable: false),
                    objective_percent = table.Column<decimal>(type: "decimal(9,6)", precision: 9, scale: 6, nullable: false),
                    period_ticks = table.Column<long>(type: "bigint", nullable: false),
                    why = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    links = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    changed_at = table.Column<DateTimeOffset>(type: "datetimeoffset(6)", precision: 6, nullable: false),
                    changed_by = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_slos", x => x.name);
                });

            migrationBuilder.CreateIndex(
                name: "ix_slo_alerts_newest",
                table: "slo_alerts",
                columns: new[] { "slo", "fired_at", "id" },
                descending: new[] { false, true, true });

            migrationBuilder.CreateIndex(
                name: "ix_slo_alerts_resolved",
                table: "slo_alerts",
                column: "resolved_at");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "slo_alerts");

            migrationBuilder.DropTable(
                name: "slo_windows");

            migrationBuilder.DropTable(
                name: "slos");
        }
    }
}
