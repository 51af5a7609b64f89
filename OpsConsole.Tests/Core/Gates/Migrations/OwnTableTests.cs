using OpsConsole.Core.Gates.Migrations;
using OpsConsole.Core.Releases;

namespace OpsConsole.Tests.Core.Gates.Migrations;

/// <summary>What destroys is never taken for a script's own affair unless the script made the table for certain, and is never overlooked.</summary>
public sealed class OwnTableTests
{
    [Theory]
    [InlineData("create table if not exists a(i int); drop table a")]
    [InlineData("create table if not exists a(i int); alter table a drop column b")]
    [InlineData("create table if not exists a(i int); delete from a; alter table a rename to c")]
    [InlineData("begin; create table a(i int); rollback; drop table a;")]
    [InlineData("begin; create table a(i int); savepoint s; rollback to s; commit; drop table a")]
    [InlineData("create temp table a(i int); drop table a; drop table public.a;")]
    [InlineData("create temp table a(i int); truncate public.a")]
    [InlineData("create table a(i int); drop table a; drop table a;")]
    [InlineData("create table x.a(i int); drop table y.a;")]
    [InlineData("create table a(i int); set search_path = y; drop table a;")]
    [InlineData("create table a(i int); alter table a rename to b; drop table a;")]
    [InlineData("begin; create temp table a(i int) on commit drop; commit; drop table a;")]
    [InlineData("create table a(i int); alter table a attach partition b for values in (1); drop table a;")]
    [InlineData("alter table a add column if not exists b int; alter table a drop column b;")]
    [InlineData("alter table x.a add column b int; alter table y.a drop column b;")]
    [InlineData("copy (delete from a returning *) to stdout;")]
    [InlineData("copy (with d as (delete from a returning *) select * from d) to stdout;")]
    [InlineData("with d as (delete from a returning *) select * from d;")]
    [InlineData("create table c as with d as (delete from a returning *) select * from d;")]
    public void PostgreSql_that_destroys_is_contract(string sql)
    {
        var report = MigrationAnalysis.Of(sql, MigrationOptions.Default);

        Assert.Equal(MigrationClass.Contract, report.Class);
        Assert.False(report.IsClean);
        Assert.True(report.Advice.AutomaticBlocked);
    }

    [Theory]
    [InlineData("declare @x int select @x=1 delete from a")]
    [InlineData("if object_id('a') is null create table a(i int); drop table a")]
    [InlineData("if 1=0 begin create table a(i int) end\ndrop table a")]
    [InlineData("select 1 exec('drop table a')")]
    [InlineData("insert into x exec('drop table a')")]
    [InlineData("begin tran\ncreate table a(i int) rollback\ndrop table a")]
    [InlineData("create table a(i int)\nif 1=1 rollback\ndrop table a")]
    [InlineData("begin try\ncreate table a(i int)\nend try\nbegin catch\nend catch\ndrop table a")]
    [InlineData("use x\ncreate table a(i int)\nuse y\ndrop table a")]
    [InlineData("create table x.dbo.a(i int)\ndrop table y.dbo.a")]
    [InlineData("return\ncreate table a(i int)\ngo\ndrop table a")]
    [InlineData("set nocount on delete a")]
    [InlineData("print 'x' truncate table a")]
    [InlineData("select 1 update a set b = 2")]
    [InlineData("alter table a add b int alter table c drop column d")]
    [InlineData("with x as (select 1 y) select y from x delete a")]
    [InlineData("set nocount on select * into b from a truncate table c")]
    public void Transact_sql_that_destroys_is_contract_or_incomplete(string sql)
    {
        var report = MigrationAnalysis.Of(sql, new MigrationOptions { Dialect = SqlDialect.SqlServer });

        Assert.True(report.Class == MigrationClass.Contract || !report.IsComplete, $"{report.Class}, complete");
        Assert.False(report.IsClean);
        Assert.True(report.Advice.AutomaticBlocked);
    }

    [Theory]
    [InlineData("set nocount on select * into b from a")]
    [InlineData("declare @x int select * into b from a")]
    [InlineData("print 'x' select * into dbo.b from a")]
    [InlineData("create table c(i int) select * into b from a")]
    [InlineData("update a set i = 1 where i = 2 select * into b from a")]
    [InlineData("insert a values (1) select * into b from a")]
    [InlineData("select * into b from a select * into c from a")]
    [InlineData("with x as (select 1 y) delete x where y = 1 select * into b from a")]
    public void A_table_that_is_made_in_the_middle_of_a_line_is_not_overlooked(string sql)
    {
        var report = MigrationAnalysis.Of(sql, new MigrationOptions { Dialect = SqlDialect.SqlServer });

        Assert.False(report.IsComplete);
        Assert.Contains("could-not-be-read", report.Findings.Select(f => f.Code));
    }

    [Theory]
    [InlineData("select * into b from a", MigrationClass.Expand)]
    [InlineData("select 1 select * into b from a", MigrationClass.Expand)]
    [InlineData("select i into b from a union all select i from c", MigrationClass.Expand)]
    [InlineData("with x as (select 1 y) select y into b from x", MigrationClass.Expand)]
    [InlineData("insert into a select i from c", MigrationClass.Migrate)]
    [InlineData("insert into a (i) output inserted.i into log select i from c", MigrationClass.Migrate)]
    [InlineData("fetch next from c into @x", MigrationClass.None)]
    public void An_into_that_belongs_where_it_stands_is_read(string sql, MigrationClass expected)
    {
        var report = MigrationAnalysis.Of(sql, new MigrationOptions { Dialect = SqlDialect.SqlServer });

        Assert.True(report.IsComplete);
        Assert.Equal(expected, report.Class);
    }

    [Theory]
    [InlineData(SqlDialect.Postgres, "create table s.a(i int); delete from s.a; drop table s.a;")]
    [InlineData(SqlDialect.Postgres, "create temp table a(i int); truncate a; drop table a;")]
    [InlineData(SqlDialect.Postgres, "create table t (update int, \"delete\" int);")]
    [InlineData(SqlDialect.SqlServer, "create table dbo.a(i int)\ndrop table dbo.a")]
    [InlineData(SqlDialect.SqlServer, "create table dbo.a(i int references dbo.b(i) on delete cascade on update no action)")]
    [InlineData(SqlDialect.SqlServer, "select 1 from a inner merge join b on a.i = b.i")]
    [InlineData(SqlDialect.SqlServer, "grant select, insert, update, delete on dbo.a to x")]
    public void What_is_harmless_stays_so(SqlDialect dialect, string sql)
    {
        var report = MigrationAnalysis.Of(sql, new MigrationOptions { Dialect = dialect });

        Assert.True(report.IsComplete);
        Assert.InRange(report.Class, MigrationClass.None, MigrationClass.Expand);
    }
}
