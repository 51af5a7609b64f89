using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace OpsConsole.Core.Storage;

/// <summary>Tables in which the consoles agree on who runs a job that must run once for all of them. Their shape is the scheduler library's; the console itself never asks them anything.</summary>
/// <remarks>The library writes its names without quotes, in upper case: PostgreSQL folds them to lower case, and SQL Server finds them as they are written, whatever the collation.</remarks>
internal static class SchedulerTables
{
    public const string Prefix = "qrtz_";

    private const string Scheduler = "sched_name";
    private static readonly string[] Trigger = [Scheduler, "trigger_name", "trigger_group"];
    private static readonly string[] Job = [Scheduler, "job_name", "job_group"];

    private static readonly Table[] Tables =
    [
        new("job_details", Job,
        [
            .. JobKey(),
            Text("description", 250, optional: true), Text("job_class_name", 250), Flag("is_durable"), Flag("is_nonconcurrent"), Flag("is_update_data"), Flag("requests_recovery"), Bytes("job_data"),
        ]),
        new("triggers", Trigger,
        [
            .. TriggerKey(), Text("job_name", 150), Text("job_group", 150), Text("description", 250, optional: true),
            Count("next_fire_time", optional: true), Count("prev_fire_time", optional: true), Number("priority"), Text("trigger_state", 16), Text("trigger_type", 8),
            Count("start_time"), Count("end_time", optional: true), Text("calendar_name", 200, optional: true), Number("misfire_instr"), Count("misfire_orig_fire_time", optional: true),
            Text("execution_group", 200, optional: true), Text("preferred_node", 200, optional: true), Flag("preferred_node_auto", otherwise: false),
            Text("retry_policy", 250, optional: true), Number("retry_attempt"), Text("continues_trigger_name", 150, optional: true), Text("continues_trigger_group", 150, optional: true),
            Number("continuation_condition"), Number("overlap_policy"), .. Pause(), Count("misfire_threshold", optional: true), Flag("fixed_delay", optional: true), Bytes("job_data"),
        ], new("job_details", Job, ReferentialAction.NoAction)),
        new("simple_triggers", Trigger, [.. TriggerKey(), Count("repeat_count"), Count("repeat_interval"), Count("times_triggered")], OfTrigger()),
        new("cron_triggers", Trigger, [.. TriggerKey(), Text("cron_expression", 250), Text("time_zone_id", 80, optional: true)], OfTrigger()),
        new("simprop_triggers", Trigger,
        [
            .. TriggerKey(), Text("str_prop_1", 512, optional: true), Text("str_prop_2", 512, optional: true), Text("str_prop_3", 512, optional: true), Number("int_prop_1"), Number("int_prop_2"),
            Count("long_prop_1", optional: true), Count("long_prop_2", optional: true), Decimal("dec_prop_1"), Decimal("dec_prop_2"), Flag("bool_prop_1", optional: true), Flag("bool_prop_2", optional: true),
            Text("time_zone_id", 80, optional: true),
        ], OfTrigger()),
        new("blob_triggers", Trigger, [.. TriggerKey(), Bytes("blob_data")], OfTrigger()),
        new("calendars", [Scheduler, "calendar_name"], [Text(Scheduler, 120), Text("calendar_name", 200), Bytes("calendar")]),
        new("paused_trigger_grps", [Scheduler, "trigger_group"], [Text(Scheduler, 120), Text("trigger_group", 150), .. Pause()]),
        new("paused_job_grps", [Scheduler, "job_group"], [Text(Scheduler, 120), Text("job_group", 150), .. Pause()]),
        new("fired_triggers", [Scheduler, "entry_id"],
        [
            Text(Scheduler, 120), Text("entry_id", 140), Text("trigger_name", 150), Text("trigger_group", 150), Text("instance_name", 200), Count("fired_time"), Count("sched_time"),
            Number("priority", optional: false), Text("state", 16), Text("job_name", 150, optional: true), Text("job_group", 150, optional: true), Flag("is_nonconcurrent"), Flag("requests_recovery", optional: true),
            Text("execution_group", 200, optional: true), Number("progress"), Text("progress_message", 250, optional: true), Count("interrupt_requested_time", optional: true),
        ]),
        new("scheduler_state", [Scheduler, "instance_name"],
            [Text(Scheduler, 120), Text("instance_name", 200), Count("last_checkin_time"), Count("checkin_interval"), Text("quartz_version", 20, optional: true)]),
        new("locks", [Scheduler, "lock_name"], [Text(Scheduler, 120), Text("lock_name", 40)]),
    ];

