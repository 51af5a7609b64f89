using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OpsConsole.Core.Storage.Migrations.SqlServer
{
    /// <inheritdoc />
    public partial class First : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "audit",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("SqlServer:Identity", "1, 1"),
                    at = table.Column<DateTimeOffset>(type: "datetimeoffset(6)", precision: 6, nullable: false),
                    actor = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: false),
                    role = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false),
                    @event = table.Column<string>(name: "event", type: "nvarchar(64)", maxLength: 64, nullable: false),
                    subject = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: false),
                    subject_title = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    outcome = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: false),
                    reason = table.Column<string>(type: "nvarchar(max)", nullable: true),
                    detail = table.Column<string>(type: "nvarchar(max)", nullable: true),
                    action_id = table.Column<Guid>(type: "uniqueidentifier", nullable: true),
                    evidence_seal = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: true),
                    append_key = table.Column<Guid>(type: "uniqueidentifier", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_audit", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "releases",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    service = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_CI_AS"),
                    target = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false),
                    environment = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false),
                    version = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: false, collation: "Latin1_General_100_CI_AS"),
                    previous_version = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: true),
                    previous_digest = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: true),
                    owner = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: false),
                    author = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: true, collation: "Latin1_General_100_CI_AS"),
                    switch_key = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: true),
                    migration = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: false),
                    links = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    stages = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    signals = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    watch_ticks = table.Column<long>(type: "bigint", nullable: false),
                    registered_at = table.Column<DateTimeOffset>(type: "datetimeoffset(6)", precision: 6, nullable: false),
                    phase = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: false),
                    stage_index = table.Column<int>(type: "int", nullable: false),
                    exposure_percent = table.Column<double>(type: "float", nullable: false),
                    stage_entered_at = table.Column<DateTimeOffset>(type: "datetimeoffset(6)", precision: 6, nullable: false),
                    phase_changed_at = table.Column<DateTimeOffset>(type: "datetimeoffset(6)", precision: 6, nullable: false),
                    revision = table.Column<int>(type: "int", nullable: false),
                    artifact_built_at = table.Column<DateTimeOffset>(type: "datetimeoffset(6)", precision: 6, nullable: true),
                    artifact_commit = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: false, collation: "Latin1_General_100_CI_AS"),
                    artifact_digest = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: false, collation: "Latin1_General_100_CI_AS"),
                    artifact_provenance = table.Column<string>(type: "nvarchar(max)", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_releases", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "signal_points",
                columns: table => new
                {
                    release_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    signal = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false),
                    side = table.Column<string>(type: "nvarchar(16)", maxLength: 16, nullable: false),
                    measured_at = table.Column<DateTimeOffset>(type: "datetimeoffset(6)", precision: 6, nullable: false),
                    value = table.Column<double>(type: "float", nullable: false),
                    observations = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_signal_points", x => new { x.release_id, x.signal, x.side, x.measured_at });
                });

            migrationBuilder.CreateTable(
                name: "switches",
                columns: table => new
                {
                    key = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false),
                    owner = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: false),
                    turns_off = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    killed = table.Column<bool>(type: "bit", nullable: false),
                    changed_at = table.Column<DateTimeOffset>(type: "datetimeoffset(6)", precision: 6, nullable: false),
                    changed_by = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: true),
                    reason = table.Column<string>(type: "nvarchar(max)", nullable: true),
                    revision = table.Column<int>(type: "int", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_switches", x => x.key);
                });

            migrationBuilder.CreateTable(
                name: "actions",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    verb = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: false),
                    release_id = table.Column<Guid>(type: "uniqueidentifier", nullable: true),
                    switch_key = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: true),
                    service = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: true),
                    target = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: true),
                    environment = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: true),
                    version = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: true),
                    requested_by = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: false),
                    role = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false),
                    reason = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    seen_version = table.Column<long>(type: "bigint", nullable: true),
                    from_exposure = table.Column<double>(type: "float", nullable: true),
                    to_exposure = table.Column<double>(type: "float", nullable: true),
                    evidence_json = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    evidence_seal = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false),
                    requested_at = table.Column<DateTimeOffset>(type: "datetimeoffset(6)", precision: 6, nullable: false),
                    phase = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: false),
                    executing_at = table.Column<DateTimeOffset>(type: "datetimeoffset(6)", precision: 6, nullable: true),
                    finished_at = table.Column<DateTimeOffset>(type: "datetimeoffset(6)", precision: 6, nullable: true),
                    outcome = table.Column<string>(type: "nvarchar(max)", nullable: true),
                    in_flight_key = table.Column<string>(type: "nvarchar(128)", maxLength: 128, nullable: true),
                    revision = table.Column<int>(type: "int", nullable: false),
                    save_key = table.Column<Guid>(type: "uniqueidentifier", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_actions", x => x.id);
                    table.ForeignKey(
                        name: "FK_actions_releases_release_id",
                        column: x => x.release_id,
                        principalTable: "releases",
                        principalColumn: "id");
                });

            migrationBuilder.CreateTable(
                name: "release_events",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("SqlServer:Identity", "1, 1"),
                    release_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    kind = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: false),
                    at = table.Column<DateTimeOffset>(type: "datetimeoffset(6)", precision: 6, nullable: false),
                    text = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    actor = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: true),
                    reason = table.Column<string>(type: "nvarchar(max)", nullable: true),
                    action_id = table.Column<Guid>(type: "uniqueidentifier", nullable: true),
                    exposure_percent = table.Column<double>(type: "float", nullable: true),
                    append_key = table.Column<Guid>(type: "uniqueidentifier", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_release_events", x => x.id);
                    table.ForeignKey(
                        name: "FK_release_events_releases_release_id",
                        column: x => x.release_id,
                        principalTable: "releases",
                        principalColumn: "id");
                });

            migrationBuilder.CreateIndex(
                name: "ix_actions_confirmed",
                table: "actions",
                columns: new[] { "verb", "target", "finished_at" },
                descending: new[] { false, false, true },
                filter: "phase = 'Confirmed'");

            migrationBuilder.CreateIndex(
                name: "ix_actions_release",
                table: "actions",
                columns: new[] { "release_id", "requested_at", "id" },
                descending: new[] { false, true, true });

            migrationBuilder.CreateIndex(
                name: "ux_actions_in_flight",
                table: "actions",
                column: "in_flight_key",
                unique: true,
                filter: "in_flight_key IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_audit_actor",
                table: "audit",
                columns: new[] { "actor", "at", "id" },
                descending: new[] { false, true, true });

            migrationBuilder.CreateIndex(
                name: "ix_audit_event",
                table: "audit",
                columns: new[] { "event", "at", "id" },
                descending: new[] { false, true, true });

            migrationBuilder.CreateIndex(
                name: "ix_audit_newest",
                table: "audit",
                columns: new[] { "at", "id" },
                descending: new bool[0]);

            migrationBuilder.CreateIndex(
                name: "ix_audit_outcome",
                table: "audit",
                columns: new[] { "outcome", "at", "id" },
                descending: new[] { false, true, true });

            migrationBuilder.CreateIndex(
                name: "ix_audit_subject",
                table: "audit",
                columns: new[] { "subject", "at", "id" },
                descending: new[] { false, true, true });

            migrationBuilder.CreateIndex(
                name: "ux_audit_append_key",
                table: "audit",
                column: "append_key",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_release_events_timeline",
                table: "release_events",
                columns: new[] { "release_id", "at", "id" },
                descending: new[] { false, true, true });

            migrationBuilder.CreateIndex(
                name: "ux_release_events_append_key",
                table: "release_events",
                column: "append_key",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_releases_environment",
                table: "releases",
                columns: new[] { "environment", "registered_at", "id" },
                descending: new[] { false, true, true });

            migrationBuilder.CreateIndex(
                name: "ix_releases_newest",
                table: "releases",
                columns: new[] { "registered_at", "id" },
                descending: new bool[0]);

            migrationBuilder.CreateIndex(
                name: "ix_releases_owner",
                table: "releases",
                columns: new[] { "owner", "registered_at", "id" },
                descending: new[] { false, true, true });

            migrationBuilder.CreateIndex(
                name: "ix_releases_phase",
                table: "releases",
                columns: new[] { "phase", "registered_at", "id" },
                descending: new[] { false, true, true });

            migrationBuilder.CreateIndex(
                name: "ix_releases_place",
                table: "releases",
                columns: new[] { "service", "target", "environment", "registered_at", "id" },
                descending: new[] { false, false, false, true, true });

            migrationBuilder.CreateIndex(
                name: "ix_releases_service",
                table: "releases",
                columns: new[] { "service", "registered_at", "id" },
                descending: new[] { false, true, true });

            migrationBuilder.CreateIndex(
                name: "ix_releases_target",
                table: "releases",
                columns: new[] { "target", "registered_at", "id" },
                descending: new[] { false, true, true });

            migrationBuilder.CreateIndex(
                name: "ix_releases_version",
                table: "releases",
                columns: new[] { "service", "version" });

            migrationBuilder.CreateIndex(
                name: "ux_releases_on_its_way",
                table: "releases",
                columns: new[] { "service", "target", "environment" },
                unique: true,
                filter: "phase IN ('Registered', 'RollingOut', 'Halted')");

            migrationBuilder.CreateIndex(
                name: "ix_signal_points_age",
                table: "signal_points",
                column: "measured_at");

            // Searching for beginnings; the columns' collation does not regard case (SqlServerOpsConsoleDbContext.BeginsWith).
            migrationBuilder.Sql("""
                CREATE INDEX ix_releases_search_version ON releases (version);
                CREATE INDEX ix_releases_search_commit ON releases (artifact_commit);
                CREATE INDEX ix_releases_search_digest ON releases (artifact_digest);
                CREATE INDEX ix_releases_search_author ON releases (author);
                """);

            // The audit is append-only, whoever asks. EXEC, because a trigger must be made in a batch of its own.
            migrationBuilder.Sql("""
                EXEC(N'CREATE TRIGGER audit_append_only ON audit INSTEAD OF UPDATE, DELETE AS
                BEGIN
                    THROW 51000, N''The audit is append-only: changes and deletions are refused.'', 1;
                END');
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "actions");

            migrationBuilder.DropTable(
                name: "audit");

            migrationBuilder.DropTable(
                name: "release_events");

            migrationBuilder.DropTable(
                name: "signal_points");

            migrationBuilder.DropTable(
                name: "switches");

            migrationBuilder.DropTable(
                name: "releases");
        }
    }
}
