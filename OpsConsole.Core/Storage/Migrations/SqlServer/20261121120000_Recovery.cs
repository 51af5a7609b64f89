using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OpsConsole.Core.Storage.Migrations.SqlServer
{
    /// <inheritdoc />
    public partial class Recovery : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "archived_at",
                table: "switches",
                type: "datetimeoffset(6)",
                precision: 6,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "archived_by",
                table: "switches",
                type: "nvarchar(max)",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "fixes_release_id",
                table: "releases",
                type: "uniqueidentifier",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "flag_clients",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    name = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false),
                    environment = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false),
                    token_hash = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "datetimeoffset(6)", precision: 6, nullable: false),
                    created_by = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: false),
                    revoked_at = table.Column<DateTimeOffset>(type: "datetimeoffset(6)", precision: 6, nullable: true),
                    revoked_by = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: true),
                    last_used_at = table.Column<DateTimeOffset>(type: "datetimeoffset(6)", precision: 6, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_flag_clients", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "flag_propagations",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    key = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false),
                    environment = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: true),
                    kind = table.Column<string>(type: "nvarchar(16)", maxLength: 16, nullable: false),
                    flipped_at = table.Column<DateTimeOffset>(type: "datetimeoffset(6)", precision: 6, nullable: false),
                    clients = table.Column<int>(type: "int", nullable: false),
                    confirmed = table.Column<int>(type: "int", nullable: false),
                    gone = table.Column<int>(type: "int", nullable: false),
                    first_ms = table.Column<double>(type: "float", nullable: true),
                    median_ms = table.Column<double>(type: "float", nullable: true),
                    p95_ms = table.Column<double>(type: "float", nullable: true),
                    last_ms = table.Column<double>(type: "float", nullable: true),
                    closed_at = table.Column<DateTimeOffset>(type: "datetimeoffset(6)", precision: 6, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_flag_propagations", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "recoveries",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    release_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    service = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false),
                    target = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false),
                    environment = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false),
                    version = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: false),
                    fault = table.Column<string>(type: "nvarchar(16)", maxLength: 16, nullable: false),
                    signal = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: false),
                    onset_at = table.Column<DateTimeOffset>(type: "datetimeoffset(6)", precision: 6, nullable: false),
                    detected_at = table.Column<DateTimeOffset>(type: "datetimeoffset(6)", precision: 6, nullable: false),
                    acknowledged_at = table.Column<DateTimeOffset>(type: "datetimeoffset(6)", precision: 6, nullable: true),
                    acknowledged_by = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: true),
                    decided_at = table.Column<DateTimeOffset>(type: "datetimeoffset(6)", precision: 6, nullable: true),
                    move = table.Column<string>(type: "nvarchar(16)", maxLength: 16, nullable: true),
                    action_id = table.Column<Guid>(type: "uniqueidentifier", nullable: true),
                    applied_at = table.Column<DateTimeOffset>(type: "datetimeoffset(6)", precision: 6, nullable: true),
                    confirmed_at = table.Column<DateTimeOffset>(type: "datetimeoffset(6)", precision: 6, nullable: true),
                    verified_at = table.Column<DateTimeOffset>(type: "datetimeoffset(6)", precision: 6, nullable: true),
                    successor_id = table.Column<Guid>(type: "uniqueidentifier", nullable: true),
                    ending = table.Column<string>(type: "nvarchar(16)", maxLength: 16, nullable: true),
                    ended_at = table.Column<DateTimeOffset>(type: "datetimeoffset(6)", precision: 6, nullable: true),
                    exposure_json = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    revision = table.Column<int>(type: "int", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_recoveries", x => x.id);
                    table.ForeignKey(
                        name: "FK_recoveries_releases_release_id",
                        column: x => x.release_id,
                        principalTable: "releases",
                        principalColumn: "id");
                });

            migrationBuilder.CreateTable(
                name: "switch_environments",
                columns: table => new
                {
                    key = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false),
                    environment = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false),
                    killed = table.Column<bool>(type: "bit", nullable: false),
                    changed_at = table.Column<DateTimeOffset>(type: "datetimeoffset(6)", precision: 6, nullable: false),
                    changed_by = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: true),
                    reason = table.Column<string>(type: "nvarchar(max)", nullable: true),
                    targeting_json = table.Column<string>(type: "nvarchar(max)", nullable: true),
                    targeted_at = table.Column<DateTimeOffset>(type: "datetimeoffset(6)", precision: 6, nullable: true),
                    targeted_by = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: true),
                    revision = table.Column<int>(type: "int", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_switch_environments", x => new { x.key, x.environment });
                    table.ForeignKey(
                        name: "FK_switch_environments_switches_key",
                        column: x => x.key,
                        principalTable: "switches",
                        principalColumn: "key");
                });

            migrationBuilder.CreateIndex(
                name: "ux_flag_clients_token",
                table: "flag_clients",
                column: "token_hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_flag_propagations_flag",
                table: "flag_propagations",
                columns: new[] { "key", "flipped_at", "id" },
                descending: new[] { false, true, true });

            migrationBuilder.CreateIndex(
                name: "ix_flag_propagations_newest",
                table: "flag_propagations",
                columns: new[] { "flipped_at", "id" },
                descending: new bool[0]);

            migrationBuilder.CreateIndex(
                name: "ix_recoveries_ended",
                table: "recoveries",
                column: "ended_at");

            migrationBuilder.CreateIndex(
                name: "ix_recoveries_newest",
                table: "recoveries",
                columns: new[] { "onset_at", "id" },
                descending: new bool[0]);

            migrationBuilder.CreateIndex(
                name: "ix_recoveries_release",
                table: "recoveries",
                columns: new[] { "release_id", "onset_at", "id" },
                descending: new[] { false, true, true });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "flag_clients");

            migrationBuilder.DropTable(
                name: "flag_propagations");

            migrationBuilder.DropTable(
                name: "recoveries");

            migrationBuilder.DropTable(
                name: "switch_environments");

            migrationBuilder.DropColumn(
                name: "archived_at",
                table: "switches");

            migrationBuilder.DropColumn(
                name: "archived_by",
                table: "switches");

            migrationBuilder.DropColumn(
                name: "fixes_release_id",
                table: "releases");
        }
    }
}