    private static readonly (string Name, string Table, string[] Columns)[] Indexes =
    [
        ("ix_qrtz_triggers_due", "triggers", [Scheduler, "trigger_state", "next_fire_time"]),
        ("ix_qrtz_triggers_job", "triggers", Job),
        ("ix_qrtz_fired_triggers_instance", "fired_triggers", [Scheduler, "instance_name"]),
        ("ix_qrtz_fired_triggers_job", "fired_triggers", Job),
        ("ix_qrtz_fired_triggers_trigger", "fired_triggers", Trigger),
    ];

    /// <summary>Names of the tables, as the database has them.</summary>
    public static IEnumerable<string> Names(bool upper) => Tables.Select(t => Named(t.Name, upper));

    public static void Create(MigrationBuilder migrations, bool upper)
    {
        foreach (var table in Tables)
        {
            migrations.Operations.Add(table.ToOperation(upper));
        }

        foreach (var (name, table, columns) in Indexes)
        {
            migrations.CreateIndex(name, Named(table, upper), [.. columns.Select(c => Cased(c, upper))]);
        }
    }

    public static void Drop(MigrationBuilder migrations, bool upper)
    {
        foreach (var table in Tables.Reverse())
        {
            migrations.DropTable(Named(table.Name, upper));
        }
    }

    private static string Named(string table, bool upper) => Prefix + Cased(table, upper);

    private static string Cased(string name, bool upper) => upper ? name.ToUpperInvariant() : name;

    private static Relation OfTrigger() => new("triggers", Trigger, ReferentialAction.Cascade);

    private static Column[] JobKey() => [Text(Scheduler, 120), Text("job_name", 150), Text("job_group", 150)];

    private static Column[] TriggerKey() => [Text(Scheduler, 120), Text("trigger_name", 150), Text("trigger_group", 150)];

    private static Column[] Pause() => [Text("pause_reason", 250, optional: true), Text("paused_by", 200, optional: true), Count("paused_at", optional: true)];

    private static Column Text(string name, int length, bool optional = false) => new(name, typeof(string), optional, length);

    private static Column Count(string name, bool optional = false) => new(name, typeof(long), optional);

    private static Column Number(string name, bool optional = true) => new(name, typeof(int), optional);

    private static Column Decimal(string name) => new(name, typeof(decimal), Optional: true);

    private static Column Flag(string name, bool optional = false, bool? otherwise = null) => new(name, typeof(bool), optional, Otherwise: otherwise);

    private static Column Bytes(string name) => new(name, typeof(byte[]), Optional: true);

    private sealed record Column(string Name, Type Type, bool Optional, int? Length = null, object? Otherwise = null);

    private sealed record Relation(string Table, string[] Columns, ReferentialAction OnDelete);

    private sealed record Table(string Name, string[] Key, Column[] Columns, Relation? Of = null)
    {
        public CreateTableOperation ToOperation(bool upper)
        {
            var name = Named(Name, upper);
            var operation = new CreateTableOperation { Name = name, PrimaryKey = new AddPrimaryKeyOperation { Name = $"PK_{name}", Table = name, Columns = Cased(Key) } };
            operation.Columns.AddRange(Columns.Select(c => new AddColumnOperation
            {
                Table = name, Name = SchedulerTables.Cased(c.Name, upper), ClrType = c.Type, IsNullable = c.Optional, MaxLength = c.Length, DefaultValue = c.Otherwise,
                Precision = c.Type == typeof(decimal) ? 13 : null, Scale = c.Type == typeof(decimal) ? 4 : null,
            }));
            if (Of is { } of)
            {
                var principal = Named(of.Table, upper);
                operation.ForeignKeys.Add(new AddForeignKeyOperation
                {
                    Name = $"FK_{name}_{principal}", Table = name, Columns = Cased(of.Columns), PrincipalTable = principal, PrincipalColumns = Cased(of.Columns), OnDelete = of.OnDelete,
                });
            }

            return operation;

            string[] Cased(string[] names) => [.. names.Select(n => SchedulerTables.Cased(n, upper))];
        }
    }
}
