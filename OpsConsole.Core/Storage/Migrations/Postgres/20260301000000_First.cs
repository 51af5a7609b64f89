using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace OpsConsole.Core.Storage.Migrations.Postgres
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
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    at = table.Column<DateTimeOffset>(type: "timestamp(6) with time zone", precision: 6, nullable: false),
                    actor = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: false),
                    role = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    @event = table.Column<string>(name: "event", type: "character varying(64)", maxLength: 64, nullable: false),
                    subject = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: false),
                    subject_title = table.Column<string>(type: "text", nullable: false),
                    outcome = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    reason = table.Column<string>(type: "text", nullable: true),
                    detail = table.Column<string>(type: "text", nullable: true),
                    action_id = table.Column<Guid>(type: "uuid", nullable: true),
                    evidence_seal = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    append_key = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_audit", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "releases",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    service = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    target = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    environment = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    version = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: false),
                    previous_version = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    previous_digest = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    owner = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: false),
                    author = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    switch_key = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    migration = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    links = table.Column<string>(type: "text", nullable: false),
                    stages = table.Column<string>(type: "text", nullable: false),
                    signals = table.Column<string>(type: "text", nullable: false),
                    watch_ticks = table.Column<long>(type: "bigint", nullable: false),
                    registered_at = table.Column<DateTimeOffset>(type: "timestamp(6) with time zone", precision: 6, nullable: false),
                    phase = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    stage_index = table.Column<int>(type: "integer", nullable: false),
                    exposure_percent = table.Column<double>(type: "double precision", nullable: false),
                    stage_entered_at = table.Column<DateTimeOffset>(type: "timestamp(6) with time zone", precision: 6, nullable: false),
                    phase_changed_at = table.Column<DateTimeOffset>(type: "timestamp(6) with time zone", precision: 6, nullable: false),
                    revision = table.Column<int>(type: "integer", nullable: false),
                    artifact_built_at = table.Column<DateTimeOffset>(type: "timestamp(6) with time zone", precision: 6, nullable: true),
                    artifact_commit = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: false),
                    artifact_digest = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: false),
                    artifact_provenance = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_releases", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "signal_points",
                columns: table => new
                {
                    release_id = table.Column<Guid>(type: "uuid", nullable: false),
                    signal = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    side = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    measured_at = table.Column<DateTimeOffset>(type: "timestamp(6) with time zone", precision: 6, nullable: false),
                    value = table.Column<double>(type: "double precision", nullable: false),
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
                    key = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    owner = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: false),
                    turns_off = table.Column<string>(type: "text", nullable: false),
                    killed = table.Column<bool>(type: "boolean", nullable: false),
                    changed_at = table.Column<DateTimeOffset>(type: "timestamp(6) with time zone", precision: 6, nullable: false),
                    changed_by = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    reason = table.Column<string>(type: "text", nullable: true),
                    revision = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_switches", x => x.key);
                });

            migrationBuilder.CreateTable(
                name: "actions",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    verb = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    release_id = table.Column<Guid>(type: "uuid", nullable: true),
                    switch_key = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    service = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    target = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    environment = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    version = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    requested_by = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: false),
                    role = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false),
                    seen_version = table.Column<long>(type: "bigint", nullable: true),
                    from_exposure = table.Column<double>(type: "double precision", nullable: true),
                    to_exposure = table.Column<double>(type: "double precision", nullable: true),
                    evidence_json = table.Column<string>(type: "text", nullable: false),
                    evidence_seal = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    requested_at = table.Column<DateTimeOffset>(type: "timestamp(6) with time zone", precision: 6, nullable: false),
                    phase = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    executing_at = table.Column<DateTimeOffset>(type: "timestamp(6) with time zone", precision: 6, nullable: true),
                    finished_at = table.Column<DateTimeOffset>(type: "timestamp(6) with time zone", precision: 6, nullable: true),
                    outcome = table.Column<string>(type: "text", nullable: true),
                    in_flight_key = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: true),
                    revision = table.Column<int>(type: "integer", nullable: false),
                    save_key = table.Column<Guid>(type: "uuid", nullable: false)
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
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    release_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp(6) with time zone", precision: 6, nullable: false),
                    text = table.Column<string>(type: "text", nullable: false),
                    actor = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    reason = table.Column<string>(type: "text", nullable: true),
                    action_id = table.Column<Guid>(type: "uuid", nullable: true),
                    exposure_percent = table.Column<double>(type: "double precision", nullable: true),
                    append_key = table.Column<Guid>(type: "uuid", nullable: false)
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

            // Searching for beginnings without regard to case (PostgresOpsConsoleDbContext.BeginsWith).
            migrationBuilder.Sql("""
                CREATE INDEX ix_releases_search_service ON releases (lower(service) text_pattern_ops);
                CREATE INDEX ix_releases_search_version ON releases (lower(version) text_pattern_ops);
                CREATE INDEX ix_releases_search_commit ON releases (lower(artifact_commit) text_pattern_ops);
                CREATE INDEX ix_releases_search_digest ON releases (lower(artifact_digest) text_pattern_ops);
                CREATE INDEX ix_releases_search_author ON releases (lower(author) text_pattern_ops);
                """);

            // The audit is append-only, whoever asks.
            migrationBuilder.Sql("""
                CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    RAISE EXCEPTION 'The audit is append-only: % is refused.', TG_OP USING ERRCODE = 'insufficient_privilege';
                END $$;
                CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
                    FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();
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

            migrationBuilder.Sql("DROP FUNCTION audit_append_only();");
        }
    }
}
