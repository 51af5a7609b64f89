using OpsConsole.Core.Gates.Migrations;
using OpsConsole.Core.Releases;

namespace OpsConsole.Tests.Core.Gates.Migrations;

/// <summary>What runs without standing in the script as a statement: commands and variables of the program, strings that are read otherwise, functions, what could not be read.</summary>
public sealed class UnseenCodeTests
{
    [Theory]
    [InlineData("SELECT format('DROP TABLE %I', t) FROM old_tables \\gexec")]
    [InlineData("SELECT 'DROP TABLE users' AS q \\gset\n:q;")]
    [InlineData("\\set q 'DROP TABLE users'\n:q;")]
    [InlineData("select 1; \\i other.sql")]
    [InlineData("select (1\n\\echo x\n);")]
    [InlineData("drop\n\\echo x\ntable users;")]
    [InlineData("\\echo `rm x`")]
    [InlineData("\\echo a \\i other.sql")]
    [InlineData("select * from :table;")]
    [InlineData("select :'name';")]
    [InlineData("select :\"name\";")]
    [InlineData("create table s.:name (a int);")]
    [InlineData("select a:::b;")]
    public void Commands_and_variables_of_psql_leave_it_incomplete(string sql) => Unseen(sql);

    [Theory]
    [InlineData("select a::int, '\\x', E'\\\\', $$ \\i :x $$, \"a:b\", x[1:2];")]
    [InlineData("\\echo done\nselect 1;\n\\set ON_ERROR_STOP on\nselect 2;")]
    [InlineData("/* :x \\i */ select 1; -- \\gexec :x")]
    [InlineData("select make_interval(days := 1);")]
    public void What_only_looks_like_one_is_read(string sql) => Assert.True(Of(sql).IsComplete);

    [Theory]
    [InlineData("SET standard_conforming_strings = off;")]
    [InlineData("set standard_conforming_strings to off;")]
    [InlineData("set local standard_conforming_strings = 'off';")]
    [InlineData("set session \"standard_conforming_strings\" = 0;")]
    [InlineData("select set_config('standard_conforming_strings', 'off', false);")]
    [InlineData("select 1, set_config('standard_conforming' || '_strings', 'off', false);")]
    [InlineData("select set_config(E'\\x73tandard_conforming_strings', 'off', false);")]
    [InlineData("alter role app set standard_conforming_strings = off;")]
    [InlineData("alter database app set standard_conforming_strings to off;")]
    [InlineData("alter system set standard_conforming_strings to off;")]
    [InlineData("update pg_settings set setting = 'off' where name = 'standard_conforming_strings';")]
    public void Strings_that_are_read_otherwise_leave_it_incomplete(string sql) => Unseen(sql);

    [Theory]
    [InlineData("SET standard_conforming_strings = on; select 1;")]
    [InlineData("show standard_conforming_strings;")]
    public void Strings_as_they_are_read_here_do_not(string sql) => Assert.True(Of(sql).IsComplete);

    [Theory]
    [InlineData("select dblink_exec('x', 'drop table users');")]
    [InlineData("select * from dblink('x', 'delete from users returning 1') as t(a int);")]
    [InlineData("select lo_unlink(a) from t;")]
    [InlineData("select cron.schedule('0 0 * * *', 'drop table users');")]
    [InlineData("select query_to_xml('delete from users', true, true, '');")]
    [InlineData("select query_to_xml_and_xmlschema('delete from users', true, true, '');")]
    [InlineData("select drop_chunks('t', interval '1 day');")]
    [InlineData("select partman.run_maintenance();")]
    [InlineData("select partman.undo_partition('a', 20);")]
    [InlineData("create function f() returns void language sql as $$ drop table users $$; select f();")]
    [InlineData("create or replace function s.f() returns void language sql as $$ drop table users $$; insert into t select s.f();")]
    [InlineData("create function lower(a s.t) returns void language sql as $$ drop table users $$; select lower(x) from s.t x;")]
    [InlineData("create function f() returns int language sql as $$ select 1 $$; alter table t add column a int default f();")]
    [InlineData("create function f() returns int language sql as $$ select 1 $$; select 1 where exists (select from \"f\"());")]
    public void Functions_that_run_code_are_not_judged(string sql)
    {
        Unseen(sql);
        Assert.Contains("code-not-judged", Of(sql).Findings.Select(f => f.Code));
    }

    [Theory]
    [InlineData("ALTER TABLE dbo.t ADD a int; SELECT * FROM OPENQUERY(srv, 'drop table users')")]
    [InlineData("INSERT INTO t SELECT * FROM OPENROWSET('a', 'b', 'c')")]
    [InlineData("SELECT * FROM OPENDATASOURCE('a', 'b').x.dbo.t")]
    [InlineData("DELETE OPENQUERY(srv, 'select 1')")]
    [InlineData("SELECT 1; $(run)")]
    public void Queries_for_other_servers_are_not_judged(string sql) => Unseen(sql, SqlDialect.SqlServer);

