using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OpsConsole.Core.Storage.Migrations.SqlServer
{
    /// <inheritdoc />
    public partial class Policies : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "policy",
                table: "releases",
                type: "nvarchar(max)",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "approvals_needed",
                table: "actions",
                type: "int",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "expires_at",
                table: "actions",
                type: "datetimeoffset(6)",
                precision: 6,
                nullable: true);

            migrationBuilder.CreateTable(
                name: "analysis_runs",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    release_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    analysed_at = table.Column<DateTimeOffset>(type: "datetimeoffset(6)", precision: 6, nullable: false),
                    stage_index = table.Column<int>(type: "int", nullable: false),
                    verdict = table.Column<string>(type: "nvarchar(16)", maxLength: 16, nullable: false),
                    score = table.Column<double>(type: "float", nullable: false),
                    report_json = table.Column<string>(type: "nvarchar(max)", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_analysis_runs", x => x.id);
                    table.ForeignKey(
                        name: "FK_analysis_runs_releases_release_id",
                        column: x => x.release_id,
                        principalTable: "releases",
                        principalColumn: "id");
                });

            migrationBuilder.CreateTable(
                name: "approvals",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    action_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    release_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    given_by = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: false),
                    role = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false),
                    approved = table.Column<bool>(type: "bit", nullable: false),
                    comment = table.Column<string>(type: "nvarchar(500)", maxLength: 500, nullable: true),
                    given_at = table.Column<DateTimeOffset>(type: "datetimeoffset(6)", precision: 6, nullable: false),
                    seal = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_approvals", x => x.id);
                    table.ForeignKey(
                        name: "FK_approvals_actions_action_id",
                        column: x => x.action_id,
                        principalTable: "actions",
                        principalColumn: "id");
                    table.ForeignKey(
                        name: "FK_approvals_releases_release_id",
                        column: x => x.release_id,
                        principalTable: "releases",
                        principalColumn: "id");
                });

            migrationBuilder.CreateTable(
                name: "deploy_windows",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    name = table.Column<string>(type: "nvarchar(128)", maxLength: 128, nullable: false),
                    kind = table.Column<string>(type: "nvarchar(16)", maxLength: 16, nullable: false),
                    service = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: true),
                    target = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: true),
                    environment = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: true),
                    days = table.Column<int>(type: "int", nullable: false),
                    starts_at_ticks = table.Column<long>(type: "bigint", nullable: false),
                    lasts_ticks = table.Column<long>(type: "bigint", nullable: false),
                    time_zone = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false),
                    holds_from = table.Column<DateTimeOffset>(type: "datetimeoffset(6)", precision: 6, nullable: true),
                    holds_to = table.Column<DateTimeOffset>(type: "datetimeoffset(6)", precision: 6, nullable: true),
                    reason = table.Column<string>(type: "nvarchar(500)", maxLength: 500, nullable: false),
                    created_by = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "datetimeoffset(6)", precision: 6, nullable: false),
                    ended_at = table.Column<DateTimeOffset>(type: "datetimeoffset(6)", precision: 6, nullable: true),
                    ended_by = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: true),
                    revision = table.Column<int>(type: "int", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_deploy_windows", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "evidence",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    release_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    kind = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: false),
                    stage = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: false),
                    source = table.Column<string>(type: "nvarchar(128)", maxLength: 128, nullable: false),
                    outcome = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: false),
                    blocking = table.Column<bool>(type: "bit", nullable: false),
                    summary = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    detail_json = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    content_digest = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false),
                    artifact_digest = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: true),
                    produced_at = table.Column<DateTimeOffset>(type: "datetimeoffset(6)", precision: 6, nullable: true),
                    received_at = table.Column<DateTimeOffset>(type: "datetimeoffset(6)", precision: 6, nullable: false),
                    received_by = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_evidence", x => x.id);
                    table.ForeignKey(
                        name: "FK_evidence_releases_release_id",
                        column: x => x.release_id,
                        principalTable: "releases",
                        principalColumn: "id");
                });

            migrationBuilder.CreateTable(
                name: "policies",
                columns: table => new
                {
                    name = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false),
                    version = table.Column<int>(type: "int", nullable: false),
                    text = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    digest = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false),
                    created_by = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "datetimeoffset(6)", precision: 6, nullable: false),
                    note = table.Column<string>(type: "nvarchar(512)", maxLength: 512, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_policies", x => new { x.name, x.version });
                });

            migrationBuilder.CreateTable(
                name: "rejected_digests",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    digest = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: false),
                    title = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: false),
                    reason = table.Column<string>(type: "nvarchar(500)", maxLength: 500, nullable: false),
                    rejected_by = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: false),
                    rejected_at = table.Column<DateTimeOffset>(type: "datetimeoffset(6)", precision: 6, nullable: false),
                    lifted_at = table.Column<DateTimeOffset>(type: "datetimeoffset(6)", precision: 6, nullable: true),
                    lifted_by = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: true),
                    lift_reason = table.Column<string>(type: "nvarchar(500)", maxLength: 500, nullable: true),
                    revision = table.Column<int>(type: "int", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_rejected_digests", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "release_changes",
                columns: table => new
                {
                    release_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    json = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    digest = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false),
                    posted_at = table.Column<DateTimeOffset>(type: "datetimeoffset(6)", precision: 6, nullable: false),
                    posted_by = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_release_changes", x => x.release_id);
                    table.ForeignKey(
                        name: "FK_release_changes_releases_release_id",
                        column: x => x.release_id,
                        principalTable: "releases",
                        principalColumn: "id");
                });

            migrationBuilder.CreateTable(
                name: "rollouts",
                columns: table => new
                {
                    release_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    step = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: false),
                    step_since = table.Column<DateTimeOffset>(type: "datetimeoffset(6)", precision: 6, nullable: false),
                    reason = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    memory_json = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    action_id = table.Column<Guid>(type: "uniqueidentifier", nullable: true),
                    revision = table.Column<int>(type: "int", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_rollouts", x => x.release_id);
                    table.ForeignKey(
                        name: "FK_rollouts_releases_release_id",
                        column: x => x.release_id,
                        principalTable: "releases",
                        principalColumn: "id");
                });

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

            migrationBuilder.CreateTable(
                name: "waivers",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    release_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    gate = table.Column<string>(type: "nvarchar(128)", maxLength: 128, nullable: false),
                    reason = table.Column<string>(type: "nvarchar(500)", maxLength: 500, nullable: false),
                    given_by = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: false),
                    role = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false),
                    given_at = table.Column<DateTimeOffset>(type: "datetimeoffset(6)", precision: 6, nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "datetimeoffset(6)", precision: 6, nullable: false),
                    revoked_at = table.Column<DateTimeOffset>(type: "datetimeoffset(6)", precision: 6, nullable: true),
                    revoked_by = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: true),
                    revision = table.Column<int>(type: "int", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_waivers", x => x.id);
                    table.ForeignKey(
                        name: "FK_waivers_releases_release_id",
                        column: x => x.release_id,
                        principalTable: "releases",
                        principalColumn: "id");
                });

            migrationBuilder.CreateIndex(
                name: "ix_analysis_runs_newest",
                table: "analysis_runs",
                columns: new[] { "release_id", "analysed_at", "id" },
                descending: new[] { false, true, true });

            migrationBuilder.CreateIndex(
                name: "ix_approvals_release",
                table: "approvals",
                columns: new[] { "release_id", "given_at" },
                descending: new[] { false, true });

            migrationBuilder.CreateIndex(
                name: "ux_approvals_word",
                table: "approvals",
                columns: new[] { "action_id", "given_by", "seal" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_evidence_newest",
                table: "evidence",
                columns: new[] { "release_id", "received_at", "id" },
                descending: new[] { false, true, true });

            migrationBuilder.CreateIndex(
                name: "ux_evidence_document",
                table: "evidence",
                columns: new[] { "release_id", "stage", "source", "content_digest" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_rejected_digests",
                table: "rejected_digests",
                columns: new[] { "digest", "rejected_at" },
                descending: new[] { false, true });

            migrationBuilder.CreateIndex(
                name: "ix_slo_alerts_newest",
                table: "slo_alerts",
                columns: new[] { "slo", "fired_at", "id" },
                descending: new[] { false, true, true });

            migrationBuilder.CreateIndex(
                name: "ix_slo_alerts_resolved",
                table: "slo_alerts",
                column: "resolved_at");

            migrationBuilder.CreateIndex(
                name: "ix_waivers_expiry",
                table: "waivers",
                column: "expires_at");

            migrationBuilder.CreateIndex(
                name: "ix_waivers_release",
                table: "waivers",
                columns: new[] { "release_id", "given_at" },
                descending: new[] { false, true });

            // What decisions rest on is append-only, whoever asks. EXEC, because a trigger must be made in a batch of its own.
            migrationBuilder.Sql("""
                EXEC(N'CREATE TRIGGER approvals_append_only ON approvals INSTEAD OF UPDATE, DELETE AS
                BEGIN
                    THROW 51000, N''approvals is append-only: changes and deletions are refused.'', 1;
                END');
                EXEC(N'CREATE TRIGGER evidence_append_only ON evidence INSTEAD OF UPDATE, DELETE AS
                BEGIN
                    THROW 51000, N''evidence is append-only: changes and deletions are refused.'', 1;
                END');
                EXEC(N'CREATE TRIGGER policies_append_only ON policies INSTEAD OF UPDATE, DELETE AS
                BEGIN
                    THROW 51000, N''policies is append-only: changes and deletions are refused.'', 1;
                END');
                EXEC(N'CREATE TRIGGER release_changes_append_only ON release_changes INSTEAD OF UPDATE, DELETE AS
                BEGIN
                    THROW 51000, N''release_changes is append-only: changes and deletions are refused.'', 1;
                END');
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "analysis_runs");

            migrationBuilder.DropTable(
                name: "approvals");

            migrationBuilder.DropTable(
                name: "deploy_windows");

            migrationBuilder.DropTable(
                name: "evidence");

            migrationBuilder.DropTable(
                name: "policies");

            migrationBuilder.DropTable(
                name: "rejected_digests");

            migrationBuilder.DropTable(
                name: "release_changes");

            migrationBuilder.DropTable(
                name: "rollouts");

            migrationBuilder.DropTable(
                name: "slo_alerts");

            migrationBuilder.DropTable(
                name: "slo_windows");

            migrationBuilder.DropTable(
                name: "slos");

            migrationBuilder.DropTable(
                name: "waivers");

            migrationBuilder.DropColumn(
                name: "policy",
                table: "releases");

            migrationBuilder.DropColumn(
                name: "approvals_needed",
                table: "actions");

            migrationBuilder.DropColumn(
                name: "expires_at",
                table: "actions");
        }
    }
}
