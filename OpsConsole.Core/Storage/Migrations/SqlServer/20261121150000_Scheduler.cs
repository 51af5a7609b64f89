using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OpsConsole.Core.Storage.Migrations.SqlServer
{
    /// <inheritdoc />
    public partial class Scheduler : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) => SchedulerTables.Create(migrationBuilder, upper: true);

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) => SchedulerTables.Drop(migrationBuilder, upper: true);
    }
}