    [Theory]
    [InlineData("select archive_orders();")]
    [InlineData("select s.archive_orders(1) from t;")]
    [InlineData("select * from archive_orders();")]
    [InlineData("insert into t select 1 where archive_orders() = 1;")]
    [InlineData("values (archive_orders());")]
    [InlineData("with x as (select archive_orders()) select 1;")]
    [InlineData("create table s.t as select archive_orders() a;")]
    [InlineData("select s.lower('a');")]
    public void A_function_that_is_not_known_is_named_and_only_a_person_goes_back(string sql)
    {
        var report = Of(sql);

        Assert.Contains("calls-unread-function", report.Findings.Select(f => f.Code));
        Assert.False(report.IsClean);
        Assert.True(report.Advice.AutomaticBlocked);
    }

    [Theory]
    [InlineData("select count(*), max(a)::numeric(10, 2), lower(b), coalesce(a, now()), pg_catalog.lower(b) from t as x (a, b) where a in (1, 2) and exists (select 1);")]
    [InlineData("with x (a, b) as (select 1, 2), y (c) as materialized (select 3) select row_number() over (partition by a order by b) from x, y;")]
    [InlineData("insert into t (a, b) values (1, cast(2 as numeric(3))), (gen_random_uuid(), nextval('s')) on conflict (a) do nothing;")]
    [InlineData("select a from (values (1), (2)) v (a) join u using (a) group by grouping sets ((a), ());")]
    [InlineData("select setval('s', (select max(id) from t));")]
    [InlineData("select jsonb_build_object('a', 1) || to_jsonb(x), array_agg(a) filter (where a > 1), extract(epoch from now()) from generate_series(1, 3) x;")]
    [InlineData("create table s.t (a varchar(10) default lower('A'), check (length(a) > 1), unique (a)); create index i on s.t (lower(a));")]
    public void Known_functions_and_what_is_none_are_no_finding(string sql)
    {
        var report = Of(sql);

        Assert.True(report.IsComplete);
        Assert.DoesNotContain("calls-unread-function", report.Findings.Select(f => f.Code));
    }

    [Fact]
    public void A_table_that_moves_to_another_schema_is_gone_for_the_previous_version() =>
        Assert.Equal(MigrationClass.Contract, Of("ALTER SCHEMA archive TRANSFER dbo.users", SqlDialect.SqlServer).Class);

    [Theory]
    [InlineData(SqlDialect.SqlServer, "WHILE 1=1 BEGIN DELETE TOP(1000) FROM t IF @@ROWCOUNT = 0 BREAK END")]
    [InlineData(SqlDialect.SqlServer, "WHILE 1=1 BEGIN DELETE TOP (1000) FROM t END")]
    [InlineData(SqlDialect.SqlServer, "WHILE 1=1\nBEGIN\nDELETE TOP (1000) FROM t\nEND")]
    [InlineData(SqlDialect.SqlServer, "BEGIN TRY DROP TABLE users END TRY BEGIN CATCH END CATCH")]
    [InlineData(SqlDialect.SqlServer, "begin try truncate table users end try begin catch end catch")]
    [InlineData(SqlDialect.SqlServer, "set nocount on alter table a drop column b")]
    [InlineData(SqlDialect.Postgres, "drop table;")]
    [InlineData(SqlDialect.Postgres, "select 1 drop table users;")]
    [InlineData(SqlDialect.Postgres, "explain analyze delete from users;")]
    [InlineData(SqlDialect.Postgres, "select 'never closed; drop table users;")]
    [InlineData(SqlDialect.Postgres, "/* never closed; drop table users;")]
    public void What_removes_in_a_part_that_could_not_be_read_is_contract(SqlDialect dialect, string sql)
    {
        var report = Of(sql, dialect);

        Assert.Equal(MigrationClass.Contract, report.Class);
        Assert.True(report.Advice.AutomaticBlocked);
    }

    [Theory]
    [InlineData("nonsense;")]
    [InlineData("create table t (a int references u on delete cascade,, b int);")]
    [InlineData("do $$ begin drop table users; end $$;")]
    public void What_names_no_removal_keeps_its_class_and_leaves_it_to_a_person(string sql)
    {
        var report = Of(sql);

        Assert.InRange(report.Class, MigrationClass.None, MigrationClass.Migrate);
        Assert.True(report.Advice.AutomaticBlocked);
    }

    [Theory]
    [InlineData("delete t from t left join s on t.a = s.a")]
    [InlineData("delete t from t cross join s")]
    [InlineData("delete top (10) from t")]
    [InlineData("update top (10) t set a = 1")]
    public void Without_a_condition_rows_are_not_bounded(string sql) => Assert.Equal(MigrationClass.Contract, Of(sql, SqlDialect.SqlServer).Class);

    private static void Unseen(string sql, SqlDialect dialect = SqlDialect.Postgres)
    {
        var report = Of(sql, dialect);

        Assert.False(report.IsComplete);
        Assert.False(report.IsClean);
        Assert.True(report.Advice.AutomaticBlocked);
    }

    private static MigrationReport Of(string sql, SqlDialect dialect = SqlDialect.Postgres) => MigrationAnalysis.Of(sql, new MigrationOptions { Dialect = dialect });
}
